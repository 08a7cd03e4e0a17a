/** Every way to a page: with a slash at its end and without, to a folded block, to nowhere. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TOP } from '../../scripts/lib/paths.mjs';
import { settled } from '../live/testing/reader.ts';
import { aSite } from './testing/browser.ts';

const site = aSite();

describe('a page', () => {
  test.each([
    ['host/traps', 'host/traps/'],
    ['host/traps/', 'host/traps/'],
    ['launcher', 'launcher/'],
    ['boot', 'boot/'],
    ['markers', 'markers/'],
    ['api', 'api/'],
    ['host/traps#H:240', 'host/traps/#H:240'],
  ])('is there at %s', async (path, address) => {
    const { page, wrong } = await site.open(path);
    expect(page.url()).toBe(site.url + address);
    await page.waitForSelector('h1');
    expect(wrong).toEqual([]);
    await page.close();
  });
});

describe('where there is no page', () => {
  test.each(['no/such/page', 'host/trap/', 'boot/x', '404'])('%s: a puppy, and ways home', async (path) => {
    const { page, wrong } = await site.open(path);
    expect(wrong.filter((what) => !what.includes('404'))).toEqual([]);
    await expect.poll(() => page.$('main svg.puppy')).not.toBeNull();
    const ways = await page.$$eval('main a', (links) => links.map((link) => link.getAttribute('href')));
    expect(ways).toEqual(expect.arrayContaining(['/', '/markers/', '/program/', '/guest/asking/']));
    await page.close();
  });

  // An address that cannot be decoded is more than the page's scripts can bear, but not more than the page can.
  test.each(['no/such/page', '%', '%E0%A4%A'])('%s: it says so without JavaScript, too', async (path) => {
    const { page } = await site.open(path, { script: false });
    await expect.poll(() => page.$eval('main', (main) => main.textContent)).toContain('no page at this address');
    await page.close();
  });
});

test('the trail leads somewhere at each of its stops', async () => {
  const { page } = await site.open('host/traps/');
  const stops = await page.$$eval('.trail > li', (all) => all.map((stop) => stop.querySelector('a')?.href ?? 'nowhere'));
  expect(stops).toHaveLength(7);
  for (const stop of stops) {
    const { page: there, wrong } = await site.open(stop.slice(site.url.length));
    const { hash } = new URL(stop);
    if (hash !== '') await expect.poll(() => there.$(hash), { message: stop }).not.toBeNull();
    expect(wrong, stop).toEqual([]);
    await there.close();
  }
  await page.close();
});

describe('a folded block opens', () => {
  const isOpen = (id: string): string => `[id="${id}"] > details[open]`;

  test('for who comes by its address', async () => {
    const { page } = await site.open('host/traps/#H:240.scene');
    await page.waitForSelector(isOpen('H:240.scene'));
    await expect.poll(() => page.$$eval('.chunk--folded > details[open]', (all) => all.length)).toBe(1);
    const top = (): Promise<number> => page.$eval('[id="H:240.scene"]', (block) => block.getBoundingClientRect().top);
    await expect.poll(top).toBeLessThan(200);
    await settled(page);
    await expect.poll(top).toBeLessThan(200);
    await expect.poll(top).toBeGreaterThan(40);
    await page.close();
  });

  test.each(['markers/', 'program/'])('for who follows a link of /%s', async (path) => {
    const { page, wrong } = await site.open(path);
    await page.$eval('main a[href="/host/traps/#H:240.scene"]', (link) => link.click());
    await page.waitForSelector(isOpen('H:240.scene'));
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('for who follows a link on its own page, and again', async () => {
    const { page } = await site.open('host/traps/');
    const follow = (): Promise<void> => page.$eval('.chunk__foot a[href$="#H:240.guest"]', (link) => link.click());
    await page.evaluate(() => (location.hash = '#H:240.scene'));
    await page.waitForSelector(isOpen('H:240.scene'));
    await page.$eval('[id="H:240.scene"] > details', (details) => (details.open = false));
    await follow();
    await page.evaluate(() => (location.hash = '#H:240.scene'));
    await page.waitForSelector(isOpen('H:240.scene'));
    await page.close();
  });

  test('and so does what is folded around a target', async () => {
    const { page } = await site.open('host/traps/');
    await page.$eval('.predict__answer p', (answer) => (answer.id = 'the-answer'));
    await page.evaluate(() => (location.hash = '#the-answer'));
    await page.waitForFunction(() => document.querySelector('#the-answer')?.checkVisibility());
    await page.close();
  });

  test('by its own line, also without JavaScript', async () => {
    const { page } = await site.open('host/traps/', { script: false });
    await page.click('[id="H:240.scene"] summary');
    await expect.poll(() => page.$(isOpen('H:240.scene'))).not.toBeNull();
    await page.close();
  });
});

test('every marker that the chapters own is listed, with its chapter', async () => {
  const owned = new Set<string>();
  for (const name of readdirSync(`${TOP}/docs`, { recursive: true }).map(String)) {
    if (!name.endsWith('.mdx')) continue;
    const text = readFileSync(`${TOP}/docs/${name}`, 'utf8');
    for (const [, marker] of text.matchAll(/^ *`{3,}\w+ ([A-Z]:\d{3})\b/gm)) owned.add(marker);
    for (const [, marker] of text.matchAll(/<Marker id="([A-Z]:\d{3})"/g)) owned.add(marker);
  }
  const { page, wrong } = await site.open('markers/');
  const listed = await page.$$eval('.index-list > li', (items) =>
    items.map((item) => [item.querySelector('.marker')?.textContent ?? '', item.textContent ?? '']),
  );
  expect(new Set(listed.map(([marker]) => marker))).toEqual(owned);
  expect(listed.filter(([marker, text]) => text.slice(marker.length).trim() === '')).toEqual([]);
  const entry = listed.find(([marker]) => marker === 'P:400');
  expect(entry?.[1]).toContain("The Host's core");
  await page.$eval('main a[href="/host/core/#P:400"]', (link) => link.click());
  await page.waitForSelector('[id="P:400"]');
  expect(wrong).toEqual([]);
  await page.close();
});

test('the reference has a list of its pages at its door, and each symbol leads to its chunk', async () => {
  const { page } = await site.open('api/');
  await expect.poll(() => page.$$eval('.theme-doc-sidebar-menu > li', (items) => items.length)).toBeGreaterThan(5);
  const { page: module, wrong } = await site.open('api/host/page_tables/');
  const places = await module.$$eval('main p', (all) =>
    all.filter((one) => (one.textContent ?? '').startsWith('Defined in:')).map((one) => one.innerHTML),
  );
  expect(places.length).toBeGreaterThan(5);
  expect(places.filter((place) => !/<a [^>]*href="\/host\/\w+\/#[A-Z]:\d{3}/.test(place))).toEqual([]);
  await expect.poll(() => module.$$eval('main h2', (all) => all.map((one) => one.textContent?.trim()))).not.toContain('See');
  expect(wrong).toEqual([]);
  await module.close();
  await page.close();
});

test.each(['', 'host/traps/', 'boot/'])('/%s asks for its typefaces at once, each of them once', async (path) => {
  const { page } = await site.open(path);
  const asked = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLLinkElement>('link[rel="preload"][as="font"]')].map(({ href }) => href).sort(),
  );
  expect(asked).toHaveLength(4);
  const fetched = (): Promise<string[]> =>
    page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .filter((name) => name.endsWith('.woff2'))
        .sort(),
    );
  await expect.poll(fetched).toEqual(asked);
  await page.close();
});

test('the workbench stands in the page before any script runs', async () => {
  const { page } = await site.open('boot/', { script: false });
  const slots = await page.$$eval('.bench__slot:has(input[type="file"])', (all) => all.map((slot) => slot.getAttribute('data-slot')));
  expect(slots).toEqual(['kernel', 'initrd', 'disk', 'map', 'world']);
  await expect.poll(() => page.$eval('.bench', (bench) => bench.textContent)).toContain('needs JavaScript');
  await page.close();
});
