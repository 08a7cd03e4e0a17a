/** What happens to a page on its way to paper and back. */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { aSite } from './testing/browser.ts';

/** A4 between margins of 15 mm, in CSS pixels. */
const PAPER = 680;

const site = aSite();

async function onPaper(path: string, look = {}): Promise<Page> {
  const { page } = await site.open(path, { width: PAPER, ...look });
  await page.emulateMediaType('print');
  return page;
}

test('what was folded is folded again afterwards', async () => {
  const { page } = await site.open('host/traps/');
  const folded = (): Promise<number> => page.$$eval('main details:not([open])', (all) => all.length);
  const before = await folded();
  expect(before).toBeGreaterThan(3);
  await page.emulateMediaType('print');
  await page.waitForFunction(() => document.querySelector('main details:not([open])') === null);
  await page.emulateMediaType('screen');
  await page.waitForFunction((count) => document.querySelectorAll('main details:not([open])').length === count, {}, before);
  await page.close();
});

test('the printer itself gets the folded code and the answers', async () => {
  const { page } = await site.open('host/traps/');
  // A listener that comes after the page's own.
  const folded = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        window.addEventListener('beforeprint', () => resolve(document.querySelectorAll('main details:not([open])').length));
      }),
  );
  expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(100_000);
  expect(await folded).toBe(0);
  await page.close();
});

test('a dark page is printed in the colours of day', async () => {
  const page = await onPaper('host/traps/', { scheme: 'dark' });
  const red = async (): Promise<number> =>
    Number(/\d+/.exec(await page.$eval('.markdown p', (one) => getComputedStyle(one).color))?.[0] ?? '255');
  await expect.poll(red).toBeLessThan(100);
  await expect.poll(() => page.$eval('body', (body) => getComputedStyle(body).backgroundImage)).toBe('none');
  await page.close();
});

test('without scripts, what is folded is printed all the same', async () => {
  const page = await onPaper('host/traps/', { script: false });
  const heights = await page.$$eval('.chunk details > pre, .predict__answer', (all) =>
    all.map((one) => one.getBoundingClientRect().height),
  );
  expect(heights.length).toBeGreaterThan(3);
  expect(heights.filter((height) => height === 0)).toEqual([]);
  await page.close();
});
