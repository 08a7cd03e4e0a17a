import { expect, test } from 'vitest';
import { SAVED_FORMAT, SAVED_VERSION } from '../world/saved/head.ts';
import { headOfFile } from './saved_file.ts';

const line = { id: 1, on: true, kind: 'line', place: { source: 'docs/host/traps.mdx', line: 7 }, note: 'vector' };
const notes = { id: 1, note: 'vector', count: 1, hits: [{ place: { at: 1, step: 2, time: 3, line: 4 }, text: '14' }], fault: null };

function fileWith(page: object): Blob {
  const head = {
    format: SAVED_FORMAT,
    version: SAVED_VERSION,
    program: 'lguest',
    title: 'A test',
    scene: 'traps',
    patches: null,
    edits: {},
    disks: [],
  };
  return new Blob([`${JSON.stringify({ ...head, where: { at: 1, step: 0, time: 0, line: 0 }, midway: false, page })}\nbody`]);
}

test.each([{}, { home: 'host/traps', panels: [], breakpoints: [line], notes: [notes] }])(
  'a page’s %o is read as it was written',
  async (page) => {
    const { head } = await headOfFile(fileWith(page));
    expect(head.page).toEqual(page);
  },
);

test.each<[string, object]>([
  ['breakpoints', { breakpoints: [7] }],
  ['breakpoints', { breakpoints: [{ ...line, place: null }] }],
  ['notes', { notes: ['vector'] }],
  ['notes', { notes: [{ ...notes, hits: [{}] }] }],
  ['panels', { panels: [7] }],
])('%s that are none (%o) are refused with a sentence', async (what, page) => {
  await expect(headOfFile(fileWith(page))).rejects.toThrow(`this saved run is damaged: its ${what} are not whole; save or fetch it again`);
});
