/** A Guest of which a piece cannot be fetched, offline or after the book was published anew: told, and tried again. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { aReader, boot, textOf, until } from './testing/reader.ts';

const { open, url } = aReader();

describe('what cannot be fetched is told, and can be tried again', () => {
  /** The site behind a wire that can be cut for some addresses: nothing comes any more, or something else does. */
  async function overWire(
    pattern: RegExp,
    status: number | null,
  ): Promise<{ address: string; cut: (on: boolean) => void; close: () => void }> {
    let on = false;
    const server = createServer((request, response) => {
      const path = request.url ?? '/';
      if (!on || !pattern.test(path)) {
        void fetch(new URL(path, url())).then(async (got) => {
          response.writeHead(got.status, { 'content-type': got.headers.get('content-type') ?? '', 'cache-control': 'no-store' });
          response.end(new Uint8Array(await got.arrayBuffer()));
        });
      } else if (status === null) request.socket.destroy();
      else response.writeHead(status, { 'content-type': 'text/html' }).end('<title>Gone</title>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { address: `http://localhost:${port}/`, cut: (wanted) => void (on = wanted), close: () => server.close() };
  }

  test.each<[string, RegExp, number | null, RegExp]>([
    ['the worker, offline', /live\/\w+\/worker\.js/, null, /processor could not be fetched: you may be offline/],
    ['the worker, after the book was published anew', /live\/\w+\/worker\.js/, 404, /processor could not be fetched.*published anew/],
    ['the program, offline', /live\/\w+\/lguest\.js/, null, /program could not be fetched: you may be offline/],
    ['the scene, offline', /live\/\w+\/scenes\/entry\.json/, null, /scene could not be fetched: you may be offline/],
    ['the scene, gone', /live\/\w+\/scenes\/entry\.json/, 404, /scene is not there \(404\).*published anew/],
    ['the scene, something else in its place', /live\/\w+\/scenes\/entry\.json/, 200, /scene came damaged/],
  ])('%s', async (_what, pattern, status, sentence) => {
    const wire = await overWire(pattern, status);
    const { page } = await open('guest/entry/', { at: wire.address, height: 600 });
    wire.cut(true);
    const guest = await boot(page, 'entry');
    await until(page, guest, 'failed');
    await expect.poll(() => textOf(page, `${guest} .live__status p`)).toMatch(sentence);
    await expect.poll(() => textOf(page, `${guest} .toolbar__main`)).toBe('Try again');
    wire.cut(false);
    await page.$eval(`${guest} .toolbar__main`, (button) => (button as HTMLButtonElement).click());
    await until(page, guest, 'exited');
    await page.close();
    wire.close();
  });

  test('the instruments', async () => {
    const wire = await overWire(/assets\/js\//, null);
    const { page } = await open('guest/entry/', { at: wire.address, height: 600 });
    wire.cut(true);
    const guest = await boot(page, 'entry');
    await page.waitForSelector(`${guest} .mishap`);
    await expect.poll(() => textOf(page, `${guest} .mishap`)).toMatch(/instruments could not be fetched.*offline.*published anew/);
    await expect.poll(() => page.$('h1')).not.toBeNull();
    wire.cut(false);
    await page.$eval(`${guest} .mishap button`, (button) => button.click());
    await page.waitForSelector(`${guest} .panel--terminal`);
    await until(page, guest, 'exited');
    await page.close();
    wire.close();
  });
});
