/** Patches that a reader puts together: the page weaves them, and its Guest is the one that the build would have made. */
import { expect, test } from 'vitest';
import memory from '../../docs/mastery/memory.fingerprint.json' with { type: 'json' };
import fingerprint from '../../docs/mastery/switcher.fingerprint.json' with { type: 'json' };
import { aReader, boot, frameOf, until } from './testing/reader.ts';

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

const BATCH = '.patched[data-patch="M:014"]';
const more = `${BATCH} .patched__more`;

test('a patch of a chapter is joined by others, in place, by the keyboard alone', async () => {
  const { page, wrong } = await open('mastery/memory/', { width: 390 });
  await page.waitForSelector('html[data-has-hydrated="true"]');
  await page.waitForSelector(frameOf('mastery_batch'));
  await page.focus(more);
  await page.keyboard.press('Enter');
  // The page's own is in it, as the build has made it.
  await page.waitForSelector(`${more}[aria-expanded="true"]:focus`);
  await page.waitForSelector(frameOf('mastery_batch.M-014'));
  const chosen = (): Promise<string[]> => page.$$eval(`${BATCH} input:checked`, (boxes) => boxes.map(({ value }) => value));
  expect(await chosen()).toEqual(['M:014']);
  const own = await boot(page, 'mastery_batch.M-014');
  await until(page, own, 'exited');
  await page.waitForSelector(`.bay[data-instructions="${memory.scenes['mastery_batch.M-014'].counts.instructions}"]`);
  // And another, from which the first can be taken out.
  await page.focus(`${BATCH} input[value="M:009"]`);
  await page.keyboard.press('Space');
  const both = await boot(page, 'mastery_batch+M-009+M-014');
  await until(page, both, 'exited');
  await page.focus(`${BATCH} input[value="M:014"]`);
  await page.keyboard.press('Space');
  await page.waitForSelector(frameOf('mastery_batch+M-009'));
  expect(await chosen()).toEqual(['M:009']);
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await page.focus(more);
  await page.keyboard.press('Enter');
  await page.waitForSelector(`${more}[aria-expanded="false"]:focus`);
  await page.waitForSelector(frameOf('mastery_batch.M-014'));
  expect(wrong).toEqual([]);
});

test('on paper there is nothing of the choice', async () => {
  const { page } = await open('mastery/memory/');
  await page.waitForSelector('html[data-has-hydrated="true"]');
  await page.$eval(more, (button) => (button as HTMLButtonElement).click());
  await page.waitForSelector(`${BATCH} input[value="M:009"]`);
  await page.emulateMediaType('print');
  const drawn = await page.$$eval(`${BATCH} :is(.patched__more, .patched__switch)`, (all) =>
    all.filter((one) => one.getClientRects().length > 0),
  );
  expect(drawn).toEqual([]);
});
