import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TOP } from '../../scripts/lib/paths.mjs';
import { differences } from './differences.ts';
import { parts } from './parts.ts';
import { pagesOf } from './tour_order.ts';

test('what the list says is told in the chapter that it names, and what a chapter tells is in the list', () => {
  const pages = pagesOf(
    `${TOP}/docs`,
    parts.map(({ folder }) => folder),
  );
  const told = pages.flatMap((page) =>
    [...readFileSync(`${TOP}/docs/${page}.mdx`, 'utf8').matchAll(/<Differs of="([^"]+)">/g)].map(([, id]) => `${page}: ${id}`),
  );
  expect(told.sort()).toEqual(differences.map(({ page, id }) => `${page}: ${id}`).sort());
  expect(new Set(differences.map(({ id }) => id)).size).toBe(differences.length);
});
