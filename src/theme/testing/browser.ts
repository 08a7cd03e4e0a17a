/** The built site in a Chromium: its pages, and everything that goes wrong on one. */
import { readdirSync } from 'node:fs';
import puppeteer from 'puppeteer';
import type { Browser, Page } from 'puppeteer';
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
}

/** A page, and what went wrong on it so far: words on the console, exceptions, requests without an answer. */
export interface OpenPage {
  readonly page: Page;
  readonly wrong: readonly string[];
}

/** The served site and a browser; `close` ends both. */
export class SiteBrowser {
  readonly url: string;
  readonly #browser: Browser;
  readonly #pages: Page[] = [];
  readonly #server: Awaited<ReturnType<typeof serveSite>>['server'];

  static async start(): Promise<SiteBrowser> {
    const { server, url } = await serveSite(0);
    return new SiteBrowser(server, url, await puppeteer.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS }));
  }

  private constructor(server: Awaited<ReturnType<typeof serveSite>>['server'], url: string, browser: Browser) {
    this.#server = server;
    this.url = url;
    this.#browser = browser;
  }

  /** Closes whatever pages a test has left, with the Guests that run in them. */
  async tidy(): Promise<void> {
    await Promise.all(this.#pages.splice(0).map((page) => page.close().catch(() => undefined)));
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }

  /** Opens a page. @param path below the site's address, with its fragment if it has one */
  async open(path: string, { width = 1280, height = 900, scheme = 'light', script = true }: Look = {}): Promise<OpenPage> {
    const page = await this.#browser.newPage();
    this.#pages.push(page);
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
    await page.goto(this.url + path, { waitUntil: 'load' });
    if (script) await page.waitForFunction(() => document.documentElement.dataset.hasHydrated === 'true');
    return { page, wrong };
  }
}
