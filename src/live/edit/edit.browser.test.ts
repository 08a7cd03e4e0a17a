/** Changing code in the page: an editor in a block's place, Guests on edited code, and whatever is broken broken alone. */
import type { Page } from 'puppeteer';
import { describe, expect, test } from 'vitest';
import { aReader, pressSaying, reload, textOf, until, untilSays } from '../testing/reader.ts';

const { open } = aReader();
const BAY = '.bay';
const BLOCK = '[id="H:200"]';
const RIGHT = 'ktimeGetReal() + delta';

/** Opens the editor of H:200. Returns the book's text. */
async function edit(page: Page): Promise<string> {
  await page.waitForSelector('html[data-has-hydrated="true"]');
  const code = await page.$eval(`${BLOCK} pre code`, (one) => (one.textContent ?? '').replace(/\n$/, ''));
  await page.$eval(`${BLOCK} .chunk__edit`, (button) => (button as HTMLButtonElement).click());
  await page.waitForSelector(`${BLOCK} .cm-content`);
  return code;
}

/** Puts another text into the editor. */
async function write(page: Page, text: string): Promise<void> {
  await page.focus(`${BLOCK} .cm-content`);
  await chord(page, 'Control', 'a');
  await page.$eval(
    `${BLOCK} .cm-content`,
    (editor, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    text,
  );
}

async function chord(page: Page, hold: 'Control', key: 'a' | 'z' | 'Enter'): Promise<void> {
  await page.keyboard.down(hold);
  await page.keyboard.press(key);
  await page.keyboard.up(hold);
}

describe('an edit', () => {
  test('is looked over while it is typed, runs, is told apart from the book, and is there after a reload', async () => {
    const { page, wrong } = await open('host/interrupts/');
    const code = await edit(page);
    await untilSays(page, `${BLOCK} .edit__verdict`, 'It can be built');
    await write(page, code.replace(RIGHT, `${RIGHT} * `));
    await untilSays(page, `${BLOCK} .edit__verdict--bad`, 'line 7: Unexpected token');
    await chord(page, 'Control', 'z');
    await untilSays(page, `${BLOCK} .edit__verdict`, 'Its types fit.');
    await write(page, code.replace(RIGHT, `${RIGHT} + 'late'`));
    await untilSays(
      page,
      `${BLOCK} .edit__verdict--bad`,
      "line 7: Argument of type 'string' is not assignable to parameter of type 'number'.",
    );
    await write(page, code.replace(RIGHT, `${RIGHT} * 3`));
    await chord(page, 'Control', 'Enter');
    await until(page, BAY, 'exited');
    await expect.poll(() => textOf(page, '.bay__edited')).toContain('It runs edited code: H:200.');
    await page.focus(`${BLOCK} .cm-content`);
    await page.keyboard.press('Escape');
    await untilSays(page, `${BLOCK} .row--new`, 'delta * 3');
    await expect.poll(() => page.$eval(':focus', (one) => one.className)).toContain('chunk__edit');
    await page.waitForSelector(`${BLOCK} .difference .row[data-hits]`);
    await pressSaying(page, '.bay__edited button', 'Where does it part');
    await untilSays(page, '.bay__edited', 'events are the book’s. Then, at instruction');
    await expect.poll(() => textOf(page, '.bay__edited')).toMatch(/the book has “.*timer.*”, and here it is “.*timer.*”/);
    await pressSaying(page, '.bay__edited button', 'Go there');
    await until(page, BAY, 'paused');
    await reload(page);
    await untilSays(page, `${BLOCK} .row--new`, 'delta * 3');
    await untilSays(page, '.bay__edited', 'It runs edited code: H:200.');
    await page.$eval('.bay__edited button', (button) => button.click());
    await untilSays(page, '.bay__edited', 'the book’s own code');
    await page.$$eval(`${BLOCK} .edit__note button`, (all) => all[1].click());
    await page.waitForSelector(`${BLOCK} .difference`, { hidden: true });
    expect(wrong).toEqual([]);
  });

  const ENDLESS = 'new Map([[0, 0]]).forEach((v, k, m) => { m.delete(k); m.set(k + 1, v); });';

  test.each([
    [
      'throws',
      '  hrtimerStart(',
      'null!.never();',
      "H:200, line 7 of your text: TypeError: Cannot read properties of null (reading 'never')",
    ],
    ['goes round for ever where no loop is', '  hrtimerStart(', ENDLESS, 'does not answer any more'],
    ['does so while its Guest is still being made', 'export ', ENDLESS, 'does not answer any more'],
  ])('that %s breaks its own Guest, says where, and nothing else', async (_, before, line, told) => {
    const { page, wrong } = await open('host/interrupts/');
    const code = await edit(page);
    await write(page, code.replace(before, `${line}\n${before}`));
    await chord(page, 'Control', 'Enter');
    await untilSays(page, `${BAY} .live__status`, told);
    await write(page, code);
    await chord(page, 'Control', 'Enter');
    await until(page, BAY, 'exited');
    await expect.poll(() => page.$('.bay__edited')).toBeNull();
    expect(wrong).toEqual([]);
  });
});

test('what a chapter offers to break is broken, and mended, by a button', async () => {
  const { page, wrong } = await open('host/segments/');
  await page.waitForSelector('html[data-has-hydrated="true"]');
  const press = (): Promise<void> => page.$eval('.break button', (button) => button.click());
  await press();
  await untilSays(page, `${BAY} .live__status`, 'triple fault');
  await expect.poll(() => textOf(page, '[id="H:600"] .row--gone .row__code')).toContain('GDT_ENTRY_LGUEST_CS');
  await press();
  await until(page, BAY, 'exited');
  await expect.poll(() => page.$('[id="H:600"] .difference')).toBeNull();
  expect(wrong).toEqual([]);
});

test('what a patch brings runs in a Guest under that patch, which the page shows for it', async () => {
  const { page, wrong } = await open('mastery/switcher/');
  await page.waitForSelector('html[data-has-hydrated="true"]');
  const block = '[id="M:012.frames"]';
  await page.$eval(`${block} .chunk__edit`, (button) => (button as HTMLButtonElement).click());
  await page.waitForSelector(`${block} .cm-content`);
  await page.focus(`${block} .cm-content`);
  // Into the first function, whose second line this is.
  await page.$$eval(`${block} .cm-line`, (lines) => {
    const place = document.createRange();
    place.setStart(lines[2], 0);
    place.collapse(true);
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(place);
  });
  await page.keyboard.type('throw new Error("mine");');
  await chord(page, 'Control', 'Enter');
  await untilSays(page, `${BAY} .live__status`, 'M:012.frames, line 3 of your text: mine');
  await expect.poll(() => page.$eval(BAY, (bay) => bay.getAttribute('data-scene'))).toBe('mastery_walk.M-012');
  expect(wrong).toEqual([]);
});
