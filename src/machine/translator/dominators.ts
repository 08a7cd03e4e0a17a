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
  /** Where it sends on, before anything else, who wants to go in elsewhere: next by the start of that place. */
  ways: Map<number, number>;
}

/**
 * The nodes that can be reached from the first, in reverse postorder, with dominators (K. D. Cooper, T. J. Harvey, K. Kennedy, "A Simple, Fast Dominance
 * Algorithm", 2001) and loops. Edges that enter a loop elsewhere than at its head are given up, so that the graph becomes reducible.
 */
export function arrange<N extends FlowNode<N>>(first: N, byStart: ReadonlyMap<number, N>): N[] {
  for (;;) {
    const { nodes, lost } = order(first, byStart);
    if (lost.length === 0) return nodes;
    for (const [node, next] of lost) giveUp(node, next);
  }
}

/**
 * The same of a graph that is entered in several ways: by a hub, which knows which one is wanted. A way into the middle of a loop goes by the heads of all loops around it, which
 * lead on ({@link FlowNode.ways}), so that the loop stays one. Whatever is given up becomes a way in.
 * @param hub a node that leads nowhere yet
 * @param starts of the ways in; the first is the way to all others, where there is one. More may come
 */
export function arrangeWays<N extends FlowNode<N>>(hub: N, starts: number[], byStart: ReadonlyMap<number, N>): N[] {
  for (;;) {
    for (const node of byStart.values()) node.ways = new Map();
    const reached = new Set<N>();
    for (const start of starts) {
      const node = byStart.get(start);
      if (!node || reached.has(node)) continue;
      hub.ways.set(start, start);
      for (const other of reversePostorder(node, byStart)) reached.add(other);
    }
    const { nodes, lost } = order(hub, byStart);
    if (lost.length > 0) {
      for (const [node, next] of lost) {
        giveUp(node, next);
        if (!starts.includes(next.start)) starts.push(next.start);
      }
      continue;
    }
    const loops = bodies(nodes);
    for (const start of starts) {
      const way = byStart.get(start);
      if (!way || hub.ways.has(start)) continue;
      let at = hub;
      for (const [head, body] of loops) {
        if (head === way || !body.has(way)) continue;
        at.ways.set(start, head.start);
        at = head;
      }
      at.ways.set(start, start);
    }
    const arranged = order(hub, byStart);
    if (arranged.lost.length > 0) throw new Error('control flow: a way in spoils a loop');
    hub.loops = true;
    // Ways branch to labels, never to code of their own.
    for (const node of arranged.nodes) for (const next of new Set(node.ways.values())) at(byStart, next).entries++;
    return arranged.nodes;
  }
}

function at<N>(byStart: ReadonlyMap<number, N>, start: number): N {
  return byStart.get(start) as N;
}

function giveUp<N extends FlowNode<N>>(node: N, next: N): void {
  node.successors = node.successors.filter((start) => start !== next.start);
}

/** Where a node may go on. */
function targets<N extends FlowNode<N>>(node: N, byStart: ReadonlyMap<number, N>): Set<N> {
  return new Set([...node.successors, ...node.ways.values()].map((start) => byStart.get(start)).filter((n) => n !== undefined));
}

/** Finds order, dominators and loops; `lost` are the edges that enter a loop elsewhere than at its head. */
function order<N extends FlowNode<N>>(first: N, byStart: ReadonlyMap<number, N>): { nodes: N[]; lost: [N, N][] } {
  for (const node of byStart.values()) {
    node.order = -1;
    node.loops = false;
    node.entries = 0;
    node.dominator = node;
  }
  const nodes = reversePostorder(first, byStart);
  nodes.forEach((node, n) => {
    node.order = n;
  });
  const after = new Map(nodes.map((node) => [node, targets(node, byStart)]));
  findDominators(nodes, after);
  return { nodes, lost: findLoops(nodes, after) };
}

/** The nodes of each loop, outer loops first. */
function bodies<N extends FlowNode<N>>(nodes: readonly N[]): Map<N, Set<N>> {
  const before = new Map<N, N[]>(nodes.map((node) => [node, []]));
  const byStart = new Map(nodes.map((node) => [node.start, node]));
  for (const node of nodes) for (const next of targets(node, byStart)) before.get(next)?.push(node);
  const found = new Map<N, Set<N>>();
  for (const head of nodes) {
    if (!head.loops) continue;
    const body = new Set<N>([head]);
    const queue = (before.get(head) ?? []).filter((node) => node.order >= head.order);
    for (let node = queue.pop(); node; node = queue.pop()) {
      if (body.has(node)) continue;
      body.add(node);
      queue.push(...(before.get(node) ?? []));
    }
    found.set(head, body);
  }
  return found;
}

function reversePostorder<N extends FlowNode<N>>(first: N, byStart: ReadonlyMap<number, N>): N[] {
  const nodes: N[] = [];
  const seen = new Set<N>([first]);
  const after = (node: N): N[] => [...targets(node, byStart)].reverse();
  const stack: { node: N; next: N[] }[] = [{ node: first, next: after(first) }];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    const next = top.next.pop();
    if (next === undefined) {
      nodes.push(top.node);
      stack.pop();
      continue;
    }
    if (!seen.has(next)) {
      seen.add(next);
      stack.push({ node: next, next: after(next) });
    }
  }
  return nodes.reverse();
}

function findDominators<N extends FlowNode<N>>(nodes: readonly N[], after: ReadonlyMap<N, ReadonlySet<N>>): void {
  const [first] = nodes;
  const before = new Map<N, N[]>(nodes.map((node) => [node, []]));
  for (const [node, next] of after) for (const to of next) before.get(to)?.push(node);
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

/** Counts entries and finds loops; gives the edges into a loop that do not go to its head. */
function findLoops<N extends FlowNode<N>>(nodes: readonly N[], after: ReadonlyMap<N, ReadonlySet<N>>): [N, N][] {
  const [first] = nodes;
  const lost: [N, N][] = [];
  for (const [node, nexts] of after) {
    for (const next of nexts) {
      if (next.order > node.order) {
        next.entries++;
        continue;
      }
      let up = node;
      while (up !== next && up !== first) up = up.dominator;
      if (up === next) next.loops = true;
      else lost.push([node, next]);
    }
  }
  return lost;
}
