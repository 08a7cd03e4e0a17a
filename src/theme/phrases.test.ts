/** Turns of phrase that are not English, though each of their words is: `npm run spell` cannot see them. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TOP } from '../../scripts/lib/paths.mjs';

const PHRASES: readonly (readonly [pattern: RegExp, better: string])[] = [
  [/\bbeliev(?:e|es|ed|ing) to (?:be|have|rule|own|know)\b/, 'believes it is'],
  [/\bthousand million\b/, 'billion'],
  [/\bin the wrong moment\b/, 'at the wrong moment'],
  [/\bthe begin of\b/, 'the beginning of'],
  [/(?:^|[.!] )Whom? [a-z][^.?!]*[.!](?:\s|$)/, 'a subject of its own: “whoever”, “a Guest that”'],
];

const texts = ['docs', 'src/pages'].flatMap((folder) =>
  readdirSync(`${TOP}/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:mdx|tsx)$/.test(path))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`),
);

/** What of a text is no English. Behind the head of a chapter, which is in a style of its own. */
function faults(text: string): string[] {
  const lines = text.replace(/^---\n[\s\S]*?\n---\n/, (head) => head.replace(/[^\n]/g, '')).split('\n');
  return lines.flatMap((line, at) =>
    PHRASES.flatMap(([pattern, better]) => {
      const [found] = pattern.exec(line) ?? [];
      return found === undefined ? [] : [`line ${at + 1}: “${found.trim()}”; rather: ${better}`];
    }),
  );
}

test.each(texts)('%s', (path) => expect(faults(readFileSync(`${TOP}/${path}`, 'utf8'))).toEqual([]));

test.each([
  ['The Host believes to have received.', 1],
  ['A Host believes it has. Who passes cannot choose a thing.', 1],
  ['Who passes? A Guest. Whoever passes chooses nothing, and who knows why.', 0],
  ['After four thousand million bytes, in the wrong moment.', 2],
])('%s', (text, count) => expect(faults(text)).toHaveLength(count));
