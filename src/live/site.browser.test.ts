import { readdirSync } from 'node:fs';
import type { Page } from 'puppeteer';
import { describe, expect, test } from 'vitest';
import { TOP } from '../../scripts/lib/paths.mjs';
import { expectedConsole, sceneBundles } from '../../scripts/lib/scenes.mjs';
import { aReader } from './testing/reader.ts';
import type { Look } from './testing/reader.ts';

/** Chapter pages: path below the site's address. A chapter with its folder's name is the folder's own page. */
const pages = [
  ...new Set([
    '',
    ...readdirSync(`${TOP}/docs`, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.mdx') && name !== 'introduction.mdx')
      .map((name) => name.replace(/\.mdx$/, '').replace(/^(\w+)\/\1$/, '$1')),
  ]),
];

const scenes = new Map(sceneBundles().map((bundle) => [bundle.name, bundle]));

const { open } = aReader();

/** Boots one live Guest; who would type to it does so by himself. */
async function boot(page: Page, scene: string): Promise<string> {
  const guest = `section.live[data-scene="${scene}"]`;
  // Where the page is to type, it does so from the first instruction on.
  const button = scenes.get(scene)?.scene.keys === undefined ? '.live__boot' : '.live__boot--quiet';
  await page.waitForSelector(`${guest} ${button}`);
  await page.$eval(`${guest} ${button}`, (button) => {
    button.scrollIntoView({ block: 'center' });
    (button as HTMLButtonElement).click();
  });
  if (scenes.get(scene)?.scene.keys !== undefined) {
    await page.waitForSelector(`${guest}[data-phase="paused"] .consoles__typist button`);
    await page.$eval(`${guest} .consoles__typist button`, (button) => button.click());
    await page.$eval(`${guest} .toolbar__main`, (button) => (button as HTMLButtonElement).click());
  }
  return guest;
}

/** Boots one live Guest, waits for its end, and returns its terminal's text. */
async function runToEnd(page: Page, scene: string): Promise<string> {
  const guest = await boot(page, scene);
  const end = scenes.get(scene)?.scene.ends === 'waits' ? 'idle' : 'exited';
  try {
    await page.waitForSelector(`${guest}[data-phase="${end}"]`, { timeout: 60_000 });
  } catch (cause) {
    throw new Error(
      `scene ${scene} did not come to its end: ${await page.$eval(guest, (section) => `${section.getAttribute('data-phase')}, ${section.textContent?.slice(0, 500)}`)}`,
      { cause },
    );
  }
  await page.waitForSelector(`${guest} .console .xterm`);
  return page.$$eval(`${guest} [role="log"]`, (logs) => logs.map((log) => log.textContent ?? '').join(''));
}

/** Does anything stick out to the right of the window? */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Pages whose Guests run other chapters' code only: nothing on them could light up. */
const WITHOUT_CODE = ['host/deaths', 'mastery/patches'];

describe.each(pages)('page /%s', (path) => {
  test('its Guests reach their end, its lines light up, nothing goes wrong', async () => {
    const { page, wrong } = await open(path);
    const names = await page.$$eval('section.live[data-scene]', (all) => all.map((one) => one.getAttribute('data-scene') ?? ''));
    for (const name of names) {
      const bundle = scenes.get(name);
      expect(bundle, `scene ${name}`).toBeDefined();
      if (bundle?.scene.shows?.includes(path)) {
        // It comes to its end on its own chapter's page; here it is to light up this one's lines.
        await boot(page, name);
        await page.waitForSelector('[data-hits]', { timeout: 60_000 });
        continue;
      }
      const text = await runToEnd(page, name);
      // Several Guests: each has a terminal of its own, and the expectation has them as they came.
      const expected = Buffer.from(expectedConsole(bundle!), 'latin1').toString('utf8');
      if (bundle?.scene.launchers !== undefined) expect(text.length).toBe(expected.length);
      else expect(text).toBe(expected);
      if (!WITHOUT_CODE.includes(path))
        expect(await page.$$eval('[data-hits]', (lines) => lines.length), 'lines that light up').toBeGreaterThan(0);
    }
    expect(wrong).toEqual([]);
    await page.close();
  });

  test.each<[NonNullable<Look['scheme']>, number]>([
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ])('%s, %i pixels wide: nothing sticks out, nothing goes wrong', async (scheme, width) => {
    const { page, wrong } = await open(path, { scheme, width });
    await page.waitForSelector('h1');
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('reads as well without JavaScript', async () => {
    const { page } = await open(path, { script: false });
    expect((await page.$eval('article', (article) => article.textContent ?? '')).length).toBeGreaterThan(1500);
    await page.close();
  });
});

describe('a live Guest', () => {
  test('can be stepped one instruction at a time, forwards and backwards, shows its registers, and can be reset', async () => {
    const { page, wrong } = await open('guest/entry');
    const guest = 'section.live[data-scene="entry"]';
    await page.waitForSelector(`${guest} .live__boot--quiet`);
    await page.$eval(`${guest} .live__boot--quiet`, (button) => (button as HTMLButtonElement).click());
    await page.waitForSelector(`${guest}[data-phase="paused"]`);
    const count = (): Promise<number> => page.$eval(guest, (section) => Number(section.getAttribute('data-instructions')));
    const before = await count();
    const step = `${guest} button[aria-keyshortcuts="s"]`;
    for (let i = 1; i <= 3; i++) {
      await page.$eval(step, (button) => button.click());
      await page.waitForFunction(
        (selector, wanted) => Number(document.querySelector(selector)?.getAttribute('data-instructions')) === wanted,
        {},
        guest,
        before + i,
      );
    }
    const registers = (): Promise<string> => page.$eval(`${guest} .panel--registers`, (panel) => panel.textContent ?? '');
    const there = await registers();
    await page.$eval(step, (button) => button.click());
    await page.waitForFunction(
      (selector, wanted) => Number(document.querySelector(selector)?.getAttribute('data-instructions')) === wanted,
      {},
      guest,
      before + 4,
    );
    await page.$eval(`${guest} button[aria-keyshortcuts="b"]`, (button) => button.click());
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
  expect(wrong).toEqual([]);
  await page.close();
});
