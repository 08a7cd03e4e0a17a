/** A piece of the run, gone through again: the same stretches as were seen the first time; nothing has moved. */
import { expect, test } from 'vitest';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { Looked, Progress, Searching, SpanOfRun, Stretch } from '../protocol.ts';
import { Runner } from './runner.ts';
import { stretchesOf } from './span.ts';

const { namesOf, World } = base;

test.each([
  ['from its beginning', 0, 2000],
  ['in the middle', 1500, 2500],
  ['to its end', 4000, 1e9],
])('%s', (_what, from, to) => {
  const bundle = sceneBundles().find(({ name }) => name === 'page_tables');
  if (bundle === undefined) throw new Error('no such scene');
  const all: Stretch[] = [];
  const runner = new Runner(
    (onEvent) => World.fromScene(bundle, { program, onEvent, keepEvents: false }),
    (report: Progress | Looked | Searching) => {
      if (report.type === 'progress') all.push(...report.stretches);
    },
    { names: namesOf(program), watched: ['lanes'] },
  );
  for (let n = 0; n < 50; n++) runner.step(100);
  runner.step(bundle.scene.instructions);
  const { instructions } = runner.world;
  const spans: SpanOfRun[] = [];
  runner.travel(
    stretchesOf(from, to, runner.farthest, namesOf(program), (span) => spans.push(span)),
    null,
    () => undefined,
  );
  while (runner.running) runner.slice(() => performance.now());
  const seen = all.filter(({ at, instructions: count }) => at <= to && at + count >= from);
  expect(seen.length).toBeGreaterThan(10);
  const key = ({ world, at, instructions: count, end }: Stretch): string => `${world} ${at} ${count} ${end}`;
  // The very first may have begun before anybody listened.
  const found = spans[0].stretches.map(key);
  const expected = seen.map(key).filter((one) => found.includes(one) || one !== key(seen[0]));
  expect(found.filter((one) => expected.includes(one))).toEqual(expected);
  expect(runner.world.instructions).toBe(instructions);
});
