/** Every way to a page: with a slash at its end and without, to a folded block, to nowhere. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SiteBrowser } from './testing/browser.ts';

let site: SiteBrowser;
beforeAll(async () => {
  site = await SiteBrowser.start();
});
afterAll(() => site.close());

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
    expect(await page.$('main svg.puppy')).not.toBeNull();
    const ways = await page.$$eval('main a', (links) => links.map((link) => link.getAttribute('href')));
    expect(ways).toEqual(expect.arrayContaining(['/', '/markers/', '/program/', '/guest/entry/']));
    await page.close();
  });

  // An address that cannot be decoded is more than the page's scripts can bear, but not more than the page can.
  test.each(['no/such/page', '%', '%E0%A4%A'])('%s: it says so without JavaScript, too', async (path) => {
    const { page } = await site.open(path, { script: false });
    expect(await page.$eval('main', (main) => main.textContent)).toContain('no page at this address');
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
    if (hash !== '') expect(await there.$(hash), stop).not.toBeNull();
    expect(wrong, stop).toEqual([]);
    await there.close();
  }
  await page.close();
});
