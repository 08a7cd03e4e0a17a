/** The patches that a reader can put together are those that the build does, and each is where it is said to be. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TOP } from '../../scripts/lib/paths.mjs';
import { wantedVariants } from '../../scripts/lib/variants.mjs';
import { inOrder, patches } from './MDXComponents/stack.ts';

const together = wantedVariants().reduce((longest, key) => (key.length > longest.length ? key : longest));

test('all that go together, in the order in which the build puts them in', () => {
  expect(patches.map(({ patch }) => patch).join('+')).toBe(together);
});

test.each(patches)('$patch stands in $chapter', ({ patch, chapter }) => {
  expect(readFileSync(`${TOP}/${chapter}`, 'utf8')).toMatch(new RegExp(`^\`\`\`\\w+ ${patch}[ .]`, 'm'));
});

test('who chooses them in another order gets them in this one', () => {
  expect(inOrder(new Set(['M:999', 'M:014', 'M:003']))).toEqual(['M:003', 'M:014', 'M:999']);
});
