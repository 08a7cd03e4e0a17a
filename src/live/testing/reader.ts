/** A reader before the built site, for tests in a real Chromium. */
import type { KeyInput, Page } from 'puppeteer';
import { expect } from 'vitest';
import { aSite } from '../../testing/site.ts';
import type { Look as PageLook, OpenPage } from '../../testing/site.ts';

export { reload } from '../../testing/site.ts';
export type { OpenPage } from '../../testing/site.ts';

/** How a page is looked at. It is tall by default: xterm draws only what is in view. */
export interface Look extends PageLook {
  /** Speed that the reader has chosen before: by default no bound, as tests have no time to lose. */
  readonly pace?: string;
  /** The reader comes for the first time. */
  readonly first?: boolean;
}

/** Serves the site and starts a browser for all tests of a file. */
export function aReader(): { readonly open: (path: string, look?: Look) => Promise<OpenPage>; readonly url: () => string } {
  const site = aSite();
  const open = (path: string, { pace = 'null', first = false, ...look }: Look = {}): Promise<OpenPage> => {
    const kept: Record<string, string> = first ? {} : { 'lguest-live-pace': pace, 'lguest-live-hints': '9' };
    return site.open(path, { height: 2400, ...look }, (page) =>
      page.evaluateOnNewDocument((pairs) => {
        // A frame that is shut in has no storage.
        if (window !== window.top) return;
        if (pairs.length === 0 && !('visited' in sessionStorage)) localStorage.clear();
        if (!('visited' in sessionStorage)) for (const side of ['beside', 'below']) localStorage.removeItem(`lguest-live-bay-${side}`);
        sessionStorage.setItem('visited', '');
        for (const [name, value] of pairs) localStorage.setItem(name, value);
      }, Object.entries(kept)),
    );
  };
  return { open, url: () => site.url };
}

/** The frame of a scene's Guest. */
export const frameOf = (scene: string): string => `section.live[data-scene="${scene}"]`;

/** Boots a scene's Guest. Returns its frame's selector. @param quiet stops before its first instruction */
export async function boot(page: Page, scene: string, quiet = false): Promise<string> {
  const guest = frameOf(scene);
  await page.waitForSelector(`${guest} .live__boot`);
  await page.$eval(`${guest} ${quiet ? '.live__boot--quiet' : '.live__boot'}`, (button) => {
    button.scrollIntoView({ block: 'center' });
    (button as HTMLButtonElement).click();
  });
  return guest;
}

/** Waits until a Guest stands so, and all its instruments are there. */
export async function until(page: Page, guest: string, phase: string): Promise<void> {
  await page.waitForSelector(`${guest}[data-phase="${phase}"]:not(:has([data-coming]))`);
}

/** Presses a button of a Guest's controls by its key. */
export async function press(page: Page, guest: string, key: string): Promise<void> {
  await page.$eval(`${guest} .toolbar button[aria-keyshortcuts="${key}"]`, (button) => button.click());
}

/** Presses the first button that has these words, once it is there and can be pressed. @param among the buttons, as a selector */
export async function pressSaying(page: Page, among: string, words: string): Promise<void> {
  await page.waitForFunction(
    (selector, wanted) => {
      const button = [...document.querySelectorAll<HTMLButtonElement>(selector)].find(
        (one) => !one.disabled && one.textContent.includes(wanted),
      );
      button?.click();
      return button !== undefined;
    },
    {},
    among,
    words,
  );
}

/** Waits for something to say so. */
export async function untilSays(page: Page, selector: string, words: string): Promise<void> {
  await expect.poll(() => textOf(page, selector), { message: `what ${selector} says` }).toContain(words);
}

/** Presses a key while a Guest's frame has the focus. */
export async function pressKey(page: Page, guest: string, key: string): Promise<void> {
  await page.focus(guest);
  await page.keyboard.press(key as KeyInput);
}

/** How many instructions a Guest has run. */
export function countOf(page: Page, guest: string): Promise<number> {
  return page.$eval(guest, (section) => Number(section.getAttribute('data-instructions')));
}

/** Waits for that count to be another one than it was, and for the Guest to stand still there: a key that comes before would be a key for nothing. */
export async function untilMoved(page: Page, guest: string, from: number): Promise<number> {
  await page.waitForFunction(
    (selector, was) => {
      const bay = document.querySelector(selector);
      return Number(bay?.getAttribute('data-instructions')) !== was && bay?.getAttribute('data-phase') !== 'running';
    },
    {},
    guest,
    from,
  );
  return countOf(page, guest);
}

/** The text of something on the page. */
export function textOf(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (element) => element.textContent ?? '');
}

/** How a Guest stands, as the eye sees it: what is said aloud comes a moment later. */
export function standing(page: Page, guest: string): Promise<string> {
  return page.$$eval(`${guest} .live__status > :not(.for-ears)`, (all) => all.map((one) => one.textContent ?? '').join(' '));
}

/** Waits until it stands otherwise than it did, no search is under way, and the line's words, which are fetched, are there. */
export async function untilStanding(page: Page, guest: string, before: string): Promise<string> {
  await page.waitForFunction(
    (selector, was) => {
      const parts = document.querySelectorAll(`${selector} .live__status > :not(.for-ears)`);
      const said = Array.from(parts, (one) => one.textContent ?? '').join(' ');
      const words = document.querySelector(`${selector} .live__status .now code`)?.textContent;
      return said !== was && words !== '…' && !/(?:Going|Looking|Running|Taking)/.test(said);
    },
    {},
    guest,
    before,
  );
  return standing(page, guest);
}

/** Waits until all lines have the light that the run gave them. */
export async function untilLit(page: Page): Promise<void> {
  await page.waitForSelector('html:not([data-painting])');
}

/**
 * Waits until the page is at rest: nothing has scrolled or changed its height for a fifth of a second. A glide takes its time, and what has come
 * into sight by it takes its true height in the next frames.
 */
export const settled = (page: Page): Promise<unknown> =>
  page.waitForFunction(
    (aFifth) => {
      const now = `${window.scrollX} ${window.scrollY} ${document.documentElement.scrollHeight}`;
      const was = (window as { atRest?: { place: string; since: number; frames: number } }).atRest;
      const same = was?.place === now;
      const rest = same ? { ...was, frames: was.frames + 1 } : { place: now, since: performance.now(), frames: 0 };
      (window as { atRest?: typeof rest }).atRest = rest;
      const done = rest.frames >= 12 && performance.now() - rest.since >= aFifth;
      if (done) delete (window as { atRest?: typeof rest }).atRest;
      return done;
    },
    { polling: 'raf' },
    200,
  );

/** The link to the moment at which a Guest stands, as its button copies it. */
export async function copiedLink(page: Page, guest: string): Promise<URL> {
  await page.evaluate(() => {
    const clipboard = { writeText: (text: string) => Promise.resolve(void ((window as { copied?: string }).copied = text)) };
    Object.defineProperty(navigator, 'clipboard', { value: clipboard });
  });
  await page.waitForSelector(`${guest} .bay__share:not([disabled])`);
  await page.$eval(`${guest} .bay__share`, (button) => (button as HTMLButtonElement).click());
  await page.waitForFunction(() => (window as { copied?: string }).copied !== undefined);
  return new URL(await page.evaluate(() => (window as { copied?: string }).copied ?? ''));
}
