/** Patches that a reader puts together: the page weaves them, and its Guest is the one that the build would have made. */
import { expect, test } from 'vitest';
import fingerprint from '../../docs/mastery/switcher.fingerprint.json' with { type: 'json' };
import { aReader, boot, until } from './testing/reader.ts';

const { open } = aReader();

/** Chooses or leaves a patch. */
const choose = (patch: string): string => `.patched--stack input[value="${patch}"]`;

test('patches are chosen one by one, and the Guest runs under those', async () => {
  const { page, wrong } = await open('mastery/patches/');
  await page.waitForSelector('html[data-has-hydrated="true"]');
  await page.$eval(choose('M:012'), (box) => (box as HTMLInputElement).click());
  const alone = await boot(page, 'mastery_walk+M-012');
  await until(page, alone, 'exited');
  const { instructions } = fingerprint.scenes['mastery_walk.M-012'].counts;
  await page.waitForSelector(`.bay[data-scene="mastery_walk+M-012"][data-instructions="${instructions}"]`);
  await page.$eval(choose('M:014'), (box) => (box as HTMLInputElement).click());
  const both = await boot(page, 'mastery_walk+M-012+M-014');
  await until(page, both, 'exited');
  await page.$eval(choose('M:014'), (box) => (box as HTMLInputElement).click());
  await page.$eval(choose('M:012'), (box) => (box as HTMLInputElement).click());
  await page.waitForSelector('section.live[data-scene="mastery_walk"]');
  expect(wrong).toEqual([]);
});
