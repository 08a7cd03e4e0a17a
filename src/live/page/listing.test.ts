import { describe, expect, it } from 'vitest';
import { excerpt, fetchChunks, knownChunks } from './listing.ts';

const URL = '/live/lines/switcher/switcher.json';
const CHUNKS = [
  { id: 'S:100', line: 10, text: 'a\nb\nc' },
  { id: 'S:110', line: 20, text: 'd\ne\nf\ng' },
];

describe('lines of another chapter', () => {
  it.each([
    [10, 1, 'S:100', '10a 11b'],
    [21, 1, 'S:110', '20d 21e 22f'],
    [23, 2, 'S:110', '21e 22f 23g'],
  ])('around %i, %i each way: of %s', (line, around, chunk, lines) => {
    const found = excerpt(CHUNKS, line, around);
    expect([found?.chunk, found?.lines.map((one) => `${one.line}${one.text}`).join(' ')]).toEqual([chunk, lines]);
  });

  it.each([9, 13, 24])('are not at %i, where no chunk is', (line) => expect(excerpt(CHUNKS, line, 3)).toBeNull());

  it('are fetched once, and again where they did not come', async () => {
    const asked: string[] = [];
    const answers = [
      () => Promise.reject(new TypeError('offline')),
      () => Promise.resolve(new Response('', { status: 404 })),
      () => Promise.resolve(new Response(JSON.stringify(CHUNKS))),
    ];
    const get = ((url: string) => {
      asked.push(url);
      return answers[asked.length - 1]();
    }) as unknown as typeof fetch;
    expect(await fetchChunks(URL, get)).toBeNull();
    expect(await fetchChunks(URL, get)).toBeNull();
    expect(knownChunks(URL)).toBeNull();
    expect(await fetchChunks(URL, get)).toEqual(CHUNKS);
    expect(knownChunks(URL)).toEqual(CHUNKS);
    expect(await fetchChunks(URL, get)).toEqual(CHUNKS);
    expect(asked).toEqual([URL, URL, URL]);
  });
});
