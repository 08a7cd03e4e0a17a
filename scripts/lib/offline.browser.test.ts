/** The site without a network: kept by who asks for it, and whole. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer';
import { afterAll, expect, test } from 'vitest';
import { CHROMIUM_FLAGS, findChromium } from './chromium.mjs';
import { serveSite } from './serve.mjs';
import { PATIENCE, reload } from '../../src/testing/site.ts';

const profile = mkdtempSync(join(tmpdir(), 'offline-'));
afterAll(() => rmSync(profile, { recursive: true, force: true }));

test('once it is kept, and the server is gone, pages open, Guests run, search finds', async () => {
  const { server, url } = await serveSite(0);
  const browser = await puppeteer.launch({
    executablePath: await findChromium(),
    args: CHROMIUM_FLAGS,
    userDataDir: profile,
    timeout: PATIENCE,
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(`${url}offline/`);
    await page.waitForSelector('[data-keeping="no"]');
    await page.click('button.download');
    await page.waitForSelector('[data-keeping="kept"]');
    await new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    });
    const wrong: string[] = [];
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') wrong.push(message.text());
    });
    // A chapter that was never opened before, and its Guest.
    await page.goto(`${url}host/traps/`);
    await expect.poll(() => page.$eval('h1', (heading) => heading.textContent)).not.toBe('');
    await page.evaluate(() => localStorage.setItem('lguest-live-pace', 'null'));
    await reload(page);
    await page.waitForSelector('section.live[data-scene="traps"] .live__boot');
    await page.$eval('section.live[data-scene="traps"] .live__boot', (button) => (button as HTMLButtonElement).click());
    await page.waitForSelector('.bay[data-phase="exited"]');
    await page.click('.search-button');
    await page.waitForSelector('.search input');
    await page.type('.search input', 'demandPage');
    await page.waitForSelector('.search__one');
    expect(wrong).toEqual([]);
    // An address with no page says so in the site's own words.
    await page.goto(`${url}no/such/page`);
    await expect.poll(() => page.$eval('h1', (heading) => heading.textContent)).toBe('No path leads here');
  } finally {
    await browser.close();
    server.close();
  }
});
