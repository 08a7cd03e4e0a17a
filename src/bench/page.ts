/** What a reader feels: the built site in a Chromium, with a Guest in it. Every time is in milliseconds, from the press to when the page shows what came of it. */
import type { Browser, ElementHandle, Page } from 'puppeteer';
import { longestTask } from './tasks.ts';

/** One figure, with what 95 of 100 stay below, where there were many. */
export interface PageFigure {
  readonly what: string;
  readonly median: number;
  readonly most: number;
  readonly count: number;
  readonly unit: string;
}

/** What is measured with. */
export interface PageBench {
  readonly browser: Browser;
  /** The site's address, with its last slash. */
  readonly url: string;
  /** Path of bench-lguest.elf. */
  readonly image: string;
  /** Tells how far it is. */
  readonly tell: (sentence: string) => void;
}

const BAY = 'section.bay';
/** Chapters and their scenes. */
const STARTS: readonly (readonly [path: string, scenes: readonly string[]])[] = [
  ['guest/entry/', ['entry']],
  ['host/traps/', ['traps']],
  ['launcher/console/', ['console', 'console_abort', 'console_end']],
];
const ROUNDS = 3;
/** Milliseconds: a page that is busy for longer is felt to hang. */
const FELT = 50;
/** At the end of so many instructions it is stepped. */
const FAR = 1e9;
const STEPS = 40;

/** Measures all of it. */
export async function measurePage(bench: PageBench): Promise<PageFigure[]> {
  return [
    ...(await measureStarts(bench)),
    ...(await measureEdits(bench)),
    ...(await measureTasks(bench)),
    ...(await measureSteps(bench)),
    ...(await measurePauses(bench)),
    ...(await measureLight(bench)),
  ];
}

function figure(what: string, values: readonly number[], unit = 'ms'): PageFigure {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    what,
    median: sorted[sorted.length >> 1] ?? NaN,
    most: sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? NaN,
    count: sorted.length,
    unit,
  };
}

/** A reader's tab, with nothing kept from others. @param pace the reader's speed */
async function tab({ browser, url }: PageBench, path: string, pace = 'null'): Promise<Page> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  await page.evaluateOnNewDocument((chosen) => localStorage.setItem('lguest-live-pace', chosen), pace);
  await page.goto(`${url}${path}`, { waitUntil: 'networkidle0' });
  return page;
}

const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

/** Presses a Boot button, and waits for the first instruction. Returns the milliseconds between. */
function firstInstruction(page: Page, scene: string): Promise<number> {
  return page.evaluate(
    (name, bay) =>
      new Promise<number>((done) => {
        const begin = performance.now();
        const look = (): void => {
          const frame = document.querySelector(`${bay}[data-scene="${name}"]`);
          if (Number(frame?.getAttribute('data-instructions') ?? 0) === 0) return;
          observer.disconnect();
          done(performance.now() - begin);
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-instructions'] });
        document.querySelector<HTMLElement>(`section[data-scene="${name}"] .live__boot`)?.click();
      }),
    scene,
    BAY,
  );
}

async function measureStarts(bench: PageBench): Promise<PageFigure[]> {
  const [prepared, cold, next]: [number[], number[], number[]] = [[], [], []];
  for (const [path, scenes] of STARTS) {
    bench.tell(`first instructions of ${path}`);
    for (let round = 0; round < ROUNDS; round++) {
      for (const pace of ['rising', 'null']) {
        const page = await tab(bench, path, pace);
        // Far from view: nothing of it has been fetched.
        cold.push(await firstInstruction(page, scenes[0]));
        for (const scene of scenes.slice(1)) {
          await near(page, scene);
          next.push(await firstInstruction(page, scene));
        }
        await page.browserContext().close();
        const other = await tab(bench, path, pace);
        await near(other, scenes[0]);
        prepared.push(await firstInstruction(other, scenes[0]));
        await other.browserContext().close();
      }
    }
  }
  return [
    figure('click to the first instruction: prepared, as it came near the view', prepared),
    figure('the same: another Guest of the page, once one ran', next),
    figure('the same: nothing fetched before', cold),
  ];
}

/** The longest task behind each click on Boot, and how much of what is felt that is. */
/** How often a block is edited. The first time also fetches the weave. */
const EDITS = 21;

/** From the keys that run an edit to the first instruction of its Guest. */
async function measureEdits(bench: PageBench): Promise<PageFigure[]> {
  bench.tell('edits');
  const page = await tab(bench, 'host/interrupts/', 'rising');
  const block = '[id="H:200"]';
  await page.$eval(`${block} .chunk__edit`, (button) => (button as HTMLButtonElement).click());
  const editor = await page.waitForSelector(`${block} .cm-content`);
  const code = await page.$eval(`${block} .cm-content`, (one) =>
    [...one.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n'),
  );
  const times: number[] = [];
  for (let n = 0; n < EDITS; n++) {
    await editor?.focus();
    await page.keyboard.down('Control');
    await page.keyboard.press('a');
    await page.keyboard.up('Control');
    await page.evaluate(
      (where, text) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', text);
        document.querySelector(where)?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      },
      `${block} .cm-content`,
      code.replace('ktimeGetReal() + delta', `ktimeGetReal() + delta * ${n + 2}`),
    );
    await wait(1000);
    times.push(await firstOfEdit(page, `${block} .cm-content`));
    await wait(500);
  }
  await page.browserContext().close();
  return [
    figure('edit to running Guest: the first, which fetches what weaves', times.slice(0, 1)),
    figure('edit to running Guest: each after it', times.slice(1)),
  ];
}

/** Presses the keys that run what is in an editor, and waits for the first instruction on it. */
function firstOfEdit(page: Page, editor: string): Promise<number> {
  return page.evaluate(
    (where, bay) =>
      new Promise<number>((done) => {
        const count = (): number => Number(document.querySelector(bay)?.getAttribute('data-instructions') ?? 0);
        const before = count();
        const begin = performance.now();
        const look = (): void => {
          const now = count();
          if (now === 0 || (before > 0 && now >= before)) return;
          observer.disconnect();
          done(performance.now() - begin);
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-instructions'] });
        document
          .querySelector(where)
          ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', ctrlKey: true, bubbles: true, cancelable: true }));
      }),
    editor,
    BAY,
  );
}

async function measureTasks(bench: PageBench): Promise<PageFigure[]> {
  const tasks: number[] = [];
  for (const [path, scenes] of STARTS) {
    bench.tell(`the longest tasks of ${path}`);
    const page = await tab(bench, path);
    for (const scene of scenes) {
      await near(page, scene);
      tasks.push(await longestTask(page, async () => void (await firstInstruction(page, scene))));
    }
    await page.browserContext().close();
  }
  const longest = figure('the longest task of the page behind a click on Boot, of the processor’s time', tasks);
  return [
    longest,
    figure(
      `the same, of the ${FELT} ms that are felt`,
      tasks.map((ms) => (100 * ms) / FELT),
      '%',
    ),
  ];
}

async function near(page: Page, scene: string): Promise<void> {
  await page.$eval(`section[data-scene="${scene}"]`, (frame) => frame.scrollIntoView({ block: 'center', behavior: 'instant' }));
  await wait(1500);
}

/** Boots the bench image on the reader's own workbench. */
async function bootImage(bench: PageBench, args: string): Promise<Page> {
  const page = await tab(bench, 'boot/');
  const input = (await page.waitForSelector('.bench__slot[data-slot="kernel"] input')) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(bench.image);
  await page.$eval(
    '.bench__args input',
    (field, text) => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
      field.dispatchEvent(new Event('input', { bubbles: true }));
    },
    args,
  );
  await page.waitForSelector('.bench__boot:not([disabled])');
  await page.click('.bench__boot');
  await page.waitForSelector(`${BAY}[data-phase="running"]`);
  return page;
}

/** Presses a key at the bay, and waits until the status is another and nothing runs. Returns the milliseconds between. */
function press(page: Page, key: string): Promise<number> {
  return page.evaluate(
    (name, bay) =>
      new Promise<number>((done, fail) => {
        const frame = document.querySelector<HTMLElement>(bay);
        if (frame === null) return fail(new Error('there is no bay'));
        const begin = performance.now();
        let mutated = false;
        const observer = new MutationObserver(() => {
          mutated = true;
          if (frame.dataset.phase === 'running') return;
          observer.disconnect();
          clearTimeout(late);
          done(performance.now() - begin);
        });
        const late = setTimeout(() => {
          observer.disconnect();
          fail(new Error(`${name} is not answered${mutated ? ', but something moved' : ''}`));
        }, 60_000);
        observer.observe(frame, { subtree: true, childList: true, attributes: true, characterData: true });
        frame.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
      }),
    key,
    BAY,
  );
}

const countOf = (page: Page): Promise<number> => page.$eval(BAY, (frame) => Number(frame.getAttribute('data-instructions')));

async function measureSteps(bench: PageBench): Promise<PageFigure[]> {
  bench.tell('a run of 10^9 instructions');
  const page = await bootImage(bench, 'w=fib reps=400 n=4');
  const begin = performance.now();
  while ((await countOf(page)) < FAR) await wait(100);
  const speed = (await countOf(page)) / (performance.now() - begin) / 1000;
  await press(page, 'p');
  await wait(500);
  const figures: PageFigure[] = [figure('speed of a loop in the page, on the way there', [speed], 'M/s')];
  // The first step brings the debug build.
  for (const key of ['s', 'b', 'i', 'I']) await press(page, key);
  const keys: readonly (readonly [string, string])[] = [
    ['I', 'an instruction back'],
    ['i', 'an instruction on'],
    ['b', 'a line or instruction back'],
    ['s', 'a line or instruction on'],
    ['N', 'an event back'],
    ['n', 'an event on'],
  ];
  // At an event the Host is at work: its lines are gone along.
  for (const [key, what] of keys) {
    const times: number[] = [];
    for (let n = 0; n < STEPS; n++) {
      times.push(await press(page, key));
      await wait(30);
    }
    figures.push(figure(`at the end of 10^9 instructions: ${what}`, times));
  }
  const lines: Record<'s' | 'b', number[]> = { s: [], b: [] };
  await press(page, 'N');
  for (let n = 0; n < STEPS; n++) for (const key of ['b', 's'] as const) lines[key].push(await press(page, key));
  figures.push(figure('in the middle of what the Host does there: a line back', lines.b), figure('the same: a line on', lines.s));
  await page.browserContext().close();
  return figures;
}

async function measurePauses(bench: PageBench): Promise<PageFigure[]> {
  const figures: PageFigure[] = [];
  const works: readonly (readonly [string, string])[] = [
    ['fib', 'a tight loop'],
    ['mem', 'rep movs'],
    ['trap', 'traps and hypercalls, one after the other'],
    ['pgfault', 'page faults, one after the other'],
    ['pgflush', 'TLB flushes, one after the other'],
    ['smcgen', 'code that writes code'],
  ];
  for (const [work, what] of works) {
    bench.tell(`pauses: ${what}`);
    const page = await bootImage(bench, `w=${work} reps=4000 n=4`);
    const times: number[] = [];
    await wait(1500);
    for (let n = 0; n < 12; n++) {
      times.push(await press(page, 'p'));
      await page.evaluate((bay) => {
        document.querySelector(bay)?.dispatchEvent(new KeyboardEvent('keydown', { key: 'p', bubbles: true }));
      }, BAY);
      await wait(150 + 37 * n);
    }
    figures.push(figure(`pause: ${what}`, times));
    await page.browserContext().close();
  }
  return figures;
}

/** Instructions a second, with and without the lines of the Host in sight: by turns, as the computer may be faster now and then. */
async function measureLight(bench: PageBench): Promise<PageFigure[]> {
  bench.tell('the light');
  const [dark, lit]: [number[], number[]] = [[], []];
  const page = await bootImage(bench, 'w=trap reps=4000 n=4');
  await wait(3000);
  for (let round = 0; round < 4; round++) {
    dark.push(await speedOf(page));
    // Without a load: the Guest goes along.
    await page.$eval('.navbar a[href*="/host"]', (link) => (link as HTMLElement).click());
    await page.waitForSelector('.row[data-hits]');
    await wait(1000);
    lit.push(await speedOf(page));
    await page.evaluate(() => window.history.back());
    await page.waitForSelector('.bench__form');
    await wait(1000);
  }
  await page.browserContext().close();
  const figures = [
    figure('traps and hypercalls: speed where no line is in sight', dark, 'M/s'),
    figure('the same with the Host’s lines lit', lit, 'M/s'),
  ];
  return [...figures, figure('so the light takes', [(1 - figures[1].median / figures[0].median) * 100], '%')];
}

async function speedOf(page: Page): Promise<number> {
  const [begin, from] = [performance.now(), await countOf(page)];
  await wait(2000);
  return ((await countOf(page)) - from) / (performance.now() - begin) / 1000;
}

/** A line a figure. */
export function formatPage(figures: readonly PageFigure[]): string {
  return [
    `${'what'.padEnd(68)}   median      95 %`,
    ...figures.map(
      ({ what, median, most, count, unit }) =>
        `${what.padEnd(68)}${median.toFixed(1).padStart(9)}${(count === 1 ? '' : most.toFixed(1)).padStart(10)} ${unit}${count === 1 ? '' : ` (${count})`}`,
    ),
  ].join('\n');
}
