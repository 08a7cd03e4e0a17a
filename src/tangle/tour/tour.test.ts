/** The tour on a terminal: what the markers cut, in their order; nothing of a section is lost, and pictures say that they are pictures. */
import { describe, expect, test } from 'vitest';
import { renderSection, wrap } from './render.ts';
import { sectionsOf } from './sections.ts';

const fence = '```';
const chapters = new Map([
  [
    'docs/host/b.mdx',
    [
      '---',
      'title: B',
      '---',
      '',
      '<Promise watch="it">',
      '',
      'You will know.',
      '',
      '</Promise>',
      '',
      '## First',
      '',
      '<Marker id="H:300" /> Three *hundred*, and `a b`.',
      '',
      `${fence}ts H:300 file=host/b.ts`,
      'const b = 1;',
      '',
      'call(b);',
      fence,
      '',
      `${fence}ts H:300.more file=host/b.ts hidden`,
      'more();',
      fence,
      '',
      '## Second',
      '',
      '<Marker id="P:400" /> Four hundred of another letter.',
      '',
      '| a | b |',
      '|---|---|',
      '| <World of="host">long *cell*</World> | [x](./y.mdx) |',
      '',
      '- one',
      '- two',
      '',
      '<Figure caption="A picture.">',
      '<svg viewBox="0 0 1 1"><text>no</text></svg>',
      '</Figure>',
      '',
    ].join('\n'),
  ],
  ['docs/host/a.mdx', '<Marker id="H:310" /> Three hundred and ten.\n\n<Marker id="H:050" /> Fifty.\n'],
  ['docs/host/none.mdx', 'No marker at all.\n'],
]);

test('sections come in the order of their markers, with the headings that stand above them', () => {
  expect(sectionsOf(chapters).map(({ marker, chapter, nodes }) => [marker, chapter, nodes.map(({ type }) => type)])).toEqual([
    ['H:050', 'docs/host/a.mdx', ['paragraph']],
    ['H:300', 'docs/host/b.mdx', ['yaml', 'mdxJsxFlowElement', 'heading', 'paragraph', 'code', 'code']],
    ['H:310', 'docs/host/a.mdx', ['paragraph']],
    ['P:400', 'docs/host/b.mdx', ['heading', 'paragraph', 'paragraph', 'list', 'mdxJsxFlowElement']],
  ]);
  expect(sectionsOf(chapters, 'P').map(({ marker }) => marker)).toEqual(['P:400']);
});

describe('on a terminal', () => {
  const options = {
    width: 40,
    labels: {
      Promise: (of: (name: string) => string | undefined) => `Watch ${of('watch')}.`,
      Figure: (of: (name: string) => string | undefined) => `[Picture: ${of('caption')}]`,
    },
    closed: ['Figure'],
  };
  const shown = (marker: string, colours = false): string => {
    const section = sectionsOf(chapters).find((one) => one.marker === marker);
    if (section === undefined) throw new Error(marker);
    return renderSection(section, { ...options, colours });
  };

  test('prose is wrapped, code is not, folded code is told of', () => {
    expect(shown('H:300').split('\n')).toEqual(
      [
        '  Watch it.',
        '  You will know.',
        '',
        'First',
        '',
        'H:300 Three hundred, and a b.',
        '',
        '    H:300 file=host/b.ts',
        '    const b = 1;',
        '',
        '    call(b);',
        '',
        '    … H:300.more: 1 ts lines, folded',
        '',
        '',
      ].map((line, index, all) => (index === all.length - 1 ? '' : line)),
    );
  });

  test('tables keep their columns, lists their signs, pictures their captions', () => {
    expect(shown('P:400').split('\n')).toEqual(
      [
        'Second',
        '',
        'P:400 Four hundred of another letter.',
        '',
        '    a           b',
        '    long cell   x',
        '',
        '  - one',
        '  - two',
        '',
        '[Picture: A picture.]',
        '',
        '',
      ].map((line, index, all) => (index === all.length - 1 ? '' : line)),
    );
  });

  test('in colour it is the same text', () => {
    expect(shown('H:300', true).replace(/\u001b\[[\d;]*m/g, '')).toBe(shown('H:300'));
    expect(shown('H:300', true)).toContain('\u001b[1;35mH:300');
  });
});

test.each([
  ['a bc def', 4, ['a bc', 'def']],
  ['longword x', 4, ['longword', 'x']],
  ['\u001b[1mab\u001b[0m cd', 5, ['\u001b[1mab\u001b[0m cd']],
  ['', 4, []],
])('%j in %i columns', (text, width, lines) => {
  expect(wrap(text, width)).toEqual(lines);
});
