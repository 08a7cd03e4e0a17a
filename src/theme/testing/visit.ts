/** One visit to a page: by axe-core in both themes, at all widths, on paper, without scripts; and its Guests to their ends. */
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectedConsole, sceneBundles } from '../../../scripts/lib/scenes.mjs';
import { axeFindings, withoutTwinLines } from './axe.ts';
import { chapterPages, inTheme, otherPages, aSite } from './browser.ts';
import type { Look, OpenPage } from './browser.ts';

const scenes = new Map(sceneBundles().map((bundle) => [bundle.name, bundle]));

/** A4 between margins of 15 mm, in CSS pixels. */
const PAPER = 680;
/** Pages whose Guests run other chapters' code only: nothing on them could light up. */
const WITHOUT_CODE = ['host/deaths/', 'mastery/patches/'];
/** Guests that run other pages' code only: the first page and the one with the wire have of them what they do, and no code. */
const FROM_ELSEWHERE = ['puppy_boot', 'puppy_network'];

/** What is wider than its box. (Asked in one piece: `$$eval` would have a handle for each of the boxes first.) */
const cutIn = (page: Page, selector: string): Promise<string[]> =>
  page.evaluate(
    (all) =>
      [...document.querySelectorAll(all)]
        .filter((box) => box.scrollWidth > box.clientWidth + 1)
        .map((box) => `${box.tagName} ${box.className} ${box.id}: ${box.scrollWidth} in ${box.clientWidth}`),
    selector,
  );

/** Which of some selectors have somebody to be seen. */
const seenOf = (page: Page, selectors: readonly string[]): Promise<string[]> =>
  page.evaluate(
    (all) =>
      all.filter((selector) =>
        [...document.querySelectorAll(selector)].some((one) =>
          one.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }),
        ),
      ),
    selectors,
  );

/** Boots one live Guest; who would type to it does so by himself. Returns its frame's selector. */
async function boot(page: Page, scene: string): Promise<string> {
  const guest = `section.live[data-scene="${scene}"]`;
  const keys = scenes.get(scene)?.scene.keys;
  // Where the page is to type, it does so from the first instruction on.
  const button = keys === undefined ? '.live__boot' : '.live__boot--quiet';
  await page.waitForSelector(`${guest} ${button}`);
  await page.$eval(`${guest} ${button}`, (button) => {
    button.scrollIntoView({ block: 'center' });
    (button as HTMLButtonElement).click();
  });
  if (keys !== undefined) {
    await page.waitForSelector(`${guest}[data-phase="paused"] .consoles__typist button`);
    await page.$eval(`${guest} .consoles__typist button`, (button) => button.click());
    await page.$eval(`${guest} .toolbar__main`, (button) => (button as HTMLButtonElement).click());
  }
  return guest;
}

/** Boots one live Guest, and waits for its end. Returns how its terminals' text is read. */
async function runToEnd(page: Page, scene: string): Promise<() => Promise<string>> {
  const guest = await boot(page, scene);
  const ends = scenes.get(scene)?.scene.ends;
  const phase = ends === 'waits' ? 'idle' : ends === 'no-host' ? 'panicked' : 'exited';
  try {
    await page.waitForSelector(`${guest}[data-phase="${phase}"]`);
  } catch (cause) {
    const seen = await page.$eval(guest, (section) => `${section.getAttribute('data-phase')}, ${section.textContent?.slice(0, 500)}`);
    throw new Error(`scene ${scene} did not come to its end: ${seen}`, { cause });
  }
  await page.waitForSelector(`${guest} .console .xterm`);
  return () => page.$$eval(`${guest} [role="log"]`, (logs) => logs.map((log) => log.textContent ?? '').join(''));
}

/** All pages: those with odd numbers are visited in one way, the others in another. */
const ALL = [...chapterPages, ...otherPages];

/**
 * Visits every other page.
 * @param first 0 or 1: the first of them
 * @param look how they are come to
 */
export function visitEveryOther(first: 0 | 1, look: Look): void {
  const pages = ALL.filter((_, n) => n % 2 === first);
  const site = aSite();

  describe.each(pages)('/%s', (path) => {
    const isChapter = chapterPages.includes(path);
    let page: Page;
    let wrong: OpenPage['wrong'];
    beforeAll(async () => {
      ({ page, wrong } = await site.open(path, { ...look, lasts: true }));
      await page.waitForSelector('h1');
      // All is to be measured, be it in sight or not.
      await page.addStyleTag({ content: '.chunk pre, .names-letter { content-visibility: visible !important }' });
    });
    afterAll(() => page.close());

    test('axe finds nothing, in either theme', async () => {
      await page.setViewport({ width: 1280, height: 900 });
      await withoutTwinLines(page, async () => {
        await inTheme(page, 'light');
        expect(await axeFindings(page), 'light').toEqual([]);
        await inTheme(page, 'dark');
        expect(await axeFindings(page, 'colours'), 'dark').toEqual([]);
      });
    });

    test('links in running text are underlined', async () => {
      const plain = await page.evaluate(() =>
        [...document.querySelectorAll('main :is(p, li, td, figcaption) > a')]
          .filter(
            (link) =>
              !link.matches('.marker, .door, .leaf__toc a, .pagination-nav a, .menu__link, [class*="hash-link"], [class*="breadcrumb"]'),
          )
          .filter((link) => getComputedStyle(link).textDecorationLine !== 'underline')
          .map((link) => link.outerHTML),
      );
      expect(plain).toEqual([]);
    });

    test('nothing sticks out, no code is cut, at 1280, 768, 390 and 320 pixels', async () => {
      const folded = await page.evaluateHandle(() => {
        const closed = [...document.querySelectorAll<HTMLDetailsElement>('main details:not([open])')];
        for (const details of closed) details.open = true;
        return closed;
      });
      const wide: string[] = [];
      for (const width of [1280, 768, 390, 320]) {
        await page.setViewport({ width, height: 900 });
        wide.push(...(await cutIn(page, 'html, .chunk, .chunk pre')).map((one) => `${width}: ${one}`));
      }
      expect(wide).toEqual([]);
      await folded.evaluate((all) => all.forEach((details) => (details.open = false)));
      await folded.dispose();
    });

    test.runIf(isChapter)('is whole on paper, with a word where a Guest was', async () => {
      await page.setViewport({ width: PAPER, height: 900 });
      await page.emulateMediaType('print');
      await page.waitForFunction(() => document.querySelector('main details:not([open])') === null);
      await expect.poll(() => cutIn(page, '.chunk, .chunk pre, .figure, .sideways, table')).toEqual([]);
      const hidden = await page.evaluate(
        () => [...document.querySelectorAll('.predict__answer, .chunk .row')].filter((one) => !one.checkVisibility()).length,
      );
      expect(hidden).toBe(0);
      const forScreens = ['.navbar', '.leaf__toc', '.live', '.chunk__copy', '.chunk__fold', '.pagination-nav'];
      await expect.poll(() => seenOf(page, forScreens)).toEqual([]);
      const guests = await page.$$eval('.live', (all) => all.length);
      const words = await page.$$eval('.on-paper', (all) => all.filter((one) => one.checkVisibility()).map((one) => one.textContent ?? ''));
      expect(words.length).toBe(guests);
      for (const said of words) expect(said).toContain(site.url + path);
      await page.emulateMediaType('screen');
    });

    test.runIf(isChapter)('reads as well without JavaScript', async () => {
      const text = await page.evaluate(async () => {
        const bare = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), 'text/html');
        return bare.querySelector('article')?.textContent ?? '';
      });
      expect(text.length).toBeGreaterThan(1500);
    });

    test.runIf(isChapter)(
      'its Guests reach their ends, its lines light up; with all instruments, at 320 pixels, nothing sticks out',
      async () => {
        // Tall: xterm draws only what is in view.
        await page.setViewport({ width: 1280, height: 2400 });
        const names = await page.$$eval('section.live[data-scene]', (all) => all.map((one) => one.getAttribute('data-scene') ?? ''));
        for (const name of names) {
          const bundle = scenes.get(name);
          expect(bundle, `scene ${name}`).toBeDefined();
          if (bundle?.scene.shows?.includes(path.replace(/\/$/, ''))) {
            // It comes to its end on its own chapter's page; here it is to light up this one's lines.
            await boot(page, name);
            await page.waitForSelector('.row[data-hits]');
            continue;
          }
          const text = await runToEnd(page, name);
          // Several Guests: each has a terminal of its own, and the expectation has them as they came.
          const expected = expectedConsole(bundle!);
          if (bundle?.scene.launchers !== undefined) await expect.poll(async () => (await text()).length).toBe(expected.length);
          else await expect.poll(text).toBe(expected);
          // Lines light up a few a frame.
          // A page of Mastery may borrow a Guest to try its patches on, which without them runs none of its code.
          const borrowed = path.startsWith('mastery/') && bundle?.scene.chapter.startsWith('mastery/') === false;
          if (!borrowed && !WITHOUT_CODE.includes(path) && !FROM_ELSEWHERE.includes(name)) await page.waitForSelector('.row[data-hits]');
        }
        if (names.length === 0) return;
        await page.setViewport({ width: 320, height: 900 });
        // It comes once it is known what the Guest opens by itself.
        await page.waitForSelector('.bay .live__chooser');
        await page.$$eval('.bay .live__chooser [aria-pressed="false"]', (all) => all.forEach((one) => (one as HTMLButtonElement).click()));
        await page.waitForSelector('.bay .panel--counters');
        await page.waitForSelector('.bay .panel--rings .rings, .bay .panel--rings .panel__empty');
        await page.waitForSelector('.bay:not(:has([data-coming]))');
        await expect.poll(() => cutIn(page, 'html, .bay, .bay > *, .bay__room')).toEqual([]);
      },
    );

    test('nothing went wrong', () => {
      expect(wrong.filter((what) => path !== 'no/such/page' || !what.includes('404'))).toEqual([]);
    });
  });
}
