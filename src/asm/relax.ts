import { evaluate, symbolPlus, type Expression, type Resolve } from './expressions.ts';
import { leb128 } from './leb128.ts';
import { resolver, type Complain, type LaidSection } from './layout.ts';
import type { AsmSymbol, Fragment, Jump, Section, Tail } from './object.ts';

/** A place in a fragment. */
interface Place {
  readonly section: Section;
  readonly fragment: Fragment;
  readonly offset: number;
}

/** Where a jump goes, through aliases; null when that is not one label, not to be bound late, plus a constant. */
function placeOf(target: Expression): Place | null {
  let expression = target;
  let addend = 0;
  for (let depth = 0; depth < 50; depth++) {
    const plus = symbolPlus(expression);
    if (!plus) return null;
    const symbol = plus.symbol as AsmSymbol;
    addend += Number(plus.addend);
    if (symbol.weak) return null;
    if (symbol.section && symbol.position)
      return { section: symbol.section, fragment: symbol.position.fragment, offset: symbol.position.offset + addend };
    if (!symbol.value) return null;
    expression = symbol.value;
  }
  return null;
}

/** Bytes of a jump: its opcode and displacement. */
function jumpSize(jump: Jump, near: boolean): number {
  return near ? jump.near.length + jump.wide : 2;
}

/** What relaxation keeps for each fragment while it runs. */
interface Progress {
  readonly fragment: Fragment;
  /** Fragments with no alignment or .org between them share a region: they move together. */
  readonly region: number;
  /** Visited in the present pass. */
  pass: number;
  readonly target: Place | null;
}

function alignmentGap(tail: Extract<Tail, { kind: 'align' }>, at: number): number {
  const gap = -at & (tail.alignment - 1);
  return gap > tail.most ? 0 : gap;
}

function measured(expression: Expression, resolve: Resolve, from: number, what: string): number | string {
  const value = evaluate(expression, resolve);
  if (typeof value === 'string') return value;
  const size = value - BigInt(from);
  return size < 0n || size > 0x40000000n ? what : Number(size);
}

/** Size of an `.org`, a symbolic `.space` or a symbolic LEB128 at its present place; a message where it has none. */
function elasticSize(tail: Tail, at: number, resolve: Resolve): number | string {
  if (tail.kind === 'org') return measured(tail.target, resolve, at, '.org goes backwards, or too far');
  if (tail.kind === 'leb128') {
    const value = evaluate(tail.value, resolve);
    return typeof value === 'string' ? value : leb128(value, tail.signed).length;
  }
  if (tail.kind !== 'space') return 0;
  const count = measured(tail.count, resolve, 0, 'space of a size that cannot be');
  return typeof count === 'string' ? count : count * tail.unit.length;
}

/**
 * Whether a short jump cannot reach its target. `stretch` is how far this pass has moved the jump; a target further on
 * has not moved yet, but will as far, unless an alignment on the way takes it up.
 */
function outOfReach(jump: Progress, target: Place, state: Progress | undefined, stretch: number, pass: number): boolean {
  const { fragment } = jump;
  const end = fragment.address + fragment.bytes.length + 2;
  let to = target.fragment.address + target.offset;
  if (stretch !== 0 && state && state.pass !== pass) {
    if (stretch < 0 || state.region === jump.region) to += stretch;
    else if (to < end - 1) return false;
  }
  return to - end < -128 || to - end > 127;
}

/** First addresses: jumps short where they may be, alignments as they fall. */
function begin({ section, fragments }: LaidSection): Progress[] {
  let at = 0;
  let region = 0;
  return fragments.map((fragment) => {
    const { tail } = fragment;
    fragment.address = at;
    const target = tail?.kind === 'jump' ? placeOf(tail.jump.target) : null;
    if (tail?.kind === 'jump') {
      tail.near = target?.section !== section;
      fragment.tailSize = jumpSize(tail.jump, tail.near);
    } else fragment.tailSize = tail?.kind === 'align' ? alignmentGap(tail, at + fragment.bytes.length) : 0;
    at += fragment.bytes.length + fragment.tailSize;
    const own = region;
    if (tail?.kind === 'align' || tail?.kind === 'org') region++;
    return { fragment, region: own, pass: 0, target };
  });
}

/** One pass over a section; true when something changed its size. */
function pass(progress: readonly Progress[], states: ReadonlyMap<Fragment, Progress>, number: number, resolve: Resolve): boolean {
  let stretch = 0;
  let stretched = false;
  for (const entry of progress) {
    const { fragment, target } = entry;
    const { tail } = fragment;
    entry.pass = number;
    fragment.address += stretch;
    const at = fragment.address + fragment.bytes.length;
    let size = fragment.tailSize;
    if (tail?.kind === 'align') size = alignmentGap(tail, at);
    else if (tail?.kind === 'jump') {
      if (!tail.near && target && outOfReach(entry, target, states.get(target.fragment), stretch, number)) tail.near = true;
      size = jumpSize(tail.jump, tail.near);
    } else if (tail) {
      const wanted = elasticSize(tail, at, resolve);
      if (typeof wanted === 'number') size = wanted;
    }
    if (size !== fragment.tailSize) {
      stretch += size - fragment.tailSize;
      fragment.tailSize = size;
      stretched = true;
    }
  }
  return stretched;
}

const MAX_PASSES = 1000;

/**
 * Relaxation: every jump starts short and grows when it must, in the order in which GNU as does it, since between
 * alignments the order can decide which jumps stay short. Section addresses must still be zero.
 */
export function relax(laid: readonly LaidSection[], complain: Complain): void {
  const resolve = resolver(laid);
  const sections = laid.map((entry) => ({ entry, progress: begin(entry) }));
  const states = new Map(sections.flatMap(({ progress }) => progress.map((p) => [p.fragment, p] as const)));
  let number = 0;
  let changed = true;
  while (changed && number < MAX_PASSES) {
    changed = false;
    for (const { progress } of sections) {
      let again = true;
      while (again && number < MAX_PASSES) {
        again = pass(progress, states, ++number, resolve);
        changed ||= again;
      }
    }
  }
  for (const { entry } of sections) {
    const last = entry.fragments[entry.fragments.length - 1];
    entry.size = last ? last.address + last.bytes.length + last.tailSize : 0;
    for (const { tail, tailSize, address, bytes } of entry.fragments) {
      if (tail?.kind !== 'org' && tail?.kind !== 'space' && tail?.kind !== 'leb128') continue;
      const wanted = elasticSize(tail, address + bytes.length, resolve);
      if (typeof wanted === 'string') complain(wanted, tail.location);
      else if (wanted !== tailSize) complain('a size that depends on itself never settles', tail.location);
    }
  }
}
