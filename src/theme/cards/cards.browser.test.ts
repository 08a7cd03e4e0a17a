/** The page's cards, in a browser: by pointer, by finger, by keyboard, and nothing moves. */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { settled } from '../../live/testing/reader.ts';
import { aSite } from '../testing/browser.ts';

const site = aSite();
const CARD = '.card-of-word';
const text = (page: Page): Promise<string> => page.$eval(CARD, (card) => card.textContent);

test('the pointer rests on a verb, and on a term, and the page does not move', async () => {
  const { page, wrong } = await site.open('before/gates/');
  const verb = (await page.$('.chunk[id="P:005.door"] .token.register'))!;
  await verb.scrollIntoView();
  await settled(page);
  const before = (await verb.boundingBox())!.y;
  await verb.hover();
  await page.waitForSelector(CARD);
  expect(Math.abs((await verb.boundingBox())!.y - before)).toBeLessThan(1);
  await page.keyboard.press('Escape');
  await page.waitForSelector(CARD, { hidden: true });
  const term = (await page.$('.term'))!;
  await term.scrollIntoView();
  await term.hover();
  await page.waitForFunction(() => document.querySelector('.card-of-word a') !== null);
  expect(wrong).toEqual([]);
});

test('a block of assembly is one stop of the keyboard, and the arrow keys go from word to word', async () => {
  const { page, wrong } = await site.open('before/reading/');
  await page.focus('pre[data-words]');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => text(page)).toMatch(/^movl/);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => text(page)).toMatch(/^%esi/);
  await expect.poll(() => text(page)).toContain('a general register');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => text(page)).toMatch(/^movl/);
  await page.keyboard.press('Escape');
  await page.waitForSelector(CARD, { hidden: true });
  await expect.poll(() => page.$$eval('pre[data-words] [tabindex]', (all) => all.length)).toBe(0);
  expect(wrong).toEqual([]);
});

test('a term is reached by keyboard like any link, leads to the glossary, and shows its card meanwhile', async () => {
  const { page, wrong } = await site.open('before/gates/', { width: 390 });
  await page.$eval('.term', (term) => {
    const before = document.createElement('button');
    before.textContent = 'here';
    term.before(before);
    before.focus();
  });
  await page.keyboard.press('Tab');
  await page.waitForSelector(CARD);
  await expect
    .poll(() => page.$eval('.term', (term) => (term as HTMLAnchorElement).getAttribute('href')))
    .toMatch(/\/appendix\/glossary\/#/);
  await expect.poll(() => page.$eval(CARD, (card) => card.getBoundingClientRect().right <= innerWidth)).toBe(true);
  expect(wrong).toEqual([]);
});
