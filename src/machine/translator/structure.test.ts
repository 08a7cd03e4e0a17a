import { describe, expect, it } from 'vitest';
import { Dice, effort } from '#testing';
import { arrange, arrangeWays, type FlowNode } from './dominators.ts';
import { assertStructure, structureOf, structureText, type Structure } from './structure.ts';

/** Control flow graphs become blocks and loops from which every edge finds its way. */

interface TestNode extends FlowNode<TestNode> {
  readonly start: number;
}

/** A graph written as `0>1,2 1>3 2>3`; the first node is the entry. */
function graph(text: string): Map<number, TestNode> {
  const nodes = new Map<number, TestNode>();
  const node = (start: number): TestNode => {
    const known = nodes.get(start);
    if (known) return known;
    const made = { start, successors: [] as number[], order: -1, loops: false, entries: 0, ways: new Map() } as Partial<TestNode> & {
      start: number;
    };
    made.dominator = made as TestNode;
    nodes.set(start, made as TestNode);
    return made as TestNode;
  };
  for (const edge of text.split(' ')) {
    const [from, to = ''] = edge.split('>');
    const targets = to.split(',').filter(Boolean).map(Number);
    node(Number(from)).successors = targets;
    targets.forEach(node);
  }
  return nodes;
}

function build(text: string): { nodes: TestNode[]; structure: readonly Structure<TestNode>[] } {
  const byStart = graph(text);
  const [first] = byStart.values();
  const nodes = arrange(first, byStart);
  return { nodes, structure: structureOf(nodes) };
}

describe('structured control flow', () => {
  it.each([
    ['one node', '0', '0'],
    ['a line', '0>1 1>2', '0 (1 (2))'],
    ['a choice', '0>1,2', '0 (1) (2)'],
    ['a diamond', '0>1,2 1>3 2>3', 'block { 0 (1) (2) } to 3 3'],
    ['a loop of its own', '0>0', 'loop 0 { 0 }'],
    ['a loop with a way out', '0>1 1>0,2', 'loop 0 { 0 (1 (2)) }'],
    ['a loop within a loop', '0>1 1>1,2 2>0,3', 'loop 0 { 0 (loop 1 { 1 (2 (3)) }) }'],
    ['two merges, the nearer one within', '0>1,2,3 1>4 2>4,5 3>5 4>5', 'block { block { 0 (1) (2) (3) } to 4 4 } to 5 5'],
    ['a case that falls through', '0>1,2,3 1>2 2>3', 'block { block { 0 (1) } to 2 2 } to 3 3'],
    ['an edge into the middle of a loop, given up', '0>1,2 1>2 2>1', 'block { 0 (1) } to 2 2'],
  ])('%s', (_what, text, wanted) => {
    const { nodes, structure } = build(text);
    expect(structureText(structure)).toBe(wanted);
    assertStructure(structure, nodes);
  });

  it('whatever the graph, every edge that is kept finds its way', () => {
    for (let seed = 0; seed < 2000 * effort(); seed++) {
      const dice = new Dice(seed);
      const size = 1 + dice.below(14);
      const nodes = Array.from(
        { length: size },
        (_, n) => `${n}>${Array.from({ length: dice.below(4) }, () => dice.below(size)).join(',')}`,
      );
      const { nodes: arranged, structure } = build(nodes.join(' '));
      assertStructure(structure, arranged);
    }
  });

  const HUB = 0.5;
  /** A graph that is entered at several nodes. */
  function buildWithWays(text: string, starts: number[]): { nodes: TestNode[]; structure: readonly Structure<TestNode>[] } {
    const byStart = graph(text);
    const [hub] = graph(String(HUB)).values();
    byStart.set(HUB, hub);
    const nodes = arrangeWays(hub, starts, byStart);
    return { nodes, structure: structureOf(nodes) };
  }

  it.each([
    ['the middle of a loop goes by its head', '0>1 1>2 2>1,3', [0, 2], '0.5: 0>0 2>1; 1: 2>2'],
    ['a loop that it begins with, the same', '0>1 1>0', [0, 1], '0.5: 0>0 1>0; 0: 1>1'],
    ['the middle of two, by both', '0>1 1>2 2>3 3>2,4 4>1', [0, 3], '0.5: 0>0 3>1; 1: 3>2; 2: 3>3'],
    ['an inner head goes by the outer', '0>1 1>2 2>2,1,3', [0, 2], '0.5: 0>0 2>1; 1: 2>2'],
    ['where nothing leads, straight there', '0>1 2>1', [0, 2], '0.5: 0>0 2>2'],
    ['a loop that was entered twice', '0>1,2 1>2 2>1', [0, 1], '0.5: 0>0 1>1'],
  ])('a way into %s', (_what, text, starts, wanted) => {
    const { nodes, structure } = buildWithWays(text, starts);
    assertStructure(structure, nodes);
    const waysOf = ({ start, ways }: TestNode): string => `${start}: ${[...ways].map(([to, next]) => `${to}>${next}`).join(' ')}`;
    const ways = nodes.filter((node) => node.ways.size > 0).map(waysOf);
    expect(ways.join('; ')).toBe(wanted);
  });

  it('whatever the graph and the ways in, each leads to its node, and every edge that is kept finds its way', () => {
    for (let seed = 0; seed < 2000 * effort(); seed++) {
      const dice = new Dice(seed);
      const size = 1 + dice.below(14);
      const nodesOf = (n: number): string => `${n}>${Array.from({ length: dice.below(4) }, () => dice.below(size)).join(',')}`;
      const text = Array.from({ length: size }, (_, n) => nodesOf(n)).join(' ');
      const starts = [...new Set([0, ...Array.from({ length: 1 + dice.below(4) }, () => dice.below(size))])];
      const { nodes, structure } = buildWithWays(text, starts);
      assertStructure(structure, nodes);
      for (const start of starts) {
        let at = nodes[0];
        while (at.start !== start) {
          const next = nodes.find((node) => node.start === at.ways.get(start));
          if (!next || next.order <= at.order) throw new Error(`no way to ${start} from ${at.start}`);
          at = next;
        }
        expect(at.ways.has(start)).toBe(false);
      }
    }
  });

  it.each([
    ['a node that is missing', (s: Structure<TestNode>[]): unknown => s.pop(), 'does not follow its block'],
    ['a node written twice', (s: Structure<TestNode>[]): unknown => s.push(s[s.length - 1]), 'is written twice'],
    [
      'no way to a node',
      (s: Structure<TestNode>[]): unknown => s.splice(0, 1, ...(s[0].kind === 'block' ? s[0].inner : [])),
      'has no way to 3',
    ],
  ])('is refused with %s', (_what, spoil, why) => {
    const { nodes, structure } = build('0>1,2 1>3 2>3');
    const spoilt = [...structure];
    spoil(spoilt);
    expect(() => assertStructure(spoilt, nodes)).toThrow(why);
  });
});
