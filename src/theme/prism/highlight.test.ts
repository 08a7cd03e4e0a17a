import { expect, test } from 'vitest';
import { linesOf, Prism } from './highlight.tsx';

const shown = (language: string, code: string): string =>
  linesOf(Prism.tokenize(code, Prism.languages[language]))
    .map((line) =>
      line
        .map(({ types, content, empty }) => (empty === true ? '' : `${types.filter((type) => type !== 'plain').join('.')}‹${content}›`))
        .join(''),
    )
    .join('\n');

test.each<[language: string, code: string, expected: string]>([
  ['ts', 'const a = `x${1}`;', 'keyword‹const›‹ a ›operator‹=›‹ ›template-string.template-punctuation.string‹`›'],
  ['ts', '/* one\n\ntwo */ f()', 'comment‹/* one›\n\ncomment‹two */›‹ ›function‹f›punctuation‹(›punctuation‹)›'],
  ['json', '{ "a": 1 }', 'punctuation‹{›‹ ›property‹"a"›operator‹:›‹ ›number‹1›‹ ›punctuation‹}›'],
])('%s: %s', (language, code, expected) => {
  expect(shown(language, code)).toContain(expected);
});
