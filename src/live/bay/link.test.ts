import { describe, expect, test } from 'vitest';
import { linkTo, momentQuery, readLink } from './link.ts';
import type { Notes } from '../protocol.ts';
import type { Linked } from './link.ts';

const LINKED: Linked = {
  scene: 'page_tables',
  title: 'Žížala – a Guest',
  inputs: ['1 2 3 keys'],
  where: { at: 7, step: 3, time: 70, line: 12 },
  midway: true,
  panels: ['terminal', 'locals'],
  breakpoints: [
    { id: 1, on: true, kind: 'address', address: 0xc0100000 },
    { id: 2, on: false, kind: 'line', place: { source: 'docs/host/page_tables.mdx', line: 7 }, note: 'vaddr', when: 'vaddr > 0' },
    { id: 3, on: true, kind: 'event', event: 'trap', when: '' },
    { id: 4, on: true, kind: 'data', address: 0x1000, physical: true, reads: false },
  ],
  notes: [],
  edits: {},
};
const noted = (hits: number): Notes => ({
  id: 2,
  note: 'vaddr',
  count: 2000,
  hits: Array.from({ length: hits }, (_, at) => ({ place: { at, step: 1, time: 10 * at, line: 2 }, text: '0x200000' })),
  fault: null,
});
const PAGE = 'https://here.test/host/page_tables/?old=1#line-3';

describe('a link to a moment', () => {
  test('holds all of it, and no sign that an address would change', () => {
    const link = linkTo(PAGE, LINKED);
    expect(link).toMatch(/^https:\/\/here\.test\/host\/page_tables\/\?run=[\w-]+$/);
    expect(readLink(new URL(link))).toEqual(LINKED);
  });

  test.each([null, 200, 'rising'] as const)('may say that the Guest runs on from there, and how fast: %j', (runs) => {
    expect(readLink(new URL(linkTo(PAGE, { ...LINKED, runs })))).toEqual({ ...LINKED, runs });
    const { scene, title, panels } = LINKED;
    expect(readLink({ search: momentQuery({ scene, title, panels, runs }), hash: '' })).toMatchObject({ scene, runs, where: { at: 0 } });
  });

  test('keeps edited code where no server sees it', () => {
    const edited = { ...LINKED, edits: { 'H:200': 'const jiffies = “now”;\n', 'P:800.tools': '' } };
    const link = linkTo(PAGE, edited);
    expect(link).toMatch(/\?run=[\w-]+#edits=[\w-]+$/);
    expect(readLink(new URL(link))).toEqual(edited);
    expect(readLink({ search: new URL(link).search, hash: '' })).toEqual(LINKED);
  });

  test('brings what was noted, where no server sees it; where that would be too long for an address, all but that', () => {
    const some = { ...LINKED, notes: [noted(3), { id: 7, note: 'vaddr >', count: 0, hits: [], fault: { message: 'ends', at: 7 } }] };
    const link = linkTo(PAGE, some);
    expect(link).toMatch(/\?run=[\w-]+#notes=[\w-]+$/);
    expect(readLink(new URL(link))).toEqual(some);
    const edits = { 'H:200': '' };
    expect(readLink(new URL(linkTo(PAGE, { ...some, edits })))).toEqual({ ...some, edits });
    expect(readLink(new URL(linkTo(PAGE, { ...LINKED, edits, notes: [noted(1000)] })))).toEqual({ ...LINKED, edits });
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
    ['a breakpoint of no kind', { breakpoints: [{ id: 1, on: true }] }],
    ['a breakpoint at no line', { breakpoints: [{ id: 1, on: true, kind: 'line', note: '' }] }],
    ['a breakpoint at no address', { breakpoints: [{ id: 1, on: true, kind: 'address', address: '0x10' }] }],
    ['a breakpoint without a number', { breakpoints: [{ on: true, kind: 'event', event: 'trap', when: '' }] }],
    ['a text for a note', { notes: ['vaddr'] }],
    ['a note at no place', { notes: [{ ...noted(0), hits: [{ text: '0x200000' }] }] }],
    ['a note of no line', { notes: [{ ...noted(1), id: null }] }],
    ['a place before the beginning', { where: { ...LINKED.where, at: -1 } }],
    ['a place that no run reaches', { where: { ...LINKED.where, at: 1e300 } }],
    ['a speed that there is not', { runs: 7 }],
    ['half a place', { where: { at: 7 } }],
  ])('%s is none', (_, wrong) => {
    expect(readLink(new URL(linkTo(PAGE, { ...LINKED, ...wrong } as Linked)))).toBeNull();
  });

  test('with notes that cannot be read is none', () => {
    expect(readLink({ search: new URL(linkTo(PAGE, LINKED)).search, hash: '#notes=eyJIOj' })).toBeNull();
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
