/** The site and its Guests as a reader uses them, in a real Chromium. */
import { describe, expect, test } from 'vitest';
import { aReader, pressKey, untilLit } from './testing/reader.ts';

const { open } = aReader();

describe('a live Guest', () => {
  test('can be stepped one instruction at a time, forwards and backwards, shows its registers, and can be reset', async () => {
    const { page, wrong } = await open('guest/entry');
    const guest = 'section.live[data-scene="entry"]';
    await page.waitForSelector(`${guest} .live__boot--quiet`);
    await page.$eval(`${guest} .live__boot--quiet`, (button) => (button as HTMLButtonElement).click());
    await page.waitForSelector(`${guest}[data-phase="paused"]`);
    const count = (): Promise<number> => page.$eval(guest, (section) => Number(section.getAttribute('data-instructions')));
    const before = await count();
    for (let i = 1; i <= 3; i++) {
      await pressKey(page, guest, 'i');
      await page.waitForFunction(
        (selector, wanted) => Number(document.querySelector(selector)?.getAttribute('data-instructions')) === wanted,
        {},
        guest,
        before + i,
      );
    }
    const registers = (): Promise<string> => page.$eval(`${guest} .panel--registers`, (panel) => panel.textContent ?? '');
    const there = await registers();
    await pressKey(page, guest, 'i');
    await page.waitForFunction(
      (selector, wanted) => Number(document.querySelector(selector)?.getAttribute('data-instructions')) === wanted,
      {},
      guest,
      before + 4,
    );
    await pressKey(page, guest, 'I');
    await page.waitForFunction(
      (selector, wanted) => Number(document.querySelector(selector)?.getAttribute('data-instructions')) === wanted,
      {},
      guest,
      before + 3,
    );
    expect(await registers()).toBe(there);
    expect(await page.$eval(`${guest} .panel--registers`, (panel) => panel.textContent ?? '')).toMatch(/eip/i);
    await page.$eval(`${guest} button[aria-keyshortcuts="0"]`, (button) => button.click());
    await page.waitForFunction(
      (selector, wanted) => Number(document.querySelector(selector)?.getAttribute('data-instructions')) === wanted,
      {},
      guest,
      before,
    );
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('a link to a marker leads to its chunk', async () => {
    const { page } = await open('host/page_tables#H:340');
    await page.waitForSelector('[id="H:340"]');
    const top = await page.$eval('[id="H:340"]', (element) => element.getBoundingClientRect().top);
    expect(top).toBeLessThan(2400);
    await page.close();
  });
});

test('the reference knows its symbols’ chunks', async () => {
  const { page, wrong } = await open('api/host/page_tables');
  expect(await page.$$eval('a', (links) => links.map((link) => link.getAttribute('href')))).toContain('/host/page_tables/#H:330');
  expect(wrong).toEqual([]);
  await page.close();
});

test('a line of code can be run to, and back to, by Alt and click', async () => {
  const { page, wrong } = await open('guest/entry');
  const guest = 'section.live[data-scene="entry"]';
  await page.waitForSelector(`${guest} .live__boot`);
  await page.$eval(`${guest} .live__boot`, (button) => (button as HTMLButtonElement).click());
  await page.waitForSelector(`${guest}[data-phase="exited"]`);
  await page.waitForSelector('.row[data-hits]');
  await untilLit(page);
  // The last line of the Guest's own that ran.
  const row = await page.$$eval('.row[data-hits]', (rows) => rows.map((one) => Number(one.getAttribute('data-line')))[0]);
  const count = (): Promise<number> => page.$eval(guest, (section) => Number(section.getAttribute('data-instructions')));
  const end = await count();
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
  await page.waitForFunction(
    (selector) => /^Nothing runs any more/.test(document.querySelector(selector)?.textContent ?? ''),
    {},
    `${guest} .live__status`,
  );
  await untilLit(page);
  expect(await shown()).toEqual(before);
  await click(true);
  await page.waitForFunction(
    (selector, from) => Number(document.querySelector(selector)?.getAttribute('data-instructions')) < from,
    {},
    guest,
    end,
  );
  const there = await count();
  await page.$eval(`${guest} button[aria-keyshortcuts="0"]`, (button) => button.click());
  await page.waitForFunction(
    (selector, from) => Number(document.querySelector(selector)?.getAttribute('data-instructions')) < from,
    {},
    guest,
    there,
  );
  await click(false);
  await page.waitForFunction(
    (selector, wanted) => Number(document.querySelector(selector)?.getAttribute('data-instructions')) <= wanted,
    {},
    guest,
    there,
  );
  // From where it stands, the same line is gone on from: to its next time, or to the end.
  const stood = await count();
  await click(false);
  await page.waitForFunction(
    (selector, from) => Number(document.querySelector(selector)?.getAttribute('data-instructions')) > from,
    {},
    guest,
    stood,
  );
  expect(wrong).toEqual([]);
  await page.close();
});
