import * as L from '../state/layout.ts';
import type { Cpu } from '../memory/cpu.ts';
import {
  BLOCK_COUNT,
  BLOCK_CROSSES,
  BLOCK_FLAGS,
  BLOCK_KEY,
  BLOCK_MODE,
  BLOCK_SPREAD,
  BLOCK_UNIT,
  ENTRY_BYTES,
  UNIT_SLOT,
} from '../engine/entry.ts';
import { STALE } from '../wasm/status.ts';
import { TLB_ADDEND, TLB_READ_TAG } from '../memory/tlb.ts';
import type { Code } from '../wasm/encoder.ts';
import { Lowering } from '../wasm/lower.ts';
import { UnitBinding, type Ways } from './binding.ts';
import { flagsDie, type KnownFlags } from './flags.ts';
import { EIP, UnitFrame } from './frame.ts';
import { HUB, type Node, type Region } from './region.ts';
import { assertStructure, structureOf, type Structure } from './structure.ts';

/** A label: the depth that its block or loop has opened. */
interface Label {
  readonly node: Node;
  readonly loop: boolean;
  readonly depth: number;
}

/**
 * Writes the function of a region: the second back end. The budget is counted down block by block; a block that it does not cover is left to the
 * interpreter.
 */
class UnitWriter implements Ways {
  readonly #frame: UnitFrame;
  readonly #binding: UnitBinding;
  readonly #labels: Label[] = [];
  /** Flags known at the entries of nodes met so far. */
  readonly #incoming = new Map<Node, KnownFlags | null>();
  /** What is to be written where nodes branch to it. */
  readonly #inline = new Map<Node, readonly Structure<Node>[]>();
  /** Depth of the block behind which {@link #findWay} stands, 0: there is none. */
  #indirectDepth = 0;

  constructor(cpu: Cpu, region: Region, slot: number, again: number, helper: (name: string) => number) {
    this.#frame = new UnitFrame(cpu, region, slot, again);
    this.#binding = new UnitBinding(this.#frame, this, helper);
  }

  write(): Code {
    const { region, code } = this.#frame;
    const structure = structureOf(region.nodes);
    assertStructure(structure, region.nodes);
    this.#frame.begin();
    this.#write(structure);
    this.#frame.end();
    return code;
  }

  #write(structure: readonly Structure<Node>[]): void {
    const { code } = this.#frame;
    for (const item of structure) {
      if (item.kind === 'body') {
        this.#body(item.node, item.inline);
        continue;
      }
      const loop = item.kind === 'loop';
      if (loop) code.loop();
      else code.block();
      this.#labels.push({ node: loop ? item.node : item.until, loop, depth: code.depth });
      if (loop && item.node.start === HUB) this.#writeWithWays(item.inner);
      else this.#write(item.inner);
      this.#labels.pop();
      code.end();
    }
  }

  /** What is within the hub's loop, and behind it, where every indirect jump comes, whether it leads to a way in. */
  #writeWithWays(inner: readonly Structure<Node>[]): void {
    const frame = this.#frame;
    const { code } = frame;
    code.block();
    this.#indirectDepth = code.depth;
    this.#write(inner);
    code.end();
    this.#findWay();
    frame.out();
  }

  #body(node: Node, inline: ReadonlyMap<Node, readonly Structure<Node>[]>): void {
    const frame = this.#frame;
    const { code } = frame;
    if (node.start === HUB) {
      const { entries } = frame.region;
      for (const to of entries) this.#incoming.set(to, null);
      this.#ways(node);
      return;
    }
    if (node.ways.size > 0) {
      code.get(frame.way).if();
      this.#ways(node);
      code.end();
    }
    if (frame.hasHub && frame.region.entries.indexOf(node) > 0) code.i32(0).set(frame.way);
    for (const [next, inner] of inline) this.#inline.set(next, inner);
    const count = node.instructions.length;
    const known = this.#incoming.get(node) ?? null;
    this.#binding.known = node.loops || node.order === 0 ? null : known;
    code.get(frame.left).i32(count).op('i32.lt_s').if();
    frame.exit(node.start);
    code.end();
    code.get(frame.left).i32(count).op('i32.sub').set(frame.left);
    if (node.counted)
      code
        .i32(0)
        .i32(0)
        .memory('i32.load', node.block + BLOCK_COUNT)
        .i32(1)
        .op('i32.add')
        .memory('i32.store', node.block + BLOCK_COUNT);
    for (const [n, instruction] of node.instructions.entries()) {
      frame.node = node;
      frame.instruction = instruction;
      this.#binding.base = code.depth;
      this.#binding.flagsDie = flagsDie(node.instructions, n);
      new Lowering(instruction.definition, code, this.#binding, frame.pool).body(instruction.definition.statements);
      if (n === count - 1) {
        if (instruction.ends) return;
        if (instruction.exact) {
          // A port's callback may have asked for a stop, or raised the interrupt line.
          code.i32(0).memory('i32.load', L.ATTENTION).if();
          frame.exit(frame.next);
          code.end();
        }
        if (!instruction.variant.shape.form.attributes.has('branch')) this.edge(frame.next);
        return;
      }
      if (instruction.stores) {
        code.get(frame.left).i32(0).op('i32.lt_s').if();
        frame.leave(STALE, instruction.entry + ENTRY_BYTES);
        code.end();
      }
    }
  }

  /** Sends on who wants to go in elsewhere; who does not, or has arrived, goes on behind it where there is something. */
  #ways(node: Node): void {
    const { code, way, region } = this.#frame;
    const next = region.entries.map(({ start }) => region.byStart.get(node.ways.get(start) ?? Number.NaN));
    code.get(way).brTable(next.map((to) => (to ? code.depth - this.#label(node, to).depth : 0)));
  }

  /** Goes on at a distance from the region's start: within it, or out of it. */
  edge(start: number): void {
    const frame = this.#frame;
    const { code } = frame;
    const from = frame.node;
    const { region } = frame;
    const direct = from.successors.includes(start);
    const to = direct ? region.byStart.get(start) : region.entries.find((entry) => frame.hasHub && entry.start === start);
    if (!to) {
      frame.exit(start);
      return;
    }
    if (this.#page(from) !== this.#page(to)) this.#guard(to);
    if (to.second !== 0) this.#guardSecond(to);
    if (direct) this.#branch(from, to);
    else {
      code.i32(region.entries.indexOf(to)).set(frame.way);
      this.#again();
    }
  }

  /** To the hub. */
  #again(): void {
    const { code, region } = this.#frame;
    code.br(code.depth - this.#label(region.nodes[0], region.nodes[0]).depth);
  }

  /** Goes on at {@link UnitFrame.exitEip} where that is a way into this unit, whatever leads there; leaves otherwise. */
  indirect(): void {
    const { code } = this.#frame;
    if (this.#indirectDepth > 0) code.br(code.depth - this.#indirectDepth);
    else this.#frame.out();
  }

  /** Goes on at {@link UnitFrame.exitEip} where that is a way into this unit; falls through otherwise. */
  #findWay(): void {
    const frame = this.#frame;
    const { code, exitEip, slot } = frame;
    const { linear, entry } = frame.pool;
    const { tlbBase } = this.#binding;
    code.block();
    const out = code.depth;
    const leaveIf = (): void => void code.brIf(code.depth - out);
    // As the run loop finds a block, but that misses are left to it.
    code.get(exitEip).i32(-4096).op('i32.and').tee(linear).i32(0).memory('i32.load', L.CODE_PAGE).op('i32.ne').if();
    code.i32(0).memory('i32.load', L.CODE_PAGE).i32(1).op('i32.and');
    leaveIf();
    code
      .get(linear)
      .i32(8)
      .op('i32.shr_u')
      .i32((L.TLB_ENTRIES - 1) * L.TLB_ENTRY)
      .op('i32.and')
      .tee(entry)
      .memory('i32.load', tlbBase + TLB_READ_TAG)
      .get(linear)
      .op('i32.ne');
    leaveIf();
    code.i32(0).get(linear).memory('i32.store', L.CODE_PAGE);
    code
      .i32(0)
      .get(entry)
      .memory('i32.load', tlbBase + TLB_ADDEND)
      .memory('i32.store', L.CODE_ADDEND);
    code.end();
    code.get(exitEip).i32(0).memory('i32.load', L.CODE_ADDEND).op('i32.add').tee(linear);
    code.get(linear).i32(BLOCK_SPREAD).op('i32.shr_u').op('i32.xor');
    code
      .i32(L.BLOCK_TABLE_SIZE - 1)
      .op('i32.and')
      .i32(2)
      .op('i32.shl')
      .memory('i32.load', L.BLOCK_TABLE)
      .tee(entry);
    code.memory('i32.load', BLOCK_KEY).get(linear).op('i32.ne');
    leaveIf();
    code.get(entry).memory('i32.load', BLOCK_MODE).i32(frame.region.mode).op('i32.ne');
    leaveIf();
    code.get(entry).memory('i32.load16_u', BLOCK_FLAGS).i32(BLOCK_CROSSES).op('i32.and');
    leaveIf();
    code.get(entry).memory('i32.load', BLOCK_UNIT).i32(UNIT_SLOT).op('i32.and').i32(slot).op('i32.ne');
    leaveIf();
    frame.enterBy(entry, exitEip);
    this.#again();
    code.end();
  }

  #page(node: Node): number {
    return Math.floor(((this.#frame.region.entries[0].offset & 0xfff) + node.start) / 4096);
  }

  /** Compares the target with guesses, by halves; falls through where none is right. */
  search(starts: readonly number[], found: (start: number) => void): void {
    const { code } = this.#frame;
    const target = this.#frame.exitEip;
    if (starts.length <= 2) {
      for (const start of starts) {
        code.get(target).get(EIP).op('i32.sub').i32(start).op('i32.eq').if();
        found(start);
        code.end();
      }
      return;
    }
    const middle = starts.length >> 1;
    code.get(target).get(EIP).op('i32.sub').i32(starts[middle]).op('i32.lt_s').if();
    this.search(starts.slice(0, middle), found);
    code.else();
    this.search(starts.slice(middle), found);
    code.end();
  }

  /** Another page: it must still be where the code was found, and becomes the one that is fetched from. */
  #guard(to: Node): void {
    const frame = this.#frame;
    const { code } = frame;
    const { linear, entry } = frame.pool;
    this.#stillAt(to, to.start, to.offset & ~0xfff);
    code.i32(0).get(linear).memory('i32.store', L.CODE_PAGE);
    code
      .i32(0)
      .get(entry)
      .memory('i32.load', this.#binding.tlbBase + TLB_ADDEND)
      .memory('i32.store', L.CODE_ADDEND);
  }

  /** An instruction that goes on in the next page: that page, too, must still be where it was. Execution stays in the first. */
  #guardSecond(to: Node): void {
    this.#stillAt(to, to.start - (to.offset & 0xfff) + 0x1000, to.second);
  }

  /** Leaves before a node unless the TLB has the page at a distance from the region's start, at a memory offset. */
  #stillAt(to: Node, distance: number, offset: number): void {
    const frame = this.#frame;
    const { code } = frame;
    const { linear, entry } = frame.pool;
    code.get(EIP).i32(distance).op('i32.add').i32(-4096).op('i32.and').tee(linear);
    code
      .i32(8)
      .op('i32.shr_u')
      .i32((L.TLB_ENTRIES - 1) * L.TLB_ENTRY)
      .op('i32.and')
      .tee(entry);
    code
      .memory('i32.load', this.#binding.tlbBase + TLB_READ_TAG)
      .get(linear)
      .op('i32.ne');
    code
      .get(entry)
      .memory('i32.load', this.#binding.tlbBase + TLB_ADDEND)
      .get(linear)
      .op('i32.add')
      .i32(offset)
      .op('i32.ne')
      .op('i32.or')
      .if();
    frame.exit(to.start);
    code.end();
  }

  #branch(from: Node, to: Node): void {
    const { code } = this.#frame;
    if (to.order > from.order) {
      const known = this.#binding.known;
      const before = this.#incoming.get(to);
      if (before === undefined) this.#incoming.set(to, known);
      else if (before && known && before.op === known.op) this.#incoming.set(to, { op: known.op, left: before.left && known.left });
      else this.#incoming.set(to, null);
      if (to.entries === 1) {
        this.#write(this.#inline.get(to) ?? []);
        return;
      }
    }
    code.br(code.depth - this.#label(from, to).depth);
  }

  #label(from: Node, to: Node): Label {
    const label = this.#labels.findLast((l) => l.node === to && l.loop === to.order <= from.order);
    if (!label) throw new Error('a region without order');
    return label;
  }
}

/**
 * The function of a region, `(block, eip) -> status`.
 * @param slot its place in the table
 * @param again at the call of that number it does nothing but hand out its block (EXIT_HOT), as one that is called so often could be part of something larger; 0: never
 * @param helper index of an imported function
 */
export function writeUnit(cpu: Cpu, region: Region, slot: number, again: number, helper: (name: string) => number): Code {
  return new UnitWriter(cpu, region, slot, again, helper).write();
}
