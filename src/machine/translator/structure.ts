import type { FlowNode } from './dominators.ts';

/**
 * Structured control flow as a value: what WebAssembly's blocks and loops will enclose, before any is written (N. Ramsey, "Beyond Relooper", ICFP 2022).
 *
 * - `loop`: a branch to its node, from within, goes back to the loop's beginning;
 * - `block`: a branch to the node `until`, from within, goes to the block's end, where that node follows;
 * - `body`: a node's own code. What only this node leads to stands in `inline`, to be written where the branch is.
 */
export type Structure<N> =
  | { readonly kind: 'loop'; readonly node: N; readonly inner: readonly Structure<N>[] }
  | { readonly kind: 'block'; readonly until: N; readonly inner: readonly Structure<N>[] }
  | { readonly kind: 'body'; readonly node: N; readonly inline: ReadonlyMap<N, readonly Structure<N>[]> };

/** The structure of an arranged graph: see {@link arrange}. @param nodes in reverse postorder */
export function structureOf<N extends FlowNode<N>>(nodes: readonly N[]): readonly Structure<N>[] {
  const byStart = new Map(nodes.map((node) => [node.start, node]));
  const tree = (node: N): readonly Structure<N>[] => {
    // Nodes that several ways lead to follow behind blocks, the last one outermost.
    const merges = nodes.filter((n) => n !== node && n.dominator === node && n.entries > 1).sort((a, b) => b.order - a.order);
    const inner = merges.reduceRight<readonly Structure<N>[]>(
      (within, until) => [{ kind: 'block', until, inner: within }, ...tree(until)],
      [{ kind: 'body', node, inline: inlineOf(node) }],
    );
    return node.loops ? [{ kind: 'loop', node, inner }] : inner;
  };
  const inlineOf = (node: N): Map<N, readonly Structure<N>[]> => {
    const inline = new Map<N, readonly Structure<N>[]>();
    for (const start of node.successors) {
      const next = byStart.get(start);
      if (next && next.order > node.order && next.entries === 1 && !inline.has(next)) inline.set(next, tree(next));
    }
    return inline;
  };
  return tree(nodes[0]);
}

/**
 * @throws where a node is missing or written twice, or a branch would find no place to go
 */
export function assertStructure<N extends FlowNode<N>>(structure: readonly Structure<N>[], nodes: readonly N[]): void {
  const byStart = new Map(nodes.map((node) => [node.start, node]));
  const written = new Set<N>();
  const check = (ok: boolean, node: N, what: string): void => {
    if (!ok) throw new Error(`control flow: node at ${node.start} ${what}`);
  };
  const walk = (list: readonly Structure<N>[], loops: readonly N[], ends: readonly N[]): void => {
    for (const [n, item] of list.entries()) {
      if (item.kind === 'loop') walk(item.inner, [...loops, item.node], ends);
      else if (item.kind === 'block') {
        const follows = list[n + 1];
        check(follows !== undefined && headOf(follows) === item.until, item.until, 'does not follow its block');
        walk(item.inner, loops, [...ends, item.until]);
      } else {
        const { node, inline } = item;
        check(!written.has(node), node, 'is written twice');
        written.add(node);
        for (const start of [...node.successors, ...node.ways.values()]) {
          const next = byStart.get(start);
          if (!next) continue;
          const back = next.order <= node.order;
          check(inline.has(next) || (back ? loops : ends).includes(next), node, `has no way to ${start}`);
        }
        for (const [next, inner] of inline) {
          check(inner.length > 0 && headOf(inner[0]) === next, next, 'is not what stands in its place');
          walk(inner, loops, ends);
        }
      }
    }
  };
  walk(structure, [], []);
  for (const node of nodes) check(written.has(node), node, 'is not written');
}

/** The node whose code comes first. */
function headOf<N>(structure: Structure<N>): N {
  let at = structure;
  while (at.kind === 'block') at = at.inner[0];
  return at.node;
}

/** As text, by the nodes' starts: `loop 0 {0 (4: 4) }`, for tests. */
export function structureText<N extends FlowNode<N>>(structure: readonly Structure<N>[]): string {
  return structure
    .map((item) => {
      if (item.kind === 'loop') return `loop ${item.node.start} { ${structureText(item.inner)} }`;
      if (item.kind === 'block') return `block { ${structureText(item.inner)} } to ${item.until.start}`;
      const inline = [...item.inline.values()].map((inner) => ` (${structureText(inner)})`);
      return `${item.node.start}${inline.join('')}`;
    })
    .join(' ');
}
