import { expect, test } from 'vitest';
import { assemble } from '#asm';
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
