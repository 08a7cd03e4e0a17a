/** Exercises in the page: a change that is tried, an answer that is looked at, what is solved kept, and files of others opened. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { aReader, pressSaying, reload, textOf, untilSays } from '../testing/reader.ts';

const { open } = aReader();
const DOOR = '#turn-by-the-door';
const FIND = '#turn-in-and-out';

const press = (page: Page, selector: string, words: string): Promise<void> => pressSaying(page, `${selector} button`, words);

test('a change is tried, and told why it does not pass; the chapter’s own passes, and is solved after a reload, too', async () => {
  const { page, wrong } = await open('');
  await page.waitForSelector('html[data-has-hydrated="true"]');
  await press(page, DOOR, 'Check my change');
  await untilSays(page, `${DOOR} .turn__told`, 'Not yet.');
  await expect.poll(() => textOf(page, `${DOOR} .turn__printed`)).toContain('unhandled trap 13');
  await page.$eval(`${DOOR} summary`, (one) => one.click());
  await press(page, DOOR, 'Put it in');
  await page.waitForSelector('[id="P:001"] .difference');
  await press(page, DOOR, 'Check my change');
  await untilSays(page, `${DOOR} .turn__told`, 'Passed.');
  await reload(page);
  await untilSays(page, `${DOOR} .turn__title`, 'solved');
  expect(wrong).toEqual([]);
});

test('an answer is held against what the Guest does, and not told before somebody gives up', async () => {
  const { page, wrong } = await open('');
  await page.waitForSelector('html[data-has-hydrated="true"]');
  const answer = async (word: string): Promise<void> => {
    await page.click(`${FIND} input`, { count: 3 });
    await page.type(`${FIND} input`, `${word}\n`);
  };
  await answer('3');
  await untilSays(page, `${FIND} .turn__told`, 'something else');
  await press(page, FIND, 'I give up');
  await untilSays(page, `${FIND} .turn__told`, 'The Guest says ');
  const told = (await textOf(page, `${FIND} .turn__told`))?.match(/\d+/)?.[0] ?? '';
  await answer(`0x${Number(told).toString(16)}`);
  await untilSays(page, `${FIND} .turn__told`, 'Right.');
  expect(wrong).toEqual([]);
});

test('files of others are opened side by side, and what is none of ours is told', async () => {
  const { page, wrong } = await open('progress/');
  await page.waitForSelector('html[data-has-hydrated="true"]');
  const folder = mkdtempSync(join(tmpdir(), 'progress-'));
  try {
    const at = '2026-01-01T00:00:00.000Z';
    const files = ['ada.json', 'bob.json', 'shopping.json'].map((name) => join(folder, name));
    const solved = { 'by-the-door': { at, edits: { 'P:001': '<b>bold</b>' } }, 'in-and-out': { at, answer: '17' }, 'long-gone': { at } };
    for (const [index, name] of ['Ada', ''].entries())
      writeFileSync(files[index], JSON.stringify({ format: 'lguest-live-progress', version: 1, name, solved: index === 0 ? solved : {} }));
    writeFileSync(files[2], 'milk, eggs');
    const [, teacher] = await page.$$('input[type="file"]');
    await teacher.uploadFile(...files);
    await untilSays(page, '.progress-book', 'shopping.json: this is no file of progress');
    await untilSays(page, '.progress-book table', 'Ada');
    await expect
      .poll(() => page.$$eval('.progress-book thead th', (all) => all.map((one) => one.textContent)))
      .toEqual(['Chapter', 'Ada', 'bob.json']);
    const begun = (): Promise<string[][]> =>
      page.$$eval('.progress-book tbody tr', (all) =>
        all.map((row) => [...row.querySelectorAll('td')].map((one) => one.textContent)).filter(([ada]) => ada?.startsWith('0 ') === false),
      );
    await expect.poll(begun).toEqual([['2 of 2', '0 of 2']]);
    await untilSays(page, '.progress-book__file', 'does not know: long-gone');
    await expect.poll(() => page.$('.progress-book__file b')).toBeNull();
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(wrong).toEqual([]);
});
