import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TOP } from '../../scripts/lib/paths.mjs';
import { catalogue, ownMarkers } from './catalogue.ts';
import { partOf, partOfMarker, parts } from './parts.ts';

/** How many sections each part of the original has, in Linux 2.6.25. */
const SECTIONS: Readonly<Record<string, number>> = { P: 11, G: 15, D: 9, L: 28, H: 50, S: 2, M: 13 };

/** Chapter -> the markers it has code or words for. */
const told = new Map(
  readdirSync(`${TOP}/docs`, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.mdx'))
    .map((name) => [
      `docs/${name}`,
      [...readFileSync(`${TOP}/docs/${name}`, 'utf8').matchAll(/(?:<Marker id="|^```\w+ )([A-Z]:\d{3})/gm)].map(([, marker]) => marker),
    ]),
);

describe('the catalogue', () => {
  test('has the 128 markers of the original, each once and in its order', () => {
    for (const { letter } of parts)
      expect(catalogue.filter(({ marker }) => marker.startsWith(letter)).length, letter).toBe(SECTIONS[letter]);
    const letters = parts.map(({ letter }) => letter);
    const place = (marker: string): number => letters.indexOf(marker[0]) * 1000 + Number(marker.slice(2));
    expect(catalogue.map(({ marker }) => place(marker))).toEqual(
      [...new Set(catalogue.map(({ marker }) => place(marker)))].sort((a, b) => a - b),
    );
  });

  test('says of each what is told there, in a sentence', () => {
    expect(catalogue.filter(({ says }) => !/^[A-Z`].{15,}\.$/.test(says)).map(({ marker }) => marker)).toEqual([]);
  });

  test.each(catalogue)('$marker has its place in the tour, in its own part', ({ marker }) => {
    const chapters = [...told].filter(([, markers]) => markers.includes(marker)).map(([chapter]) => chapter);
    expect(chapters.length).toBeGreaterThan(0);
    if (!marker.startsWith('P')) expect(chapters.some((chapter) => partOf(chapter) === partOfMarker(marker))).toBe(true);
  });
});

describe('what this book has added', () => {
  const ofOriginal = new Set(catalogue.map(({ marker }) => marker));
  const own = [...new Set([...told.values()].flat())].filter((marker) => !ofOriginal.has(marker));

  test('has a sentence for each of its markers, and for no other', () =>
    expect(ownMarkers.map(({ marker }) => marker).sort()).toEqual(own.sort()));

  test('says of each what it is', () =>
    expect(ownMarkers.filter(({ says }) => !/^[A-Z`].{15,}\.$|^`.{15,}\.$/.test(says)).map(({ marker }) => marker)).toEqual([]));
});

test.each([
  ['P:900', 'docs/preparation/overview.mdx'],
  ['D:150', 'docs/drivers/virtqueues_back.mdx'],
  ['L:240', 'docs/launcher/network.mdx'],
  ['H:660', 'docs/host/segments.mdx'],
])('%s stands where a part of the original ends', (marker, chapter) => expect(told.get(chapter)).toContain(marker));
