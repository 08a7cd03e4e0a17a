/** Words that lead to a moment, and journeys of ten: the Guest opens there, paused, with the line lit and in sight; on and back by button and by key. */
import type { Page } from 'puppeteer';
import { describe, expect, test } from 'vitest';
import { aReader, countOf, frameOf, settled, until } from '../live/testing/reader.ts';
import { axeFindings } from './testing/axe.ts';

const reader = aReader();
const where = '#hypercall .journey__where';

const untilStep = (page: Page, step: number): Promise<unknown> =>
  page.waitForFunction((selector, text) => document.querySelector(selector)?.textContent === text, {}, where, `Step ${step} of 10`);

describe('a moment', () => {
  test('opens the Guest there, with its variables, and the line in sight', async () => {
    const { page, wrong } = await reader.open('host/page_tables/', { height: 900 });
    const words = '.moment[href$="#H:330.permission"]';
    await page.waitForSelector(words);
    await page.$eval(words, (one) => one.scrollIntoView({ block: 'center' }));
    await page.click(words);
    await page.waitForFunction(() => document.querySelector('[data-line][data-current]')?.textContent?.includes('gpgd & gpte & RW'));
    await page.waitForSelector('.panel--locals');
    await settled(page);
    const place = (side: 'top' | 'bottom'): Promise<number> =>
      page.$eval('[data-line][data-current]', (row, which) => row.getBoundingClientRect()[which], side);
    await expect.poll(() => place('top')).toBeGreaterThan(50);
    await expect.poll(() => place('bottom')).toBeLessThan(900);
    await expect.poll(() => page.$eval('.panel--locals', (panel) => panel.textContent)).toContain('errcode');
    expect(wrong).toEqual([]);
  });

  test('is a way to its chunk where nothing runs', async () => {
    const { page } = await reader.open('host/page_tables/', { script: false });
    await expect
      .poll(() => page.$$eval('.moment', (all) => all.every((one) => /#H:\d{3}/.test(one.getAttribute('href') ?? ''))))
      .toBe(true);
  });
});

describe('a journey', () => {
  test.each([1440, 390])('is gone on and back, by button and by key, in a window of %i', async (width) => {
    const { page, wrong } = await reader.open('journeys/', { width, height: 900 });
    const bar = '#hypercall .journey__bar button';
    /** Presses what a finger would meet in the middle of the button, where it is now. */
    const press = async (selector: string): Promise<void> => {
      await settled(page);
      const { x, y, hit } = await page.$eval(selector, (button) => {
        const { left, top, width, height } = button.getBoundingClientRect();
        const [x, y] = [left + width / 2, top + height / 2];
        const met = document.elementFromPoint(x, y);
        return { x, y, hit: button.contains(met) ? null : (met?.outerHTML.slice(0, 120) ?? 'nothing: it is out of sight') };
      });
      expect(hit, `what lies over ${selector}`).toBeNull();
      await page.mouse.click(x, y);
    };
    const next = (): Promise<void> => press(`${bar}:last-child`);
    await page.waitForSelector(bar);
    await page.$eval(bar, (button) => button.scrollIntoView({ block: 'center', behavior: 'instant' }));
    await expect
      .poll(() => page.$$eval('.journey', (all) => all.map((one) => one.querySelectorAll('.journey__step').length)))
      .toEqual([10, 10, 10, 10, 10]);
    expect(await axeFindings(page)).toEqual([]);
    await next();
    await untilStep(page, 1);
    await settled(page);
    expect(await axeFindings(page)).toEqual([]);
    const guest = frameOf('guest_paging');
    await until(page, guest, 'paused');
    const first = await countOf(page, guest);
    await next();
    await untilStep(page, 2);
    await expect.poll(() => countOf(page, guest)).toBeGreaterThan(first);
    await page.focus('#hypercall .journey__step button');
    await page.keyboard.press('ArrowUp');
    await untilStep(page, 1);
    await expect.poll(() => countOf(page, guest)).toBe(first);
    await page.keyboard.press('ArrowDown');
    await untilStep(page, 2);
    await page.$$eval('#hypercall .journey__go', (all) => (all[6] as HTMLElement).click());
    await untilStep(page, 7);
    await page.waitForFunction(() => document.querySelector('.bay')?.textContent?.includes('guestSetPte('));
    await settled(page);
    await expect
      .poll(() => page.$eval('#hypercall .journey__step--here', (step) => step.getBoundingClientRect().top))
      .toBeLessThan(width === 390 ? 300 : 800);
    await press(`${bar}:first-child`);
    await untilStep(page, 6);
    expect(wrong).toEqual([]);
  });

  test('shows a step, though something ends the glide to it; a reader who turns elsewhere is not held', async () => {
    const { page, wrong } = await reader.open('journeys/', { width: 390, height: 900 });
    await page.waitForSelector('#hypercall .journey__go');
    const go = (step: number): Promise<void> =>
      page.$$eval('#hypercall .journey__go', (all, index) => (all[index] as HTMLElement).click(), step - 1);
    const top = (): Promise<number> => page.$eval('#hypercall .journey__step--here', (step) => step.getBoundingClientRect().top);
    await go(10);
    await untilStep(page, 10);
    await settled(page);
    const start = await page.evaluate(() => window.scrollY);
    await go(1);
    await page.waitForFunction((from) => window.scrollY < from, {}, start);
    await page.evaluate(() => window.scrollBy({ top: 3, behavior: 'instant' }));
    await untilStep(page, 1);
    await settled(page);
    await expect.poll(top).toBeGreaterThan(0);
    await expect.poll(top).toBeLessThan(300);
    const here = await page.evaluate(() => window.scrollY);
    await go(10);
    await page.waitForFunction((from) => window.scrollY > from, {}, here);
    await page.evaluate(() => {
      window.dispatchEvent(new WheelEvent('wheel'));
      window.scrollTo({ top: 0, behavior: 'instant' });
    });
    await settled(page);
    // Notes in the margin may still find their places.
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeLessThan(100);
    expect(wrong).toEqual([]);
  });
});
