#!/usr/bin/env node
// Asks the processor at hand, and adds its answers to native.txt and sequences.txt: node src/machine/proofs/vectors/record.mjs [--again | --compare]
//
// Asked is what has no valid answer yet: new forms, new sequences, and those whose cases have changed. What is recorded already stays as it is, line for line.
// --again asks everything and writes all answers anew; --compare asks everything and writes nothing, but tells what this processor sees otherwise.
// Needs Linux on a processor, and in a kernel, that run 32-bit programs, and a gcc that makes them (-m32; no library).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '../../../../scripts/lib/arguments.mjs';
import { root, runTs } from '../../../../scripts/lib/run_ts.mjs';

const here = join(root, 'src/machine/proofs/vectors');
const { values: options } = commandLine({
  usage: `Usage: node src/machine/proofs/vectors/record.mjs [--again | --compare]

Asks the processor at hand whatever has no valid answer yet, and adds its answers.
  --again    ask everything, and write all answers anew
  --compare  ask everything and write nothing: tell what this processor sees otherwise`,
  options: { again: { type: 'boolean' }, compare: { type: 'boolean' } },
});
const { casesFor, entryOf, formGroups, inputsOf, readBook, seedFor, sequenceGroups, tell, whyUnanswered, withEnd, writeBook } = await runTs(
  'src/machine/proofs/vectors/index.ts',
  { name: 'machine-vectors' },
);

// The fields of native.c's `ask`, `answer` and `context`, in words.
// biome-ignore format: a table
const CONTEXT = [
  'gs', 'fs', 'es', 'ds', 'edi', 'esi', 'ebp', 'esp', 'ebx', 'edx', 'ecx', 'eax', 'trap', 'error', 'eip', 'cs', 'flags', 'esp_at_signal', 'ss', 'fpstate', 'mask',
  'cr2',
];
const ASK = 3 * 4 + 64 + CONTEXT.length * 4 + 16;
const ANSWER = 4 + CONTEXT.length * 4 + 160;

/** Ends with one sentence. */
function giveUp(why) {
  console.error(`Nothing was recorded: ${why}.`);
  process.exit(1);
}

/** Makes native.c into a program of this machine's, and sees that it runs. */
function compile(folder) {
  const program = join(folder, 'native');
  // biome-ignore format: a command line
  const gcc = spawnSync('gcc', ['-m32', '-O1', '-ffreestanding', '-nostdlib', '-static', '-fno-pic', '-no-pie', '-fno-stack-protector', '-mno-sse', '-mno-mmx',
    '-Wall', '-o', program, join(here, 'native.c')], { encoding: 'utf8' });
  if (gcc.error) giveUp(`there is no gcc here (${gcc.error.message})`);
  if (gcc.status !== 0) giveUp(`gcc does not make 32-bit programs here (${gcc.stderr.trim().split('\n').at(-1)})`);
  const run = spawnSync(program, { input: '' });
  if (run.error || run.status !== 0)
    giveUp(`this machine does not run 32-bit programs (${run.error?.message ?? run.signal ?? `status ${run.status}`})`);
  return program;
}

function encode(c, input, at) {
  const code = withEnd(c);
  const { place } = c;
  if (code.length > 64) throw new Error(`${c.name}: ${code.length} bytes`);
  [place.code, place.data, code.length].forEach((word, k) => input.writeUInt32LE(word, at + k * 4));
  input.set(code, at + 12);
  const [eax, ecx, edx, ebx, ebp, esi, edi] = c.registers;
  const context = {
    eax,
    ecx,
    edx,
    ebx,
    ebp,
    esi,
    edi,
    esp: c.esp,
    flags: c.flags,
    eip: entryOf(c),
    cs: place.cs,
    ss: place.ss,
    ds: 0x2b,
    es: 0x2b,
  };
  CONTEXT.forEach((name, k) => input.writeUInt32LE((context[name] ?? 0) >>> 0, at + 76 + k * 4));
  c.memory.forEach((word, k) => input.writeUInt32LE(word >>> 0, at + 76 + CONTEXT.length * 4 + k * 4));
}

function decode(c, output, at) {
  const word = (k) => output.readUInt32LE(at + k * 4);
  const context = Object.fromEntries(CONTEXT.map((name, k) => [name, word(1 + k)]));
  const { trap: vector, error, eip, esp, flags, cr2 } = context;
  const registers = ['eax', 'ecx', 'edx', 'ebx', 'ebp', 'esi', 'edi'].map((name) => context[name]);
  const segments = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'].map((name) => context[name] & 0xffff);
  const memory = Array.from({ length: 40 }, (_, k) => word(1 + CONTEXT.length + k));
  return tell(c, { vector, error, eip, esp, flags, cr2, registers, segments, memory });
}

/** The processor's answers. */
function ask(program, cases) {
  const input = Buffer.alloc(cases.length * ASK);
  cases.forEach((c, n) => encode(c, input, n * ASK));
  const { stdout, signal, status } = spawnSync(program, { input, maxBuffer: 1 << 28 });
  const answers = Math.floor(stdout.length / ANSWER);
  if (answers !== cases.length)
    giveUp(`it came to an end (${signal ?? status}) at case ${answers} of ${cases.length}, ${cases[answers].name}`);
  return cases.map((c, n) => decode(c, stdout, n * ANSWER));
}

/** A book brought up to date, and what was done to it. */
function record(program, groups, file) {
  const path = join(here, file);
  const book = readBook(readFileSync(path, 'utf8'));
  const drawn = groups.map((group) => ({ key: group.key, seed: seedFor(group, book), cases: casesFor(group, book), group }));
  const asked = drawn.filter(({ group, cases }) => options.again || options.compare || whyUnanswered(group, cases, book) !== '');
  const answers = ask(
    program,
    asked.flatMap(({ cases }) => cases),
  );
  let at = 0;
  const pages = new Map(
    asked.map(({ key, seed, cases }) => [key, { seed, inputs: inputsOf(cases), answers: answers.slice(at, (at += cases.length)) }]),
  );
  if (options.compare) {
    let differing = 0;
    for (const [key, page] of pages)
      page.answers.forEach((answer, n) => {
        const before = book.get(key)?.answers[n];
        if (answer === before) return;
        differing++;
        console.log(`${key}, ${n}: ${answer}\n  recorded: ${before ?? 'nothing'}`);
      });
    console.log(`${file}: ${differing} of ${answers.length} answers differ`);
    return;
  }
  const wanted = new Set(groups.map(({ key }) => key));
  const kept = [...book].filter(([key]) => wanted.has(key));
  // What was there stays where it is; what is new comes behind it.
  writeFileSync(path, writeBook(new Map([...kept, ...pages])));
  console.log(
    `${file}: ${asked.length} groups asked, ${answers.length} answers; ${kept.length - asked.filter(({ key }) => book.has(key)).length} left as they were, ${book.size - kept.length} gone`,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'native-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const program = compile(folder);
record(program, formGroups(), 'native.txt');
record(program, sequenceGroups(), 'sequences.txt');
