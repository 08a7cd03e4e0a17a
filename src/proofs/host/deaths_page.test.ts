/** The page of all the ways to die has every one, and shows a Guest only where that Guest does die so. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ALL_REASONS, reasonOf } from '../hostile/deaths.ts';

const page = readFileSync('docs/host/deaths.mdx', 'utf8');
/** The sentences in its tables. */
const sentences = [...page.matchAll(/^\| `([^`]+)`/gm)].map(([, sentence]) => sentence);
/** The scenes in its menus. */
const scenes = [...page.matchAll(/^ {2}\["(\w+)",/gm)].map(([, scene]) => scene);

test('every reason is there', () => {
  const named = new Set(sentences.map((sentence) => reasonOf(sentence)));
  expect(ALL_REASONS.filter((reason) => !named.has(reason))).toEqual([]);
  expect(sentences.filter((sentence) => reasonOf(sentence) === null)).toEqual([]);
});

test('each Guest of a menu has one of them for its last words', () => {
  const consoles = new Map<string, string>();
  for (const file of readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.fingerprint.json'))) {
    const { scenes: kept } = JSON.parse(readFileSync(`docs/${file}`, 'utf8')) as { scenes: Record<string, { console: string }> };
    for (const [name, { console }] of Object.entries(kept)) consoles.set(name, console);
  }
  expect(scenes.length).toBeGreaterThan(20);
  for (const scene of scenes) {
    const last =
      /^lguest: (.*)\n?$/m.exec(
        consoles
          .get(scene)
          ?.split('\n')
          .findLast((line) => line.startsWith('lguest: ')) ?? '',
      )?.[1] ?? '';
    expect([scene, reasonOf(last)]).not.toEqual([scene, null]);
  }
});
