/** Guests at work by axe-core, in both themes: nothing serious, nothing moderate. */
import { expect, test } from 'vitest';
import { settled, untilLit } from '../live/testing/reader.ts';
import { axeFindings, withoutTwinLines } from './testing/axe.ts';
import { aSite, inTheme } from './testing/browser.ts';

const site = aSite();

test.each([
  ['host/traps/', 1280],
  ['launcher/console/', 390],
  ['', 1280],
])('/%s, %i pixels wide, with a Guest in the bay and all its instruments', async (path, width) => {
  const { page, wrong } = await site.open(path, { width });
  await page.$eval('.live__boot', (button) => (button as HTMLButtonElement).click());
  await page.waitForSelector('.bay .live__chooser');
  await page.$$eval('.bay .live__chooser [aria-pressed="false"]', (all) => all.forEach((one) => (one as HTMLButtonElement).click()));
  await page.waitForSelector('.bay .panel--counters');
  await page.waitForSelector('.bay .xterm');
  await page.waitForSelector('.bay:is([data-phase="exited"], [data-phase="idle"]):not(:has([data-coming]))');
  // What is out of sight keeps the colours in which it was seen last: all is to be in sight.
  await page.addStyleTag({ content: '.chunk pre { content-visibility: visible !important }' });
  await untilLit(page);
  await settled(page);
  await withoutTwinLines(page, async () => {
    for (const scheme of ['light', 'dark'] as const) {
      await inTheme(page, scheme);
      expect(await axeFindings(page), scheme).toEqual([]);
    }
  });
  expect(wrong).toEqual([]);
});
