/** Search and the first page's stage, as a reader uses them. */
import { describe, expect, test } from 'vitest';
import { axeFindings } from '../testing/axe.ts';
import { boot, settled, untilSays } from '../../live/testing/reader.ts';
import { aSite, reload } from '../testing/browser.ts';

const site = aSite();
const titles = (): string[] => [...document.querySelectorAll('.search__title')].map((one) => one.textContent ?? '');

describe('search', () => {
  test('opens by a key, finds prose, markers and names, and Enter goes there', async () => {
    const { page, wrong } = await site.open('host/traps/');
    // Nothing of it is fetched before it is wanted.
    const before = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    expect(before.filter((name) => name.endsWith('search.json'))).toEqual([]);
    await page.keyboard.press('/');
    await page.waitForSelector('dialog.search[open] input');
    await page.type('.search input', 'demandPage');
    await page.waitForSelector('.search__kind--identifiers .search__one');
    await page.waitForFunction(() => document.querySelector('.search__kind--chapters') !== null);
    await expect.poll(() => page.evaluate(titles)).toContain('demandPage');
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await expect
      .poll(() =>
        page.$eval('.search input', (input) =>
          document.getElementById(input.getAttribute('aria-activedescendant') ?? '')?.getAttribute('aria-selected'),
        ),
      )
      .toBe('true');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.pathname === '/host/page_tables/' && location.hash === '#H:330');
    await page.waitForFunction(() => document.querySelector('dialog[open]') === null);
    // Escape closes, and the focus is where it was.
    await page.keyboard.down('Control');
    await page.keyboard.press('k');
    await page.keyboard.up('Control');
    await page.waitForSelector('dialog.search[open] input');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement?.matches('.search-button') === true);
    expect(wrong).toEqual([]);
  });

  test('by a finger, on a small screen: a marker', async () => {
    const { page, wrong } = await site.open('', { width: 390, height: 844 });
    await page.click('.search-button');
    await page.waitForSelector('dialog.search[open] input');
    await page.type('.search input', 'h340');
    await page.waitForSelector('.search__kind--markers .search__one');
    await expect.poll(() => page.$eval('.search__found', (found) => found.scrollWidth <= found.clientWidth)).toBe(true);
    await page.click('.search__kind--markers .search__one');
    await page.waitForFunction(() => location.hash === '#H:340');
    expect(wrong).toEqual([]);
  });

  test('where one types, its keys are letters', async () => {
    const { page } = await site.open('boot/');
    await page.focus('.bench__args input');
    await page.keyboard.press('/');
    await expect.poll(() => page.$eval('.bench__args input', (input) => input.value)).toContain('/');
    await settled(page);
    expect((await page.$$('dialog[open]')).length).toBe(0);
  });
});

describe('the first page', () => {
  test('boots a Guest by itself, beside its code, and nothing moves', async () => {
    const { page, wrong } = await site.open('', { height: 1100 });
    await page.waitForFunction(() => /unhandled trap 13/.test(document.querySelector('.stage__screen')?.textContent ?? ''));
    await page.waitForSelector('.stage .row[data-hits="1,000"]');
    const shift = await page.evaluate(
      () =>
        new Promise<number>((done) => {
          new PerformanceObserver((list) =>
            done((list.getEntries() as (PerformanceEntry & { value: number })[]).reduce((sum, { value }) => sum + value, 0)),
          ).observe({ type: 'layout-shift', buffered: true });
          setTimeout(() => done(0), 500);
        }),
    );
    expect(shift).toBeLessThan(0.01);
    // It makes way for the reader's own Guest.
    await page.$eval('section.live[data-scene="introduction"] .live__boot', (button) => (button as HTMLButtonElement).click());
    await page.waitForSelector('.bay[data-phase="exited"]');
    await page.waitForSelector('.stage__curtain');
    expect(wrong).toEqual([]);
  });

  test.each([
    ['Watch a shadow fill', 'page_tables', 'H:330.guest', ['Page tables', 'Events'], '.panel--events', '00207000'],
    ['Break in', 'hostile', 'break-H:630', ['Terminal', 'Registers', 'Events'], '.panel--terminal', 'To write there:'],
    ['Two kernels on a wire', 'puppy_pair', 'two-puppies', ['Terminal', 'Who is running'], '.panel--terminal', 'Puppy 1.0'],
  ])('a click on “%s” leads to a Guest that runs, and to its place on the page', async (name, scene, place, panels, where, said) => {
    const { page, wrong } = await site.open('', { height: 1100 });
    await page.waitForSelector('html[data-has-hydrated="true"]');
    await page.$$eval(
      '.door',
      (all, wanted) => (all.find((one) => one.textContent.startsWith(wanted)) as HTMLElement | undefined)?.click(),
      name,
    );
    await page.waitForSelector(`.bay[data-scene="${scene}"]`);
    await untilSays(page, `.bay ${where}`, said);
    const titles = await page.$$eval('.bay .panel__title', (all) => all.map((one) => one.textContent));
    expect(titles).toEqual(panels);
    const inSight = (id: string): boolean => {
      const { top, bottom } = document.getElementById(id)!.getBoundingClientRect();
      return top >= 0 && top < window.innerHeight && bottom > 0;
    };
    await expect.poll(() => page.evaluate(inSight, place)).toBe(true);
    expect(wrong).toEqual([]);
  });

  test('a second door’s Guest takes the place of the first’s; who only comes back to an address keeps the Guest that is there', async () => {
    const { page, wrong } = await site.open('', { height: 1100 });
    await page.waitForSelector('html[data-has-hydrated="true"]');
    const door = (at: number): Promise<void> => page.$$eval('.door', (all, index) => (all[index] as HTMLElement).click(), at);
    await door(0);
    await page.waitForSelector('.bay[data-scene="page_tables"]');
    await page.goBack();
    await page.waitForSelector('.doors');
    await door(1);
    await page.waitForSelector('.bay[data-scene="hostile"]');
    await boot(page, 'segments');
    await page.waitForSelector('.bay[data-scene="segments"]');
    await page.goBack();
    await page.waitForSelector('.doors');
    await page.goForward();
    await page.waitForSelector('[id="break-H:630"]');
    await settled(page);
    expect((await page.$$('.bay[data-scene="segments"]')).length).toBe(1);
    expect(wrong).toEqual([]);
  });

  test('lies still for who wants no motion, until the button is pressed', async () => {
    const { page } = await site.open('');
    await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
    await reload(page);
    await page.waitForSelector('.stage__play');
    await page.evaluate(() => new Promise((done) => setTimeout(done, 1500)));
    expect((await page.$$('.stage__screen')).length).toBe(0);
    await page.click('.stage__play');
    await page.waitForSelector('.stage__screen');
  });
});
