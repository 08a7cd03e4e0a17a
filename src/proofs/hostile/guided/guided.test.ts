/**
 * The guided attack: hostile lives on a whole Host with a real Launcher. The Host's own line counters say what a life reached; what reached a new line was kept. Nothing may throw,
 * hang, lose a page or break an invariant; and of every line there is, it is known who reaches it, or why nobody does.
 *
 * `LGUEST_FUZZ=60 npm test -- guided` searches sixty times as long, with other dice each hour; with `LGUEST_KEEP=1` what it finds goes into the corpus.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { effort } from '#testing';
import { TOP } from '../../../../scripts/lib/paths.mjs';
import { live, PLACES } from './life.ts';
import type { Life } from './life.ts';
import { reached, search } from './search.ts';
import { SEEDS } from './seeds.ts';
import { UNREACHED } from './unreached.ts';

const FILE = `${TOP}/src/proofs/hostile/corpus/lives.json`;
const LIVES = JSON.parse(readFileSync(FILE, 'utf8')) as Life[];
const chapters = new Map<string, string[]>();

/** `docs/host/core.mdx:12` as chapter and text of the line. */
function lineOf(place: string): { chapter: string; text: string } {
  const [chapter, line] = place.split(/:(?=\d+$)/);
  if (!chapters.has(chapter)) chapters.set(chapter, readFileSync(`${TOP}/${chapter}`, 'utf8').split('\n'));
  return { chapter, text: (chapters.get(chapter)?.[Number(line) - 1] ?? '').trim() };
}

const known = new Set<string>();

test('every line of Host and Launcher is reached by a life that is kept, or it is told why by none', { timeout: 600_000 }, () => {
  for (const life of [...SEEDS, ...LIVES]) {
    const outcome = live(life);
    expect(outcome.broken, JSON.stringify(life)).toBeNull();
    for (const place of reached(outcome)) known.add(place);
  }
  const missed = PLACES.filter((place) => !known.has(place)).map((place) => ({ place, ...lineOf(place) }));
  const unexplained = missed.filter(({ chapter, text }) => !UNREACHED.some(([where, line]) => where === chapter && line === text));
  expect(
    unexplained.map(({ place, text }) => `${place}: ${text}`),
    'reached by no life, and not in unreached.ts; a longer search may find one',
  ).toEqual([]);
  const reachedAfterAll = UNREACHED.filter(([where, line]) => !missed.some(({ chapter, text }) => where === chapter && line === text));
  expect(reachedAfterAll, 'in unreached.ts, and reached').toEqual([]);
  // One reason is for one line: the next that reads the same has to say its own.
  expect(missed.length, missed.map(({ place, text }) => `${place}: ${text}`).join('\n')).toBe(UNREACHED.length);
});

test('a search from there breaks nothing', { timeout: 600_000 * effort() }, () => {
  const corpus = [...SEEDS, ...LIVES];
  const found: Life[] = [];
  const seed = effort() === 1 ? 1 : Math.floor(Date.now() / 3_600_000);
  const broken = search(corpus, known, 60 * effort(), seed, (life) => found.push(life));
  process.stdout.write(`guided: ${PLACES.length} lines, ${known.size} reached, ${found.length} lives found\n`);
  if (process.env.LGUEST_KEEP && found.length > 0)
    writeFileSync(FILE, `[\n${[...LIVES, ...found].map((life) => `  ${JSON.stringify(life)}`).join(',\n')}\n]\n`);
  expect(broken.map(({ life, what }) => `${what}\n${JSON.stringify(life)}`)).toEqual([]);
});
