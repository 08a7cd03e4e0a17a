/** Syntax trees: what is below a node, in the order of the source. */
import type { Node } from 'acorn';

const isNode = (value: unknown): value is Node => typeof (value as Node | null | undefined)?.type === 'string';

/** The nodes right below a node. */
export function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  for (const value of Object.values(node) as unknown[]) {
    if (Array.isArray(value)) found.push(...value.filter(isNode));
    else if (isNode(value)) found.push(value);
  }
  return found;
}
