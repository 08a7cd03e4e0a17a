import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { askAll, CASES, comparable, DIFFERENCES, runImage } from './second_opinion/index.ts';

/**
 * Protected mode as an emulator of other hands has it: descriptors × rings, gates × targets, rights of pages, faults on the way, single steps, returns,
 * task switches, control registers, interrupt windows. second_opinion/answers.txt was recorded from QEMU by second_opinion/record.mjs.
 */

const read = (file: string): Uint8Array => new Uint8Array(readFileSync(new URL(`./second_opinion/${file}`, import.meta.url)));
const lines = (file: string): string[] => new TextDecoder().decode(read(file)).trimEnd().split('\n');
const named = (list: readonly string[]): Map<string, string> => new Map(list.map((line) => [line.split(' | ')[0], line]));

describe('protected mode and QEMU', () => {
  const answers = named(lines('answers.txt'));
  const pinned = named(lines('ours.txt'));
  const harness = read('harness.bin');
  const ours = named(askAll(harness, CASES, (image) => runImage(image)));

  it('has an answer to every case', () => expect([...answers.keys()]).toEqual(CASES.map(({ name }) => name)));

  it('agree, but where the manual or silicon has it otherwise', () => {
    const wrong: string[] = [];
    for (const [name, line] of ours) {
      const wanted = comparable(answers.get(name) ?? '');
      const got = comparable(line);
      if (got !== wanted && line !== pinned.get(name)) wrong.push(`${line}\n  QEMU: ${answers.get(name)}`);
    }
    expect(wrong).toEqual([]);
  });

  it('disagree only for stated reasons, and each reason is one', () => {
    const differing = [...ours].filter(([name, line]) => comparable(line) !== comparable(answers.get(name) ?? '')).map(([name]) => name);
    expect(differing.filter((name) => !DIFFERENCES.some(({ cases }) => cases.test(name)))).toEqual([]);
    expect([...pinned.keys()]).toEqual(differing);
    expect(DIFFERENCES.filter(({ cases }) => !differing.some((name) => cases.test(name))).map(({ why }) => why)).toEqual([]);
  });
});
