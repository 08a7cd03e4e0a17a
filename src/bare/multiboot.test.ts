import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assemble } from '#asm';
import { TOP } from '../../scripts/lib/paths.mjs';
import { runBare } from './bare.ts';

/** Prints its command line, byte by byte, on the debug console, and stops. EBX is the multiboot information's address; the command line's is 16 behind. */
const ECHO = `
	.text
	.long	0x1badb002, 0, -0x1badb002
	.globl	_start
_start:	movl	16(%ebx), %esi
1:	lodsb
	testb	%al, %al
	jz	2f
	outb	%al, $0xe9
	jmp	1b
2:	hlt
`;

test.each([[['plain', 'words']], [['żółw', 'łódź']], [['日本語', '🐧']]])(
  'the program’s command line has the bytes that a shell gave: %j',
  (args) => {
    const done = assemble([{ name: 'echo.S', text: ECHO }], { base: 0x100000 });
    if (!done.ok) throw new Error(JSON.stringify(done.errors));
    const printed: number[] = [];
    runBare(done.elf(), { args, output: (bytes) => printed.push(...bytes) });
    expect(new TextDecoder().decode(Uint8Array.from(printed))).toBe(args.join(' '));
  },
);

/** Prints the digits from 0 to 9 a hundred thousand times, and leaves with 3. */
const COUNTER = `
	.text
	.long	0x1badb002, 0, -0x1badb002
	.globl	_start
_start:	movl	$100000, %ecx
1:	movb	$'0', %al
2:	outb	%al, $0xe9
	incb	%al
	cmpb	$'9', %al
	jbe	2b
	loop	1b
	movl	$3, %eax
	outl	%eax, $0xf4
`;

/** A pipe that does not keep its writer waiting, and a reader who is in no hurry: how many bytes came, the status, and what was said beside. */
const SLOW_READER = `
import os, subprocess, sys, time
r, w = os.pipe()
os.set_blocking(w, False)
writer = subprocess.Popen(sys.argv[1:], stdout=w, stderr=subprocess.PIPE)
os.close(w)
size = 0
while True:
    piece = os.read(r, 65536)
    if not piece: break
    size += len(piece)
    time.sleep(0.005)
print(size, writer.wait(), writer.stderr.read().decode())
`;

test.each<[string, (command: string[]) => string[], string]>([
  ['a reader in no hurry gets every byte', (command) => ['python3', '-c', SLOW_READER, ...command], '1000000 3 \n'],
  ['one who leaves is no fault', (command) => ['sh', '-c', '"$@" 2>&1 | head -c 3', 'sh', ...command], '012'],
])('lguest-machine: %s', (_, around, seen) => {
  const folder = mkdtempSync(join(tmpdir(), 'bare-'));
  try {
    const done = assemble([{ name: 'counter.S', text: COUNTER }], { base: 0x100000 });
    if (!done.ok) throw new Error(JSON.stringify(done.errors));
    writeFileSync(join(folder, 'counter'), done.elf());
    const [program, ...args] = around([process.execPath, `${TOP}/scripts/lguest-machine.mjs`, join(folder, 'counter')]);
    const { stdout, error } = spawnSync(program, args, { encoding: 'latin1' });
    // Where there is no Python there is no such pipe.
    if (error === undefined) expect(stdout).toBe(seen);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
