/** Stepping through all the worlds in the page, and where runs stop. */
import { expect, test } from 'vitest';
import type { Page } from 'puppeteer';
import { aReader, boot, pressKey, settled, textOf, until } from './testing/reader.ts';

const { open } = aReader();

/** Waits until the sentence on how things stand is another one, and nothing is on its way. */
async function untilSaid(page: Page, guest: string, before: string): Promise<string> {
  await page.waitForFunction(
    (selector, was) => {
      const said = document.querySelector(`${selector} .live__status`)?.textContent ?? '';
      return said !== was && !/(?:Going|Looking|Running|Taking)/.test(said);
    },
    {},
    guest,
    before,
  );
  return textOf(page, `${guest} .live__status`);
}

test('steps go through the lines of Host and Launcher with their variables; a run stops at a line, goes back to it, and its hits are noted', async () => {
  const { page, wrong } = await open('host/page_tables/', { height: 1200 });
  const guest = await boot(page, 'page_tables', true);
  await until(page, guest, 'paused');
  await page.waitForSelector(`${guest} .live__chooser`);
  const status = (): Promise<string> => textOf(page, `${guest} .live__status`);
  const press = async (key: string): Promise<string> => {
    const before = await status();
    await pressKey(page, guest, key);
    return untilSaid(page, guest, before);
  };
  const first = await press('s');
  expect(first).toMatch(/The Launcher is at work\..*launcher\/launcher, line \d+/);
  await page.waitForSelector(`${guest} .locals__frame`);
  const second = await press('s');
  expect(second).not.toBe(first);
  expect(await press('b')).toBe(first);

  const row = await page.evaluateHandle(
    () => [...document.querySelectorAll('.row')].find((one) => one.textContent.trim() === 'checkGpte(cpu, gpte);') ?? document.body,
  );
  await row.evaluate((one) => one.scrollIntoView({ block: 'center', behavior: 'instant' }));
  await settled(page);
  const box = await row.asElement()?.boundingBox();
  await page.mouse.click((box?.x ?? 0) + 8, (box?.y ?? 0) + 6);
  expect(await row.evaluate((one) => (one as HTMLElement).dataset.stop)).toBe('stop');
  const there = await press('r');
  expect(await row.evaluate((one) => (one as HTMLElement).dataset.current)).toBe('');
  expect(await textOf(page, `${guest} .locals__frame[open] summary`)).toContain('demandPage(cpu, vaddr, errcode)');
  const next = await press('r');
  expect(next).not.toBe(there);
  expect(await press('R')).toBe(there);

  await page.$$eval(`${guest} .live__chooser button`, (all) =>
    all.filter((one) => one.textContent === 'Breakpoints').forEach((one) => one.click()),
  );
  await page.waitForSelector(`${guest} .notes__ask input`);
  await page.type(`${guest} .stops__when input`, 'vaddr == 0x200000');
  await page.keyboard.press('Enter');
  const chosen = await press('r');
  expect(chosen).not.toBe(there);
  expect(await textOf(page, `${guest} .locals__frame[open]`)).toContain('0x200000');
  await page.type(`${guest} .notes__ask input`, 'vaddr');
  await page.$eval(`${guest} .notes__ask button`, (button) => button.click());
  await page.waitForSelector(`${guest} .notes__hits li`);
  expect(await textOf(page, `${guest} .notes__hits`)).toMatch(/0x[0-9a-f]+/);
  expect(wrong).toEqual([]);
  await page.close();
});
