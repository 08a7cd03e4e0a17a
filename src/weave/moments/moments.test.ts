/** Moments that the chapters name: what cannot be meant is told at its place; what is kept is still that moment; and the page, which goes by what is kept, comes to the very line. */
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { beforeAll, describe, expect, test } from 'vitest';
import { base, loadDebugBuild, programOf } from '../../../scripts/lib/bundles.mjs';
import { chaptersWithMoments, findChapterMoments, keptMoments } from '../../../scripts/lib/moments.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { Fold, LguestProgram, Moment, World } from '#world';
import { momentsIn } from './elements.ts';
import type { MdxNode } from './elements.ts';
import { remarkMoments } from './remark_moments.ts';
import { wishOf } from './wishes.ts';
import type { MomentBook } from './wishes.ts';

const CODE = ['const a = 1;', 'if (a) return;', '\tmovl\t%eax, %ebx', 'return a;'];
const BOOK: MomentBook = {
  index: { chunks: [{ id: 'H:340', chapter: 'docs/host/x.mdx', lines: { from: 11, to: 14 } }] as never },
  linesOf: () => [...Array.from({ length: 10 }, () => ''), ...CODE],
  isScene: (name) => name === 'pages',
};
const treeOf = (text: string): MdxNode => unified().use(remarkParse).use(remarkMdx).parse(text) as MdxNode;
const wishesOf = (text: string): unknown[] => momentsIn(treeOf(text)).map((element) => wishOf(element, 'docs/host/y.mdx', BOOK));

describe('what is said of a moment', () => {
  test.each<[string, number[], object]>([
    ['at="H:340" line="const a = 1;"', [11], { hit: 1 }],
    ['at="H:340" line="(a)" when="a == 1" hit={3}', [12], { hit: 3, when: 'a == 1' }],
    ['at="H:340" line="movl %eax, %ebx"', [13], { hit: 1 }],
    ['at="H:340"', [11, 12, 13, 14], { hit: 1 }],
  ])('%s', (attributes, lines, rest) => {
    const wish = { lines: lines.map((line) => ({ source: 'docs/host/x.mdx', line })), ...rest };
    expect(wishesOf(`See <Moment scene="pages" ${attributes}>there</Moment>.`)).toEqual([wish]);
    expect(wishesOf(`<Journey scene="pages">\n<Step ${attributes}>there</Step>\n</Journey>`)).toEqual([wish]);
  });

  test.each<[string, string, number]>([
    ['scene="none" at="H:340"', 'There is no scene none.', 13],
    ['at="H:340"', 'A moment is one of a scene, and none is named.', 5],
    ['scene="pages" at="H:999"', 'There is no chunk H:999.', 27],
    ['scene="pages"', 'A moment is at a chunk, and none is named.', 5],
    ['scene="pages" at="H:340" line="zebra"', 'H:340 has no line “zebra”.', 38],
    ['scene="pages" at="H:340" line="return"', 'H:340 has 2 lines with “return”: say more of it.', 38],
    ['scene="pages" at="H:340" when="a ="', 'That is no condition: “=” means nothing here.', 38],
    ['scene="pages" at="H:340" hit={0}', 'A moment is the first time (1), or a later one.', 38],
  ])('%s: %s', (attributes, message, column) => {
    expect(wishesOf(`See <Moment ${attributes}>there</Moment>.`)).toEqual([
      expect.objectContaining({ file: 'docs/host/y.mdx', line: 1, column, message }),
    ]);
  });

  test('the page gets a key for each, and the file in which their places are', () => {
    const tree = treeOf('<Moment scene="pages" at="H:340" hit={2}>a</Moment> and b');
    remarkMoments()(tree, { path: '/somewhere/docs/host/y.mdx' });
    expect(momentsIn(tree)[0].node.attributes).toContainEqual({ type: 'mdxJsxAttribute', name: 'moment', value: 'pages | H:340 | hit 2' });
    expect(tree.children?.at(-1)?.value).toBe("export { default as pageMoments } from './y.moments.json';");
    const plain = treeOf('Nothing.');
    remarkMoments()(plain, { path: 'y.mdx' });
    expect(plain.children).toHaveLength(1);
  });
});

const chapters = await chaptersWithMoments();
const results = await findChapterMoments(chapters);
const moments = results.flatMap(({ chapter, found }) => [...found].map(([key, moment]) => ({ chapter, key, moment })));

describe.each(results)('the moments of $chapter', ({ chapter, text, faults }) => {
  test('are there, and where they are kept', () => {
    expect(faults).toEqual([]);
    expect(text, 'node scripts/scenes.mjs --update').toBe(keptMoments(chapter));
  });
});

class Nothing implements Fold<Nothing> {
  hear(): void {}
  gather(): void {}
  countOf(): number {
    return 0;
  }
  copy(): Nothing {
    return this;
  }
}

let debug: LguestProgram;
beforeAll(async () => {
  debug = await loadDebugBuild();
});

/** The scene of a moment; a step's key begins with its journey. */
const sceneOf = (key: string): string => key.split(' | ').find((part) => sceneBundles().some(({ name }) => name === part)) ?? '';

/** Goes there as the page does: with the same input, straight to the place. */
async function goTo(scene: string, { where, midway, inputs }: Moment): Promise<World> {
  const bundle = sceneBundles().find(({ name }) => name === scene)!;
  const program = await programOf(bundle);
  const disk = bundle.scene.disk && base.MemoryDisk.fromScene(bundle.scene.disk);
  const replay = inputs.map(base.parseInput);
  const world = base.World.fromScene(bundle, { program, keepEvents: false, replay });
  if (bundle.patches === undefined) world.study(debug);
  const timeline = new base.Timeline(() => world, new Nothing());
  // What hangs on a disk's answers is run once before.
  if (disk !== undefined) base.drive(world, where.at + 1, { serve: (request) => disk.answer(request) });
  expect(base.walk(new base.Journeys(timeline).toPlace(where, midway))).toBe(true);
  return world;
}

test.each(moments)('$key: the page comes to the line', async ({ key, moment }) => {
  const world = await goTo(sceneOf(key), moment);
  expect(world.currentLine()).toEqual(moment.line);
  expect(world.midway !== null).toBe(moment.midway);
});
