/** Made-up chapters, whatever their fences stand in and however their lines end: nothing is lost on the way out, or on the way home. */
import fc from 'fast-check';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { expect, test } from 'vitest';
import { effort } from '#testing';
import { splitEndedLines, splitLines } from './lines.ts';
import { project } from '../testing/testing.ts';
import { untangle } from './untangle.ts';

/** What a fence stands in: before its first line, before its others, and lines before it. */
const CONTAINERS: [first: string, others: string, before: string[]][] = [
  ['', '', []],
  ['  ', '  ', []],
  ['- ', '  ', []],
  ['  ', '  ', ['- item', '']],
  ['\t', '\t', ['- item', '']],
  ['1. ', '   ', []],
  ['-\t', '\t', []],
  ['> ', '> ', []],
  ['> - ', '>   ', []],
  ['    ', '    ', ['- item', '  - inner', '']],
  ['>   ', '>   ', ['> - item', '>']],
];

/** Lines of code that someone, somewhere, has stumbled over. */
const CODE = [
  [
    '',
    '',
    'a',
    'b();',
    '  c',
    '    d',
    '}',
    '\te',
    ' \tf',
    'g\th',
    ' ',
    '  ',
    '\t',
    'trailing  ',
    '\ff',
    '\vv',
    'n\u0085l',
    '\u00a0nbsp',
    'ü€😀',
  ],
  ['`', '``', '> q', '- l', '# h', '{x}', '<Box>', '---', '***', '$&', '\\', '~', '// <<', '/*', '"', '1. x', '&amp;', 'import', '\u200b'],
].flat();

interface Block {
  container: number;
  marks: string;
  lines: string[];
  /** Write a line's first two spaces as what is left of a tab, where that is what they can be. */
  tabs: boolean;
  /** Goes into the slot of the chunk before it. */
  piece: boolean;
}

const block: fc.Arbitrary<Block> = fc
  .record({
    container: fc.nat(CONTAINERS.length - 1),
    marks: fc.constantFrom('```', '````', '~~~', '~~~~~'),
    lines: fc.array(fc.constantFrom(...CODE, '```', '~~~', '    ```'), { maxLength: 6 }),
    tabs: fc.boolean(),
    piece: fc.boolean(),
  })
  .map((made) => ({ ...made, lines: made.lines.filter((line) => !line.trim().startsWith(made.marks)) }));

const chapter = fc.record({
  blocks: fc.array(block, { minLength: 1, maxLength: 5 }),
  ends: fc.constantFrom(['\n'], ['\r\n'], ['\r'], ['\n', '\r\n', '\r', '\n']),
  mark: fc.boolean(),
  slot: fc.constantFrom('', '  ', '\t'),
});

/** A chapter, and the lines that must be extracted from it. */
function write({ blocks, ends, mark, slot }: typeof chapter extends fc.Arbitrary<infer T> ? T : never): {
  text: string;
  expected: string[];
} {
  const lines: string[] = ['# Chapter', ''];
  const expected: string[] = [];
  let hole = -1;
  for (const [number, { container, marks, lines: code, tabs, piece }] of blocks.entries()) {
    const [first, others, before] = CONTAINERS[container];
    const follower = blocks.at(number + 1);
    const into = piece && hole >= 0;
    const hasSlot = !into && follower?.piece === true;
    const id = `H:${String(number).padStart(3, '0')}`;
    const info = into ? `ts ${id}.body into=H:${String(number - 1).padStart(3, '0')}` : `ts ${id} file=host/a.ts`;
    const own = hasSlot ? [...code, `${slot}// <<body>>`, ...code] : code;
    const raw = (line: string): string => {
      if (line === '') return others.trimEnd();
      return tabs && others === '  ' && first === '- ' && line.startsWith('  ') ? `\t${line.slice(2)}` : others + line;
    };
    lines.push(...before, first + marks + info, ...own.map(raw), others + marks, '', 'Prose.', '');
    if (into) {
      const out = code.map((line) => (line === '' ? '' : slot + line));
      expected.splice(hole, 0, ...out);
      hole = -1;
    } else {
      if (expected.length > 0 || number > 0) expected.push('');
      if (hasSlot) hole = expected.length + code.length;
      expected.push(...code, ...(hasSlot ? code : []));
      if (!hasSlot) hole = -1;
    }
  }
  let text = mark ? '\ufeff' : '';
  let last = '';
  for (const [index, line] of lines.entries()) {
    let end = ends[index % ends.length];
    if (last === '\r' && line === '' && end === '\n') end = '\r';
    text += line + end;
    last = end;
  }
  return { text, expected };
}

/** Milliseconds, on a busy machine. */
const TIMEOUT = 120_000 * effort();
const PATH = 'docs/host/a.mdx';
const OUT = '.tangled/host/a.ts';

test(
  'what is extracted is what was written, and what the page shows',
  async () => {
    const markdown = unified().use(remarkParse).use(remarkMdx);
    await fc.assert(
      fc.asyncProperty(chapter, async (made) => {
        const { text, expected } = write(made);
        const tour = project({ [PATH]: text });
        const { index } = await tour.tangle();
        expect(tour.text('host/a.ts')).toBe(expected.map((line) => `${line}\n`).join(''));
        const shown: string[] = [];
        const visit = (node: { type: string; value?: string; children?: unknown[] }): void => {
          if (node.type === 'code') shown.push(...(node.value === '' ? [] : splitLines(node.value ?? '')));
          for (const child of node.children ?? []) visit(child as typeof node);
        };
        visit(markdown.parse(text));
        const inPages = shown.filter((line) => line !== '' && !line.includes('<<body>>')).sort();
        expect(inPages).toEqual(
          made.blocks
            .flatMap(({ lines }, number) => (index.chunks[number].slots.length > 0 ? [...lines, ...lines] : lines))
            .filter((line) => line !== '')
            .sort(),
        );
        expect(index.chunks).toHaveLength(made.blocks.length);
      }),
      { numRuns: 300 * effort() },
    );
  },
  TIMEOUT,
);

test(
  'edits go home to the byte, or are refused and change nothing',
  async () => {
    let carried = 0;
    let refused = 0;
    const edits = fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        remove: fc.nat(2),
        add: fc.array(fc.constantFrom(...CODE), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    );
    await fc.assert(
      fc.asyncProperty(chapter, edits, fc.constantFrom('\n', '\r\n', '\r'), fc.boolean(), async (made, changes, end, mark) => {
        const { text, expected } = write(made);
        const tour = project({ [PATH]: text });
        await tour.tangle();
        const wanted = [...expected];
        for (const { at, remove, add } of changes) wanted.splice(Math.floor(at * wanted.length), remove, ...add);
        const written = tour.fs.read(OUT)!;
        const map = written.slice(written.indexOf('//# sourceMappingURL='));
        // As an editor may save it: with its own line ends, with a mark, with the map in the middle.
        const half = Math.floor(wanted.length / 2);
        const saved = [...wanted.slice(0, half), ...(end === '\r' ? [map.trimEnd()] : []), ...wanted.slice(half)];
        tour.fs.write(OUT, (mark ? '\ufeff' : '') + saved.map((line) => line + end).join('') + (end === '\r' ? '' : map));
        const { problems } = await untangle(tour.tangler);
        if (problems.length > 0) {
          refused++;
          expect(tour.fs.read(PATH)).toBe(text);
          for (const { file, line } of problems) {
            expect(file === OUT ? line <= wanted.length + 1 : line <= splitLines(text).length).toBe(true);
          }
          return;
        }
        carried++;
        await tour.tangle(); // line ends and marks alone are no edit
        expect(tour.text('host/a.ts')).toBe(wanted.length === 0 ? '' : wanted.map((line) => `${line}\n`).join(''));
        expect(outside(tour.fs.read(PATH)!)).toEqual(outside(text));
      }),
      { numRuns: 400 * effort() },
    );
    expect(carried).toBeGreaterThan(refused);
  },
  TIMEOUT,
);

/** Everything of a chapter but its code, and what ends each line; a lone LF may have become a CR to stay a line. */
function outside(text: string): string[] {
  const kept: string[] = [];
  let marks: string | null = null;
  for (const { text: line, end } of splitEndedLines(text)) {
    const fence = /^[\s>\d.-]*(`{3,}|~{3,})(.*)$/.exec(line);
    if (marks !== null && fence?.[1] === marks && fence[2] === '') {
      marks = null;
      kept.push(line + end);
    } else if (marks === null) {
      if (fence) marks = fence[1];
      kept.push(line + end);
    }
  }
  return kept;
}
