/** Edits in extracted files go back to the chapters, or are refused when the chapters changed too. */
import { describe, expect, test } from 'vitest';
import { formatProblems } from './problems.ts';
import { fence, project } from '../testing/testing.ts';
import type { TestProject } from '../testing/testing.ts';
import { untangle } from './untangle.ts';

const CHAPTER = [
  '# Title',
  '',
  'Prose.',
  '',
  fence('ts H:100 file=host/a.ts', 'function f() {', '  one();', '  // <<body>>', '  two();', '}'),
  '- item',
  '',
  '  ```ts H:100.body into=H:100',
  '  if (x) {',
  '    three();',
  '  }',
  '  ```',
  '',
  fence('ts H:200 file=host/a.ts', 'last();'),
].join('\n');
const PATH = 'docs/host/a.mdx';

async function start(chapter = CHAPTER): Promise<TestProject> {
  const tour = project({ [PATH]: chapter });
  await tour.tangle();
  return tour;
}

function edit(tour: TestProject, from: string, to: string, file = '.tangled/host/a.ts'): void {
  const text = tour.fs.read(file)!;
  expect(text).toContain(from);
  tour.fs.write(
    file,
    text.replace(from, () => to),
  );
}

describe('carried back', () => {
  test.each<[name: string, from: string, to: string, mdxFrom: string, mdxTo: string]>([
    ['a changed line', 'one();', 'uno();', 'one();', 'uno();'],
    ['a changed line of an indented piece in a list', '    three();', '    tres();', '    three();', '    tres();'],
    ['new lines in a piece', '    three();\n', '    three();\n\n    four();\n', '    three();\n', '    three();\n\n    four();\n'],
    ['a removed line', '  two();\n', '', '  two();\n', ''],
    ['a new line at the end of a chunk', '}\n\nlast', '}\nfive();\n\nlast', '}\n```\n\n- item', '}\nfive();\n```\n\n- item'],
    ['a new line at the start of a chunk', '\nlast();', '\nsix();\nlast();', 'last();', 'six();\nlast();'],
    ['a line after a piece, as deep as the piece', '  }\n  two();', '  }\n  zero();\n  two();', '  }\n  ```', '  }\n  zero();\n  ```'],
    ['a line after a piece, less deep', '  }\n  two();', '  }\n zero();\n  two();', '  two();', ' zero();\n  two();'],
  ])('%s', async (_name, from, to, mdxFrom, mdxTo) => {
    const tour = await start();
    edit(tour, from, to);
    const edited = tour.text('host/a.ts');
    const { problems, chapters } = await untangle(tour.tangler);
    expect(problems).toEqual([]);
    expect([...chapters]).toEqual([[PATH, 1]]);
    expect(tour.fs.read(PATH)).toBe(CHAPTER.replace(mdxFrom, () => mdxTo));
    expect(tour.text('host/a.ts')).toBe(edited);
    expect(await tour.messages()).toEqual([]);
  });

  test('nothing to carry', async () => {
    const tour = await start();
    tour.fs.writes.length = 0;
    expect(await untangle(tour.tangler)).toEqual({ problems: [], chapters: new Map(), notices: [] });
    expect(tour.fs.writes).toEqual([]);
  });

  test('beside changes elsewhere in the chapter', async () => {
    const tour = await start();
    edit(tour, 'one();', 'uno();');
    const moved = CHAPTER.replace('Prose.', 'Prose.\nMore.').replace('last();', 'first();\nlast();');
    tour.fs.write(PATH, moved);
    expect((await untangle(tour.tangler)).problems).toEqual([]);
    expect(tour.fs.read(PATH)).toBe(moved.replace('one();', 'uno();'));
  });

  test('the same change on both sides is no conflict', async () => {
    const tour = await start();
    edit(tour, 'one();', 'uno();');
    tour.fs.write(PATH, CHAPTER.replace('one();', 'uno();'));
    expect((await untangle(tour.tangler)).problems).toEqual([]);
    expect(tour.fs.read(PATH)).toBe(CHAPTER.replace('one();', 'uno();'));
  });

  test('a chapter keeps its line ends', async () => {
    const tour = await start(CHAPTER.replaceAll('\n', '\r\n'));
    edit(tour, 'one();', 'uno();\n  due();');
    expect((await untangle(tour.tangler)).problems).toEqual([]);
    expect(tour.fs.read(PATH)).toBe(CHAPTER.replace('one();', 'uno();\n  due();').replaceAll('\n', '\r\n'));
  });
});

describe('refused', () => {
  const refused = async (tour: TestProject): Promise<string> => {
    const before = new Map(tour.fs.files);
    const { problems, chapters } = await untangle(tour.tangler);
    expect(chapters.size).toBe(0);
    for (const [path, text] of before) if (!path.includes('/cache/')) expect(tour.fs.read(path)).toBe(text);
    return formatProblems(problems);
  };
  test('with a three-way diff, where both sides changed', async () => {
    const tour = await start();
    edit(tour, 'one();', 'uno();');
    edit(tour, 'last();', 'ultimo();');
    tour.fs.write(PATH, CHAPTER.replace('Prose.', 'Prose.\nMore.').replace('one();', 'eins();\n  zwei();'));
    expect(await refused(tour)).toBe(
      `
docs/host/a.mdx:8:1: both this chapter and .tangled/host/a.ts:2 changed since the last extraction
    Make one of them as the other is, or drop the edit with "tangle --force".
    <<<<<<< .tangled/host/a.ts:2
      uno();
    ||||||| as last extracted
      one();
    =======
      eins();
      zwei();
    >>>>>>> docs/host/a.mdx`.trim(),
    );
  });
  test('an edit across two chunks', async () => {
    const tour = await start();
    edit(tour, '  one();\n  if (x) {', '  joined {');
    expect(await refused(tour)).toMatch(/^\.tangled\/host\/a\.ts:2:1: this edit spans lines of more than one chunk\n/);
  });
  test('a line that would end the fence', async () => {
    const tour = await start();
    edit(tour, 'last();', 'last();\n```');
    expect(await refused(tour)).toMatch(/^\.tangled\/host\/a\.ts:10:1: the line "```" would end the fence in the chapter\n/);
  });
  test('an edit that cannot come out the same', async () => {
    const tour = await start();
    edit(tour, '    three();', ' three();');
    expect(await refused(tour)).toMatch(/^\.tangled\/host\/a\.ts:4:1: this edit does not come out the same when it is extracted again\n/);
  });
  test('a file that no chapter gives any more', async () => {
    const tour = await start();
    edit(tour, 'one();', 'uno();');
    tour.fs.write(PATH, '# Empty\n');
    expect(await refused(tour)).toMatch(/^\.tangled\/host\/a\.ts:2:1: this file was edited, but no chapter gives it any more\n/);
  });
});
