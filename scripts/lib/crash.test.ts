import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { mapStack } from './crash.mjs';

/** A command that dies tells of chapters' lines, though nobody reads maps before. */
test('a place in a bundle becomes the one of its map; others stay', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crash-'));
  const bundle = join(folder, 'a.mjs');
  // Line 2, column 3 of the bundle is line 5, column 1 of the chapter.
  writeFileSync(`${bundle}.map`, JSON.stringify({ version: 3, sources: ['docs/a.mdx'], names: [], mappings: ';EAIA' }));
  const { href } = pathToFileURL(bundle);
  const stack = `Error: x\n    at f (${href}:2:3)\n    at ${href.replace('a.mjs', 'b.mjs')}:2:3\n    at node:internal:1:1`;
  expect(mapStack(stack).split('\n')).toEqual([
    'Error: x',
    `    at f (${join(folder, 'docs/a.mdx')}:5:1)`,
    `    at ${href.replace('a.mjs', 'b.mjs')}:2:3`,
    '    at node:internal:1:1',
  ]);
  rmSync(folder, { recursive: true });
});
