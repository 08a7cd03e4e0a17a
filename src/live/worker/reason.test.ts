import { describe, expect, it } from 'vitest';
import { fetchJson, Mishap, reasonOf } from './reason.ts';

describe('why a Guest could not be built', () => {
  it.each([
    // What the browsers say, as of 2025.
    [
      'Chromium, CSP',
      "WebAssembly.Module(): Compiling or instantiating WebAssembly module violates the following Content Security policy directive because neither 'wasm-eval' nor 'unsafe-eval' is an allowed source of script in the following Content Security Policy directive: \"script-src 'self'\".",
      /^the server of this site forbids WebAssembly/,
    ],
    ['Firefox, CSP', 'call to WebAssembly.Module() blocked by CSP', /^the server of this site forbids WebAssembly/],
    [
      'Safari, CSP',
      "Refused to create a WebAssembly object because 'unsafe-eval' or 'wasm-unsafe-eval' is not an allowed source of script in the following Content Security Policy directive",
      /^the server of this site forbids WebAssembly/,
    ],
    ['Chromium, switched off', 'WebAssembly is not defined', /^this browser has WebAssembly switched off/],
    ['Safari, switched off', "Can't find variable: WebAssembly", /^this browser has WebAssembly switched off/],
    [
      'Chromium, a module',
      'Failed to fetch dynamically imported module: http://localhost/live/lguest.js',
      /^its program could not be fetched/,
    ],
    [
      'Firefox, a module',
      'error loading dynamically imported module: http://localhost/live/lguest.js',
      /^its program could not be fetched/,
    ],
    ['Safari, a module', 'Importing a module script failed.', /^its program could not be fetched/],
    ['anything else', 'the Guests want too much memory..', /^the Guests want too much memory$/],
    ['nothing', '', /^nobody knows why$/],
  ])('%s', (_who, message, expected) => {
    expect(reasonOf(new Error(message))).toMatch(expected);
  });

  it.each<[unknown, string]>([
    [null, 'null was thrown'],
    [undefined, 'undefined was thrown'],
    ['late', '"late" was thrown'],
    [{ code: 5 }, '{ code: 5 } was thrown'],
    [Object.assign(new Error(), { message: 5 }), '5'],
  ])('what is no error is told as it is: %o', (thrown, expected) => {
    expect(reasonOf(thrown)).toBe(expected);
  });

  it.each<[string, () => Promise<Response>, RegExp]>([
    ['no network', () => Promise.reject(new TypeError('Failed to fetch')), /could not be fetched: you may be offline/],
    ['not there', () => Promise.resolve(new Response('', { status: 404 })), /is not there \(404\): this book may have been published anew/],
    ['not JSON', () => Promise.resolve(new Response('<html>')), /came damaged/],
  ])('a scene: %s', async (_what, get, expected) => {
    const error = await fetchJson('/x', 'the scene', get as typeof fetch).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Mishap);
    expect(reasonOf(error)).toMatch(expected);
  });

  it('is not asked where all is well', async () => {
    expect(await fetchJson('/x', 'the scene', () => Promise.resolve(new Response('{"a":1}')))).toEqual({ a: 1 });
  });
});
