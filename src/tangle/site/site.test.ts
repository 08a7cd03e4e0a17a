/** What the site gets: annotated fences, and the plugin that extracts and shares the index. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadContext, PluginContentLoadedActions } from '@docusaurus/types';
import remarkFrontmatter from 'remark-frontmatter';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { expect, test } from 'vitest';
import tanglePlugin from './docusaurus.ts';
import { remarkAnnotate } from './remark_annotate.ts';
import type { SiteIndex } from '../core/site_index.ts';
import { fence, testConfig } from '../testing/testing.ts';

const CHAPTER = `---\ntitle: A\n---\n\n${fence('ts H:100.x file=host/a.ts hidden', 'a')}\n<Box>\n${fence('ts example', 'b')}</Box>\n${fence('ts title="plain"', 'c')}${fence('ts example', 'd')}`;

test.each([
  ['/book/tour/docs/host/a.mdx', true],
  ['/book/tour/docs/api/a.md', false],
  ['/elsewhere/a.mdx', false],
])('fences of %s are annotated: %s', (path, annotated) => {
  const tree = unified().use(remarkParse).use(remarkFrontmatter).use(remarkMdx).parse(CHAPTER);
  remarkAnnotate({ config: testConfig, root: '/book/tour' })(tree, { path });
  const metas: unknown[] = [];
  const visit = (node: { type: string; meta?: unknown; children?: unknown[] }): void => {
    if (node.type === 'code') metas.push(node.meta);
    for (const child of node.children ?? []) visit(child as typeof node);
  };
  visit(tree);
  const facts = (line: number, chunk: string): string => (annotated ? ` mdx=docs/host/a.mdx line=${line} chunk=${chunk}` : '');
  expect(metas).toEqual([
    `H:100.x file=host/a.ts hidden${facts(6, 'H:100.x')}`,
    `example${facts(11, 'examples/host/a-1')}`,
    'title="plain"',
    `example${facts(18, 'examples/host/a-2')}`,
  ]);
});

test('the plugin extracts, shares the index, and stops at problems', async () => {
  const root = mkdtempSync(join(tmpdir(), 'tangle-'));
  try {
    mkdirSync(join(root, 'docs/host'), { recursive: true });
    writeFileSync(join(root, 'docs/host/a.mdx'), CHAPTER);
    const plugin = tanglePlugin({ siteDir: root } as LoadContext, { config: testConfig });
    expect(plugin.getPathsToWatch?.()).toEqual([`${root}/docs/**/*.mdx`]);
    const content = await plugin.loadContent!();
    expect(readFileSync(join(root, '.tangled/host/a.ts'), 'utf8')).toMatch(/^a\n/);
    const shared: SiteIndex[] = [];
    await plugin.contentLoaded!({
      content,
      actions: { setGlobalData: (data) => void shared.push(data as SiteIndex) } as PluginContentLoadedActions,
    });
    expect(shared[0].chunks['H:100.x']).toEqual({ kind: 'file', lang: 'ts', chapter: 0, line: 6, file: 0, output: [[1, 1]], hidden: true });
    writeFileSync(join(root, 'docs/host/a.mdx'), CHAPTER.replace('H:100', 'H:1'));
    await expect(plugin.loadContent!()).rejects.toThrow('docs/host/a.mdx:5:7: "H:1.x" is not a marker\n');
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
