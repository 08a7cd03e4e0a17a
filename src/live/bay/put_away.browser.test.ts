/** A Guest that was put away is found where it was: by a reload, by a link, by a file; and the bay, should it break, leaves the page alone. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, describe, expect, test } from 'vitest';
import {
  aReader,
  boot,
  copiedLink,
  countOf,
  pressKey,
  reload,
  standing,
  textOf,
  until,
  untilMoved,
  untilSays,
  untilStanding,
} from '../testing/reader.ts';

const { open } = aReader();
const BAY = 'section.bay';
const downloads = mkdtempSync(join(tmpdir(), 'put-away-'));
afterAll(() => rmSync(downloads, { recursive: true, force: true }));

/** What a reader sees of where a Guest stands: how it is told, the line that is lit, the variables, how far it has come. */
async function seen(page: Page): Promise<unknown> {
  const said = await standing(page, BAY);
  if (said.includes('is at work')) await page.waitForSelector(`${BAY} .locals__frame`);
  return page.evaluate(
    (bay, told) => ({
      told,
      at: document.querySelector(bay)?.getAttribute('data-instructions'),
      lit: Array.from(document.querySelectorAll('.row[data-current]'), (row) => `${row.getAttribute('data-line')} ${row.textContent}`),
      locals: Array.from(document.querySelectorAll(`${bay} .locals__frame`), (frame) => frame.textContent),
    }),
    BAY,
    said,
  );
}

/** Waits for the tab to have kept the place where the Guest stands. */
async function kept(page: Page): Promise<void> {
  const [at, midway] = [await countOf(page, BAY), (await standing(page, BAY)).includes('is at work')];
  await page.waitForFunction(
    (count, amid) => {
      const { run } = JSON.parse(sessionStorage.getItem('lguest-live-run') ?? '{}') as { run?: { where: { at: number }; midway: boolean } };
      return run?.where.at === count && run.midway === amid;
    },
    {},
    at,
    midway,
  );
}

/** Waits until the Guest is told to stand so. */
async function untilTold(page: Page, told: string): Promise<void> {
  await page.waitForFunction(
    (selector, words) =>
      Array.from(document.querySelectorAll(`${selector} .live__status > :not(.for-ears)`), (one) => one.textContent ?? '').join(' ') ===
      words,
    {},
    BAY,
    told,
  );
}

async function press(page: Page, key: string): Promise<string> {
  const before = await standing(page, BAY);
  await pressKey(page, BAY, key);
  return untilStanding(page, BAY, before);
}

/** Steps until it is told so. */
async function stepTo(page: Page, words: RegExp, key = 's'): Promise<void> {
  for (let told = await press(page, key); !words.test(told); ) told = await press(page, key);
}

const PLACES: readonly (readonly [what: string, page: string, go: (page: Page) => Promise<void>])[] = [
  ['a line of the Launcher’s', 'host/page_tables/', (page) => stepTo(page, /The Launcher is at work/)],
  ['a line of the Host’s', 'host/traps/', (page) => stepTo(page, /The Host is at work/, 'c')],
  [
    'an instruction of the Switcher’s',
    'host/traps/',
    async (page) => {
      await stepTo(page, /The processor is in the Switcher/, 'i');
    },
  ],
];

describe.each(PLACES)('who stands before %s', (_, path, go) => {
  async function stand(): Promise<{ page: Page; wrong: string[]; place: { told: string } }> {
    const { page, wrong } = await open(path, { height: 1000 });
    const [scene] = await page.$$eval('section.live[data-scene]', (all) => all.map((one) => one.getAttribute('data-scene') ?? ''));
    await boot(page, scene, true);
    await until(page, BAY, 'paused');
    await go(page);
    await press(page, 's');
    return { page, wrong, place: (await seen(page)) as { told: string } };
  }

  test('is found there after a reload, twice, and goes on and back from there', async () => {
    const { page, wrong, place } = await stand();
    for (let i = 0; i < 2; i++) {
      await kept(page);
      await reload(page);
      await untilTold(page, place.told);
      expect(await seen(page)).toEqual(place);
    }
    const next = await press(page, 's');
    expect(await press(page, 'b')).toBe(place.told);
    await kept(page);
    await reload(page);
    await untilTold(page, place.told);
    expect(await press(page, 's')).toBe(next);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('is found there by a link, and by a file', async () => {
    const { page, wrong, place } = await stand();
    const link = await copiedLink(page, BAY);
    const session = await page.createCDPSession();
    const folder = mkdtempSync(join(downloads, 'save-'));
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
    await page.$eval(`${BAY} .bay__world > summary`, (summary) => summary.click());
    await page.waitForSelector(`${BAY} .bay__files button:not([disabled])`);
    await page.$eval(`${BAY} .bay__files button`, (button) => button.click());
    let file: string | undefined;
    while (file === undefined) {
      await new Promise((done) => setTimeout(done, 50));
      file = readdirSync(folder).find((name) => name.endsWith('.lguest'));
    }
    expect(wrong).toEqual([]);
    await page.close();
    for (const way of ['link', 'file']) {
      const found = await open(way === 'link' ? `${path}${link.search}` : path, { height: 1000 });
      if (way === 'file') {
        await found.page.evaluate(
          (base64) => {
            const files = new DataTransfer();
            files.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], 'world.lguest'));
            document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));
          },
          readFileSync(join(folder, file)).toString('base64'),
        );
      }
      await untilTold(found.page, place.told);
      expect(await seen(found.page), way).toEqual(place);
      const next = await press(found.page, 's');
      await kept(found.page);
      await reload(found.page);
      await untilTold(found.page, next);
      expect(found.wrong).toEqual([]);
      await found.page.close();
    }
  });
});

test('a run that ended is found ended, with its reason; and who went back into it, where he stood; the breakpoints and instruments with it', async () => {
  const { page, wrong } = await open('guest/entry/', { height: 900 });
  await boot(page, 'entry');
  await until(page, BAY, 'exited');
  await page.$$eval(`${BAY} .live__chooser button[aria-pressed="false"]`, (all) =>
    all.filter((one) => one.textContent === 'Events').forEach((one) => one.click()),
  );
  await page.waitForSelector(`${BAY} .panel--events`);
  const end = await seen(page);
  const said = await textOf(page, `${BAY} .live__status`);
  await kept(page);
  await reload(page);
  await until(page, BAY, 'exited');
  expect(await seen(page)).toEqual(end);
  await page.waitForFunction(
    (selector, words) => document.querySelector(selector)?.textContent === words,
    {},
    `${BAY} .live__status`,
    said,
  );
  await page.waitForSelector(`${BAY} .panel--events`);
  const count = await countOf(page, BAY);
  await pressKey(page, BAY, 'I');
  await untilMoved(page, BAY, count);
  const place = (await seen(page)) as { told: string };
  await kept(page);
  await reload(page);
  await untilTold(page, place.told);
  expect(await seen(page)).toEqual(place);
  expect(wrong).toEqual([]);
  await page.close();
});

test('no instruments at all is a choice, too, and found again', async () => {
  const { page, wrong } = await open('guest/entry/', { height: 900 });
  await boot(page, 'entry', true);
  await until(page, BAY, 'paused');
  await untilSays(page, `${BAY} .live__status`, 'Stopped before the Guest’s first instruction.');
  await page.$$eval(`${BAY} .live__chooser button[aria-pressed="true"]`, (all) => all.forEach((one) => one.click()));
  await page.waitForFunction(() => sessionStorage.getItem('lguest-live-run')?.includes('"panels":[]') === true);
  await reload(page);
  await until(page, BAY, 'paused');
  await page.waitForSelector(`${BAY} .live__chooser`);
  await expect.poll(() => page.$$eval(`${BAY} .panel`, (all) => all.length)).toBe(0);
  expect(wrong).toEqual([]);
  await page.close();
});

test('a bay that breaks says so, leaves the page alone, and starts again', async () => {
  const { page } = await open('guest/entry/', { height: 900 });
  await page.evaluate(() => {
    const ask = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (then) => {
      if (!String(then).includes('preventScroll')) return ask(then);
      window.requestAnimationFrame = ask;
      throw new Error('no frames today');
    };
  });
  await boot(page, 'entry');
  await page.waitForSelector('.mishap--at-foot');
  await untilSays(page, '.mishap--at-foot', 'The bay broke: no frames today. The page does not mind');
  await page.waitForSelector('main h1');
  await page.$eval('.mishap--at-foot button', (button) => button.click());
  await page.waitForSelector('.mishap--at-foot', { hidden: true });
  await boot(page, 'entry');
  await until(page, BAY, 'exited');
  await page.close();
});
