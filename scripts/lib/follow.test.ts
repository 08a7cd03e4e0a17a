/** Edits that come faster than they can be followed. */
import { expect, test } from 'vitest';
import { following } from './follow.mjs';

/** Some work that is finished by hand. */
function work() {
  const ends: (() => void)[] = [];
  const follow = following(() => new Promise<void>((resolve) => void ends.push(resolve)));
  return { follow, begun: () => ends.length, end: () => void ends.at(-1)?.() };
}
const soon = () => new Promise((resolve) => setTimeout(resolve));

test('the first call begins at once', () => {
  const { follow, begun } = work();
  follow();
  expect(begun()).toBe(1);
});

test('five calls while the work is on make for one more, and no two are on at once', async () => {
  const { follow, begun, end } = work();
  follow();
  for (let call = 0; call < 5; call++) follow();
  await soon();
  expect(begun()).toBe(1);
  end();
  await soon();
  expect(begun()).toBe(2);
  end();
  await soon();
  expect(begun()).toBe(2);
});

test('a call after the end begins anew', async () => {
  const { follow, begun, end } = work();
  follow();
  end();
  await soon();
  follow();
  expect(begun()).toBe(2);
});
