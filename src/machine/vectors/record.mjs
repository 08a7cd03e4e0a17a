#!/usr/bin/env node
// Records native.txt anew on the processor at hand: node src/machine/vectors/record.mjs (needs gcc with -m32; Linux).
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runTs } from '../../../scripts/lib/run_ts.mjs';

const { makeCases } = await runTs('src/machine/vectors/cases.ts');
const cases = makeCases();

// A case: length and 15 bytes of code, EAX ECX EDX EBX EBP ESI EDI, EFLAGS, ESP, four words of memory.
const CASE = 68, RESULT = 72;
const input = Buffer.alloc(cases.length * CASE);
cases.forEach((c, n) => {
  const at = n * CASE;
  input[at] = c.code.length;
  input.set(c.code, at + 1);
  [...c.registers, c.flags, c.esp, ...c.memory].forEach((word, k) => input.writeUInt32LE(word >>> 0, at + 16 + k * 4));
});

const folder = mkdtempSync(join(tmpdir(), 'native-'));
const program = join(folder, 'native');
execFileSync('gcc', ['-m32', '-O1', '-ffreestanding', '-nostdlib', '-static', '-fno-pic', '-no-pie', '-fno-stack-protector', '-mno-sse', '-mno-mmx', '-w',
  '-o', program, join(root, 'src/machine/vectors/native.c')]);
const { stdout, signal } = spawnSync(program, { input, maxBuffer: 1 << 28 });
rmSync(folder, { recursive: true });
if (signal !== null || stdout.length !== cases.length * RESULT) throw new Error(`${stdout.length / RESULT} answers to ${cases.length} cases (${signal})`);

// An answer: signal, the seven registers, EFLAGS, ESP, eight words of memory from 8 bytes before the case's own. Only changes are written.
const names = ['eax', 'ecx', 'edx', 'ebx', 'ebp', 'esi', 'edi'];
const lines = cases.map((c, n) => {
  const word = (k) => stdout.readUInt32LE(n * RESULT + k * 4);
  if (word(0) !== 0) return `signal ${word(0)}`;
  const parts = names.flatMap((name, k) => word(1 + k) === c.registers[k] >>> 0 ? [] : [`${name}=${word(1 + k).toString(16)}`]);
  parts.push(`flags=${word(8).toString(16)}`);
  if (word(9) !== c.esp) parts.push(`esp=${word(9).toString(16)}`);
  [0, 0, ...c.memory, 0, 0].forEach((before, k) => { if (word(10 + k) !== before >>> 0) parts.push(`${k * 4 - 8}=${word(10 + k).toString(16)}`); });
  return parts.join(' ');
});
writeFileSync(join(root, 'src/machine/vectors/native.txt'), `${lines.join('\n')}\n`);
console.log(`${cases.length} cases`);
