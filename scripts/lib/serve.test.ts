/** What the server says to whatever may be asked of it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve } from './serve.mjs';

const SCRIPT = `export const text = '${'lguest '.repeat(500)}';\n`;
const FILES: Readonly<Record<string, string>> = {
  'site/index.html': '<h1>home</h1>',
  'site/404.html': '<h1>no such page</h1>',
  'site/host/index.html': '<h1>host</h1>',
  'site/host/traps/index.html': '<h1>traps</h1>',
  'site/plain.html': '<h1>plain</h1>',
  'site/assets/js/main.0123abcd.js': SCRIPT,
  'site/assets/fonts/serif-0123456789abcdef0123456789abcdef.woff2': 'wOF2',
  'site/live/worker.js': SCRIPT,
  'site/live/0123456789abcdef/scenes/a.json': '{}',
  'site/live/disk.img': '0123456789',
  'site/live/lguest.wasm': '\0asm',
  'site/.secret': 'secret',
  'secret.txt': 'secret',
  'site-secret/secret.txt': 'secret',
};

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const top = mkdtempSync(join(tmpdir(), 'serve-'));
const servers: Server[] = [];
let root: string;
let below: string;
beforeAll(async () => {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(top, name)), { recursive: true });
    writeFileSync(join(top, name), text);
  }
  for (const base of ['/', '/tour/']) {
    const { server, url } = await serve(join(top, 'site'), { base });
    servers.push(server);
    if (base === '/') root = url;
    else below = url;
  }
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(top, { recursive: true, force: true });
});

/** Asks for a path exactly as it is written: no client may tidy it. */
function ask(path: string, { method = 'GET', headers = {}, url = root } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(url);
    const asking = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }));
    });
    asking.on('error', reject);
    asking.end();
  });
}

describe('an address', () => {
  test.each([
    ['/', 200, 'home'],
    ['/index.html', 200, 'home'],
    ['/?a=b', 200, 'home'],
    ['/host/', 200, 'host'],
    ['/host/traps/', 200, 'traps'],
    ['/plain', 200, 'plain'],
    ['/plain.html', 200, 'plain'],
    ['/%68ost/', 200, 'host'],
    ['//', 200, 'home'],
    ['/nothing', 404, 'no such page'],
    ['/nothing/', 404, 'no such page'],
    ['/plain/', 404, 'no such page'],
    ['/%', 404, 'no such page'],
    ['/%E0%A4%A', 404, 'no such page'],
    ['/%00', 404, 'no such page'],
    ['/a%00.html', 404, 'no such page'],
    ['/.secret', 404, 'no such page'],
    ['/../secret.txt', 404, 'no such page'],
    ['/../site-secret/secret.txt', 404, 'no such page'],
    ['/%2e%2e/secret.txt', 404, 'no such page'],
    ['/..%2fsecret.txt', 404, 'no such page'],
    ['/host/..%2f..%2fsecret.txt', 404, 'no such page'],
    ['/..%5csecret.txt', 404, 'no such page'],
    ['//etc/passwd', 404, 'no such page'],
    ['*', 404, 'no such page'],
    ['http://elsewhere/', 404, 'no such page'],
  ])('%s: %i', async (path, status, text) => {
    const answer = await ask(path);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('text/html; charset=UTF-8');
    expect(answer.body.toString()).toBe(`<h1>${text}</h1>`);
  });

  test('a longer one than any file has: 404', async () => {
    expect((await ask(`/${'a'.repeat(9000)}`)).status).toBe(404);
  });

  test.each([
    ['/host', '/host/'],
    ['/host?a=b', '/host/?a=b'],
    ['/host/traps', '/host/traps/'],
    // Two slashes in front would lead to another computer.
    ['//host', '/host/'],
  ])('%s leads on to %s', async (path, location) => {
    const answer = await ask(path);
    expect([answer.status, answer.headers.location]).toEqual([301, location]);
  });

  test.each([
    ['/', 302, '/tour/'],
    ['/tour', 301, '/tour/'],
    ['/tour/', 200, undefined],
    ['/tour/host', 301, '/tour/host/'],
    ['/tour/host/traps/', 200, undefined],
    ['/host/traps/', 404, undefined],
    ['/tourist/', 404, undefined],
    ['/tour/nothing', 404, undefined],
    ['/tour//', 200, undefined],
    ['/tour/%', 404, undefined],
  ])('below a base URL, %s: %i', async (path, status, location) => {
    const answer = await ask(path, { url: below });
    expect([answer.status, answer.headers.location]).toEqual([status, location]);
  });
});

describe('a method', () => {
  test.each([
    ['/host/', 200],
    ['/nothing', 404],
    ['/live/worker.js', 200],
  ])('HEAD %s: %i, and no body', async (path, status) => {
    const answer = await ask(path, { method: 'HEAD' });
    expect([answer.status, answer.body.length]).toEqual([status, 0]);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s: 405', async (method) => {
    const answer = await ask('/', { method });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD']);
  });
});

test.each([
  ['/live/worker.js', /^(text|application)\/javascript; charset=utf-8$/i],
  ['/live/lguest.wasm', /^application\/wasm$/],
  ['/assets/fonts/serif-0123456789abcdef0123456789abcdef.woff2', /^font\/woff2$/],
])('%s has its type', async (path, type) => {
  expect((await ask(path)).headers['content-type']).toMatch(type);
});

describe('compression', () => {
  test.each([
    ['br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
  ])('for who takes %s', async (accepted, encoding, undo) => {
    const answer = await ask('/live/worker.js', { headers: { 'accept-encoding': accepted } });
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers.vary).toMatch(/accept-encoding/i);
    expect(answer.body.length).toBeLessThan(SCRIPT.length / 10);
    expect(undo(answer.body).toString()).toBe(SCRIPT);
  });

  test('none for who does not ask, and none of a font', async () => {
    expect((await ask('/live/worker.js')).headers['content-encoding']).toBeUndefined();
    const font = await ask('/assets/fonts/serif-0123456789abcdef0123456789abcdef.woff2', { headers: { 'accept-encoding': 'br' } });
    expect(font.headers['content-encoding']).toBeUndefined();
  });
});

describe('a range', () => {
  test.each([
    ['bytes=2-4', 206, 'bytes 2-4/10', '234'],
    ['bytes=7-', 206, 'bytes 7-9/10', '789'],
    ['bytes=-2', 206, 'bytes 8-9/10', '89'],
    ['bytes=5-100', 206, 'bytes 5-9/10', '56789'],
    ['bytes=10-', 416, 'bytes */10', undefined],
    ['lines=1-2', 200, undefined, '0123456789'],
  ])('%s: %i', async (range, status, given, text) => {
    const answer = await ask('/live/disk.img', { headers: { range } });
    expect([answer.status, answer.headers['content-range']]).toEqual([status, given]);
    if (text !== undefined) expect(answer.body.toString()).toBe(text);
  });

  test('is of the file’s own bytes, also for who takes compressed ones', async () => {
    const answer = await ask('/live/worker.js', { headers: { range: 'bytes=0-2999', 'accept-encoding': 'br, gzip' } });
    expect([answer.status, answer.headers['content-encoding']]).toEqual([206, undefined]);
    expect(answer.body.toString()).toBe(SCRIPT.slice(0, 3000));
  });
});

describe('a cache', () => {
  test.each([
    ['/assets/js/main.0123abcd.js', 'public, max-age=31536000, immutable'],
    ['/assets/fonts/serif-0123456789abcdef0123456789abcdef.woff2', 'public, max-age=31536000, immutable'],
    ['/live/0123456789abcdef/scenes/a.json', 'public, max-age=31536000, immutable'],
    ['/live/worker.js', 'no-cache'],
    ['/', 'no-cache'],
    ['/nothing', 'no-cache'],
  ])('%s: %s', async (path, control) => {
    expect((await ask(path)).headers['cache-control']).toBe(control);
  });

  test('what it has already is not sent again', async () => {
    const first = await ask('/live/worker.js');
    const again = await ask('/live/worker.js', { headers: { 'if-none-match': first.headers.etag ?? '' } });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    writeFileSync(join(top, 'site/live/worker.js'), `${SCRIPT}//`);
    const changed = await ask('/live/worker.js', { headers: { 'if-none-match': first.headers.etag ?? '' } });
    expect([changed.status, changed.body.toString()]).toEqual([200, `${SCRIPT}//`]);
    writeFileSync(join(top, 'site/live/worker.js'), SCRIPT);
  });
});

test('a reader who goes away in the middle does no harm', async () => {
  await new Promise<void>((resolve) => {
    const asking = request({ host: '127.0.0.1', port: new URL(root).port, path: '/live/worker.js', headers: { 'accept-encoding': 'br' } });
    asking.on('response', (response) => response.destroy());
    asking.on('close', () => resolve());
    asking.on('error', () => undefined);
    asking.end();
  });
  expect((await ask('/')).status).toBe(200);
});
