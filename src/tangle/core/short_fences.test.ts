import { describe, expect, test } from 'vitest';
import { fence, project } from '../testing/testing.ts';

const PATH = 'docs/host/a.mdx';
const other = fence('ts H:200 file=host/b.ts', 'b();');
const told = async (chapter: string): Promise<string[]> => project({ [PATH]: `${other}\n${chapter}` }).messages();

describe('a fence of one mark or two', () => {
  const says = (info: string, line = 5, column = 1, marks = 'two marks'): string =>
    `${PATH}:${line}:${column}: the fence "${info}" has ${marks} only: what follows is prose`;

  test.each([
    ['backticks', '``ts H:100 file=host/a.ts\na();\n``\n', says('ts H:100 file=host/a.ts')],
    ['tildes', '~~ts H:100 file=host/a.ts\na();\n~~\n', says('ts H:100 file=host/a.ts')],
    ['one backtick', '`ts H:100 file=host/a.ts\na();\n`\n', says('ts H:100 file=host/a.ts', 5, 1, 'one mark')],
    ['one tilde', '~ts H:100 file=host/a.ts\na();\n~\n', says('ts H:100 file=host/a.ts', 5, 1, 'one mark')],
    ['no end', '``ts H:100 file=host/a.ts\na();\n', says('ts H:100 file=host/a.ts')],
    [
      'no end, and another',
      `\`ts H:100 file=host/a.ts\n\n${fence('ts H:300 file=host/c.ts', 'c();')}`,
      says('ts H:100 file=host/a.ts', 5, 1, 'one mark'),
    ],
    ['blanks around', '``  asm H:100.x  into=H:200  \n\tnop\n\n\tnop\n``  \n', says('asm H:100.x  into=H:200  ')],
    ['an odd order of words', '``ts hidden file=host/a.ts H:100\na();\n``\n', says('ts hidden file=host/a.ts H:100')],
    ['no language', '``H:100 file=host/a.ts\na();\n``\n', says('H:100 file=host/a.ts')],
    ['behind words of its paragraph', 'So it goes:\n``json H:100 file=scenes/x.json\n1\n``\n', says('json H:100 file=scenes/x.json', 6)],
    ['in a list', '- ``ts H:100 file=host/a.ts\n  a();\n  ``\n', says('ts H:100 file=host/a.ts', 5, 3)],
  ])('%s', async (_, chapter, sentence) => expect(await told(chapter)).toEqual([sentence]));

  test('whose code is no MDX is told beside what is wrong with it as such', async () => {
    const messages = await told('``ts H:100 file=host/a.ts\nif (a) {\n\n  b(;\n``\n');
    expect(messages).toHaveLength(2);
    expect(messages).toContain(says('ts H:100 file=host/a.ts'));
    expect(messages.join()).toContain('broken MDX');
  });

  test.each([
    ['code in prose that runs over lines', 'Of ``ts H:100\nfile=x`` and\n``ts H:100 file=x\n`y` `` more.\n'],
    ['code that begins a line', '``ts H:100 file=host/a.ts`` is what a fence says.\n'],
    ['a block of another language', '``sh H:100\nls\n``\n'],
    ['words that are no chunk’s', '``ts is a language\nof its own\n``\n'],
    ['code of one mark that runs over a line end', 'See:\n`ts H:100 file=x\ny` and so on.\n'],
    ['words that are struck out over a line end', '~~H:100 was here\nonce~~ no more\n'],
    ['one that is shown in a fence', '```md\n``ts H:100 file=host/a.ts\na();\n``\n```\n'],
  ])('%s: nothing is told', async (_, chapter) => expect(await told(chapter)).toEqual([]));
});
