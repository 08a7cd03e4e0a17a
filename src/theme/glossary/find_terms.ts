/** Finds the glossary's terms in prose. Runs in Node, over a page's syntax tree. */
import type { Term } from './glossary.ts';

/** A node of a page's syntax tree, as far as it is looked at here. */
export interface Node {
  type: string;
  name?: string | null;
  value?: string;
  children?: Node[];
  /** Those of a tag: written here, never read. */
  attributes?: object[];
}

/** A term met in a text node of the page. */
export interface Met {
  readonly term: Term;
  /** The text node, and the node that it is a child of. */
  readonly text: Node;
  readonly parent: Node;
  readonly from: number;
  readonly to: number;
}

/** What is not prose: titles, links, code, drawings. */
const NOT_PROSE: ReadonlySet<string> = new Set([
  'heading',
  'link',
  'code',
  'inlineCode',
  'yaml',
  'mdxjsEsm',
  'mdxTextExpression',
  'mdxFlowExpression',
]);
const NOT_PROSE_ELEMENTS: ReadonlySet<string> = new Set(['svg', 'Marker', 'Moment', 'a', 'h1', 'Link', 'summary', 'button']);

/** The first place of each term in a page's prose, in the order in which they are met. */
export function findTerms(tree: Node, glossary: readonly Term[]): Met[] {
  const words = new Map(glossary.flatMap((term) => term.words.map((word) => [word, term] as const)));
  const pattern = patternOf([...words.keys()]);
  const met = new Map<Term, Met>();
  const visit = (node: Node): void => {
    if (NOT_PROSE.has(node.type) || NOT_PROSE_ELEMENTS.has(node.name ?? '')) return;
    for (const child of node.children ?? []) {
      if (child.type !== 'text') {
        visit(child);
        continue;
      }
      for (const match of (child.value ?? '').matchAll(pattern)) {
        const term = words.get(match[0]) as Term;
        if (!met.has(term)) met.set(term, { term, text: child, parent: node, from: match.index, to: match.index + match[0].length });
      }
    }
  };
  visit(tree);
  return [...met.values()];
}

/** Whole words only, the longest first: `page table` is not a `page`. */
function patternOf(words: readonly string[]): RegExp {
  const escaped = [...words].sort((a, b) => b.length - a.length).map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`(?<![\\w/-])(?:${escaped.join('|')})(?![\\w-])`, 'g');
}
