#!/usr/bin/env node
// Asks QEMU and records its answers: node src/machine/proofs/second_opinion/record.mjs [PATTERN] (needs qemu-system-i386, gcc with -m32; Linux). Takes some
// minutes; with a pattern, only the cases whose names match are asked again.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '../../../../scripts/lib/arguments.mjs';
import { root, runTs } from '../../../../scripts/lib/run_ts.mjs';

const {
  positionals: [pattern = '^'],
} = commandLine({
  usage: `Usage: node src/machine/proofs/second_opinion/record.mjs [PATTERN]

Asks QEMU what has no answer yet, and again the cases whose names match the pattern; without one, all.`,
  positionals: [0, 1],
});

const { CASES, askAll, comparable, runImage } = await runTs('src/machine/proofs/second_opinion/index.ts', {
  name: 'machine-second-opinion',
});
const here = join(root, 'src/machine/proofs/second_opinion');
const folder = mkdtempSync(join(tmpdir(), 'opinion-'));
const at = (name) => join(folder, name);
execFileSync('gcc', ['-m32', '-c', '-o', at('harness.o'), join(here, 'harness.S')]);
execFileSync('ld', ['-m', 'elf_i386', '-Ttext=0x100000', '-o', at('harness.elf'), at('harness.o')]);
execFileSync('objcopy', ['-O', 'binary', at('harness.elf'), at('harness.bin')]);
const harness = new Uint8Array(readFileSync(at('harness.bin')));
writeFileSync(join(here, 'harness.bin'), harness);

/** What QEMU's Pentium II makes of an image. */
function ask(image, exact) {
  writeFileSync(at('image.elf'), image);
  process.stderr.write('.');
  const { status, stderr } = spawnSync(
    'qemu-system-i386',
    [
      '-accel',
      'tcg',
      ...(exact ? ['-singlestep'] : []),
      '-cpu',
      'pentium2',
      '-m',
      '64',
      '-kernel',
      at('image.elf'),
      '-display',
      'none',
      '-no-reboot',
      '-serial',
      'null',
      '-debugcon',
      `file:${at('answers')}`,
      '-device',
      'isa-debug-exit,iobase=0xf4,iosize=4',
    ],
    { timeout: 300_000, encoding: 'utf8' },
  );
  if (status === null) throw new Error(`QEMU did not come to an end. ${stderr}`);
  return new Uint8Array(readFileSync(at('answers')));
}

const file = join(here, 'answers.txt');
const known = new Map(
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => [line.split(' | ')[0], line])
    : [],
);
const asked = CASES.filter(({ name }) => new RegExp(pattern).test(name) || !known.has(name));
askAll(harness, asked, ask).forEach((line, n) => known.set(asked[n].name, line));
const lines = CASES.map(({ name }) => known.get(name));
writeFileSync(file, `${lines.join('\n')}\n`);
// What this machine says where it differs. Read the difference before you commit it; differences.ts has the reasons.
const ours = askAll(harness, CASES, (image) => runImage(image)).filter((line, n) => comparable(line) !== comparable(lines[n]));
writeFileSync(join(here, 'ours.txt'), `${ours.join('\n')}\n`);
rmSync(folder, { recursive: true });
console.log(`${asked.length} of ${lines.length} cases, ${CASES.reduce((sum, c) => sum + (c.sweep?.count ?? 1), 0)} answers in all`);
