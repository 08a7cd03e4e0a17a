/** The built site in a Chromium: its pages, and everything that goes wrong on one. */
import { readdirSync } from 'node:fs';
import puppeteer from 'puppeteer';
import type { Browser, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { CHROMIUM_FLAGS, findChromium } from '../../../scripts/lib/chromium.mjs';
import { TOP } from '../../../scripts/lib/paths.mjs';
import { serveSite } from '../../../scripts/lib/serve.mjs';

/** The chapters' pages, as paths below the site's address. A chapter with its folder's name is the folder's own page. */
export const chapterPages: readonly string[] = [
  ...new Set([
    '',
    ...readdirSync(`${TOP}/docs`, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.mdx') && name !== 'introduction.mdx')
      .map((name) => `${name.replace(/\.mdx$/, '').replace(/^(\w+)\/\1$/, '$1')}/`),
  ]),
];

/** One page of every other kind; the last is none. */
export const otherPages: readonly string[] = [
  'boot/',
  'markers/',
  'program/',
  'api/',
  'api/machine/',
  'api/host/page_tables/',
  'no/such/page',
];

/** How a page is looked at. */
export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  /** Whether scripts run. */
  readonly script?: boolean;
  /** It is not closed behind the test. */
  readonly lasts?: boolean;
}

/** A page, and what went wrong on it so far: words on the console, exceptions, requests without an answer. */
export interface OpenPage {
  readonly page: Page;
  readonly wrong: readonly string[];
}

/** The served site and a browser, for all tests of a file. */
export interface Site {
  /** Its address. */
  readonly url: string;
  /** Opens a page. @param path below the site's address, with its fragment if it has one */
  open(path: string, look?: Look): Promise<OpenPage>;
}

/** Serves the site and starts a browser before a file's tests; ends both behind them. */
export function aSite(): Site {
  const passing: Page[] = [];
  let browser: Browser;
  let served: Awaited<ReturnType<typeof serveSite>>;
  beforeAll(async () => {
    served = await serveSite(0);
    browser = await puppeteer.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
  });
  // What a test that failed has left would go on running.
  afterEach(async () => {
    await Promise.all(passing.splice(0).map((page) => page.close().catch(() => undefined)));
  });
  afterAll(async () => {
    await browser?.close();
    served?.server.close();
  });
  return {
    get url() {
      return served.url;
    },
    async open(path, { width = 1280, height = 900, scheme = 'light', script = true, lasts = false } = {}) {
      const page = await browser.newPage();
      if (!lasts) passing.push(page);
      const wrong: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warn') wrong.push(`console: ${message.text()}`);
      });
      page.on('pageerror', (error) => wrong.push(`exception: ${error instanceof Error ? error.message : String(error)}`));
      page.on('requestfailed', (request) => wrong.push(`failed: ${request.url()}`));
      page.on('response', (response) => {
        if (response.status() >= 400) wrong.push(`${response.status()}: ${response.url()}`);
      });
      await page.setViewport({ width, height });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.setJavaScriptEnabled(script);
      // Tests have no time to lose.
      await page.evaluateOnNewDocument(() => localStorage.setItem('lguest-live-pace', 'null'));
      await page.goto(served.url + path, { waitUntil: 'load' });
      if (script) await page.waitForFunction(() => document.documentElement.dataset.hasHydrated === 'true');
      return { page, wrong };
    },
  };
}

/** Changes to a theme, as the reader's system does by night, and waits until all colours are there. */
export async function inTheme(page: Page, scheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.waitForSelector(`html[data-theme="${scheme}"]`);
  await page.evaluate(() => {
    for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish();
  });
}
