/** A tour as its markers cut it: each section is what a reader meets from one marker to the next. */
import remarkFrontmatter from 'remark-frontmatter';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

/** A node of a chapter's syntax tree, as far as it is looked at here. */
export interface Node {
  readonly type: string;
  readonly name?: string | null;
  readonly value?: string;
  readonly depth?: number;
  readonly url?: string;
  readonly lang?: string | null;
  readonly meta?: string | null;
  readonly ordered?: boolean | null;
  readonly children?: readonly Node[];
  readonly attributes?: readonly { readonly type: string; readonly name?: string; readonly value?: unknown }[];
  readonly position?: { readonly start: { readonly offset?: number }; readonly end: { readonly offset?: number } };
}

/** What lies between a marker and the next one. */
export interface Section {
  /** `H:340`. */
  readonly marker: string;
  /** The chapter's path, as it was given. */
  readonly chapter: string;
  /** Its text: places in the nodes are places in it. */
  readonly text: string;
  readonly nodes: readonly Node[];
}

const parser = unified().use(remarkParse).use(remarkFrontmatter).use(remarkMdx);

/** An attribute's text. */
export function attribute(node: Node, name: string): string | undefined {
  const value = node.attributes?.find((one) => one.name === name)?.value;
  return typeof value === 'string' ? value : undefined;
}

/**
 * Cuts chapters into sections, in the order of their markers' numbers within each letter. What stands before a chapter's first marker belongs to that, and a heading to the
 * marker below it. Chapters without markers give nothing.
 * @param chapters texts by path
 * @param letter only markers of this letter; default: all
 */
export function sectionsOf(chapters: ReadonlyMap<string, string>, letter = ''): Section[] {
  const sections: Section[] = [];
  for (const [chapter, text] of chapters) {
    let marker: string | null = null;
    let nodes: Node[] = [];
    for (const node of (parser.parse(text) as unknown as Node).children ?? []) {
      const next = markerOf(node);
      if (next !== null) {
        const headings: Node[] = [];
        if (marker !== null) {
          while (nodes.at(-1)?.type === 'heading') headings.unshift(nodes.pop() as Node);
          sections.push({ marker, chapter, text, nodes });
          nodes = headings;
        }
        marker = next;
      }
      nodes.push(node);
    }
    if (marker !== null) sections.push({ marker, chapter, text, nodes });
  }
  return sections.filter((one) => one.marker.startsWith(letter)).sort((a, b) => (a.marker < b.marker ? -1 : a.marker > b.marker ? 1 : 0));
}

/** The marker that a paragraph begins with. */
function markerOf(node: Node): string | null {
  if (node.type === 'mdxJsxFlowElement' && node.name === 'Marker') return attribute(node, 'id') ?? null;
  const first = node.children?.[0];
  return node.type === 'paragraph' && first?.type === 'mdxJsxTextElement' && first.name === 'Marker'
    ? (attribute(first, 'id') ?? null)
    : null;
}
