/** What npm pack makes, installed in an empty folder: two commands that run, and a library whose types hold. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TOP } from './paths.mjs';

const folder = mkdtempSync(join(tmpdir(), 'lguest-package-'));
const run = (command: string, args: string[], cwd = folder): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(command, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32', env: { ...process.env, NODE_OPTIONS: '' } });

beforeAll(() => {
  const packed = run('npm', ['pack', '--pack-destination', folder, '--loglevel=error'], TOP);
  expect(packed.status, packed.stderr).toBe(0);
  writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }');
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  expect(run('npm', ['install', `./${tarball}`, '--offline', '--no-audit', '--no-fund', '--loglevel=error'])).toMatchObject({
    status: 0,
    stderr: '',
  });
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('it brings nothing else along', () => {
  expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['lguest-live']);
});

test('lguest runs a Guest that wants out', () => {
  const help = run('npx', ['--no', 'lguest', '--', '--help']);
  expect(help.stdout + help.stderr).toMatch(/MEGABYTES/);
  const elf = join(TOP, 'src/bench/image/bench-lguest.elf');
  const { status, stdout, stderr } = run('npx', ['--no', 'lguest', '--', '--max-instructions=2000000', '16', elf, 'run=fib']);
  expect([0, 3], stdout + stderr).toContain(status);
});

test('lguest-machine runs a program on the bare machine', () => {
  const { status, stdout, stderr } = run('npx', ['--no', 'lguest-machine', '--', '--help']);
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('--memory');
});

const PROGRAM = `import { Machine } from 'lguest-live';
import type { MachineOptions } from 'lguest-live/machine';

const options: MachineOptions = { ramBytes: 1 << 20 };
const machine = new Machine(options);
machine.ports = { in: () => 42, out: () => machine.stop() };
machine.ram.writeBytes(0x1000, Uint8Array.of(0xe4, 0x60, 0x0f, 0xb6, 0xc0, 0x01, 0xc8, 0xe6, 0xf4));
machine.cpu.eip = 0x1000;
machine.cpu.esp = 0x8000;
machine.cpu.ecx = 100;
const { reason } = machine.run(1_000_000);
console.log(reason, machine.cpu.eax);
`;

test.each([
  ['is typed', PROGRAM, 0, ''],
  ['refuses what has another type', PROGRAM.replace('1 << 20', '"much"'), 2, "Type 'string' is not assignable to type 'number'"],
])('the machine as a library %s', (_, text, status, said) => {
  writeFileSync(join(folder, 'program.ts'), text);
  const checked = run(process.execPath, [
    join(TOP, 'node_modules/typescript/bin/tsc'),
    ...['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023,dom', 'program.ts', '--ignoreConfig'],
  ]);
  expect(checked.stdout).toContain(said);
  expect(checked.status, checked.stdout).toBe(status);
});

test('the machine as a library runs', () => {
  writeFileSync(join(folder, 'program.mjs'), PROGRAM.replace(/^import type.*$/m, '').replace(': MachineOptions', ''));
  expect(run(process.execPath, ['program.mjs'])).toMatchObject({ stdout: 'stop 142\n', stderr: '' });
});
