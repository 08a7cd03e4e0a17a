import { describe, expect, test } from 'vitest';
import { linkTo, readLink } from './link.ts';
import type { Linked } from './link.ts';

const LINKED: Linked = {
  scene: 'page_tables',
  title: 'Žížala – a Guest',
  inputs: ['1 2 3 keys'],
  where: { at: 7, step: 3, time: 70, line: 12 },
  midway: true,
  panels: ['terminal', 'locals'],
  breakpoints: [{ id: 1, on: true, kind: 'address', address: 0xc0100000 }],
};

describe('a link to a moment', () => {
  test('holds all of it, and no sign that an address would change', () => {
    const link = linkTo('https://here.test/host/page_tables/?old=1#line-3', LINKED);
    expect(link).toMatch(/^https:\/\/here\.test\/host\/page_tables\/\?run=[\w-]+$/);
    expect(readLink(new URL(link).search)).toEqual(LINKED);
  });

  test.each([
    '',
    '?run=',
    '?run=%%%',
    '?run=bm90aGluZw',
    `?run=${btoa('{}')}`,
    `?run=${btoa('{"scene":"../x","where":{"at":1},"inputs":[],"panels":[],"breakpoints":[]}')}`,
  ])('%s is none', (search) => expect(readLink(search)).toBeNull());
});
