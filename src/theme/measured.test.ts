/** Numbers that the build measures: each is there, and what stands in its place until it comes is the same. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TOP } from '../../scripts/lib/paths.mjs';

const facts = JSON.parse(readFileSync(`${TOP}/static/live/facts.json`, 'utf8')) as Record<string, string | number>;

test('of each number in the chapters a scene or the program gives account', () => {
  const wrong: string[] = [];
  let count = 0;
  for (const name of readdirSync(`${TOP}/docs`, { recursive: true }).map(String)) {
    if (!name.endsWith('.mdx')) continue;
    for (const [, told] of readFileSync(`${TOP}/docs/${name}`, 'utf8').matchAll(/<Measured\s((?:\w+="[^"]*"\s*)+)\/>/g)) {
      const {
        scene,
        fact = '',
        fallback,
      } = Object.fromEntries([...told.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value])) as {
        scene?: string;
        fact?: string;
        fallback?: string;
      };
      const key = scene === undefined ? fact : `${scene}/${fact}`;
      count++;
      if (facts[key] === undefined) wrong.push(`${name}: nobody measures ${key}`);
      else if (fallback?.replaceAll(',', '') !== String(facts[key])) wrong.push(`${name}: ${key} is ${facts[key]}, not ${fallback}`);
    }
  }
  expect(count).toBeGreaterThan(5);
  expect(wrong).toEqual([]);
});
