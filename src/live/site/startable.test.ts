/** What a chapter speaks of, its reader can run: each scene that a chapter defines, measures, compares or breaks can be started on its page. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TOP } from '../../../scripts/lib/paths.mjs';

const chapters = readdirSync(`${TOP}/docs`, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.mdx'));

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found]) => found);

/** The first of each pair of a list, as `<GuestMenu>` and `<Compared>` have it. */
const listed = (text: string, element: string): string[] =>
  all(text, new RegExp(`<${element} of=\\{(\\[[\\s\\S]*?\\])\\}`, 'g')).flatMap((list) => all(list, /\[\s*"(\w+)",/g));

test.each(chapters)('%s', (path) => {
  const text = readFileSync(`${TOP}/docs/${path}`, 'utf8');
  const startable = new Set([
    ...all(text, /<(?:LiveGuest|Patched|Stacked|Journey)\b[^>]*?\bscene="([^"]+)"/g),
    ...listed(text, 'GuestMenu'),
  ]);
  // A moment, a door and an exercise start their Guests by themselves.
  const prose = text.replace(/<(?:Moment|Door|Find|Change|Explore)\b[^>]*>/g, '');
  const named = [...all(prose, /\bscene="([^"]+)"/g), ...listed(text, 'Compared'), ...all(text, /\bfile=scenes\/(\w+)\.json/g)];
  // With patches, it is booted by the switch below it.
  const plain = named.map((scene) => scene.replace(/\.M-.*$/, ''));
  expect([...new Set(plain)].filter((scene) => !startable.has(scene))).toEqual([]);
});
