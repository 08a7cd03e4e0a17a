/** What is wider than its page, and lines that are: a figure says so and can be moved by key, a line of code wraps below its own beginning. */
import { describe, expect, test } from 'vitest';
import { settled } from '../live/testing/reader.ts';
import { aSite } from './testing/browser.ts';

const site = aSite();

describe('a figure on a narrow page', () => {
  test('says that it goes on, can be reached and moved by key', async () => {
    const { page } = await site.open('host/traps/', { width: 390 });
    const frame = '.figure > .sideways[data-view="start"]';
    await page.waitForSelector(frame);
    await expect
      .poll(() => page.$eval(frame, (one) => [(one as HTMLElement).tabIndex, one.getAttribute('role'), one.getAttribute('aria-label')]))
      .toEqual([0, 'group', 'A figure, wider than the page: scrolls sideways']);
    await expect.poll(() => page.$eval(`${frame} + .sideways__hint`, (hint) => hint.textContent)).toContain('wider than the page');
    await page.$eval(frame, (one) => {
      one.id = 'the-figure';
    });
    await page.focus('#the-figure');
    for (const [key, view] of [
      ['ArrowRight', 'end'],
      ['ArrowLeft', 'start'],
    ] as const) {
      for (let i = 0; i < 200 && (await page.$(`#the-figure[data-view="${view}"]`)) === null; i++) await page.keyboard.press(key);
      await page.waitForSelector(`#the-figure[data-view="${view}"]`);
    }
    await page.close();
  });

  test('is no stop for the Tab key where it is seen whole', async () => {
    const { page } = await site.open('host/traps/');
    await page.waitForSelector('.figure > .sideways');
    await settled(page);
    expect((await page.$$('.figure > .sideways[tabindex], .sideways__hint')).length).toBe(0);
    await page.close();
  });
});

test('a line that has to wrap goes on below its own beginning', async () => {
  const { page } = await site.open('host/traps/', { width: 390 });
  await settled(page);
  const places = await page.$$eval('.row', (rows) =>
    rows
      .filter((row) => (row.textContent ?? '').startsWith('    ') && row.getBoundingClientRect().height > 30)
      .map((row) => {
        const code = row.querySelector('.row__code');
        const range = document.createRange();
        range.selectNodeContents(code!);
        const lefts = [...range.getClientRects()].map(({ left }) => left);
        return Math.min(...lefts) - (code?.getBoundingClientRect().left ?? 0);
      }),
  );
  expect(places.length).toBeGreaterThan(3);
  for (const place of places) expect(Math.abs(place)).toBeLessThan(2);
  await page.close();
});

test('what a reader copies from a chunk is its code to the letter', async () => {
  const { page } = await site.open('guest/entry/');
  const { shown, lines } = await page.$eval('.chunk:not(.chunk--folded) code', (code) => ({
    shown: code.textContent ?? '',
    lines: code.querySelectorAll('.row').length,
  }));
  expect(shown.split('\n').length).toBe(lines + 1);
  expect(shown).toContain('\n\t');
  await page.close();
});
