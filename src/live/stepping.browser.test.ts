/** Stepping through all the worlds in the page, and where runs stop. */
import { expect, test } from 'vitest';
import type { Page } from 'puppeteer';
import {
  aReader,
  boot,
  copiedLink,
  pressKey,
  pressSaying,
  reload,
  settled,
  standing,
  textOf,
  until,
  untilSays,
  untilStanding,
} from './testing/reader.ts';

const { open } = aReader();

/** Waits until somebody who listens hears where a step has come to, too. */
async function untilHeard(page: Page, guest: string, sight: string): Promise<void> {
  const place = /, line \d+/.exec(sight)?.[0] ?? 'no place';
  await page.waitForFunction(
    (selector, where) =>
      new RegExp(`\\w${where}: \\S`).test(document.querySelector(`${selector} .live__status [role="status"]`)?.textContent ?? ''),
    {},
    guest,
    place,
  );
}

test('steps go through the lines of Host and Launcher with their variables; a run stops at a line, goes back to it, and its hits are noted', async () => {
  const { page, wrong } = await open('host/page_tables/', { height: 1200 });
  const guest = await boot(page, 'page_tables', true);
  await until(page, guest, 'paused');
  await page.waitForSelector(`${guest} .live__chooser`);
  const press = async (key: string): Promise<string> => {
    const before = await standing(page, guest);
    await pressKey(page, guest, key);
    return untilStanding(page, guest, before);
  };
  const arrived = await press('s');
  expect(arrived).toMatch(/The Launcher is at work\..*launcher\/launcher, line \d+/);
  await page.waitForSelector(`${guest} .locals__frame`);
  await untilHeard(page, guest, arrived);
  const first = await standing(page, guest);
  const second = await press('s');
  expect(second).not.toBe(first);
  await untilHeard(page, guest, second);
  expect(await press('b')).toBe(first);

  const row = await page.evaluateHandle(
    () => [...document.querySelectorAll('.row')].find((one) => one.textContent.trim() === 'checkGpte(cpu, gpte);') ?? document.body,
  );
  await row.evaluate((one) => one.scrollIntoView({ block: 'center', behavior: 'instant' }));
  await settled(page);
  const box = await row.asElement()?.boundingBox();
  await page.mouse.click((box?.x ?? 0) + 8, (box?.y ?? 0) + 6);
  await expect.poll(() => row.evaluate((one) => (one as HTMLElement).dataset.stop)).toBe('stop');
  const there = await press('r');
  await expect.poll(() => row.evaluate((one) => (one as HTMLElement).dataset.current)).toBe('');
  await expect.poll(() => textOf(page, `${guest} .locals__frame[open] summary`)).toContain('demandPage(cpu, vaddr, errcode)');
  const next = await press('r');
  expect(next).not.toBe(there);
  expect(await press('R')).toBe(there);

  await pressSaying(page, `${guest} .live__chooser button`, 'Breakpoints');
  await page.waitForSelector(`${guest} .notes__ask input`);
  await page.type(`${guest} .stops__when input`, 'vaddr == 0x200000');
  await page.keyboard.press('Enter');
  const chosen = await press('r');
  expect(chosen).not.toBe(there);
  await expect.poll(() => textOf(page, `${guest} .locals__frame[open]`)).toContain('0x200000');
  // What is no condition is refused where it is written, and what was there stays.
  for (const form of ['when', 'make']) {
    const field = `${guest} .stops__${form} input`;
    await page.$eval(field, (input) => (input as HTMLInputElement).select());
    await page.type(field, 'vector == 14 &&');
    await page.keyboard.press('Enter');
    await untilSays(page, `${guest} .stops__${form} [role="alert"]`, '↑');
  }
  await expect.poll(() => page.$$eval(`${guest} .stops__one`, (all) => all.length)).toBe(1);
  await page.waitForFunction(() => sessionStorage.getItem('lguest-live-run')?.includes('"when":"vaddr == 0x200000"') === true);
  await page.type(`${guest} .notes__ask input`, 'vaddr');
  await pressSaying(page, `${guest} .notes__ask button`, '');
  await page.waitForSelector(`${guest} .notes__hits li`);
  await expect.poll(() => textOf(page, `${guest} .notes__hits`)).toMatch(/0x[0-9a-f]+/);
  expect(wrong).toEqual([]);
  await page.close();
});

test('a line that is come to by running shows its variables, and after a reload; so do the notes of its hits, and by a link', async () => {
  const { page, wrong } = await open('host/page_tables/', { height: 1200 });
  const guest = await boot(page, 'page_tables', true);
  await until(page, guest, 'paused');
  const before = await standing(page, guest);
  const line = await page.evaluate(
    () =>
      [...document.querySelectorAll('.row')].find((one) => one.textContent.trim() === 'checkGpte(cpu, gpte);')?.getAttribute('data-line') ??
      '',
  );
  const row = `.row[data-line="${line}"]`;
  await page.$eval(row, (one) => one.scrollIntoView({ block: 'center', behavior: 'instant' }));
  await settled(page);
  const box = await (await page.$(row))?.boundingBox();
  await page.mouse.click((box?.x ?? 0) + 8, (box?.y ?? 0) + 6);
  await page.waitForSelector(`${row}[data-stop="stop"]`);
  await pressKey(page, guest, 'r');
  const there = await untilStanding(page, guest, before);
  expect(there).toContain('The Host is at work');
  const variables = (): Promise<string> => textOf(page, `${guest} .locals__frame[open]`);
  await page.waitForSelector(`${guest} .locals__frame[open]`);
  const shown = await variables();
  expect(shown).toContain('demandPage(cpu, vaddr, errcode)');

  await pressSaying(page, `${guest} .live__chooser button`, 'Breakpoints');
  await page.waitForSelector(`${guest} .notes__ask input`);
  await page.type(`${guest} .notes__ask input`, 'vaddr');
  await pressSaying(page, `${guest} .notes__ask button`, '');
  await page.waitForSelector(`${guest} .notes__hits li`);
  const notes = await textOf(page, `${guest} .notes`);
  expect(notes).toMatch(/vaddr: [1-9]\d* hits? in the run so far/);
  const { search, hash } = await copiedLink(page, guest);
  await page.waitForFunction(() => sessionStorage.getItem('lguest-live-run')?.includes('"midway":true') === true);
  await reload(page);
  await page.waitForSelector(`${guest} .locals__frame[open]`);
  await expect.poll(variables).toBe(shown);
  await expect.poll(() => textOf(page, `${guest} .notes`)).toBe(notes);
  expect(wrong).toEqual([]);
  await page.close();

  const linked = await open(`host/page_tables/${search}${hash}`, { height: 1200 });
  await linked.page.waitForSelector(`${guest} .notes__hits li`);
  await expect.poll(() => textOf(linked.page, `${guest} .notes`)).toBe(notes);
  expect(linked.wrong).toEqual([]);
  await linked.page.close();
});
