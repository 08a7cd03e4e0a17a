import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { expect, it } from 'vitest';
import { remarkGuests } from './remark_guests.ts';

/** The titles that the Guests of a chapter get; null: none. */
function titles(chapter: string, scenes: Readonly<Record<string, string>> = {}): (string | null)[] {
  const parser = unified().use(remarkParse).use(remarkMdx);
  const tree = parser.parse(chapter) as unknown as { children: { name?: string; attributes?: { name: string; value: string }[] }[] };
  remarkGuests({ sceneText: (scene) => scenes[scene] })(tree);
  return tree.children
    .filter(({ name }) => name === 'LiveGuest')
    .map(({ attributes = [] }) => attributes.find(({ name }) => name === 'title')?.value ?? null);
}

it.each<[string, string, (string | null)[]]>([
  [
    'its scene’s',
    '<LiveGuest scene="a" />\n\n```json H:100.scene file=scenes/a.json hidden\n{ "title": "A “Guest”" }\n```\n',
    ['A “Guest”'],
  ],
  [
    'each its own',
    '```json H:100 file=scenes/a.json\n{ "title": "A" }\n```\n\n<LiveGuest scene="b" />\n\n<LiveGuest scene="a" />\n\n```json H:110 file=scenes/b.json\n{ "title": "B" }\n```\n',
    ['B', 'A'],
  ],
  ['none of a chapter that nobody knows', '<LiveGuest scene="a" />\n', [null]],
  ['none from broken JSON', '<LiveGuest scene="a" />\n\n```json H:100 file=scenes/a.json\n{ "title": \n```\n', [null]],
])('a Guest’s frame is named: %s', (_what, chapter, expected) => {
  expect(titles(chapter)).toEqual(expected);
});

it('a Guest’s frame is named, too, where its scene stands in another chapter', () => {
  const chapter =
    '<LiveGuest scene="a" />\n\n<LiveGuest scene="b" />\n\n<LiveGuest scene="c" />\n\n```json H:100 file=scenes/b.json\n{ "title": "B" }\n```\n';
  expect(titles(chapter, { a: '{ "title": "A" }', b: '{ "title": "Old" }' })).toEqual(['A', 'B', null]);
});
