/** A world is saved to a file, and goes on in another tab, and in Node; one that the command has saved goes on in the page. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ElementHandle, Page } from 'puppeteer';
import { afterAll, expect, test } from 'vitest';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { TOP } from '../../../scripts/lib/paths.mjs';
import type { Fold, World } from '#world';
import { aReader, boot, countOf, press, pressKey, textOf, until, untilLit, untilMoved } from '../testing/reader.ts';

const { open } = aReader();
const folder = mkdtempSync(join(tmpdir(), 'saved-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Hears nothing. */
type Deaf = Fold<Deaf>;
const DEAF: Deaf = { hear: () => undefined, gather: () => undefined, countOf: () => 0, copy: () => DEAF };

const LGUEST = join(TOP, 'scripts/lguest.mjs');
const BAY = 'section.bay';

/** What the command says, and its status. */
function lguest(...args: string[]): { out: string; status: number } {
  try {
    return {
      out: execFileSync('node', [LGUEST, ...args], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
      status: 0,
    };
  } catch (error) {
    const { stdout, status } = error as { stdout: string; status: number };
    return { out: stdout, status };
  }
}

/** Presses “Save this run”, and returns the file. */
async function save(page: Page): Promise<string> {
  const session = await page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  const before = new Set(readdirSync(folder));
  await page.$eval(`${BAY} .bay__world > summary`, (summary) => summary.click());
  await page.waitForSelector(`${BAY} .bay__files`);
  await page.$eval(`${BAY} .bay__files button`, (button) => button.click());
  const fresh = (): string[] => readdirSync(folder).filter((name) => !before.has(name) && name.endsWith('.lguest'));
  await expect.poll(fresh, { message: 'the files that were saved' }).toHaveLength(1);
  return join(folder, fresh()[0]);
}

async function openFile(page: Page, selector: string, file: string): Promise<void> {
  const input = await page.waitForSelector(selector);
  await (input as ElementHandle<HTMLInputElement>).uploadFile(file);
}

const linesOf = (page: Page): Promise<string> => textOf(page, `${BAY} .panel--terminal [role="log"]`);

test('a chapter’s Guest goes on from its file in another tab, and in Node, to the bit; and back before it was saved', async () => {
  const { page, wrong } = await open('launcher/console/');
  const guest = await boot(page, 'console');
  await until(page, guest, 'idle');
  await page.waitForSelector(`${guest} .xterm-helper-textarea`);
  await page.focus(`${guest} .xterm-helper-textarea`);
  await page.keyboard.type('hello\n');
  // The whole line has come back, and the Guest has nothing more to do.
  await expect.poll(() => linesOf(page)).toMatch(/hello\s/);
  await until(page, guest, 'idle');
  const end = await countOf(page, guest);
  await pressKey(page, guest, 'N');
  const here = await untilMoved(page, guest, end);
  await until(page, guest, 'paused');
  const shown = await linesOf(page);
  const file = await save(page);
  await untilLit(page);
  const lit = await page.$$eval('.row[data-hits]', (rows) => rows.length);

  // The snapshot in it is what its log makes.
  const bytes = readFileSync(file);
  const at = bytes.indexOf(10);
  const head = base.readHead(bytes.subarray(0, at).toString());
  const { snapshot, inputs, ...made } = base.readSaved(head, new Uint8Array(gunzipSync(bytes.subarray(at + 1))), program);
  if (snapshot === null) throw new Error('no snapshot');
  const fresh = base.World.create({ program, ...base.savedOptions(made) });
  fresh.restore(snapshot);
  const timeline = new base.Timeline<World, Deaf>(() => base.World.create({ program, ...base.savedOptions(made), replay: inputs }), DEAF);
  expect(base.walk(new base.Journeys(timeline).toPlace(head.where, false))).toBe(true);
  expect(timeline.world.stateHash()).toBe(fresh.stateHash());
  expect(head.where.at).toBe(here);

  const { page: other, wrong: otherWrong } = await open('boot/');
  await openFile(other, '.bench__slot[data-slot="world"] input', file);
  await other.waitForFunction(() => document.querySelector('.bench__boot')?.textContent === 'Open');
  await other.click('.bench__boot');
  await other.waitForSelector(`${BAY}[data-phase="paused"][data-instructions="${here}"]`);
  // What was printed is written into the terminal a moment after the world stands.
  await expect.poll(() => linesOf(other)).toBe(shown);
  await pressKey(other, BAY, 'I');
  expect(await untilMoved(other, BAY, here)).toBe(here - 1);
  await pressKey(other, BAY, '0');
  expect(await untilMoved(other, BAY, here - 1)).toBeLessThan(here / 2);
  await other.$eval(`${BAY} .bay__world > summary`, (summary) => summary.click());
  await openFile(other, `${BAY} .bay__files input`, file);
  await other.waitForSelector(`${BAY}[data-instructions="${here}"]`);
  await press(other, BAY, 'p');
  await until(other, BAY, 'idle');
  // In its chapter it has the light of the whole run.
  await other.click('.bay__home');
  await other.waitForSelector(`.row[data-hits]`);
  await expect.poll(() => other.$$eval('.row[data-hits]', (rows) => rows.length)).toBeGreaterThanOrEqual(lit);

  const node = lguest(`--open=${file}`, `--max-instructions=${here + 2000}`);
  // Nobody types there.
  expect(node.status).toBe(1);
  expect(node.out).toContain('hello');
  expect([...wrong, ...otherWrong]).toEqual([]);
  await Promise.all([page.close(), other.close()]);
});

test('a world that the command saved goes on in the page, where it is dropped; what is none is said to be none', async () => {
  const scene = JSON.parse(readFileSync(join(TOP, 'static/live/scenes/console.json'), 'utf8')) as { image: string };
  writeFileSync(join(folder, 'guest'), Buffer.from(scene.image, 'base64'));
  // Nobody types: it waits for ever.
  lguest('--save=node.lguest', '5', 'guest');
  const saved = readFileSync(join(folder, 'node.lguest'));
  const { at } = base.readHead(saved.subarray(0, saved.indexOf(10)).toString()).where;
  const { page, wrong } = await open('host/traps/');
  const drop = (name: string, text: string): Promise<void> =>
    page.evaluate(
      (called, base64) => {
        const files = new DataTransfer();
        files.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], called));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));
      },
      name,
      text,
    );
  await drop('node.lguest', saved.toString('base64'));
  await page.waitForSelector(`${BAY}[data-phase="idle"][data-instructions="${at}"]`);
  await pressKey(page, BAY, 'I');
  expect(await untilMoved(page, BAY, at)).toBe(at - 1);
  await drop('other.lguest', btoa('{"format":"something"}\n'));
  await page.waitForSelector(`${BAY}[data-phase="failed"]`);
  await expect.poll(() => textOf(page, `${BAY} .live__status`)).toContain('no saved run; choose a file');
  expect(wrong).toEqual([]);
  await page.close();
});
