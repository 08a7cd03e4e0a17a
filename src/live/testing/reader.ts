/** A reader before the built site, for tests in a real Chromium. */
import puppeteer from 'puppeteer';
import type { Browser, KeyInput, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { CHROMIUM_FLAGS, findChromium } from '../../../scripts/lib/chromium.mjs';
import { serveSite } from '../../../scripts/lib/serve.mjs';

/** How a page is looked at. */
export interface Look {
  readonly width?: number;
  /** Tall by default: xterm draws only what is in view. */
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  readonly script?: boolean;
  /** A finger instead of a mouse. */
  readonly touch?: boolean;
  /** Where the site is, if not where it is served for all. */
  readonly at?: string;
  /** Speed that the reader has chosen before: by default no bound, as tests have no time to lose. */
  readonly pace?: string;
  /** The reader comes for the first time. */
  readonly first?: boolean;
}

/** A page, and everything that went wrong on it. */
export interface Opened {
  readonly page: Page;
  readonly wrong: string[];
}

/** Serves the site and starts a browser for all tests of a file. */
export function aReader(): { readonly open: (path: string, look?: Look) => Promise<Opened>; readonly url: () => string } {
  const pages: Page[] = [];
  let browser: Browser;
  let site: Awaited<ReturnType<typeof serveSite>>;
  beforeAll(async () => {
    site = await serveSite(0);
    browser = await puppeteer.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
  });
  // What a test that failed has left would go on running.
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.close().catch(() => undefined)));
  });
  afterAll(async () => {
    await browser?.close();
    site?.server.close();
  });
  const open = async (
    path: string,
    { width = 1280, height = 2400, scheme = 'light', script = true, touch = false, pace = 'null', first = false, at = site.url }: Look = {},
  ): Promise<Opened> => {
    const page = await browser.newPage();
    pages.push(page);
    const wrong: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warn') wrong.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => wrong.push(`exception: ${error instanceof Error ? error.message : String(error)}`));
    page.on('requestfailed', (request) => wrong.push(`failed: ${request.url()}`));
    page.on('response', (response) => {
      if (response.status() >= 400) wrong.push(`${response.status()}: ${response.url()}`);
    });
    await page.setViewport({ width, height, hasTouch: touch, isMobile: touch });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.setJavaScriptEnabled(script);
    const kept: Record<string, string> = first ? {} : { 'lguest-live-pace': pace, 'lguest-live-hints': '9' };
    await page.evaluateOnNewDocument((pairs) => {
      if (pairs.length === 0 && !('visited' in sessionStorage)) localStorage.clear();
      if (!('visited' in sessionStorage)) for (const side of ['beside', 'below']) localStorage.removeItem(`lguest-live-bay-${side}`);
      sessionStorage.setItem('visited', '');
      for (const [name, value] of pairs) localStorage.setItem(name, value);
    }, Object.entries(kept));
    await page.goto(at + path, { waitUntil: 'load' });
    return { page, wrong };
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

/** Waits until a Guest stands so. */
export async function until(page: Page, guest: string, phase: string): Promise<void> {
  await page.waitForSelector(`${guest}[data-phase="${phase}"]`, { timeout: 60_000 });
}

/** Presses a button of a Guest's controls by its key. */
export async function press(page: Page, guest: string, key: string): Promise<void> {
  await page.$eval(`${guest} .toolbar button[aria-keyshortcuts="${key}"]`, (button) => button.click());
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

/** Waits for that count to be another one than it was. */
export async function untilMoved(page: Page, guest: string, from: number): Promise<number> {
  await page.waitForFunction(
    (selector, was) => Number(document.querySelector(selector)?.getAttribute('data-instructions')) !== was,
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

/** Waits until all lines have the light that the run gave them. */
export async function untilLit(page: Page): Promise<void> {
  await page.waitForSelector('html:not([data-painting])');
}

/** What has come into sight by scrolling takes its true height in the next frames: waits until it has. */
export const settled = (page: Page): Promise<unknown> => page.evaluate(() => new Promise((done) => setTimeout(done, 200)));
