/** What a reader's words lead to. */
import { beforeAll, describe, expect, test } from 'vitest';
import { excerptOf, Finder, rankOf } from './find.ts';
import type { SearchData } from './types.ts';

const data: SearchData = {
  pages: [
    { title: 'Shadow page tables', path: 'host/page_tables/', part: 'H' },
    { title: 'The Switcher', path: 'switcher/', part: 'S' },
    { title: 'machine', path: 'api/machine/', part: '' },
  ],
  sections: [
    [0, '', '', 'A Guest believes that it has page tables of its own.'],
    [0, 'Filling the shadow', 'filling', 'A hidden fault fills one entry of the shadow, and the Guest never hears of it.'],
    [1, 'There', 'there', 'A page and a half of assembly.'],
  ],
  markers: [
    ['H:340', 0, 'host/page_tables.ts'],
    ['H:350', 0, ''],
    ['S:340', 1, 'switcher/switcher.S'],
  ],
  names: [
    ['demandPage', 'H:340', 0, 'host/page_tables.ts'],
    ['guestPa', 'H:350.pa', 0, 'host/page_tables.ts'],
    ['switch_to_guest', 'S:340', 1, 'switcher/switcher.S'],
  ],
  reference: [['PageFault', 2, 'pagefault']],
};

describe('a finder', () => {
  const finder = new Finder(data);
  beforeAll(() => finder.ready);

  test.each([
    ['a marker', 'H:340', ['host/page_tables/#H:340'], 'markers'],
    ['a marker in small letters and without its colon', 'h340', ['host/page_tables/#H:340'], 'markers'],
    ['the beginning of a marker', 'H:3', ['host/page_tables/#H:340', 'host/page_tables/#H:350'], 'markers'],
    ['a chunk', 'h:350.p', ['host/page_tables/#H:350.pa'], 'markers'],
    ['a name', 'demandPage', ['host/page_tables/#H:340'], 'identifiers'],
    ['a name as C would write it', 'demand_page', ['host/page_tables/#H:340'], 'identifiers'],
    ['a name by the middle of it', 'page', ['api/machine/#pagefault', 'host/page_tables/#H:340'], 'identifiers'],
    ['a name by its initials', 'stg', ['switcher/#S:340'], 'identifiers'],
    ['a word of the prose', 'assembly', ['switcher/#there'], 'chapters'],
    ['a heading before the text', 'shadow', ['host/page_tables/#filling', 'host/page_tables/'], 'chapters'],
    ['the beginning of a word', 'assem', ['switcher/#there'], 'chapters'],
    ['a word with a slip in it', 'asembly', ['switcher/#there'], 'chapters'],
    ['two words of one stretch', 'hidden fault', ['host/page_tables/#filling'], 'chapters'],
    ['nothing', '   ', [], 'chapters'],
    ['what is nowhere', 'zebra', [], 'chapters'],
  ] as const)('finds %s', (_, words, paths, kind) => {
    expect(finder.find(words)[kind].map(({ path }) => path)).toEqual(paths);
  });

  test('says where a thing is', () => {
    expect(finder.find('guestpa').identifiers).toEqual([
      {
        path: 'host/page_tables/#H:350.pa',
        title: 'guestPa',
        place: 'H:350.pa, host/page_tables.ts · Shadow page tables',
        part: 'H',
        excerpt: [],
      },
    ]);
  });
});

test.each([
  ['demandPage', 'demandPage', 6],
  ['demandPage', 'DEMAND_PAGE', 5],
  ['demandPage', 'dem', 4],
  ['LHCALL_FLUSH_ASYNC', 'lfa', 3],
  ['demandPage', 'page', 2],
  ['demandPage', 'pa', 0],
  ['demandPage', 'x', 0],
])('%s is called “%s” to a degree of %i', (name, wanted, rank) => {
  expect(rankOf(name, wanted)).toBe(rank);
});

test.each([
  ['short and whole', ['whole'], ['short and ', 'whole', '']],
  ['Nothing of it', [], ['Nothing of it']],
  ['A letter of it', ['a'], ['A letter of it']],
  ['mine, in', ['in'], ['mine, ', 'in', '']],
  [`${'word '.repeat(40)}here ${'more '.repeat(40)}`, ['here'], [`… ${'word '.repeat(10)}`, 'here', ` ${'more '.repeat(20)}more …`]],
])('an excerpt of “%s”', (text, terms, pieces) => {
  expect(excerptOf(text, terms)).toEqual(pieces);
});
