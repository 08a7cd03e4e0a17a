// The site: reference pages by TypeDoc, then Docusaurus; and a small server for what it wrote.
import { createServer } from 'node:http';
import { createReadStream, existsSync, statSync, readdirSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { spawnSync } from 'node:child_process';
import { TOP } from './paths.mjs';
import { fail, step } from './steps.mjs';

const BIN = join(TOP, 'node_modules/.bin');

function run(command, args) {
  const done = spawnSync(join(BIN, command), args, {
    cwd: TOP,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
    maxBuffer: 1 << 26,
  });
  if (done.status !== 0) fail(`\n${command} ${args.join(' ')} failed:\n${done.stdout}\n${done.stderr}`);
  return done;
}

/** Writes the reference of the public interfaces to .reference. */
export async function buildReference() {
  await step('writing the reference', () => {
    const done = run('typedoc', ['--options', 'scripts/lib/typedoc.json']);
    const pages = existsSync(`${TOP}/.reference`)
      ? readdirSync(`${TOP}/.reference`, { recursive: true }).filter((name) => String(name).endsWith('.md'))
      : [];
    if (pages.length < 10) fail(`\nTypeDoc wrote ${pages.length} pages only:\n${done.stdout}${done.stderr}`);
  });
}

/** Builds the whole site into build/. */
export async function buildSite() {
  await buildReference();
  await step('building the site', () => run('docusaurus', ['build', '--out-dir', 'build']));
}

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.map': 'application/json',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain',
  '.xml': 'application/xml',
};

/** Serves build/ the way a static host does. Returns the server and its address. @param {number} port 0 for any */
export async function serveSite(port = 0) {
  const top = join(TOP, 'build');
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
    const candidates = [join(top, path), join(top, path, 'index.html'), `${join(top, path)}.html`];
    const file = path.includes('..') ? undefined : candidates.find((name) => existsSync(name) && statSync(name).isFile());
    if (!file) {
      response.writeHead(404, { 'content-type': 'text/html; charset=utf-8' });
      const missing = join(top, '404.html');
      if (existsSync(missing)) createReadStream(missing).pipe(response);
      else response.end('not found');
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'cache-control': 'no-cache' });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { server, url: `http://localhost:${server.address().port}/` };
}
