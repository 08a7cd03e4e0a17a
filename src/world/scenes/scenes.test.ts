import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  brokenPromises,
  chapters,
  fingerprint,
  fingerprintPath,
  runChapter,
  runScene,
  runSceneOnce,
} from '../../../scripts/lib/scenes.mjs';

/** The chapters with their scenes; what one of these did for one test, it need not do for another. */
const book = chapters();
/** What every chapter's Guests must execute of the chapter's own code, or give a reason for. */
const COVERAGE = 0.95;

test('Preparation, Guest, Drivers, Launcher, Host and Switcher have live Guests', () => {
  const parts = new Set(book.map(({ chapter }) => chapter.split('/')[0]));
  for (const part of ['preparation', 'guest', 'drivers', 'launcher', 'host', 'switcher']) expect(parts).toContain(part);
});

describe.each(book)('the Guests of $chapter', (chapter) => {
  test('keep what the chapter promises, cover its code, and do all as before', async () => {
    const path = fingerprintPath(chapter.chapter);
    const result = await runChapter(chapter);
    expect(await brokenPromises(chapter, result)).toEqual([]);
    expect(existsSync(path), `there is no ${path}: node scripts/scenes.mjs --update ${chapter.chapter}`).toBe(true);
    expect(fingerprint(result)).toBe(readFileSync(path, 'utf8'));
    // lguest itself is run by its own chapters' Guests, reasons or not; and each line that they leave out has a reason.
    if (/^(drivers|launcher|host|switcher)\//.test(chapter.chapter)) {
      expect(
        result.coverage.executed / result.coverage.lines,
        result.coverage.missed.map(({ line }) => line).join('\n'),
      ).toBeGreaterThanOrEqual(COVERAGE);
      expect(result.coverage.missed.filter(({ because }) => because === '')).toEqual([]);
    }
    const unexplained = result.coverage.missed.filter(({ because }) => because === '');
    expect(
      1 - unexplained.length / Math.max(1, result.coverage.lines),
      unexplained.map(({ line }) => line).join('\n'),
    ).toBeGreaterThanOrEqual(COVERAGE);
  });
});

test.each([...new Set(book.flatMap(({ bundles }) => bundles))])('$name does the same in slices of an odd size', async (bundle) => {
  expect(await runScene(bundle, 9973)).toEqual(await runSceneOnce(bundle));
});
