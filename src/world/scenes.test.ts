import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expectedPath, readable, runScene, sceneBundles } from '../../scripts/lib/scenes.mjs';

const bundles = sceneBundles();

test('every part of the first stage has a live Guest', () => {
  const parts = new Set(bundles.map(({ scene }) => scene.chapter.split('/')[0]));
  expect([...parts].sort()).toEqual(['guest', 'host', 'launcher', 'preparation', 'switcher']);
});

describe.each(bundles)('the Guest of $name', (bundle) => {
  test('prints, does and covers what its chapter says', async () => {
    const path = expectedPath(bundle);
    expect(existsSync(path), `${path} is missing: node scripts/scenes.mjs --update ${bundle.name}`).toBe(true);
    expect(readable(bundle, await runScene(bundle))).toEqual(JSON.parse(readFileSync(path, 'utf8')));
  });

  test('does the same in slices of an odd size', async () => {
    const whole = await runScene(bundle);
    const sliced = await runScene(bundle, 997);
    expect(sliced).toEqual(whole);
  });
});
