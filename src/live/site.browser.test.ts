/** The site and its Guests as a reader uses them, in a real Chromium. */
import { describe, expect, test } from 'vitest';
import type { Page } from 'puppeteer';
import { aReader, boot, countOf, press, pressKey, textOf, until, untilLit, untilMoved } from './testing/reader.ts';

const { open } = aReader();

/** Waits until it has run as many instructions, and stands there with all its instruments. */
async function untilAt(page: Page, guest: string, count: number): Promise<void> {
  await expect.poll(() => countOf(page, guest)).toBe(count);
  await until(page, guest, 'paused');
}

describe('a live Guest', () => {
  test('can be stepped one instruction at a time, forwards and backwards, shows its registers, and can be reset', async () => {
    const { page, wrong } = await open('guest/entry');
    const guest = await boot(page, 'entry', true);
    await until(page, guest, 'paused');
    const before = await countOf(page, guest);
    for (let i = 1; i <= 3; i++) {
      await pressKey(page, guest, 'i');
      await untilAt(page, guest, before + i);
    }
    const registers = (): Promise<string> => textOf(page, `${guest} .panel--registers`);
    await expect.poll(registers).toMatch(/eip/i);
    const there = await registers();
    await pressKey(page, guest, 'i');
    await untilAt(page, guest, before + 4);
    await expect.poll(registers).not.toBe(there);
    await pressKey(page, guest, 'I');
    await untilAt(page, guest, before + 3);
    await expect.poll(registers).toBe(there);
    await press(page, guest, '0');
    await untilAt(page, guest, before);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('a link to a marker leads to its chunk', async () => {
    const { page } = await open('host/page_tables#H:340');
    await page.waitForSelector('[id="H:340"]');
    await expect.poll(() => page.$eval('[id="H:340"]', (element) => element.getBoundingClientRect().top)).toBeLessThan(2400);
    await page.close();
  });
});

test('the reference knows its symbols’ chunks', async () => {
  const { page, wrong } = await open('api/host/page_tables');
  await expect
    .poll(() => page.$$eval('a', (links) => links.map((link) => link.getAttribute('href'))))
    .toContain('/host/page_tables/#H:330');
  expect(wrong).toEqual([]);
  await page.close();
});

test('a line of code can be run to, and back to, by Alt and click', async () => {
  const { page, wrong } = await open('guest/entry');
  const guest = await boot(page, 'entry');
  await until(page, guest, 'exited');
  await page.waitForSelector('.row[data-hits]');
  await untilLit(page);
  // The last line of the Guest's own that ran.
  const row = await page.$$eval('.row[data-hits]', (rows) => rows.map((one) => Number(one.getAttribute('data-line')))[0]);
  const end = await countOf(page, guest);
  const click = (shift: boolean): Promise<void> =>
    page.$eval(
      `.row[data-line="${row}"]`,
      (one, shiftKey) => {
        one.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, altKey: true, shiftKey }));
      },
      shift,
    );
  // Nothing runs any more, so nothing is gone to; and nothing that was shown is lost.
  const shown = (): Promise<unknown> =>
    page.$eval(guest, (section) => [
      section.getAttribute('data-phase'),
      section.querySelector('[role="log"]')?.textContent,
      document.querySelectorAll('.row[data-hits]').length,
    ]);
  const before = await shown();
  await click(false);
  await expect.poll(() => textOf(page, `${guest} .live__status`)).toMatch(/^Nothing runs any more/);
  await untilLit(page);
  expect(await shown()).toEqual(before);
  await click(true);
  const there = await untilMoved(page, guest, end);
  expect(there).toBeLessThan(end);
  await press(page, guest, '0');
  const beginning = await untilMoved(page, guest, there);
  expect(beginning).toBeLessThan(there);
  await click(false);
  const stood = await untilMoved(page, guest, beginning);
  expect(stood).toBeLessThanOrEqual(there);
  // From where it stands, the same line is gone on from: to its next time, or to the end.
  await click(false);
  expect(await untilMoved(page, guest, stood)).toBeGreaterThan(stood);
  expect(wrong).toEqual([]);
  await page.close();
});
