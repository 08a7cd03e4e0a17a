// An unmodified gdb, scripted, at the other end of a Guest.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOP } from './paths.mjs';

/** Whether there is a gdb on this computer. */
export const hasGdb = () => spawnSync('gdb', ['--version']).status === 0;

/**
 * Runs gdb's commands on a Guest; they end by `kill` or `detach`.
 * @param {readonly string[]} args the Guest's, as for `lguest`
 * @param {string} symbols the file that gdb is to know
 * @param {readonly string[]} commands
 * @returns {Promise<{ own: string, monitor: string, guest: string }>} what was said by gdb itself; in answer to `monitor`, which is another stream, and nobody keeps the order of the two; and by the Guest
 */
export async function debug(args, symbols, commands) {
  const said = { own: '', monitor: '', guest: '' };
  const folder = mkdtempSync(join(tmpdir(), 'gdb-'));
  const server = spawn(process.execPath, [`${TOP}/scripts/lguest.mjs`, '--gdb=0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  server.stdout.on('data', (text) => (said.guest += String(text)));
  const gone = new Promise((done) => server.on('close', done));
  try {
    const port = await new Promise((done, fail) => {
      let told = '';
      server.stderr.on('data', (text) => {
        told += String(text);
        const [, found] = /target remote :(\d+)/.exec(told) ?? [];
        if (found !== undefined) done(found);
      });
      server.on('exit', () => fail(new Error(told)));
    });
    const script = join(folder, 'script');
    writeFileSync(
      script,
      ['set pagination off', 'set confirm off', `file ${symbols}`, `target remote :${port}`, ...commands, ''].join('\n'),
    );
    await new Promise((done) => {
      const gdb = spawn('gdb', ['-nx', '-batch', '-x', script]);
      gdb.stdout.on('data', (text) => (said.own += String(text)));
      gdb.stderr.on('data', (text) => (said.monitor += String(text)));
      gdb.on('close', done);
    });
    await gone;
    return said;
  } finally {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What gdb must find of any Linux with symbols: how it is called, the commands, and what they must say. */
const LINUX = [
  ['stops at start_kernel', ['break start_kernel', 'continue'], /Breakpoint 1, 0x[0-9a-f]+ in start_kernel \(\)/],
  ['reads the kernel’s banner', ['x/s (char *)&linux_banner'], /"Linux version \d/],
  ['steps on, and back', ['stepi', 'reverse-stepi'], /in start_kernel \(\)[^]*Breakpoint 1, 0x[0-9a-f]+ in start_kernel/],
  ['sees memory written', ['watch -l *(int *)&system_state', 'continue'], /Hardware watchpoint 2[^]*Old value = 0\s+New value = 1/],
  ['finds who wrote it, backwards', ['reverse-continue'], /New value = 0/],
  ['goes back to start_kernel', ['delete 2', 'reverse-continue'], /Breakpoint 1, 0x[0-9a-f]+ in start_kernel/],
  ['finds the beginning', ['reverse-continue'], /No more reverse-execution history/],
];

/**
 * Tries gdb on a Linux with symbols.
 * @param {readonly string[]} args the Guest's, as for `lguest`
 * @param {string} vmlinux
 * @returns {Promise<readonly { good: boolean, what: string }[]>}
 */
export async function checkGdb(args, vmlinux) {
  const commands = LINUX.flatMap(([, lines], n) => [`printf "PART ${n}\\n"`, ...lines]);
  const { own, monitor } = await debug(args, vmlinux, [
    ...commands,
    'printf "PART END\\n"',
    'monitor place',
    'monitor events 1',
    'monitor tables',
    'kill',
  ]);
  const parts = own.split(/^PART .*\n/m).slice(1);
  return [
    ...LINUX.map(([what, , wanted], n) => ({ good: wanted.test(parts[n] ?? ''), what })),
    { good: /^instruction \d+/m.test(monitor) && /^\{"kind":/m.test(monitor) && /^the Guest/m.test(monitor), what: 'prints the views' },
  ];
}
