/** The instruments that look into a Guest's tables, and who wrote what they show. */
import { expect, test } from 'vitest';
import type { Page } from 'puppeteer';
import { axeFindings } from '../theme/testing/axe.ts';
import { aReader, boot, press, settled, textOf, until } from './testing/reader.ts';

const { open } = aReader();

/** Opens exactly these instruments. */
async function show(page: Page, guest: string, labels: readonly string[]): Promise<void> {
  await page.waitForSelector(`${guest} .live__chooser`);
  await page.$$eval(
    `${guest} .live__chooser button`,
    (all, wanted) => {
      for (const one of all) if ((one.getAttribute('aria-pressed') === 'true') !== wanted.includes(one.textContent)) one.click();
    },
    labels,
  );
}

/** Waits for the answer to who wrote the value that has the focus. */
async function answer(page: Page, panel: string): Promise<string> {
  await page.waitForFunction(
    (selector) => / at [\d,]+: go there/.test(document.querySelector(selector)?.textContent ?? ''),
    {},
    `${panel} .wrote__told`,
  );
  return textOf(page, `${panel} .wrote__told`);
}

test('page tables: both trees, the way of an address, what becomes of an access; and a page entry of the shadow leads to the line that wrote it', async () => {
  const { page, wrong } = await open('host/page_tables/', { height: 1600 });
  const guest = await boot(page, 'page_tables', true);
  await until(page, guest, 'paused');
  await show(page, guest, ['Page tables']);
  const panel = `${guest} .panel--tables`;
  await page.waitForSelector(`${panel} .panel__empty`);
  for (let n = 0; n < 30; n++) {
    const before = await textOf(page, `${guest} .live__status`);
    await press(page, guest, 'n');
    await page.waitForFunction(
      (selector, was) => document.querySelector(selector)?.textContent !== was,
      {},
      `${guest} .live__status`,
      before,
    );
  }
  await page.waitForSelector(`${panel} .tables__run`);
  expect(await textOf(page, `${panel} .tables__root`)).toMatch(/[1-9]\d* pages? filled/);
  expect(await page.$$eval(`${panel} .tables__why`, (all) => new Set(all.map((one) => one.textContent)).has('not filled'))).toBe(true);

  await page.$eval(`${panel} .way__ask input`, (field) => field.focus());
  await page.keyboard.press('End');
  for (let n = 0; n < 10; n++) await page.keyboard.press('Backspace');
  await page.keyboard.type('ffc00000');
  expect(await textOf(page, `${panel} .way__parts`)).toContain('directory 1023');
  expect(await textOf(page, `${panel} .way__verdict`)).toContain('goes through');
  await page.$$eval(`${panel} .way__ask button`, (all) => all.find((one) => one.textContent === 'in ring 3')?.click());
  await page.waitForFunction(
    (selector) => document.querySelector(selector)?.textContent.includes('error code 5'),
    {},
    `${panel} .way__verdict`,
  );

  // The first entry of the shadow that is filled.
  const told = await page.evaluateHandle(
    (selector) => document.querySelector(`${selector} .tables__run td.world-host:not(.tables__nothing) .value`) ?? document.body,
    panel,
  );
  await told.asElement()?.focus();
  expect(await answer(page, panel)).toMatch(/Host.*host\/page_tables, line \d+/);
  const before = await textOf(page, `${guest} .live__status`);
  await page.$$eval(`${panel} .wrote__told button`, (all) => all.at(-1)?.click());
  await page.waitForFunction(
    (selector, was) => document.querySelector(selector)?.textContent !== was,
    {},
    `${guest} .live__status`,
    before,
  );
  await until(page, guest, 'paused');
  expect(await textOf(page, `${guest} .live__status`)).toContain('The Host is at work');
  expect(wrong).toEqual([]);
});

test('registers and memory: the arrows choose a value, and its writer is told', async () => {
  const { page, wrong } = await open('host/page_tables/', { height: 1600 });
  const guest = await boot(page, 'page_tables');
  await until(page, guest, 'exited');
  await show(page, guest, ['Registers', 'Memory']);
  await press(page, guest, 'N');
  await until(page, guest, 'paused');
  const panel = `${guest} .panel--registers`;
  await page.waitForSelector(`${panel} .value`);
  await page.$eval(`${panel} .value[tabindex="0"]`, (one) => (one as HTMLElement).focus());
  await page.keyboard.press('ArrowRight');
  await answer(page, panel);
  expect(await page.evaluate(() => document.activeElement?.closest('.reg')?.querySelector('dt')?.textContent)).toBe('ebx');
  await page.hover(`${guest} .panel--memory .value`);
  await page.waitForFunction(
    (selector) => !/Point at|Looking/.test(document.querySelector(selector)?.textContent ?? ''),
    {},
    `${guest} .panel--memory .wrote__told`,
  );
  expect(wrong).toEqual([]);
});

test('segments and gates: 256 vectors, each with its letter; the arrows go from one to the next, and what it is stands beside', async () => {
  const { page, wrong } = await open('host/page_tables/', { height: 1600 });
  const guest = await boot(page, 'page_tables');
  await until(page, guest, 'exited');
  await show(page, guest, ['Segments', 'Gates']);
  await page.waitForSelector(`${guest} .gates__cell`);
  await settled(page);
  const letters = await page.$$eval(`${guest} .gates__map .gates__cell`, (all) => all.map((one) => one.textContent));
  expect(letters.length).toBe(256);
  expect(letters[14]).toBe('HK');
  expect(new Set(letters)).toEqual(new Set(['H', 'HK']));
  await page.$eval(`${guest} [data-vector="14"]`, (one) => (one as HTMLElement).focus());
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  expect(await textOf(page, `${guest} .gates__one`)).toContain('31 (0x1f), hypercall');
  expect(await textOf(page, `${guest} .segs`)).toMatch(/tr\s*0080/);
  expect(wrong).toEqual([]);
});

test('events: words and error codes find some of them, in what is kept and in the whole run; a click goes there', async () => {
  const { page, wrong } = await open('host/page_tables/', { height: 1600 });
  const guest = await boot(page, 'page_tables');
  await until(page, guest, 'exited');
  await show(page, guest, ['Events']);
  await page.waitForSelector(`${guest} .events__one`);
  await page.type(`${guest} .search input`, 'page error=5');
  await page.waitForFunction(
    (selector) => /^[1-9]\d* of/.test(document.querySelector(selector)?.textContent ?? ''),
    {},
    `${guest} .search__count`,
  );
  await page.$eval(`${guest} .search button`, (button) => button.click());
  await page.waitForFunction(
    (selector) => / in the whole run/.test(document.querySelector(selector)?.textContent ?? ''),
    {},
    `${guest} .search__count`,
  );
  const lines = await page.$$eval(`${guest} .events__one`, (all) => all.map((one) => one.textContent));
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).toContain('page fault');
  await page.$eval(`${guest} .events__one`, (one) => (one as HTMLElement).click());
  await until(page, guest, 'paused');
  expect(wrong).toEqual([]);
});

test('lanes true to scale: closer by key, to a few instructions; a click goes there', async () => {
  const { page, wrong } = await open('host/page_tables/', { height: 1600 });
  const guest = await boot(page, 'page_tables');
  await until(page, guest, 'exited');
  await show(page, guest, ['Who is running']);
  await page.$$eval(`${guest} .panel--lanes button`, (all) => all.find((one) => one.textContent.startsWith('to scale'))?.click());
  const frame = `${guest} .lanes--scale .lanes__frame`;
  await page.waitForSelector(frame);
  const told = (): Promise<string> => textOf(page, `${guest} .lanes--scale .lanes__told`);
  expect(await told()).toMatch(/Instructions 0 to 4,9\d\d/);
  await page.focus(frame);
  await page.keyboard.press('Home');
  for (let n = 0; n < 30; n++) await page.keyboard.press('+');
  expect(await page.$eval(frame, (one) => one.getAttribute('aria-valuenow'))).toBe('0');
  for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowRight');
  expect(await told()).toContain('Instruction 3.');
  await page.keyboard.press('Enter');
  await until(page, guest, 'paused');
  // The run begins where the Host has started the processor.
  expect(await page.$eval(guest, (one) => Number(one.getAttribute('data-instructions')))).toBeLessThan(60);
  expect(wrong).toEqual([]);
});

test('the next instruction among its neighbours: a press makes runs stop there', async () => {
  const { page, wrong } = await open('host/page_tables/', { height: 1600 });
  const guest = await boot(page, 'page_tables');
  await until(page, guest, 'exited');
  await show(page, guest, ['Next instruction']);
  await press(page, guest, 'N');
  await until(page, guest, 'paused');
  await page.$$eval(`${guest} .here__how button`, (all) => all.at(-1)?.click());
  await page.waitForSelector(`${guest} .here__instructions li[data-current]`);
  await page.$eval(`${guest} .here__instructions li[data-current] .here__stop`, (one) => (one as HTMLElement).click());
  await page.waitForSelector(`${guest} .here__instructions .here__stop[aria-pressed="true"]`);
  expect(wrong).toEqual([]);
});

test.each(['light', 'dark'] as const)('all of them, %s: nothing in the way of anybody', async (scheme) => {
  const { page, wrong } = await open('host/page_tables/', { scheme, height: 3200 });
  const guest = await boot(page, 'page_tables');
  await until(page, guest, 'exited');
  await show(page, guest, ['Registers', 'Next instruction', 'Memory', 'Page tables', 'Segments', 'Gates', 'Who is running', 'Events']);
  await press(page, guest, 'N');
  await until(page, guest, 'paused');
  await page.waitForSelector(`${guest} .gates__cell`);
  await page.waitForSelector(`${guest} .tables__run`);
  await page.$$eval(`${guest} .here__how button`, (all) => all.at(-1)?.click());
  await page.$$eval(`${guest} .panel--lanes button`, (all) => all.find((one) => one.textContent.startsWith('to scale'))?.click());
  await page.waitForSelector(`${guest} .lanes--scale`);
  await settled(page);
  expect(await axeFindings(page)).toEqual([]);
  expect(wrong).toEqual([]);
});
