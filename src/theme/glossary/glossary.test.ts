import { readFileSync } from 'node:fs';
import remarkFrontmatter from 'remark-frontmatter';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { describe, expect, test } from 'vitest';
import { TOP } from '../../../scripts/lib/paths.mjs';
import { parts } from '../parts.ts';
import { pagesOf } from '../tour_order.ts';
import { anchorOf } from './anchor.ts';
import { findTerms } from './find_terms.ts';
import type { Node } from './find_terms.ts';
import { glossary } from './glossary.ts';
import type { Term } from './glossary.ts';
import { remarkTerms } from './remark_terms.ts';

const parser = unified().use(remarkParse).use(remarkFrontmatter).use(remarkMdx);
const treeOf = (text: string): Node => parser.parse(text);
const pages = pagesOf(
  `${TOP}/docs`,
  parts.map(({ folder }) => folder),
);

/** The terms of a page, in the order in which they are met. */
const metOn = new Map(pages.map((page) => [page, findTerms(treeOf(readFileSync(`${TOP}/docs/${page}.mdx`, 'utf8')), glossary)]));

describe('the glossary', () => {
  test('has each term and each word once, in the order of the alphabet, each introduced by a page that there is', () => {
    const terms = glossary.map(({ term }) => term);
    expect(terms).toEqual([...terms].sort((a, b) => (anchorOf(a) < anchorOf(b) ? -1 : 1)));
    expect(new Set(terms.map(anchorOf)).size).toBe(terms.length);
    const words = glossary.flatMap((one) => one.words);
    expect(new Set(words).size).toBe(words.length);
    expect(glossary.filter(({ page }) => !pages.includes(page)).map(({ term, page }) => `${term}: ${page}`)).toEqual([]);
  });

  test('is used: the page that introduces a term has it', () => {
    const missing = glossary.filter((term) => metOn.get(term.page)?.every((met) => met.term !== term));
    expect(missing.map(({ term, page }) => `${term}: ${page}`)).toEqual([]);
  });

  test('no term is met before the page that introduces it', () => {
    const early: string[] = [];
    pages.forEach((page, at) => {
      for (const { term, text, from } of metOn.get(page) ?? []) {
        if (pages.indexOf(term.page) > at)
          early.push(
            `${page}: ${term.term} (of ${term.page}): …${(text.value ?? '').slice(Math.max(0, from - 40), from + 50).replaceAll('\n', ' ')}…`,
          );
      }
    });
    expect(early).toEqual([]);
  });
});

describe('terms in prose', () => {
  const ring: Term = { term: 'page table', words: ['page table', 'page tables'], says: '', page: 'a' };
  const page: Term = { term: 'page', words: ['page'], says: '', page: 'a' };
  const met = (text: string): string[] => findTerms(treeOf(text), [page, ring]).map((one) => one.text.value!.slice(one.from, one.to));

  test.each([
    ['the first use of each, the longest word', 'A page tables page page', ['page tables', 'page']],
    ['whole words only', 'pages, homepage, page_tables, page-wise, page', ['page']],
    ['in lists, notes and emphasis', '- a *page*\n\n<Note>page table</Note>', ['page', 'page table']],
    ['not in headings, links and code', '# page\n\n[page](x) `page`\n\n```\npage\n```\n\n<svg><text>page</text></svg>', []],
  ])('%s', (_, text, expected) => {
    expect(met(text)).toEqual(expected);
  });

  test('the page gets a card at the first use, and none where the term is introduced', () => {
    const terms = (path: string): string[] => {
      const tree = treeOf('The TLB, and the TLB again.');
      remarkTerms({ root: '/x' })(tree, { path });
      return (tree.children?.[0].children ?? []).map(({ type, name }) => name ?? type);
    };
    expect(terms('/x/docs/host/core.mdx')).toEqual(['text', 'Term', 'text']);
    expect(terms('/x/docs/before/addresses.mdx')).toEqual(['text']);
    expect(terms('/x/reference/core.mdx')).toEqual(['text']);
  });
});
