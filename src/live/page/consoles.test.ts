import { expect, it } from 'vitest';
import { Consoles } from './consoles.ts';
import type { Printed } from './consoles.ts';

it.each<[string, string[], [string[], boolean], Printed[], [string, boolean][]]>([
  ['more', ['He'], [['llo'], false], [{ tty: 0, more: 'llo', less: '' }], [['llo', false]]],
  ['nothing', ['He'], [[''], false], [], []],
  ['all anew, the same and more', ['He'], [['Hello'], true], [{ tty: 0, more: 'llo', less: '' }], [['llo', false]]],
  ['all anew, and less', ['Hello'], [['He'], true], [{ tty: 0, more: '', less: 'llo' }], [['He', true]]],
  ['all anew, and other', ['Hello'], [['Help'], true], [{ tty: 0, more: 'p', less: 'lo' }], [['Help', true]]],
  ['nothing at all, anew', ['Hello'], [[], true], [{ tty: 0, more: '', less: 'Hello' }], [['', true]]],
])('a terminal that hears %s says what has changed', (_what, before, [texts, fresh], printed, heard) => {
  const consoles = new Consoles();
  consoles.print(before);
  const pieces: [string, boolean][] = [];
  consoles.hear(0, (text, anew) => void pieces.push([text, anew]));
  pieces.length = 0;
  expect(consoles.print(texts, fresh)).toEqual(printed);
  expect(pieces).toEqual(heard);
});
