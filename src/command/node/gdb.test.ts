/** Debian's gdb, unmodified, at the other end of the wire: what it shows of a Guest, forwards and backwards. Where there is no gdb, nothing is tried. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TOP } from '../../../scripts/lib/paths.mjs';

const missing = spawnSync('gdb', ['--version']).status !== 0;
const ELF = `${TOP}/.tangled/guests/puppy.elf`;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gdb-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs gdb's commands on Puppy and returns what it says. */
async function debug(commands: readonly string[]): Promise<string> {
  const server = spawn(
    process.execPath,
    [`${TOP}/scripts/lguest.mjs`, '--gdb=0', '16', ELF, `--initrd=${TOP}/.tangled/guests/puppy.cpio`],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  try {
    const port = await new Promise<string>((done, fail) => {
      let told = '';
      server.stderr.on('data', (text: Buffer) => {
        told += text.toString();
        const [, found] = /target remote :(\d+)/.exec(told) ?? [];
        if (found !== undefined) done(found);
      });
      server.on('exit', () => fail(new Error(told)));
    });
    const script = join(folder, 'script');
    writeFileSync(
      script,
      ['set pagination off', 'set confirm off', `file ${ELF}`, `target remote :${port}`, ...commands, 'kill', ''].join('\n'),
    );
    return await new Promise((done) => {
      const gdb = spawn('gdb', ['-nx', '-batch', '-x', script]);
      let said = '';
      for (const stream of [gdb.stdout, gdb.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
      gdb.on('close', () => done(said));
    });
  } finally {
    server.kill();
  }
}

test.skipIf(missing || !existsSync(ELF))('breakpoints, steps and watched memory, there and back', { timeout: 300_000 }, async () => {
  const said = await debug([
    'break start_kernel',
    'continue',
    'stepi',
    'reverse-stepi',
    'watch *(int*)&pages_free',
    'continue',
    'continue',
    'reverse-continue',
    'reverse-continue',
    'reverse-continue',
    'reverse-continue',
    'monitor place',
  ]);
  const lines = said.split('\n').filter((line) => /Breakpoint 1,|^0x|Old|New|history|instruction/.test(line));
  expect(
    lines.map((line) =>
      line
        .replace(/0x[0-9a-f]+/g, 'ADDRESS')
        .replace(/\d{4,}/g, 'PAGES')
        .replace(/^(instruction) \d+.*/, '$1 PLACE'),
    ),
  ).toEqual([
    'ADDRESS in ?? ()',
    'Breakpoint 1, ADDRESS in start_kernel ()',
    'ADDRESS in start_kernel ()',
    'Breakpoint 1, ADDRESS in start_kernel ()',
    'Old value = 0',
    'New value = PAGES',
    'ADDRESS in find_free ()',
    'Old value = PAGES',
    'New value = PAGES',
    'ADDRESS in page_put ()',
    'Old value = PAGES',
    'New value = PAGES',
    'ADDRESS in page_put ()',
    'Old value = PAGES',
    'New value = 0',
    'ADDRESS in find_free ()',
    'Breakpoint 1, ADDRESS in start_kernel ()',
    'No more reverse-execution history.',
    'ADDRESS in ?? ()',
    'instruction PLACE',
  ]);
});
