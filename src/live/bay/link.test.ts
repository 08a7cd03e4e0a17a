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
  edits: {},
};
const PAGE = 'https://here.test/host/page_tables/?old=1#line-3';

describe('a link to a moment', () => {
  test('holds all of it, and no sign that an address would change', () => {
    const link = linkTo(PAGE, LINKED);
    expect(link).toMatch(/^https:\/\/here\.test\/host\/page_tables\/\?run=[\w-]+$/);
    expect(readLink(new URL(link))).toEqual(LINKED);
  });

  test('keeps edited code where no server sees it', () => {
    const edited = { ...LINKED, edits: { 'H:200': 'const jiffies = “now”;\n', 'P:800.tools': '' } };
    const link = linkTo(PAGE, edited);
    expect(link).toMatch(/\?run=[\w-]+#edits=[\w-]+$/);
    expect(readLink(new URL(link))).toEqual(edited);
    expect(readLink({ search: new URL(link).search, hash: '' })).toEqual(LINKED);
  });

  test.each([
    ['nothing', ''],
    ['an empty run', '?run='],
    ['no letters', '?run=%%%'],
    ['no JSON', '?run=bm90aGluZw'],
    ['no members', `?run=${btoa('{}')}`],
    ['a way out of the folder', `?run=${btoa('{"scene":"../x","where":{"at":1},"inputs":[],"panels":[],"breakpoints":[]}')}`],
  ])('%s is none', (_, search) => expect(readLink({ search, hash: '' })).toBeNull());

  test.each([
    ['an object for a title', { title: { a: 1 } }],
    ['no title', { title: undefined }],
    ['an object among the inputs', { inputs: ['1 2 3 keys', {}] }],
    ['nothing among the panels', { panels: [null] }],
    ['a number for a breakpoint', { breakpoints: [7] }],
    ['a place before the beginning', { where: { ...LINKED.where, at: -1 } }],
    ['a place that no run reaches', { where: { ...LINKED.where, at: 1e300 } }],
    ['half a place', { where: { at: 7 } }],
  ])('%s is none', (_, wrong) => {
    expect(readLink(new URL(linkTo(PAGE, { ...LINKED, ...wrong } as Linked)))).toBeNull();
  });

  test.each([
    ['half of them', '#edits=eyJIOj'],
    ['a list', `#edits=${btoa('["H:200"]')}`],
    ['a number for a text', `#edits=${btoa('{"H:200":1}')}`],
    ['another name than a marker', `#edits=${btoa('{"__proto__x":"1"}')}`],
  ])('with edits that cannot be read (%s) is none: it would be another run', (_, hash) => {
    expect(readLink({ search: new URL(linkTo(PAGE, LINKED)).search, hash })).toBeNull();
  });
});
