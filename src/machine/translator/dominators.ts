/** What the order of a region's code hangs on: the nodes of a control flow graph, and what is found out about each. */
export interface FlowNode<N> {
  readonly start: number;
  /** Starts of the nodes it may go to; edges that are given up are taken out. */
  successors: readonly number[];
  /** Position in reverse postorder. */
  order: number;
  /** Immediate dominator; of the first node, itself. */
  dominator: N;
  /** It is the target of a backward edge. */
  loops: boolean;
  /** Forward edges into it. */
  entries: number;
}

/**
 * The nodes that can be reached from the first, in reverse postorder, with dominators (K. D. Cooper, T. J. Harvey, K. Kennedy, "A Simple, Fast Dominance
 * Algorithm", 2001) and loops. Edges that enter a loop elsewhere than at its head are given up, so that the graph becomes reducible.
 * @param hub where the first node can go on at any node, given the word: what is given up goes by it
 */
export function arrange<N extends FlowNode<N>>(first: N, byStart: ReadonlyMap<number, N>, hub = false): N[] {
  for (;;) {
    for (const node of byStart.values()) {
      node.order = -1;
      node.loops = false;
      node.entries = 0;
      node.dominator = node;
    }
    const nodes = reversePostorder(first, byStart);
    const targets = (node: N): Set<N> => new Set(node.successors.map((start) => byStart.get(start)).filter((n) => n !== undefined));
    findDominators(nodes, targets);
    if (findLoops(nodes, targets, hub)) return nodes;
  }
}

function reversePostorder<N extends FlowNode<N>>(first: N, byStart: ReadonlyMap<number, N>): N[] {
  const nodes: N[] = [];
  const seen = new Set<N>([first]);
  const stack: { node: N; at: number }[] = [{ node: first, at: 0 }];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    const start = top.node.successors[top.at++];
    if (start === undefined) {
      nodes.push(top.node);
      stack.pop();
      continue;
    }
    const next = byStart.get(start);
    if (next && !seen.has(next)) {
      seen.add(next);
      stack.push({ node: next, at: 0 });
    }
  }
  nodes.reverse();
  nodes.forEach((node, n) => {
    node.order = n;
  });
  return nodes;
}

function findDominators<N extends FlowNode<N>>(nodes: readonly N[], targets: (node: N) => Set<N>): void {
  const [first] = nodes;
  const before = new Map<N, N[]>(nodes.map((node) => [node, []]));
  for (const node of nodes) for (const next of targets(node)) before.get(next)?.push(node);
  const known = new Set<N>([first]);
  const meet = (a: N, b: N): N => {
    while (a !== b) {
      if (a.order > b.order) a = a.dominator;
      else b = b.dominator;
    }
    return a;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const node of nodes) {
      if (node === first) continue;
      const from = (before.get(node) ?? []).filter((n) => known.has(n));
      const dominator = from.reduce(meet);
      if (!known.has(node) || node.dominator !== dominator) {
        known.add(node);
        node.dominator = dominator;
        changed = true;
      }
    }
  }
}

/** Counts entries and finds loops; false where an edge had to be given up. */
function findLoops<N extends FlowNode<N>>(nodes: readonly N[], targets: (node: N) => Set<N>, hub: boolean): boolean {
  const [first] = nodes;
  let whole = true;
  for (const node of nodes) {
    for (const next of targets(node)) {
      if (next.order > node.order) {
        next.entries++;
        continue;
      }
      let up = node;
      while (up !== next && up !== first) up = up.dominator;
      if (up === next) {
        next.loops = true;
        continue;
      }
      node.successors = node.successors.filter((start) => start !== next.start);
      if (hub) {
        if (!node.successors.includes(first.start)) node.successors = [...node.successors, first.start];
        if (!first.successors.includes(next.start)) first.successors = [...first.successors, next.start];
      }
      whole = false;
    }
  }
  return whole;
}
