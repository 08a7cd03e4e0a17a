/** Code that a link brings: shown before it runs, run where it reaches nothing, and no danger to the page. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Book } from '#weave';
import { BOOK_PATH } from '../../../scripts/lib/paths.mjs';
import { textsOf } from '../edit/book_text.ts';
import { aReader, pressSaying, reload, textOf, until, untilSays } from '../testing/reader.ts';
import { linkTo } from './link.ts';

const { open } = aReader();
const book = textsOf(JSON.parse(readFileSync(BOOK_PATH, 'utf8')) as Book);
const BAY = '.bay';
const PAGE = 'host/interrupts/';
const SCENE = 'interrupts';

/** A server of somebody else's, that would like to know. */
const heard: string[] = [];
const server = createServer((request, response) => {
  heard.push(request.url ?? '');
  response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/javascript' }).end('export {}');
});
// A socket’s handshake is no request to a server of Node’s.
server.on('upgrade', (request, socket) => {
  heard.push(request.url ?? '');
  socket.destroy();
});
let theirs = '';
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  theirs = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

/** Opens a page by a link that brings H:200 with something put in before its timer starts. Returns the page, and the book's text. */
async function openWith(line: string): Promise<{ page: Page; wrong: string[] }> {
  const code = book.get('H:200')?.text ?? '';
  expect(code).toContain('  hrtimerStart(');
  const edits = { 'H:200': code.replace('  hrtimerStart(', `  ${line}\n  hrtimerStart(`) };
  const link = linkTo(`http://site.test/${PAGE}`, {
    scene: SCENE,
    title: 'Somebody’s',
    inputs: [],
    where: { at: 0, step: 0, time: 0, line: 0 },
    midway: false,
    panels: ['terminal'],
    breakpoints: [],
    notes: [],
    edits,
  });
  const { pathname, search, hash } = new URL(link);
  const { page, wrong } = await open(`${pathname.slice(1)}${search}${hash}`);
  await page.waitForSelector('.keys--wide .row--new');
  return { page, wrong };
}

/** Answers what the box asks. */
async function answer(page: Page, words: string): Promise<void> {
  await pressSaying(page, '.keys__answers button', words);
}

/** Runs the Guest in the bay, which stands at its beginning. */
async function run(page: Page): Promise<void> {
  await page.waitForSelector(`${BAY}[data-phase="paused"] .toolbar__main`);
  await page.$eval(`${BAY} .toolbar__main`, (button) => (button as HTMLButtonElement).click());
}

describe('a link with edited code', () => {
  test('shows it first; runs it when told so, to its end; is told apart; and asks again after a reload', async () => {
    const { page, wrong } = await openWith('delta *= 2;');
    await expect.poll(() => textOf(page, '.keys--wide .row--new')).toContain('delta *= 2;');
    await expect.poll(() => page.$(BAY)).toBeNull();
    await answer(page, 'Run it, shut in');
    await run(page);
    await until(page, BAY, 'exited');
    await expect.poll(() => textOf(page, '.bay__edited')).toContain('It runs somebody else’s code, shut in: H:200.');
    await expect.poll(() => page.evaluate(() => localStorage.getItem('lguest-live-edits'))).toBeNull();
    await reload(page);
    await page.waitForSelector('.keys--wide .row--new');
    await answer(page, 'Run the book’s own');
    await run(page);
    await until(page, BAY, 'exited');
    await expect.poll(() => page.$('.bay__edited')).toBeNull();
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('becomes an edit of one’s own when asked twice, and then it is not shut in, and asks no more', async () => {
    const { page, wrong } = await openWith('delta *= 2;');
    await answer(page, 'Run it, shut in');
    await page.waitForSelector(`${BAY}[data-phase="paused"]`);
    await pressSaying(page, '.bay__edited button', 'Take it over into my book');
    await expect.poll(() => textOf(page, '.bay__edited')).toContain('no longer shut in');
    await expect.poll(() => page.evaluate(() => localStorage.getItem('lguest-live-edits'))).toBeNull();
    await pressSaying(page, '.bay__edited button', 'I have read it: take it over');
    await untilSays(page, '.bay__edited', 'It runs edited code: H:200.');
    await expect.poll(() => page.$$eval('iframe', (all) => all.length)).toBe(0);
    await run(page);
    await until(page, BAY, 'exited');
    await reload(page);
    await until(page, BAY, 'exited');
    await expect.poll(() => page.$('.keys--wide')).toBeNull();
    await expect.poll(() => textOf(page, '#H\\:200')).toContain('You have changed this block');
    // The other readers of this file have a browser in common with this one.
    await page.evaluate(() => localStorage.removeItem('lguest-live-edits'));
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('runs nothing when told so', async () => {
    const { page, wrong } = await openWith('delta *= 2;');
    await answer(page, 'Run nothing');
    await page.waitForSelector('.keys--wide', { hidden: true });
    await expect.poll(() => page.$(BAY)).toBeNull();
    await expect.poll(() => page.$$eval('iframe', (all) => all.length)).toBe(0);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('reaches no network, no storage, no other page', async () => {
    // What can be told at once is told as the reason of its death; what takes time would be heard by the server.
    const attempts = `
      if (!globalThis.tried) {
        globalThis.tried = true;
        const to = ${JSON.stringify(theirs)};
        const told = {};
        const attempt = (name, deed) => { try { deed(); told[name] = 'done'; } catch (error) { told[name] = error.name; } };
        const later = (promise) => Promise.resolve(promise).catch(() => undefined);
        attempt('fetch', () => later(fetch(to + '/fetch')));
        attempt('import', () => later(globalThis.eval('import(' + JSON.stringify(to + '/import.js') + ')')));
        attempt('socket', () => new globalThis.WebSocket(to.replace('http', 'ws') + '/socket'));
        attempt('source', () => new globalThis.EventSource(to + '/source'));
        attempt('worker', () => new globalThis.Worker(URL.createObjectURL(new Blob(['fetch(' + JSON.stringify(to + '/nested') + ')']))));
        attempt('caches', () => later(globalThis.caches.open('x').then((one) => one.put(to, new Response('x')))));
        const request = new globalThis.XMLHttpRequest();
        attempt('request', () => { request.open('GET', to + '/request', false); request.send(); });
        attempt('database', () => globalThis.indexedDB.open('x'));
        attempt('page', () => new globalThis.BroadcastChannel('lguest').postMessage('hello'));
        attempt('window', () => globalThis.window.parent.document);
        throw new Error(JSON.stringify(told));
      }`.replaceAll('\n', ' ');
    const { page } = await openWith(attempts);
    await page.evaluate((to) => {
      const seen = window as unknown as { said: unknown[] };
      seen.said = [];
      new BroadcastChannel('lguest').onmessage = ({ data }) => seen.said.push(data);
      // It could be reached, from the page.
      return fetch(`${to}/page`).then(() => undefined);
    }, theirs);
    await answer(page, 'Run it, shut in');
    await run(page);
    await untilSays(page, `${BAY} .live__status`, 'H:200, line');
    const told = JSON.parse(/\{.*?\}/.exec(await textOf(page, `${BAY} .live__status`))?.[0] ?? '{}') as Record<string, string>;
    expect(told).toMatchObject({ request: 'NetworkError', database: 'SecurityError', window: 'TypeError' });
    await new Promise((done) => setTimeout(done, 1500));
    expect(heard).toEqual(['/page']);
    const said = await page.evaluate(() => (window as unknown as { said: unknown[] }).said);
    expect(said).toEqual([]);
    await page.close();
  });

  test.each([
    ['says too much', 'while (true) postMessage({ type: "progress" });', 'failed', /it says/],
    ['says what makes no sense', 'postMessage({ type: "loaded" });', 'failed', /makes no sense/],
    ['wants to save a file', 'postMessage({ type: "image", name: "x.exe", blob: new Blob(["x"]) });', 'exited', /./],
    ['goes round for ever', 'for (;;);', 'failed', /for ever|loop/],
  ])('that %s leaves the page alive', async (_, line, phase, told) => {
    const { page } = await openWith(line);
    const saved: string[] = [];
    await page.exposeFunction('saved', (name: string) => saved.push(name));
    await page.evaluate(() => {
      const click = HTMLAnchorElement.prototype.click;
      HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
        if (this.download !== '') void (window as unknown as { saved(name: string): void }).saved(this.download);
        else click.call(this);
      };
    });
    await answer(page, 'Run it, shut in');
    await run(page);
    await until(page, BAY, phase);
    await expect.poll(() => textOf(page, `${BAY} .live__status`)).toMatch(told);
    expect(saved).toEqual([]);
    // The page answers, and its Guests run.
    await page.$eval('.bay__away', (button) => (button as HTMLButtonElement).click());
    await page.waitForSelector(BAY, { hidden: true });
    await page.close();
  });
});
