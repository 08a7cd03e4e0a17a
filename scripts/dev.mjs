#!/usr/bin/env node
// npm run dev: the writer's loop. Edit a chapter, and page, types and live Guest follow.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { commandLine } from './lib/arguments.mjs';
import { following } from './lib/follow.mjs';
import { prepare } from './lib/prepare.mjs';
import { TOP } from './lib/paths.mjs';

commandLine({
  usage: `Usage: npm run dev

The writer's loop: edit a chapter, and page, types and live Guest follow. The page is on port 3000, or PORT.`,
});

await prepare();
const { runTs } = await import('./lib/run_ts.mjs');
const { bundleCode, bundleLines, bundleScenes } = await import('./lib/bundle.mjs');
const { bundleBook } = await import('./lib/book.mjs');
const { weaveVariants } = await import('./lib/variants.mjs');
const { watchTree } = await runTs('src/tangle/node/watch.ts');
const { formatFinding, watchTypes } = await runTs('src/tangle/node/tools.ts');
const { nodeFileSystem } = await runTs('src/tangle/node/node.ts');
const { terminal } = await runTs('src/tangle/node/terminal.ts');

/** Pages that listen: each is told when the Guests were built anew. */
const listeners = new Set();
const events = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'access-control-allow-origin': '*' });
  listeners.add(response);
  request.on('close', () => listeners.delete(response));
});
await new Promise((resolve) => {
  events.listen(0, '127.0.0.1', resolve);
});

const site = spawn(
  process.execPath,
  [`${TOP}/node_modules/@docusaurus/core/bin/docusaurus.mjs`, 'start', '--no-open', '--port', process.env.PORT ?? '3000'],
  {
    cwd: TOP,
    stdio: 'inherit',
    env: { ...process.env, SITE_LENIENT: '1', TOUR_EVENTS: `http://localhost:${events.address().port}/` },
  },
);
site.on('exit', (status) => process.exit(status ?? 0));
// Whoever ends this process, and not the terminal's whole group, ends the site's server, too.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => site.kill(signal));

// What esbuild knows after a first time makes every edit quick.
await bundleCode({ again: true });

const index = () => JSON.parse(readFileSync(`${TOP}/.tangled/chunks.json`, 'utf8'));
const { runTangle } = await runTs('src/tangle/node/cli.ts');
const { tangleConfig } = await import('./lib/tangle_config.mjs');

/** One edit: extract, assemble, bundle, tell. What is wrong is said, and the last good state stays. */
async function follow() {
  const begun = performance.now();
  try {
    if ((await runTangle(TOP, tangleConfig, [], false)) !== 0) return;
    await weaveVariants();
    bundleLines();
    await bundleBook();
    await bundleScenes();
    await bundleCode({ again: true });
    for (const response of listeners) response.write('data: built\n\n');
    process.stderr.write(`▸ Guests follow after ${(performance.now() - begun).toFixed(0)} ms\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  }
}

const edited = following(follow);
for (const folder of [
  'docs',
  'src/machine',
  'src/bare',
  'src/asm',
  'src/packets',
  'src/gateway',
  'src/hostos',
  'src/weave',
  'src/world',
  'src/kernels',
  'src/command',
  'src/live',
]) {
  watchTree(TOP, folder, edited);
}
watchTypes(
  TOP,
  () => new Map([['.tangled', index()]]),
  (findings) => {
    const options = terminal(nodeFileSystem(TOP), process.stderr);
    for (const finding of findings) process.stderr.write(`${formatFinding(finding, options)}\n`);
    process.stderr.write(`▸ types: ${findings.length === 0 ? 'no errors' : `${findings.length} errors`}\n`);
  },
);
