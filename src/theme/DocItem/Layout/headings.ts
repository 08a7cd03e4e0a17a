/** Turns a page's flat list of headings into a tree of two levels. */

/** Deeper headings are for the page, not for its table of contents. */
const DEEPEST = 3;

interface Heading {
  readonly id: string;
  readonly value: string;
  readonly level: number;
}

interface HeadingNode extends Heading {
  readonly children: HeadingNode[];
}

export function nestHeadings(flat: readonly Heading[]): HeadingNode[] {
  const top: HeadingNode[] = [];
  for (const { id, value, level } of flat) {
    if (level > DEEPEST) continue;
    const node: HeadingNode = { id, value, level, children: [] };
    const parent = top.at(-1);
    if (level > 2 && parent !== undefined) parent.children.push(node);
    else top.push(node);
  }
  return top;
}
