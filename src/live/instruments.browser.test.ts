/** The instruments that look into a Guest's tables, and who wrote what they show. */
import { expect, test } from 'vitest';
import type { Page } from 'puppeteer';
import { axeFindings } from '../theme/testing/axe.ts';
import { PANELS } from './panels/table.ts';
import { aReader, boot, countOf, press, pressSaying, settled, standing, textOf, until, untilStanding } from './testing/reader.ts';

const { open } = aReader();

/** Opens exactly these instruments. */
async function show(page: Page, guest: string, labels: readonly string[]): Promise<void> {
  await page.waitForSelector(`${guest} .live__chooser`);
  await page.$$eval(
    `${guest} .live__chooser button`,
    (all, wanted) => {
      for (const one of all) if ((one.getAttribute('aria-pressed') === 'true') !== wanted.includes(one.textContent)) one.click();
    },
    labels,
  );
}

/** Waits for the answer to who wrote the value that has the focus, in these words. */
async function untilTold(page: Page, panel: string, words: RegExp): Promise<void> {
  await expect
    .poll(() => textOf(page, `${panel} .wrote__told`), { message: 'who wrote it' })
    .toMatch(new RegExp(`${words.source}.* at [\\d,]+: go there`));
}

test('page tables: both trees, the way of an address, what becomes of an access; and a page entry of the shadow leads to the line that wrote it', async () => {
  const { page, wrong } = await open('host/page_tables/', { height: 1600 });
  const guest = await boot(page, 'page_tables', true);
  await until(page, guest, 'paused');
  await show(page, guest, ['Page tables']);
  const panel = `${guest} .panel--tables`;
  await page.waitForSelector(`${panel} .panel__empty`);
  for (let n = 0; n < 30; n++) {
    const before = await standing(page, guest);
    await press(page, guest, 'n');
    await untilStanding(page, guest, before);
  }
  await page.waitForSelector(`${panel} .tables__run`);
  await expect.poll(() => textOf(page, `${panel} .tables__root`)).toMatch(/[1-9]\d* pages? filled/);
  await expect
    .poll(() => page.$$eval(`${panel} .tables__why`, (all) => new Set(all.map((one) => one.textContent)).has('not filled')))
    .toBe(true);

  await page.$eval(`${panel} .way__ask input`, (field) => field.focus());
  await page.keyboard.press('End');
  for (let n = 0; n < 10; n++) await page.keyboard.press('Backspace');
  await page.keyboard.type('ffc00000');
  await expect.poll(() => textOf(page, `${panel} .way__parts`)).toContain('directory 1023');
  await expect.poll(() => textOf(page, `${panel} .way__verdict`)).toContain('goes through');
  await pressSaying(page, `${panel} .way__ask button`, 'in ring 3');
  await page.waitForFunction(
    (selector) => document.querySelector(selector)?.textContent.includes('error code 5'),
    {},
    `${panel} .way__verdict`,
  );

  // The first entry of the shadow that is filled.
  const told = await page.evaluateHandle(
    (selector) => document.querySelector(`${selector} .tables__run td.world-host:not(.tables__nothing) .value`) ?? document.body,
    panel,
  );
  await told.asElement()?.focus();
  await untilTold(page, panel, /Host.*host\/page_tables, line \d+/);
  const before = await standing(page, guest);
  await page.$$eval(`${panel} .wrote__told button`, (all) => all.at(-1)?.click());
  await untilStanding(page, guest, before);
  await until(page, guest, 'paused');
  await expect.poll(() => textOf(page, `${guest} .live__status`)).toContain('The Host is at work');
  expect(wrong).toEqual([]);
});

test('registers and memory: the arrows choose a value, and its writer is told', async () => {
  const { page, wrong } = await open('host/page_tables/', { height: 1600 });
  const guest = await boot(page, 'page_tables');
  await until(page, guest, 'exited');
  await show(page, guest, ['Registers', 'Memory']);
  await press(page, guest, 'N');
  await until(page, guest, 'paused');
  const panel = `${guest} .panel--registers`;
  await page.waitForSelector(`${panel} .value`);
  await page.$eval(`${panel} .value[tabindex="0"]`, (one) => (one as HTMLElement).focus());
  await page.keyboard.press('ArrowRight');
  await untilTold(page, panel, /line \d+/);
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest('.reg')?.querySelector('dt')?.textContent)).toBe('ebx');
  await page.hover(`${guest} .panel--memory .value`);
  await expect.poll(() => textOf(page, `${guest} .panel--memory .wrote__told`)).not.toMatch(/Point at|Looking/);
  expect(wrong).toEqual([]);
});

test('segments and gates: 256 vectors, each with its letter; the arrows go from one to the next, and what it is stands beside', async () => {
  const { page, wrong } = await open('host/page_tables/', { height: 1600 });
  const guest = await boot(page, 'page_tables');
  await until(page, guest, 'exited');
  await show(page, guest, ['Segments', 'Gates']);
  await page.waitForSelector(`${guest} .gates__cell`);
  await settled(page);
  const letters = (): Promise<string[]> => page.$$eval(`${guest} .gates__map .gates__cell`, (all) => all.map((one) => one.textContent));
  await expect.poll(letters).toHaveLength(256);
  await expect.poll(async () => (await letters())[14]).toBe('HK');
  await expect.poll(async () => new Set(await letters())).toEqual(new Set(['H', 'HK']));
  await page.$eval(`${guest} [data-vector="14"]`, (one) => (one as HTMLElement).focus());
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => textOf(page, `${guest} .gates__one`)).toContain('31 (0x1f), hypercall');
  await expect.poll(() => textOf(page, `${guest} .segs`)).toMatch(/tr\s*0080/);
  expect(wrong).toEqual([]);
});

test('events: words and error codes find some of them, in what is kept and in the whole run; a click goes there', async () => {
  const { page, wrong } = await open('host/page_tables/', { height: 1600 });
  const guest = await boot(page, 'page_tables');
  await until(page, guest, 'exited');
  await show(page, guest, ['Events']);
  await page.waitForSelector(`${guest} .events__one`);
  await page.type(`${guest} .search input`, 'page error=5');
  await page.waitForFunction(
    (selector) => /^[1-9]\d* of/.test(document.querySelector(selector)?.textContent ?? ''),
    {},
    `${guest} .search__count`,
  );
  await page.$eval(`${guest} .search button`, (button) => button.click());
  await page.waitForFunction(
    (selector) => / in the whole run/.test(document.querySelector(selector)?.textContent ?? ''),
    {},
    `${guest} .search__count`,
  );
  const others = (): Promise<string[]> =>
    page.$$eval(`${guest} .events__one`, (all) => all.map((one) => one.textContent).filter((line) => !line.includes('page fault')));
  await page.waitForSelector(`${guest} .events__one`);
  await expect.poll(others).toEqual([]);
  await page.$eval(`${guest} .events__one`, (one) => (one as HTMLElement).click());
  await until(page, guest, 'paused');
  expect(wrong).toEqual([]);
});

test('lanes true to scale: closer by key, to a few instructions; a click goes there', async () => {
  const { page, wrong } = await open('host/page_tables/', { height: 1600 });
  const guest = await boot(page, 'page_tables');
  await until(page, guest, 'exited');
  await show(page, guest, ['Who is running']);
  await pressSaying(page, `${guest} .panel--lanes button`, 'to scale');
  const frame = `${guest} .lanes--scale .lanes__frame`;
  await page.waitForSelector(frame);
  const told = (): Promise<string> => textOf(page, `${guest} .lanes--scale .lanes__told`);
  await expect.poll(told).toMatch(/Instructions 0 to 4,9\d\d/);
  await page.focus(frame);
  await page.keyboard.press('Home');
  for (let n = 0; n < 30; n++) await page.keyboard.press('+');
  await expect.poll(() => page.$eval(frame, (one) => one.getAttribute('aria-valuenow'))).toBe('0');
  for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowRight');
  await expect.poll(told).toContain('Instruction 3.');
  await page.keyboard.press('Enter');
  await until(page, guest, 'paused');
  // The run begins where the Host has started the processor.
  await expect.poll(() => countOf(page, guest)).toBeLessThan(60);
  expect(wrong).toEqual([]);
});

test('the next instruction among its neighbours: a press makes runs stop there', async () => {
  const { page, wrong } = await open('host/page_tables/', { height: 1600 });
  const guest = await boot(page, 'page_tables');
  await until(page, guest, 'exited');
  await show(page, guest, ['Next instruction']);
  await press(page, guest, 'N');
  await until(page, guest, 'paused');
  await page.$$eval(`${guest} .here__how button`, (all) => all.at(-1)?.click());
  await page.waitForSelector(`${guest} .here__instructions li[data-current]`);
  await page.$eval(`${guest} .here__instructions li[data-current] .here__stop`, (one) => (one as HTMLElement).click());
  await page.waitForSelector(`${guest} .here__instructions .here__stop[aria-pressed="true"]`);
  expect(wrong).toEqual([]);
});

test('a line that is chosen before there is a Guest is kept for it; on the bare machine the gates are the processor’s, and the end is where it halted', async () => {
  const { page, wrong } = await open('before/gates/', { height: 1600 });
  const scene = 'before_gates';
  await page.waitForSelector(`section[data-scene="${scene}"] .live__boot`);
  const line = await page.evaluate(() => {
    const row = [...document.querySelectorAll('.chunk .row')].find((one) => one.textContent.trim() === 'int\t$0x80');
    row?.scrollIntoView({ block: 'center', behavior: 'instant' });
    return Number(row?.getAttribute('data-line'));
  });
  await settled(page);
  const box = await (await page.$(`.chunk .row[data-line="${line}"]`))?.boundingBox();
  await page.mouse.click((box?.x ?? 0) + 5, (box?.y ?? 0) + 5);
  await page.waitForSelector(`.row[data-line="${line}"][data-stop="stop"]`);
  await expect.poll(() => textOf(page, '.line-menu')).toContain('The next Guest that you boot stops here.');
  const guest = await boot(page, scene);
  await until(page, guest, 'paused');
  await page.waitForSelector(`.row[data-line="${line}"][data-current][data-stop="stop"]`);
  const straight = (): Promise<number[]> =>
    page.$$eval(`${guest} .gates__map .gates__cell`, (all) => all.flatMap((one, vector) => (one.textContent === 'K' ? [vector] : [])));
  await expect.poll(straight).toEqual([13, 128]);
  await press(page, guest, 'p');
  await until(page, guest, 'exited');
  await expect.poll(() => textOf(page, `${guest} .live__end`)).toMatch(/^It came as far as 0010[0-9a-f]{4}, hlt: [\w/]+, line \d+/);
  await settled(page);
  expect((await page.$$(`${guest} .regs__whose`)).length).toBe(0);
  expect(wrong).toEqual([]);
});

test('descriptors and gates: who points at one, or chooses it, is told who wrote it, and is led there', async () => {
  const { page, wrong } = await open('host/traps/', { height: 1600 });
  const guest = await boot(page, 'traps', true);
  await until(page, guest, 'paused');
  await show(page, guest, ['Segments', 'Gates']);
  const next = async (): Promise<void> => {
    const before = await standing(page, guest);
    await press(page, guest, 'n');
    await untilStanding(page, guest, before);
  };
  while ((await page.$(`${guest} [data-vector="128"].gates__cell--straight`)) === null) await next();
  for (let n = 0; n < 4; n++) await next();
  const gates = `${guest} .panel--gates`;
  await page.$eval(`${guest} [data-vector="128"].gates__cell--straight`, (one) => (one as HTMLElement).focus());
  await untilTold(page, gates, /^gate 128: ■ Host host\/traps, line \d+/);
  // A click in the map chooses, and goes nowhere.
  const stood = await standing(page, guest);
  await page.$eval(`${guest} [data-vector="128"].gates__cell--straight`, (one) => (one as HTMLElement).click());
  await settled(page);
  const stands = await standing(page, guest);
  expect(stands).toBe(stood);
  // Beside it, what the Guest asked for.
  await page.$$eval(`${guest} .gates__one .value`, (all) => (all.at(-1) as HTMLElement).focus());
  await untilTold(page, gates, /^gate 128 that the Guest asked for: ■ Host/);
  await page.hover(`${guest} [aria-label="The GDT with which the Guest runs"] tbody tr:last-child .value`);
  const segments = `${guest} .panel--segments`;
  await expect.poll(() => textOf(page, `${segments} .wrote__told`)).toMatch(/^descriptor \d+: (?!Looking)/);
  await page.$$eval(`${gates} .gates__one .value`, (all) => (all[0] as HTMLElement).focus());
  await untilTold(page, gates, /^gate 128: ■ Host host\/traps, line \d+/);
  await page.$$eval(`${gates} .wrote__told button`, (all) => all.at(-1)?.click());
  await untilStanding(page, guest, stood);
  await until(page, guest, 'paused');
  await expect.poll(() => textOf(page, `${guest} .live__status`)).toContain('The Host is at work');
  expect(wrong).toEqual([]);
});

test('a ring: of its indexes, too, the writer is told', async () => {
  const { page, wrong } = await open('drivers/block/', { height: 1600 });
  const guest = await boot(page, 'virtio_blk');
  await until(page, guest, 'exited');
  await show(page, guest, [PANELS.rings.label]);
  await press(page, guest, 'N');
  await until(page, guest, 'paused');
  const panel = `${guest} .panel--rings`;
  await pressSaying(page, `${guest} .rings .filters button`, 'block');
  await page.waitForSelector(`${panel} .rings__indexes .value`);
  await page.$eval(`${panel} .rings__indexes .value`, (one) => (one as HTMLElement).focus());
  await untilTold(page, panel, /^available: ● Guest kernel drivers\/virtqueues, line \d+/);
  await page.$eval(`${panel} .rings__indexes .value`, (one) => (one as HTMLElement).focus());
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await untilTold(page, panel, /^used: ▲ Launcher launcher\//);
  expect(wrong).toEqual([]);
});

test('whoever cannot see them hears them: each drawing is named, or told in words beside it', async () => {
  const { page, wrong } = await open('drivers/block/', { height: 3200 });
  const guest = await boot(page, 'virtio_blk');
  await until(page, guest, 'exited');
  await page.waitForSelector(`${guest} .live__chooser`);
  await page.$$eval(`${guest} .live__chooser button`, (all) => {
    for (const one of all) if (one.getAttribute('aria-pressed') !== 'true') one.click();
  });
  await until(page, guest, 'exited');
  await settled(page);
  const mute = await page.$$eval(`${guest} :is(canvas, svg, meter, progress)`, (all) =>
    all
      .filter((one) => {
        const frame = one.closest('[role="slider"]');
        if (frame !== null) return !frame.getAttribute('aria-label') || !frame.getAttribute('aria-valuetext');
        return one.closest('[aria-hidden="true"]') === null && !one.getAttribute('aria-label') && one.closest('.xterm') === null;
      })
      .map((one) => one.outerHTML.slice(0, 120)),
  );
  expect(mute).toEqual([]);
  await expect.poll(() => page.$$eval(`${guest} canvas`, (all) => all.length)).toBeGreaterThan(1);
  expect(wrong).toEqual([]);
});

test('who wants nothing to move sees nothing move', async () => {
  const { page, wrong } = await open('host/page_tables/', { height: 1600 });
  await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
  const guest = await boot(page, 'page_tables');
  await until(page, guest, 'exited');
  await press(page, guest, 'N');
  await until(page, guest, 'paused');
  const moving = (): Promise<string[]> =>
    page.evaluate(() =>
      document
        .getAnimations()
        .filter((one) => one.playState === 'running' && Number(one.effect?.getComputedTiming().activeDuration ?? 0) > 1)
        .map((one) => (one instanceof CSSAnimation ? one.animationName : String(one.id))),
    );
  const seen = await moving();
  expect(seen).toEqual([]);
  expect(wrong).toEqual([]);
});

test.each(['light', 'dark'] as const)(
  'on paper, from a page that is %s: the text in its full width, then the Guest with what its instruments show, as dark ink',
  async (scheme) => {
    const { page, wrong } = await open('host/page_tables/', { scheme, height: 1200 });
    const guest = await boot(page, 'page_tables');
    await until(page, guest, 'exited');
    await show(page, guest, ['Registers', 'Page tables', 'Gates', 'Events']);
    await until(page, guest, 'exited');
    await settled(page);
    await page.emulateMediaType('print');
    // What is folded is unfolded for it.
    await page.waitForFunction(() => document.querySelector('main details:not([open])') === null);
    await settled(page);
    const paper = await page.evaluate((selector) => {
      const bay = document.querySelector(selector);
      const text = document.querySelector('.markdown');
      const cut = [...document.querySelectorAll(`${selector} :not(.for-ears)`)].filter((one) => {
        const { overflowY } = getComputedStyle(one);
        return overflowY !== 'visible' && one.scrollHeight > one.clientHeight + 2 && one.checkVisibility();
      });
      return {
        position: bay === null ? '' : getComputedStyle(bay).position,
        behind: (bay?.getBoundingClientRect().top ?? 0) >= (text?.getBoundingClientRect().bottom ?? Infinity),
        width: (text?.getBoundingClientRect().width ?? 0) / window.innerWidth,
        ink: [
          getComputedStyle(document.body).color,
          ...[...document.querySelectorAll(`${selector} td, .markdown p`)].slice(0, 40).map((one) => getComputedStyle(one).color),
        ],
        buttons: [...document.querySelectorAll(`${selector} :is(.toolbar, .live__chooser)`)].filter((one) => one.checkVisibility()).length,
        cut: cut.map((one) => one.className),
      };
    }, guest);
    expect(paper).toMatchObject({ position: 'static', behind: true, buttons: 0, cut: [] });
    expect(paper.width).toBeGreaterThan(0.6);
    for (const colour of paper.ink) {
      const parts = /rgb\((\d+), (\d+), (\d+)\)/.exec(colour)?.slice(1).map(Number) ?? [255];
      expect([colour, Math.max(...parts) < 190]).toEqual([colour, true]);
    }
    expect(wrong).toEqual([]);
  },
);

test.each(['light', 'dark'] as const)('all of them, %s: nothing in the way of anybody', async (scheme) => {
  const { page, wrong } = await open('host/page_tables/', { scheme, height: 3200 });
  const guest = await boot(page, 'page_tables');
  await until(page, guest, 'exited');
  await show(page, guest, ['Registers', 'Next instruction', 'Memory', 'Page tables', 'Segments', 'Gates', 'Who is running', 'Events']);
  await press(page, guest, 'N');
  await until(page, guest, 'paused');
  await page.waitForSelector(`${guest} .gates__cell`);
  await page.waitForSelector(`${guest} .tables__run`);
  await page.$$eval(`${guest} .here__how button`, (all) => all.at(-1)?.click());
  await pressSaying(page, `${guest} .panel--lanes button`, 'to scale');
  await page.waitForSelector(`${guest} .lanes--scale`);
  await settled(page);
  expect(await axeFindings(page)).toEqual([]);
  expect(wrong).toEqual([]);
});
