import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import { expect, test } from 'vitest';
import * as machine from '../machine/index.ts';

/** The page about the bare machine shows a program of twenty lines. It does what its comments say. */
test('the twenty lines of bare_machine.md run, and are no more than twenty', () => {
  const page = readFileSync(new URL('./bare_machine.md', import.meta.url), 'utf8');
  const [, code] = /```ts\n([^]*?)```/.exec(page) ?? [];
  expect(code.trim().split('\n').length).toBeLessThanOrEqual(21);
  const body = code.replace("import { Machine } from '#machine';", '');
  expect(body).not.toBe(code);
  const run = runInThisContext(`(Machine) => {${body}\nreturn result; }`) as (made: typeof machine.Machine) => unknown;
  expect(run(machine.Machine)).toEqual(['stop', '!', 142, 7]);
});
