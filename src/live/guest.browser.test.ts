/** What a reader does with a live Guest, by mouse, keyboard and finger. */
import type { Page } from 'puppeteer';
import { describe, expect, test } from 'vitest';
import {
  aReader,
  boot,
  countOf,
  frameOf,
  pressKey,
  pressSaying,
  reload,
  settled,
  textOf,
  until,
  untilLit,
  untilMoved,
} from './testing/reader.ts';

const { open } = aReader();

/** How far a Guest's frame is from the top of the window. */
const topOf = (page: Page, guest: string): Promise<number> => page.$eval(guest, (section) => section.getBoundingClientRect().top);

/** What has the focus. */
const focused = (page: Page, selector: string): Promise<boolean> =>
  page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector);

/** The first row of the page that ran, out of any fold, without a link in it. */
const LIT = '.chunk:not(.chunk--folded) .row[data-hits]:not(:has(a))';

describe('a page with a Guest', () => {
  test('names all its Guests and boxes, each by a name of its own', async () => {
    for (const path of ['launcher/', 'host/traps/', 'launcher/console/']) {
      const { page, wrong } = await open(path);
      const names = await page.$$eval('section, aside, nav, [role="region"]', (marks) =>
        marks.map((mark) => {
          const by = mark.getAttribute('aria-labelledby');
          const name = by === null ? mark.getAttribute('aria-label') : document.getElementById(by)?.textContent;
          return name ?? '';
        }),
      );
      const named = names.filter((name) => /Guest|\?/.test(name));
      expect(named.length).toBeGreaterThan(1);
      expect(new Set(named).size, named.join('; ')).toBe(named.length);
      expect(named).not.toContain('Live Guest: A live Guest');
      expect(wrong).toEqual([]);
      await page.close();
    }
  });

  test('keeps its place in the text where it was when it is booted, and when another one is', async () => {
    const { page, wrong } = await open('launcher/console/', { height: 900 });
    const scenes = await page.$$eval('section.live', (all) => all.map((one) => one.getAttribute('data-scene') ?? ''));
    for (const [n, scene] of scenes.slice(0, 2).entries()) {
      const poster = frameOf(scene);
      await page.$eval(poster, (section) => section.scrollIntoView({ block: 'center', behavior: 'instant' }));
      await settled(page);
      const before = await topOf(page, poster);
      await page.click(`${poster} .live__boot`);
      await page.waitForSelector(`.bay[data-scene="${scene}"] .panel--terminal`);
      await settled(page);
      expect(Math.abs((await topOf(page, `[data-berth="${scene}"]`)) - before)).toBeLessThan(2);
      if (n > 0) await page.waitForSelector(`${frameOf(scenes[0])}[data-phase="asleep"]`);
    }
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('shows no light of a run that is no more', async () => {
    const { page } = await open('guest/entry/');
    const guest = await boot(page, 'entry');
    await until(page, guest, 'exited');
    await page.waitForSelector('.row[data-hits]');
    await page.waitForSelector('.bay__away');
    await page.$eval('.bay__away', (button) => (button as HTMLButtonElement).click());
    await page.waitForSelector(`${guest}[data-phase="asleep"]`);
    await untilLit(page);
    await expect.poll(() => page.$$('.row[data-hits]')).toEqual([]);
    await expect.poll(() => page.$('.bay')).toBeNull();
    await page.close();
  });

  test('tells a reader who comes for the first time what can be done, and lets the Guest begin slowly', async () => {
    const { page, wrong } = await open('guest/entry/', { first: true });
    const guest = await boot(page, 'entry');
    await page.waitForSelector(`${guest} .hint`);
    await expect.poll(() => textOf(page, `${guest} .hint`)).toMatch(/Back.*Speed.*\?/);
    await expect.poll(() => page.$eval(`${guest} .toolbar__pace`, (select) => (select as HTMLSelectElement).value)).toBe('rising');
    await page.$eval(`${guest} .hint button`, (button) => button.click());
    await expect.poll(() => page.$(`${guest} .hint`)).toBeNull();
    await page.select(`${guest} .toolbar__pace`, 'null');
    await until(page, guest, 'exited');
    await page.$eval('.bay__away', (button) => (button as HTMLButtonElement).click());
    await reload(page);
    await boot(page, 'entry');
    await until(page, guest, 'exited');
    expect((await page.$$(`${guest} .hint`)).length).toBe(0);
    await expect.poll(() => page.$eval(`${guest} .toolbar__pace`, (select) => (select as HTMLSelectElement).value)).toBe('null');
    expect(wrong).toEqual([]);
    await page.close();
  });
});

describe('the keyboard', () => {
  test('leaves the terminal by Esc and Tab, and reaches every control', async () => {
    const { page, wrong } = await open('guest/entry/');
    const guest = await boot(page, 'entry');
    await until(page, guest, 'exited');
    await page.waitForSelector(`${guest} .xterm-helper-textarea`);
    await page.focus(guest);
    await page.keyboard.press('Tab');
    const reached: string[] = [];
    for (let i = 0; i < 60 && !(await focused(page, `${guest} ~ * *`)); i++) {
      if (await focused(page, '.xterm-helper-textarea')) {
        await page.keyboard.press('Tab');
        await expect.poll(() => focused(page, '.xterm-helper-textarea'), { message: 'a Tab alone is the Guest’s' }).toBe(true);
        await page.keyboard.press('Escape');
      }
      reached.push(
        await page.evaluate(() => (document.activeElement?.textContent || document.activeElement?.getAttribute('aria-label')) ?? ''),
      );
      await page.keyboard.press('Tab');
    }
    const controls = await page.$$eval(`${guest} button:not(:disabled), ${guest} select, ${guest} [tabindex="0"]`, (all) =>
      all.map((one) => (one.textContent || one.getAttribute('aria-label')) ?? ''),
    );
    expect(controls.filter((control) => !reached.includes(control))).toEqual([]);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('chooses a line of code, runs to it and goes back to it', async () => {
    const { page, wrong } = await open('guest/entry/');
    const guest = await boot(page, 'entry');
    await until(page, guest, 'exited');
    const end = await countOf(page, guest);
    await page.waitForSelector('.row[data-hits]');
    await untilLit(page);
    await page.focus(`${guest} .toolbar__main`);
    await page.keyboard.press('l');
    await page.waitForSelector('.row[data-chosen]');
    await page.keyboard.press('ArrowDown');
    do await page.keyboard.press('ArrowUp');
    while ((await page.$('.row[data-chosen][data-hits]')) === null);
    await expect.poll(() => textOf(page, '.line-menu')).toMatch(/Run to here.*Back to when it last ran/);
    await page.keyboard.down('Shift');
    await page.keyboard.press('Enter');
    await page.keyboard.up('Shift');
    expect(await untilMoved(page, guest, end)).toBeLessThan(end);
    await page.waitForSelector('.row[data-chosen][data-current]');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.$('.line-menu')).toBeNull();
    await expect.poll(() => focused(page, '.toolbar__main')).toBe(true);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('has help that is above everything, and gives the focus back', async () => {
    const { page, wrong } = await open('guest/entry/');
    const guest = await boot(page, 'entry', true);
    await until(page, guest, 'paused');
    await page.waitForSelector(`${guest} .toolbar__help`);
    const before = await countOf(page, guest);
    for (const way of ['Escape', '?'] as const) {
      await page.focus(`${guest} .toolbar__step`);
      await page.keyboard.press('?');
      await page.waitForSelector('dialog.keys[open]');
      for (let i = 0; i < 4; i++) {
        await page.waitForFunction(
          () =>
            document.querySelector('dialog.keys')?.contains(document.activeElement) === true || document.activeElement === document.body,
        );
        await page.keyboard.press('Tab');
      }
      await page.keyboard.press('s');
      await page.keyboard.press(way);
      await page.waitForFunction(() => document.querySelector('dialog.keys') === null);
      await expect.poll(() => focused(page, '.toolbar__step')).toBe(true);
    }
    await settled(page);
    const after = await countOf(page, guest);
    expect(after, 'the Guest heard nothing of it').toBe(before);
    expect(wrong).toEqual([]);
    await page.close();
  });
});

describe('mouse and finger', () => {
  test('a click at the left of a line offers to go there; Alt and ⇧ select no text', async () => {
    const { page, wrong } = await open('guest/entry/');
    const guest = await boot(page, 'entry');
    await until(page, guest, 'exited');
    const end = await countOf(page, guest);
    const row = await page.waitForSelector(LIT);
    await row?.evaluate((one) => one.scrollIntoView({ block: 'center', behavior: 'instant' }));
    await settled(page);
    const box = (await row?.boundingBox()) ?? { x: 0, y: 0, height: 0 };
    // Where no name in the code is a link.
    await page.mouse.click(box.x + 600, box.y + box.height / 2);
    await settled(page);
    expect((await page.$$('.line-menu')).length).toBe(0);
    await page.mouse.click(box.x + 12, box.y + box.height / 2);
    await expect.poll(() => row?.evaluate((one) => (one as HTMLElement).dataset.stop)).toBe('stop');
    expect((await page.$$('.line-menu')).length).toBe(0);
    await page.mouse.click(box.x + 12, box.y + box.height / 2);
    await page.waitForSelector('.line-menu');
    await page.$eval('.line-menu button[aria-keyshortcuts="Shift+Enter"]', (button) => button.click());
    const there = await untilMoved(page, guest, end);
    expect(there).toBeLessThan(end);
    await page.mouse.click(box.x + 12, box.y + box.height / 2);
    await expect.poll(() => page.$('.line-menu')).toBeNull();
    await page.keyboard.down('Alt');
    await page.keyboard.down('Shift');
    await page.mouse.click(box.x + 600, box.y + box.height / 2);
    await page.keyboard.up('Shift');
    await page.keyboard.up('Alt');
    await expect.poll(() => page.evaluate(() => getSelection()?.toString())).toBe('');
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('a tap on a line offers the same', async () => {
    const { page, wrong } = await open('guest/entry/', { width: 390, height: 844, touch: true });
    const guest = await boot(page, 'entry');
    await until(page, guest, 'exited');
    const end = await countOf(page, guest);
    const row = await page.waitForSelector(LIT);
    await row?.evaluate((one) => one.scrollIntoView({ block: 'center', behavior: 'instant' }));
    await settled(page);
    const box = (await row?.boundingBox()) ?? { x: 0, y: 0, height: 0 };
    await page.touchscreen.tap(box.x + 330, box.y + box.height / 2);
    await page.waitForSelector('.line-menu');
    await settled(page);
    const buttons = await page.$$('.line-menu button');
    for (const button of buttons) expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(24);
    await buttons[1].tap();
    expect(await untilMoved(page, guest, end)).toBeLessThan(end);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test.each([1280, 390])('%i pixels wide: the controls stay in sight, wherever the reader is, and folded down', async (width) => {
    const { page, wrong } = await open('host/traps/', { width, height: 800 });
    const guest = await boot(page, 'traps');
    await until(page, guest, 'exited');
    await page.waitForSelector(`${guest} .panel--lanes`);
    const inSight = async (): Promise<void> => {
      await settled(page);
      const controls = await page.$eval(`${guest} > .toolbar`, (bar) => bar.getBoundingClientRect().toJSON() as DOMRect);
      expect(controls.top).toBeGreaterThanOrEqual(0);
      expect(controls.bottom).toBeLessThan(800);
      expect(controls.height).toBeLessThan(60);
    };
    for (const part of [0, 0.5, 1]) {
      await page.evaluate((to) => window.scrollTo({ top: to * document.body.scrollHeight, behavior: 'instant' }), part);
      await inSight();
    }
    await page.$eval('.bay__fold', (button) => (button as HTMLButtonElement).click());
    await page.waitForSelector('.bay--folded');
    await expect.poll(() => page.$eval(guest, (bay) => bay.clientHeight)).toBeLessThan(130);
    await inSight();
    await page.$eval('.bay .toolbar__help', (button) => (button as HTMLButtonElement).click());
    await page.waitForSelector('dialog.keys[open]');
    expect(wrong).toEqual([]);
    await page.close();
  });

  test.each([1280, 390])('%i pixels wide: everything that can be pressed is large enough', async (width) => {
    const { page } = await open('host/traps/', { width });
    const guest = await boot(page, 'traps');
    await until(page, guest, 'exited');
    await page.waitForSelector(`${guest} .panel--lanes`);
    const small = await page.$$eval(
      `${guest} button, ${guest} select`,
      (all) => all.map((one) => one.getBoundingClientRect()).filter(({ width, height }) => width > 0 && (width < 24 || height < 24)).length,
    );
    expect(small).toBe(0);
    await page.close();
  });
});

describe('going back', () => {
  test('blanks nothing on the way, and marks what has changed', async () => {
    const { page, wrong } = await open('host/traps/');
    const guest = await boot(page, 'traps');
    await until(page, guest, 'exited');
    await page.waitForSelector(`${guest} .reg`);
    await page.waitForFunction((selector) => document.querySelector(`${selector} .xterm-rows`)?.textContent?.trim(), {}, guest);
    // Whatever is ever drawn is looked at.
    await page.evaluate((selector) => {
      const seen = window as unknown as { blanks: number };
      seen.blanks = 0;
      const look = (): void => {
        const frame = document.querySelector(selector);
        const text = frame?.querySelector('.xterm-rows')?.textContent?.trim() ?? '';
        if (frame?.querySelectorAll('.reg').length === 0 || text === '' || frame?.getAttribute('data-instructions') === '0') seen.blanks++;
        requestAnimationFrame(look);
      };
      look();
    }, guest);
    await pressSaying(page, `${guest} .live__chooser button[aria-pressed="false"]`, 'Memory');
    await page.waitForSelector(`${guest} .panel--memory .value`);
    const marked = { registers: 0, memory: 0, console: 0 };
    for (let i = 0; i < 60 && Object.values(marked).includes(0); i++) {
      const from = await countOf(page, guest);
      await pressKey(page, guest, marked.memory === 0 ? 'I' : 'N');
      await untilMoved(page, guest, from);
      // A key that comes before it stands still would be a key for nothing.
      await until(page, guest, 'paused');
      for (const [what, selector] of [
        ['registers', '.reg--changed'],
        ['memory', '.memory--changed'],
        ['console', '.console__changed del'],
      ] as const)
        marked[what] += (await page.$$(`${guest} ${selector}`)).length;
    }
    for (const [what, times] of Object.entries(marked)) expect(times, what).toBeGreaterThan(0);
    const blanks = await page.evaluate(() => (window as unknown as { blanks: number }).blanks);
    expect(blanks).toBe(0);
    expect(wrong).toEqual([]);
    await page.close();
  });
});

test('nothing runs where nobody looks: who turns to another page finds the Guest where it was, and it goes on', async () => {
  const { page, wrong } = await open('host/traps/', { pace: '8' });
  const guest = await boot(page, 'traps');
  await page.waitForSelector(`${guest}[data-phase="running"]`);
  const other = await page.browser().newPage();
  await other.bringToFront();
  await page.waitForFunction(
    (selector) => document.hidden && document.querySelector<HTMLElement>(selector)?.dataset.phase === 'paused',
    { polling: 100 },
    guest,
  );
  const count = await countOf(page, guest);
  await new Promise((done) => setTimeout(done, 1000));
  const later = await countOf(page, guest);
  expect(later).toBe(count);
  await other.close();
  await page.bringToFront();
  await page.waitForSelector(`${guest}[data-phase="running"]`);
  await expect.poll(() => countOf(page, guest)).toBeGreaterThan(count);
  expect(wrong).toEqual([]);
  await page.close();
});
