#!/usr/bin/env node
// Records native.txt and sequences.txt anew on the processor at hand: node src/machine/proofs/vectors/record.mjs (needs gcc with -m32; Linux).
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runTs } from '../../../../scripts/lib/run_ts.mjs';

const { makeCases, makeSequences, tell, withEnd, entryOf } = await runTs('src/machine/proofs/vectors/index.ts', { name: 'machine-vectors' });
const here = join(root, 'src/machine/proofs/vectors');
const folder = mkdtempSync(join(tmpdir(), 'native-'));
const program = join(folder, 'native');
execFileSync('gcc', ['-m32', '-O1', '-ffreestanding', '-nostdlib', '-static', '-fno-pic', '-no-pie', '-fno-stack-protector', '-mno-sse', '-mno-mmx', '-Wall',
  '-o', program, join(here, 'native.c')]);

// The fields of native.c's `ask`, `answer` and `context`, in words.
const CONTEXT = ['gs', 'fs', 'es', 'ds', 'edi', 'esi', 'ebp', 'esp', 'ebx', 'edx', 'ecx', 'eax', 'trap', 'error', 'eip', 'cs', 'flags', 'esp_at_signal', 'ss', 'fpstate', 'mask', 'cr2'];
const ASK = 3 * 4 + 64 + CONTEXT.length * 4 + 16;
const ANSWER = 4 + CONTEXT.length * 4 + 160;

function record(cases, file) {
  const input = Buffer.alloc(cases.length * ASK);
  cases.forEach((c, n) => {
    const at = n * ASK;
const code = withEnd(c);
const { place } = c;
    if (code.length > 64) throw new Error(`${c.name}: ${code.length} bytes`);
    [place.code, place.data, code.length].forEach((word, k) => input.writeUInt32LE(word, at + k * 4));
    input.set(code, at + 12);
    const [eax, ecx, edx, ebx, ebp, esi, edi] = c.registers;
    const context = { eax, ecx, edx, ebx, ebp, esi, edi, esp: c.esp, flags: c.flags, eip: entryOf(c), cs: place.cs, ss: place.ss, ds: 0x2b, es: 0x2b };
    CONTEXT.forEach((name, k) => input.writeUInt32LE((context[name] ?? 0) >>> 0, at + 76 + k * 4));
    c.memory.forEach((word, k) => input.writeUInt32LE(word >>> 0, at + 76 + CONTEXT.length * 4 + k * 4));
  });
  const { stdout, signal, status } = spawnSync(program, { input, maxBuffer: 1 << 28 });
  if (stdout.length !== cases.length * ANSWER) throw new Error(`${stdout.length / ANSWER} answers to ${cases.length} cases (${signal ?? status})`);
  const lines = cases.map((c, n) => {
    const word = (k) => stdout.readUInt32LE(n * ANSWER + k * 4);
    const context = Object.fromEntries(CONTEXT.map((name, k) => [name, word(1 + k)]));
    const { trap: vector, error, eip, esp, flags, cr2 } = context;
    return tell(c, {
      vector, error, eip, esp, flags, cr2, registers: ['eax', 'ecx', 'edx', 'ebx', 'ebp', 'esi', 'edi'].map((name) => context[name]),
      segments: ['es', 'cs', 'ss', 'ds', 'fs', 'gs'].map((name) => context[name] & 0xffff), memory: Array.from({ length: 40 }, (_, k) => word(1 + CONTEXT.length + k)),
    });
  });
  writeFileSync(join(here, file), `${lines.join('\n')}\n`);
  console.log(`${file}: ${cases.length} cases`);
}

record(makeCases(), 'native.txt');
record(makeSequences(), 'sequences.txt');
rmSync(folder, { recursive: true });
