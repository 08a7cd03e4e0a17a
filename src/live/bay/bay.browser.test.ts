/** A Guest in the bay: its end, its past, its whole run, and how it stays while the reader goes on. */
import { describe, expect, test } from 'vitest';
import {
  aReader,
  boot,
  countOf,
  frameOf,
  press,
  pressKey,
  pressSaying,
  reload,
  settled,
  textOf,
  until,
  untilLit,
  untilMoved,
  untilSays,
} from '../testing/reader.ts';

const { open } = aReader();

describe('after its end', () => {
  test('a Guest’s own registers are shown, and the line to which it came, as a link', async () => {
    const { page, wrong } = await open('guest/entry/');
    const guest = await boot(page, 'entry');
    await until(page, guest, 'exited');
    await page.waitForSelector(`${guest} .regs__whose`);
    await expect.poll(() => textOf(page, `${guest} .regs__ring`)).toBe('ring 1');
    await expect.poll(() => textOf(page, `${guest} .live__end`)).toMatch(/c01[0-9a-f]{5}, int\s+\$0x1f: [\w/]+, line \d+\./);
    const row = await page.waitForSelector('.row[data-current]');
    await expect
      .poll(() => page.$eval(`${guest} .live__end .link`, (link) => link.textContent))
      .toContain(String(await row?.evaluate((one) => one.getAttribute('data-line'))));
    await page.evaluate(() => window.scrollTo({ top: 0, behavior: 'instant' }));
    await settled(page);
    await page.$eval(`${guest} .live__end .link`, (link) => (link as HTMLButtonElement).click());
    await page.waitForFunction(() => {
      const box = document.querySelector('.row[data-current]')?.getBoundingClientRect();
      return box !== undefined && box.top >= 0 && box.bottom <= window.innerHeight;
    });
    // Back from the end, the processor's are shown again.
    const end = await countOf(page, guest);
    await pressKey(page, guest, 'I');
    await untilMoved(page, guest, end);
    await expect.poll(() => page.$(`${guest} .regs__whose`)).toBeNull();
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('of several Guests each has registers of its own', async () => {
    const { page, wrong } = await open('launcher/');
    const guest = await boot(page, 'launcher_mistakes');
    await until(page, guest, 'exited');
    await page.waitForSelector(`${guest} .live__chooser`);
    const off = await page.$(`${guest} .live__chooser button[aria-pressed="false"]:first-of-type`);
    if ((await page.$(`${guest} .panel--registers`)) === null) await off?.evaluate((button) => button.click());
    await page.waitForSelector(`${guest} .live__end`);
    const ends = await page.$$eval(`${guest} .live__end`, (all) => all.map((one) => one.textContent ?? ''));
    for (const end of ends) expect(end).toMatch(/^G\d came as far as [0-9a-f]{8}/);
    expect(wrong).toEqual([]);
    await page.close();
  });
});

describe('what happened', () => {
  test('is gone back to by a click on an event, or by keys', async () => {
    const { page, wrong } = await open('host/traps/');
    const guest = await boot(page, 'traps');
    await until(page, guest, 'exited');
    await page.waitForSelector(`${guest} .live__chooser`);
    await pressSaying(page, `${guest} .live__chooser button[aria-pressed="false"]`, 'Events');
    await page.waitForSelector(`${guest} .events__one:nth-child(61)`);
    const at = (nth: number): Promise<number> =>
      page.$$eval(`${guest} .events__at`, (all, n) => Number(all[n].textContent?.replaceAll(',', '')), nth);
    const end = await countOf(page, guest);
    const wanted = await at(60);
    await page.$$eval(`${guest} .events__one`, (all) => (all[60] as HTMLElement).click());
    // As a step to the event would have: the Host's work done, before the next instruction.
    const there = await untilMoved(page, guest, end);
    expect([wanted, wanted + 1]).toContain(there);
    await page.focus(`${guest} .events`);
    await page.keyboard.press('Home');
    await page.waitForFunction(
      (selector) => document.getElementById(document.querySelector(selector)?.getAttribute('aria-activedescendant') ?? '')?.textContent,
      {},
      `${guest} .events`,
    );
    await page.keyboard.press('Enter');
    expect(await untilMoved(page, guest, there)).toBeLessThan(there);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test.each([1280, 390])('%i pixels wide: is scrolled to in the lanes, and a click or Enter goes there', async (width) => {
    const { page, wrong } = await open('host/traps/', { width, touch: width < 500 });
    const guest = await boot(page, 'traps');
    await until(page, guest, 'exited');
    const frame = await page.waitForSelector(`${guest} .lanes__frame`);
    await page.waitForFunction(
      (selector) => Number(document.querySelector(selector)?.getAttribute('aria-valuemax')) > 20,
      {},
      `${guest} .lanes__frame`,
    );
    await frame?.evaluate((one) => one.scrollIntoView({ block: 'center', behavior: 'instant' }));
    await expect.poll(() => frame?.evaluate((one) => one.scrollWidth - one.clientWidth)).toBeGreaterThan(0);
    await expect.poll(() => frame?.evaluate((one) => one.scrollLeft - (one.scrollWidth - one.clientWidth))).toBeGreaterThanOrEqual(-2);
    await frame?.evaluate((one) => one.scrollTo({ left: one.scrollWidth / 3 }));
    await settled(page);
    const end = await countOf(page, guest);
    const box = (await frame?.boundingBox()) ?? { x: 0, y: 0 };
    if (width < 500) await page.touchscreen.tap(box.x + 60, box.y + 30);
    else await page.mouse.click(box.x + 60, box.y + 30);
    const early = await untilMoved(page, guest, end);
    expect(early).toBeLessThan(end);
    expect(early).toBeGreaterThan(0);
    await frame?.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => frame?.evaluate((one) => one.getAttribute('aria-valuetext'))).toMatch(/from [\d,]+: .*then/);
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    expect(await untilMoved(page, guest, early)).toBeLessThan(early);
    expect(wrong).toEqual([]);
    await page.close();
  });
});

describe('the whole run', () => {
  test('is dragged through, clicked into and moved along by keys, back and forth', async () => {
    const { page, wrong } = await open('host/traps/', { height: 900 });
    const guest = await boot(page, 'traps');
    await until(page, guest, 'exited');
    const end = await countOf(page, guest);
    const line = await page.waitForSelector(`${guest} .timeline`);
    await page.waitForFunction(
      (selector, most) => Number(document.querySelector(selector)?.getAttribute('aria-valuemax')) === most,
      {},
      `${guest} .timeline`,
      end,
    );
    const canvas = await page.waitForSelector(`${guest} .timeline__canvas`);
    const box = (await canvas?.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const at = (part: number): [number, number] => [box.x + part * box.width, box.y + box.height / 2];
    const near = (part: number): Promise<unknown> =>
      page.waitForFunction(
        (selector, wanted, within) => {
          const bay = document.querySelector(selector);
          const off = Math.abs(Number(bay?.getAttribute('data-instructions')) - wanted);
          return off <= within && bay?.getAttribute('data-phase') !== 'running';
        },
        {},
        guest,
        part * end,
        end / 100,
      );
    await page.mouse.click(...at(0.5));
    await near(0.5);
    await page.mouse.move(...at(0.5));
    await page.mouse.down();
    for (const part of [0.4, 0.3, 0.25]) await page.mouse.move(...at(part));
    await page.mouse.up();
    await near(0.25);
    // What lies ahead is still known.
    await expect.poll(() => line?.evaluate((one) => Number(one.getAttribute('aria-valuemax')))).toBe(end);
    await page.mouse.click(...at(0.9));
    await near(0.9);
    await line?.focus();
    await page.keyboard.press('Home');
    await near(0);
    await page.keyboard.press('PageUp');
    await near(0.1);
    await page.keyboard.press('ArrowRight');
    await near(0.105);
    await expect.poll(() => line?.evaluate((one) => one.getAttribute('aria-valuetext'))).toMatch(/^[\d,]+ of 2,\d\d\d instructions, /);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('is there again after the page was loaded anew, at the same moment; put away, it is not', async () => {
    const { page, wrong } = await open('guest/entry/', { height: 900 });
    const guest = await boot(page, 'entry');
    await until(page, guest, 'exited');
    const end = await countOf(page, guest);
    await press(page, guest, 'N');
    const there = await untilMoved(page, guest, end);
    await until(page, guest, 'paused');
    await page.waitForSelector(`${guest} .reg`);
    const registers = await textOf(page, `${guest} .panel--registers`);
    await untilLit(page);
    const lit = await page.$$eval('.row[data-hits]', (rows) => rows.map((row) => row.getAttribute('data-hits')));
    await page.waitForFunction((at) => sessionStorage.getItem('lguest-live-run')?.includes(`"at":${at},`) === true, {}, there);
    await reload(page);
    await page.waitForSelector(`.bay[data-scene="entry"][data-instructions="${there}"]`);
    await page.waitForSelector(`${guest} .reg`);
    await expect.poll(() => textOf(page, `${guest} .panel--registers`)).toBe(registers);
    await expect.poll(() => page.$$eval('.row[data-hits]', (rows) => rows.map((row) => row.getAttribute('data-hits')))).toEqual(lit);
    await page.$eval('.bay__away', (button) => (button as HTMLButtonElement).click());
    await page.waitForSelector('.bay', { hidden: true });
    await reload(page);
    await page.waitForSelector(`${guest} .live__boot`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await settled(page);
    expect((await page.$$('.bay')).length).toBe(0);
    expect(wrong).toEqual([]);
    await page.close();
  });
});

test.each(['?run=', '?run=bm90aGluZw', '?run=e30#notes=W10'])(
  'a link that cannot be read (%s) is said to be none; the page is as it is',
  async (link) => {
    const { page, wrong } = await open(`guest/entry/${link}`, { height: 900 });
    await untilSays(page, '.mishap--at-foot', 'it is damaged, or lost its end on the way');
    await page.waitForSelector(`${frameOf('entry')} .live__boot`);
    await page.$eval('.mishap--at-foot button', (button) => button.click());
    await page.waitForSelector('.mishap--at-foot', { hidden: true });
    expect(wrong).toEqual([]);
    await page.close();
  },
);

describe('the bay', () => {
  test.each([
    [1280, 'beside', 'ArrowLeft'],
    [390, 'below', 'ArrowUp'],
  ] as const)('%i pixels wide: lies %s the text, which keeps its room, and is made larger by key and by hand', async (width, side, key) => {
    const { page, wrong } = await open('host/traps/', { width, height: 800 });
    const guest = await boot(page, 'traps');
    await until(page, guest, 'exited');
    await settled(page);
    const size = (): Promise<number> =>
      page.$eval(guest, (bay, by) => bay.getBoundingClientRect()[by === 'beside' ? 'width' : 'height'], side);
    const before = await size();
    await page.focus('.bay__handle');
    await page.keyboard.press(key);
    await expect.poll(size).toBeCloseTo(before + 24, 1);
    const handle = (await (await page.$('.bay__handle'))?.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const [x, y] = [handle.x + handle.width / 2, handle.y + handle.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - (side === 'beside' ? 60 : 0), y - (side === 'below' ? 60 : 0));
    await page.mouse.up();
    await expect.poll(size).toBeCloseTo(before + 84, 1);
    /** How far the text reaches into the bay. */
    const hidden = (): Promise<number> =>
      page.evaluate(
        () =>
          (document.querySelector('main')?.getBoundingClientRect().right ?? 0) -
          (document.querySelector('.bay')?.getBoundingClientRect().left ?? 0),
      );
    if (side === 'beside') await expect.poll(hidden).toBeLessThanOrEqual(1);
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth))
      .toBeLessThanOrEqual(0);
    await reload(page);
    await page.waitForSelector('.bay');
    await expect.poll(size, { message: 'kept for the next visit' }).toBeCloseTo(before + 84, 1);
    expect(wrong).toEqual([]);
    await page.close();
  });
});

describe('the next instruction', () => {
  test('is shown with its lines wherever they stand, and a link that leads to the very line, with the Guest', async () => {
    const { page, wrong } = await open('host/traps/', { height: 800 });
    const guest = await boot(page, 'traps');
    await until(page, guest, 'exited');
    for (let i = 0; i < 40 && (await page.$(`${guest} .here__place a[href*="#line-"]`)) === null; i++) {
      const from = await countOf(page, guest);
      await pressKey(page, guest, 'I');
      await untilMoved(page, guest, from);
      await page.waitForSelector(`${guest} .here__place a`);
    }
    const count = await countOf(page, guest);
    await page.waitForSelector(`${guest} .here__listing [data-current]`);
    const marked = await textOf(page, `${guest} .here__listing [data-current]`);
    expect(marked.trim()).not.toBe('');
    await page.$eval(`${guest} .here__place a[href*="#line-"]`, (link) => link.click());
    const row = await page.waitForSelector('.row[data-sought]');
    await expect.poll(() => row?.evaluate((one) => one.textContent)).toBe(marked);
    await page.waitForFunction(() => {
      const box = document.querySelector('.row[data-sought]')?.getBoundingClientRect();
      return box !== undefined && box.height > 0 && box.top >= 0 && box.bottom <= window.innerHeight;
    });
    // It came along, stands where it stood, and lights the lines of this chapter.
    await expect.poll(() => countOf(page, guest)).toBe(count);
    await expect.poll(() => page.$('.row[data-sought][data-current]')).not.toBeNull();
    await page.waitForSelector('.row[data-hits]');
    await pressKey(page, guest, 'I');
    expect(await untilMoved(page, guest, count)).toBeLessThan(count);
    await page.goBack();
    await page.waitForSelector('[data-berth="traps"]');
    await expect.poll(() => page.$(`.bay[data-scene="traps"]`)).not.toBeNull();
    expect(wrong).toEqual([]);
    await page.close();
  });
});
