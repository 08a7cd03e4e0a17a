import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TOP } from '../../../scripts/lib/paths.mjs';
import { tellRegister, tellVerb, verbs } from './verbs.ts';

/** All assembly of the tour. */
const code = readdirSync(`${TOP}/docs`, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.mdx'))
  .flatMap((name) => [...readFileSync(`${TOP}/docs/${name}`, 'utf8').matchAll(/^```asm[^\n]*\n([\s\S]*?)^```$/gm)].map(([, text]) => text))
  .join('\n')
  .replace(/"[^"\n]*"/g, '""')
  .replace(/#.*/g, '');

/** Words that the tour makes up itself, whole or from pieces (`trap_\number`). */
const macros = [...code.matchAll(/\.macro\s+(\w+)/g)].map(([, name]) => name);

test('every instruction that the tour uses has a line', () => {
  const used = new Set([...code.matchAll(/^[ \t]*(?:[\w.$\\]+:)?[ \t]*([a-z][\w\\]*)(?![\w\\:])(?!\s*=)/gm)].map(([, word]) => word));
  const silent = [...used].filter((word) => !word.includes('\\') && !macros.includes(word) && tellVerb(word) === undefined);
  expect(silent).toEqual([]);
});

test('every register that the tour uses has a line', () => {
  const used = new Set([...code.matchAll(/%(?:[abcd][lhx]|e?[abcd]x|e?[sd]i|e?[sb]p|[c-gs]s|cr\d|st)\b/g)].map(([name]) => name));
  expect(used.size).toBeGreaterThan(20);
  expect([...used].filter((name) => tellRegister(name) === undefined)).toEqual([]);
});

test.each([
  ['movl', verbs.mov],
  ['movb', verbs.mov],
  ['rep movsl', `${verbs.rep}: ${verbs.movs}`],
  ['sgdt', verbs.sgdt],
  ['print', undefined],
  ['constructor', undefined],
])('the verb %s', (word, line) => expect(tellVerb(word)).toBe(line));

test.each([
  ['%al', 'the lowest byte of EAX'],
  ['%dh', 'the second byte of EDX'],
  ['%si', 'the lower half of ESI'],
  ['%st(1)', 'the floating-point stack'],
  ['%nothing', undefined],
])('the register %s', (word, line) => expect(tellRegister(word)).toBe(line));
