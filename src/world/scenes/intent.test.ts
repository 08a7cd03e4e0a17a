import { expect, test } from 'vitest';
import { brokenPromises } from './intent.ts';
import type { Scene } from './scene.ts';
import { createStatistics } from '../statistics.ts';

const scene = (promises: Partial<Scene>): Scene => ({
  chapter: 'x',
  title: 'x',
  guest: 'x',
  memory: 2,
  panels: [],
  instructions: 1,
  says: ['a', 'b'],
  ...promises,
});
const summary = { ...createStatistics(), hiddenFaults: 3, hypercalls: { TS: { direct: 2, ring: 77 } } };

test.each<[string, Partial<Scene>, string, string, RegExp | null]>([
  ['all kept', {}, 'a\nb\n', 'exit 0', null],
  ['a last line without its end', {}, 'a\nb', 'exit 0', null],
  ['something between', { says: ['a', '…', 'b'] }, 'a\n1\n2\nb\n', 'exit 0', null],
  ['nothing between', { says: ['a', '…', 'b'] }, 'a\nb\n', 'exit 0', null],
  ['whatever it says', { says: ['…'] }, 'a\n', 'exit 0', null],
  ['a line more', {}, 'a\nb\nc\n', 'exit 0', /^says something else/],
  ['a line less', {}, 'a\n', 'exit 0', /^says something else/],
  ['signs that mean something to patterns', { says: ['(a.c)'] }, 'xabcx\n', 'exit 0', /^says something else/],
  ['letters of more than a byte', { says: ['not “1”', '−3 … is'] }, 'not “1”\n−3 … is\n', 'exit 0', null],
  ['silence', { says: [] }, '', 'exit 0', null],
  ['a death for a power-off', {}, 'a\nb\n', 'exit 1', /^should end by “power-off”, and ends by “exit 1”$/],
  ['a death that was meant', { ends: 'death' }, 'a\nb\n', 'exit 1', null],
  ['waiting', { ends: 'waits' }, 'a\nb\n', 'idle', null],
  ['a Launcher that gave up', { ends: 'given-up' }, 'a\nb\n', 'exit 2', null],
  ['a Host that cannot', { ends: 'no-host' }, 'a\nb\n', 'panic: no memory', null],
  ['a count', { facts: { hiddenFaults: 3, 'hypercalls.TS.ring': 77 } }, 'a\nb\n', 'exit 0', null],
  ['a count of what never happened', { facts: { 'traps.13': 0 } }, 'a\nb\n', 'exit 0', null],
  ['another count', { facts: { hiddenFaults: 4 } }, 'a\nb\n', 'exit 0', /^should count 4 for hiddenFaults, and counts 3$/],
])('%s', (_, promises, console, ending, told) => {
  const broken = brokenPromises(scene(promises), { console, ending, summary });
  if (told === null) expect(broken).toEqual([]);
  else expect(broken).toEqual([expect.stringMatching(told)]);
});
