/** A remark plugin for the page: the first use of each of the glossary's terms becomes a `<Term>`, but for the page that introduces it. */
import { findTerms } from './find_terms.ts';
import type { Met, Node } from './find_terms.ts';
import { glossary } from './glossary.ts';

/** Options of {@link remarkTerms}. */
export interface TermsOptions {
  /** The project's root folder. */
  root: string;
}

/** The attacher, as unified wants it. */
export function remarkTerms({ root }: TermsOptions): (tree: unknown, file: { path?: string }) => void {
  const prefix = `${root.replaceAll('\\', '/').replace(/\/$/, '')}/docs/`;
  return (tree, file) => {
    const path = (file.path ?? '').replaceAll('\\', '/');
    if (!path.startsWith(prefix) || !path.endsWith('.mdx')) return;
    const page = path.slice(prefix.length).replace(/\.mdx$/, '');
    const met = findTerms(
      tree as Node,
      glossary.filter((term) => term.page !== page),
    );
    const byText = new Map<Node, Met[]>();
    for (const one of met) byText.set(one.text, [...(byText.get(one.text) ?? []), one]);
    for (const [text, terms] of byText) {
      const { parent } = terms[0];
      parent.children?.splice(parent.children.indexOf(text), 1, ...cut(text.value ?? '', terms));
    }
  };
}

/** A text with its terms marked. */
function cut(text: string, terms: readonly Met[]): Node[] {
  const nodes: Node[] = [];
  let done = 0;
  for (const { term, from, to } of [...terms].sort((a, b) => a.from - b.from)) {
    if (from > done) nodes.push({ type: 'text', value: text.slice(done, from) });
    nodes.push({
      type: 'mdxJsxTextElement',
      name: 'Term',
      attributes: [{ type: 'mdxJsxAttribute', name: 'of', value: term.term }],
      children: [{ type: 'text', value: text.slice(from, to) }],
    });
    done = to;
  }
  if (done < text.length) nodes.push({ type: 'text', value: text.slice(done) });
  return nodes;
}
