/** What a page looks like at every width: nothing sticks out, nothing is cut, what is wider says so and can be moved by key. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chapterPages, otherPages, SiteBrowser } from './testing/browser.ts';

let site: SiteBrowser;
beforeAll(async () => {
  site = await SiteBrowser.start();
});
afterAll(() => site.close());

describe('at 1280, 768, 390 and 320 pixels', () => {
  test.each([...chapterPages, ...otherPages])('/%s: nothing sticks out, no code is cut', async (path) => {
    const { page } = await site.open(path);
    await page.$$eval('main details', (all) => {
      for (const details of all) details.open = true;
    });
    const wide: string[] = [];
    for (const width of [1280, 768, 390, 320]) {
      await page.setViewport({ width, height: 900 });
      const found = await page.evaluate(() => {
        const cut = (name: string): string[] =>
          [...document.querySelectorAll(name)]
            .filter((box) => box.scrollWidth > box.clientWidth + 1)
            .map((box) => `${name} ${box.id}: ${box.scrollWidth} in ${box.clientWidth}`);
        return [...cut('html'), ...cut('.chunk'), ...cut('.chunk pre')];
      });
      wide.push(...found.map((one) => `${width}: ${one}`));
    }
    expect(wide).toEqual([]);
    await page.close();
  });
});

describe('at 320 pixels, with a Guest at work and all its instruments', () => {
  test.each(chapterPages)('/%s: nothing sticks out', async (path) => {
    const { page } = await site.open(path, { width: 320 });
    const boot = await page.$('.live__boot');
    if (boot !== null) {
      await boot.evaluate((button) => (button as HTMLButtonElement).click());
      await page.waitForSelector('.bay .live__chooser');
      await page.$$eval('.bay .live__chooser [aria-pressed="false"]', (all) => all.forEach((one) => (one as HTMLButtonElement).click()));
      await page.waitForSelector('.bay .panel--counters');
      await page.waitForSelector('.bay:not([data-phase="loading"])');
    }
    const wide = await page.evaluate(() => ({
      page: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      bay: [...document.querySelectorAll('.bay, .bay > *, .bay__room')]
        .filter((box) => box.scrollWidth > box.clientWidth + 1)
        .map((box) => box.className),
    }));
    expect(wide).toEqual({ page: 0, bay: [] });
    await page.close();
  });
});

describe('a link in running text', () => {
  test.each([...chapterPages, 'markers/', 'program/', 'boot/', 'api/machine/', 'no/such/page'])('is underlined in /%s', async (path) => {
    const { page } = await site.open(path);
    const plain = await page.$$eval('main :is(p, li, td, figcaption) > a', (links) =>
      links
        .filter(
          (link) => !link.matches('.marker, .leaf__toc a, .pagination-nav a, .menu__link, [class*="hash-link"], [class*="breadcrumb"]'),
        )
        .filter((link) => getComputedStyle(link).textDecorationLine !== 'underline')
        .map((link) => link.outerHTML),
    );
    expect(plain).toEqual([]);
    await page.close();
  });
});

describe('a figure on a narrow page', () => {
  test('says that it goes on, can be reached and moved by key', async () => {
    const { page } = await site.open('host/traps/', { width: 390 });
    const frame = '.figure > .sideways[data-view="start"]';
    await page.waitForSelector(frame);
    expect(
      await page.$eval(frame, (one) => [(one as HTMLElement).tabIndex, one.getAttribute('role'), one.getAttribute('aria-label')]),
    ).toEqual([0, 'group', 'A figure, wider than the page: scrolls sideways']);
    expect(await page.$eval(`${frame} + .sideways__hint`, (hint) => hint.textContent)).toContain('wider than the page');
    await page.$eval(frame, (one) => {
      one.id = 'the-figure';
    });
    await page.focus('#the-figure');
    for (const [key, view] of [
      ['ArrowRight', 'end'],
      ['ArrowLeft', 'start'],
    ] as const) {
      for (let i = 0; i < 200 && (await page.$(`#the-figure[data-view="${view}"]`)) === null; i++) await page.keyboard.press(key);
      await page.waitForSelector(`#the-figure[data-view="${view}"]`);
    }
    await page.close();
  });

  test('is no stop for the Tab key where it is seen whole', async () => {
    const { page } = await site.open('host/traps/');
    expect(await page.$$eval('.figure > .sideways[tabindex], .sideways__hint', (all) => all.length)).toBe(0);
    await page.close();
  });
});

test('a line that has to wrap goes on below its own beginning', async () => {
  const { page } = await site.open('host/traps/', { width: 390 });
  const places = await page.$$eval('.row', (rows) =>
    rows
      .filter((row) => (row.textContent ?? '').startsWith('    ') && row.getBoundingClientRect().height > 30)
      .map((row) => {
        const code = row.querySelector('.row__code');
        const range = document.createRange();
        range.selectNodeContents(code!);
        const lefts = [...range.getClientRects()].map(({ left }) => left);
        return Math.min(...lefts) - (code?.getBoundingClientRect().left ?? 0);
      }),
  );
  expect(places.length).toBeGreaterThan(3);
  for (const place of places) expect(Math.abs(place)).toBeLessThan(2);
  await page.close();
});

test('what a reader copies from a chunk is its code to the letter', async () => {
  const { page } = await site.open('guest/entry/');
  const { shown, lines } = await page.$eval('.chunk:not(.chunk--folded) code', (code) => ({
    shown: code.textContent ?? '',
    lines: code.querySelectorAll('.row').length,
  }));
  expect(shown.split('\n').length).toBe(lines + 1);
  expect(shown).toContain('\n\t');
  await page.close();
});
