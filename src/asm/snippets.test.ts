import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { assemble } from './index.ts';
import { compareWithGnuAs, gnuAssemble, hasGnuAs, missingTools } from './testing/gnu_as.ts';

const snippets = readFileSync(new URL('./vectors/snippets.txt', import.meta.url), 'utf8')
  .split(/^=== /m)
  .slice(1)
  .map((text) => ({ name: text.slice(0, text.indexOf('\n')), text: text.slice(text.indexOf('\n') + 1) }));

/** What GNU as and ld made of the snippets: `name <tab> section <tab> address <tab> bytes`. Written anew with UPDATE_VECTORS=1. */
const FILE = new URL('./vectors/snippets.bytes.txt', import.meta.url);
const BASE = 0x1000;

function rows(name: string, sections: Iterable<readonly [string, number, Uint8Array]>): string[] {
  return [...sections].map(
    ([section, address, bytes]) => `${name}\t${section}\t${address.toString(16)}\t${Buffer.from(bytes).toString('hex')}`,
  );
}

/** GNU's bytes, sections where ours stand. */
function gnuRows({ name, text }: { name: string; text: string }): string[] {
  const ours = assemble([{ name, text }], { base: BASE }).sections;
  const result = gnuAssemble(text, [new Map(ours.map((s) => [s.name, s.address]))]);
  if (!result.ok) throw new Error(`${name}: ${result.message}`);
  return rows(
    name,
    ours.filter((s) => !s.nobits).map((s) => [s.name, s.address, result.linked[0]?.get(s.name) ?? new Uint8Array(0)]),
  );
}

if (process.env.UPDATE_VECTORS && hasGnuAs) writeFileSync(FILE, `${snippets.flatMap(gnuRows).join('\n')}\n`);
const recorded = readFileSync(FILE, 'utf8').trimEnd().split('\n');

describe('directives, macros, expressions, sections', () => {
  it.each(snippets)('$name: the bytes of GNU as', ({ name, text }) => {
    const done = assemble([{ name, text }], { base: BASE });
    expect(done.errors).toEqual([]);
    expect(
      rows(
        name,
        done.sections.filter((s) => !s.nobits).map((s) => [s.name, s.address, s.bytes]),
      ),
    ).toEqual(recorded.filter((row) => row.startsWith(`${name}\t`)));
  });

  it.skipIf(!hasGnuAs)(`recorded bytes are what GNU as says here ${missingTools}`, () => {
    expect(recorded).toEqual(snippets.flatMap(gnuRows));
  });
});

/** xorshift32: the same programs in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A program of jumps near and far, calls, gaps, alignments and data that depends on distances. */
function jumpProgram(seed: number): string {
  const next = random(seed);
  const labels = 40;
  const lines: string[] = [];
  for (let n = 0; n < labels; n++) {
    lines.push(`l${n}:`);
    for (let k = next(6); k >= 0; k--) {
      const to = `l${Math.max(0, Math.min(labels - 1, n + next(9) - 4))}`;
      lines.push(
        [
          `\tjmp ${to}`,
          `\tjne ${to}`,
          `\tjc ${to} + ${next(5)}`,
          '\taddl $1, %eax',
          `\t.skip ${next(60)}, 0x90`,
          `\tcall ${to}`,
          `\t.balign ${1 << next(6)}`,
          `\tjle ${to}`,
          `\tjmp . + ${next(200)}`,
          `\t.long ${to} - l0`,
          `\tmovl $${to}, %eax`,
          '\t.p2align 4,,7',
          `\t.skip ${next(20)}, 0x90`,
        ][next(13)],
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

describe.skipIf(!hasGnuAs)(`relaxation ${missingTools}`, () => {
  it('reaches the sizes of GNU as at every distance', () => {
    const parts: string[] = [];
    for (let gap = 118; gap < 136; gap++) {
      parts.push(
        `f${gap}: jmp e${gap}\n\t.skip ${gap}\ne${gap}: jne f${gap}`,
        `g${gap}: jz h${gap}\n jmp h${gap}\n\t.skip ${gap}\nh${gap}: jmp g${gap}`,
      );
    }
    expect(compareWithGnuAs(`${parts.join('\n')}\n`)).toMatchObject({ same: true, problem: '', differences: [] });
  });

  it('agrees on random programs of jumps', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const text = jumpProgram(seed * 7919);
      const { problem, differences } = compareWithGnuAs(text);
      expect({ seed, problem, differences }).toEqual({ seed, problem: '', differences: [] });
    }
  }, 60_000);
});
