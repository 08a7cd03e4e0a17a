/** The built site in a Chromium: a page of it, and everything that goes wrong there. A door of its own, since most tests need no browser. */
import puppeteer from 'puppeteer';
import type { Browser, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/lib/chromium.mjs';
import { serveSite } from '../../scripts/lib/serve.mjs';

/** How a page is looked at. */
export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  /** Whether scripts run. */
  readonly script?: boolean;
  /** A finger instead of a mouse. */
  readonly touch?: boolean;
  /** Where the site is, if not where it is served for all. */
  readonly at?: string;
  /** It is not closed behind the test. */
  readonly lasts?: boolean;
}

/** A page, and what went wrong on it so far: words on the console, exceptions, requests without an answer. */
export interface OpenPage {
  readonly page: Page;
  readonly wrong: string[];
}

/** The served site and a browser, for all tests of a file. */
export interface Site {
  /** Its address. */
  readonly url: string;
  /**
   * Opens a page, and waits until it is alive.
   * @param path below the site's address, with its fragment if it has one
   * @param first what is done with the tab before it goes there
   */
  open(path: string, look?: Look, first?: (page: Page) => Promise<unknown>): Promise<OpenPage>;
}

/** Milliseconds that anything is waited for: it comes late on a machine with much to do; that it comes is the statement. */
export const PATIENCE = 120_000;

/** Waits until a page answers: before, a click would be lost. */
async function alive(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.dataset.hasHydrated === 'true');
  // Letters of another typeface have other widths.
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

/** Loads a page anew, and waits until it is alive again. */
export async function reload(page: Page): Promise<void> {
  await page.reload({ waitUntil: 'load' });
  await alive(page);
}

/** Takes note of what goes wrong on a page. */
function watch(page: Page): string[] {
  const wrong: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warn') wrong.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => wrong.push(`exception: ${error instanceof Error ? error.message : String(error)}`));
  page.on('requestfailed', (request) => wrong.push(`failed: ${request.url()}`));
  page.on('response', (response) => {
    if (response.status() >= 400) wrong.push(`${response.status()}: ${response.url()}`);
  });
  return wrong;
}

/** Serves the site and starts a browser before a file's tests; ends both behind them. */
export function aSite(): Site {
  const passing: Page[] = [];
  let browser: Browser;
  let served: Awaited<ReturnType<typeof serveSite>>;
  beforeAll(async () => {
    served = await serveSite(0);
    browser = await puppeteer.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS, timeout: PATIENCE });
  });
  // What a test that failed has left would go on running, and what it has kept would meet the next one.
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail' && passing.length > 0) {
      const storage = await passing[0].createCDPSession();
      await storage.send('Storage.clearDataForOrigin', { origin: new URL(served.url).origin, storageTypes: 'all' }).catch(() => undefined);
    }
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
    async open(path, look = {}, first = () => Promise.resolve()) {
      const { width = 1280, height = 900, scheme = 'light', script = true, touch = false, at = served.url, lasts = false } = look;
      const page = await browser.newPage();
      if (!lasts) passing.push(page);
      page.setDefaultTimeout(PATIENCE);
      const wrong = watch(page);
      await page.setViewport({ width, height, hasTouch: touch, isMobile: touch });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.setJavaScriptEnabled(script);
      await first(page);
      await page.goto(at + path, { waitUntil: 'load' });
      if (script) await alive(page);
      return { page, wrong };
    },
  };
}
