/**
 * The moments that a chapter names: `<Moment scene="x" at="H:340" line="…" when="…" hit={2}>` and `<Door>`s that say as much, and the `<Step>`s of a `<Journey scene="x">`, which are moments of its scene.
 */

/** A node of an MDX tree, as far as it matters here. */
export interface MdxNode {
  type: string;
  name?: string | null;
  attributes?: MdxAttribute[];
  children?: MdxNode[];
  position?: { start: MdxPoint; end: MdxPoint };
  value?: string;
  data?: object;
}

/** An attribute; an expression's value is its text. */
export interface MdxAttribute {
  type: string;
  name?: string;
  value?: string | { value?: string } | null;
  position?: { start: MdxPoint; end: MdxPoint };
}

interface MdxPoint {
  line: number;
  column: number;
}

/** A moment, as a chapter names it. */
export interface MomentElement {
  readonly node: MdxNode;
  readonly scene: string;
  /** The chunk. */
  readonly at: string;
  /** A line of it, or a part of one; without, the first of its lines that runs. */
  readonly line: string | undefined;
  readonly when: string | undefined;
  readonly hit: number;
  /** Of a step: its journey, and which it is, from 0. Only what comes behind the step before counts. */
  readonly step: { readonly journey: string; readonly index: number } | null;
  /** Its name among the chapter's moments. */
  readonly key: string;
}

/** What the map of a page's journeys wants to know of each. */
export interface JourneySketch {
  readonly name: string;
  readonly label: string;
  /** Who is at work in each of its steps. */
  readonly worlds: readonly string[];
}

/** The journeys of a chapter, in their order. */
export function journeysIn(tree: MdxNode): JourneySketch[] {
  if (tree.name !== 'Journey') return (tree.children ?? []).flatMap(journeysIn);
  const worlds = stepsBelow(tree).map((step) => wordOf(step, 'who') ?? '');
  return [{ name: wordOf(tree, 'name') ?? '', label: wordOf(tree, 'label') ?? '', worlds }];
}

function stepsBelow(node: MdxNode): MdxNode[] {
  return node.name === 'Step' ? [node] : (node.children ?? []).flatMap(stepsBelow);
}

/** All elements of a name. */
export function elementsNamed(name: string, node: MdxNode): MdxNode[] {
  return [...(node.name === name ? [node] : []), ...(node.children ?? []).flatMap((child) => elementsNamed(name, child))];
}

/** All moments of a chapter, in their order. */
export function momentsIn(tree: MdxNode): MomentElement[] {
  const found: MomentElement[] = [];
  const visit = (node: MdxNode, journey: Journey | null): void => {
    if (node.name === 'Moment' || (node.name === 'Door' && attributeOf(node, 'at') !== undefined))
      found.push(momentOf(node, wordOf(node, 'scene') ?? '', null));
    if (node.name === 'Step' && journey !== null)
      found.push(momentOf(node, journey.scene, { journey: journey.name, index: journey.steps++ }));
    const within = node.name === 'Journey' ? { name: wordOf(node, 'name') ?? '', scene: wordOf(node, 'scene') ?? '', steps: 0 } : journey;
    for (const child of node.children ?? []) visit(child, within);
  };
  visit(tree, null);
  return found;
}

interface Journey {
  readonly name: string;
  readonly scene: string;
  steps: number;
}

function momentOf(node: MdxNode, scene: string, step: MomentElement['step']): MomentElement {
  const [at = '', line, when] = ['at', 'line', 'when'].map((name) => wordOf(node, name));
  const hit = Number(wordOf(node, 'hit') ?? 1);
  const first = step === null ? [] : [`${step.journey} ${step.index + 1}`];
  const key = [...first, scene, at, line, when && `when ${when}`, hit === 1 ? undefined : `hit ${hit}`]
    .filter((part) => part !== undefined)
    .join(' | ');
  return { node, scene, at, line, when, hit, step, key };
}

/** The attribute of that name. */
export function attributeOf({ attributes = [] }: MdxNode, name: string): MdxAttribute | undefined {
  return attributes.find((one) => one.name === name);
}

function wordOf(node: MdxNode, name: string): string | undefined {
  const value = attributeOf(node, name)?.value;
  return typeof value === 'object' ? value?.value : value;
}
