import * as L from '../state/layout.ts';
import { MODE_CODE32, MODE_CODE_FLAT, type CodeTracker, type Cpu } from '../memory/cpu.ts';
import {
  BESIDE,
  BLOCK_BYTES,
  BLOCK_COUNT,
  BLOCK_CROSSES,
  BLOCK_FLAGS,
  BLOCK_HEAT,
  BLOCK_KEY,
  BLOCK_LENGTH,
  BLOCK_MODE,
  BLOCK_SECOND,
  BLOCK_UNIT,
  ENTRY_BYTES,
  ENTRY_COUNT,
  ENTRY_HANDLER,
  ENTRY_IMM,
  ENTRY_NEXT,
  ENTRY_START,
  blockSlot,
} from './entry.ts';
import { fault, GP } from '../state/fault.ts';
import { EXECUTE, offsetAt } from '../memory/mmu.ts';
import { checkFetch } from '../protection/segments.ts';
import { decode, FORMS, type Instruction } from '../opcodes/index.ts';
import { ExecutionCounts, type CountSink } from './counts.ts';
import { CodeCoverage } from './coverage.ts';
import { isPlainImmediate, Patches } from './patches.ts';
import { writeEntry } from './write_entry.ts';
import type { Handlers } from './handlers.ts';

/** The longest block, in instructions. */
const MAX_INSTRUCTIONS = 64;

/** BLOCK_MODE of a block that is no more. */
const DROPPED = 0xffffffff;

/** What a later instruction of a block throws when its bytes go on in the next page: the block ends before it. */
const OVER_PAGE_END = new RangeError('page end');

const undefinedForm = FORMS.find((form) => form.name === 'ud2');

/**
 * The decoded blocks: made from physical memory on demand, found by memory offset and mode, dropped when a byte of theirs is written.
 *
 * They lie one behind the other between ARENA and ARENA_END; when that is full all are dropped.
 */
export class BlockCache implements CodeTracker {
  readonly #cpu: Cpu;
  readonly #handlers: Handlers;
  /** Address of the header by `offset * 32 + mode`. */
  readonly #byKey = new Map<number, number>();
  readonly #coverage: CodeCoverage;
  readonly #counts: ExecutionCounts;
  readonly #patches: Patches;
  #top = L.ARENA;
  /** What dropped blocks have left, by their number of instructions. */
  readonly #left: number[][] = Array.from({ length: MAX_INSTRUCTIONS + 1 }, () => []);
  /** Offsets in a page at which a block must begin, one a byte, and is not found without {@link find}; null: nowhere. */
  #bounds: Uint8Array | null = null;
  /** What is told of blocks that are no more; or, with false, are to be in no unit. */
  units: { drop(block: number, lost?: boolean): void; clear(): void } | null = null;
  /** Blocks decoded since the start. */
  decoded = 0;

  constructor(cpu: Cpu, handlers: Handlers) {
    this.#cpu = cpu;
    this.#handlers = handlers;
    this.#coverage = new CodeCoverage(cpu);
    this.#counts = new ExecutionCounts(cpu.state);
    this.#patches = new Patches(cpu);
    this.clear();
  }

  /**
   * The block at EIP, decoded if need be.
   *
   * @throws Fault of the fetch: #PF, #GP(0) beyond CS's limit or of an instruction over 15 bytes
   */
  find(): number {
    const cpu = this.#cpu;
    const s = cpu.state;
    const u32 = s.u32;
    const eip = s.eip;
    const mode = u32[L.MODE >> 2];
    const linear = checkFetch(cpu, eip, 1);
    const offset = offsetAt(cpu, linear, EXECUTE, s.cpl === 3);
    // After a flush the table still knows the way; a block that crosses is looked at below.
    const likely = u32[blockSlot(offset) >> 2];
    if (
      u32[(likely + BLOCK_KEY) >> 2] === offset &&
      u32[(likely + BLOCK_MODE) >> 2] === mode &&
      (s.u16[(likely + BLOCK_FLAGS) >> 1] & BLOCK_CROSSES) === 0
    )
      return likely;
    const known = this.#byKey.get(offset * 32 + mode);
    let block = known ?? 0;
    if (known !== undefined && (s.u16[(known + BLOCK_FLAGS) >> 1] & BLOCK_CROSSES) !== 0 && !this.#sameSecondPage(known, eip)) {
      this.#drop(known);
      block = 0;
    }
    if (block === 0) block = this.#decodeBlock(eip, offset, mode);
    if ((mode & MODE_CODE_FLAT) !== 0 && !this.#isBound(offset)) this.#list(block, offset);
    return block;
  }

  /** Lets the run loop find a block without {@link find}: in its own place of the table, from which another goes beside it. */
  #list(block: number, offset: number): void {
    const { u32 } = this.#cpu.state;
    const slot = blockSlot(offset);
    const other = u32[slot >> 2];
    if (other === block) return;
    if (other !== L.ARENA) u32[(slot ^ BESIDE) >> 2] = other;
    u32[slot >> 2] = block;
  }
  /** The opposite of {@link #list}. */
  #unlist(block: number, offset: number): void {
    const { u32 } = this.#cpu.state;
    const slot = blockSlot(offset);
    for (const at of [slot, slot ^ BESIDE]) if (u32[at >> 2] === block) u32[at >> 2] = L.ARENA;
  }

  #sameSecondPage(block: number, eip: number): boolean {
    const cpu = this.#cpu;
    const u32 = cpu.state.u32;
    const linear = checkFetch(cpu, eip, u32[(block + BLOCK_BYTES) >> 2]);
    const second = (linear + u32[(block + BLOCK_BYTES) >> 2] - 1) & ~0xfff;
    return offsetAt(cpu, second >>> 0, EXECUTE, cpu.state.cpl === 3) === u32[(block + BLOCK_SECOND) >> 2];
  }

  #decodeBlock(eip: number, offset: number, mode: number): number {
    const cpu = this.#cpu;
    const s = cpu.state;
    const u8 = s.u8;
    if (this.#top + (MAX_INSTRUCTIONS + 2) * ENTRY_BYTES > L.ARENA_END) this.clear();
    this.#patches.forget();
    let block = this.#top;
    const code32 = (mode & MODE_CODE32) !== 0;
    const flat = (mode & MODE_CODE_FLAT) !== 0;
    const user = s.cpl === 3;
    const room = 0x1000 - (offset & 0xfff);
    let at = 0;
    let count = 0;
    let second = 0;
    const fetch = (index: number): number => {
      const from = at + index;
      if (!flat) checkFetch(cpu, (eip + from) >>> 0, 1);
      if (from < room) return u8[offset + from];
      if (count > 0) throw OVER_PAGE_END;
      if (second === 0) second = offsetAt(cpu, checkFetch(cpu, (eip + room) >>> 0, 1), EXECUTE, user);
      return u8[second + from - room];
    };
    while (count < MAX_INSTRUCTIONS && at < room && (count === 0 || !this.#isBound(offset + at))) {
      let insn: Instruction;
      try {
        insn = decode(fetch, code32);
      } catch (thrown) {
        // A later instruction that cannot be fetched: its fault belongs to it alone.
        if (count > 0) break;
        throw thrown;
      }
      if (insn.fault === 'long') {
        if (count > 0) break;
        throw fault(GP, 0);
      }
      const form = insn.fault === 'ud' || insn.form === null ? undefinedForm : insn.form;
      if (!form) throw new Error('the opcode table lacks UD2');
      const alone = form.attributes.has('alone') || (insn.rep !== 0 && (form.attributes.has('rep') || form.attributes.has('repz')));
      if (alone && count > 0) break;
      writeEntry(s, block + (count + 1) * ENTRY_BYTES, insn, form, at, this.#handlers.index(insn, form, mode));
      at += insn.length;
      count++;
      if (alone || form.attributes.has('branch')) break;
    }
    const left = this.#left[count].pop();
    if (left !== undefined) {
      u8.copyWithin(left, block, block + (count + 1) * ENTRY_BYTES);
      block = left;
    } else this.#top = block + (count + 1) * ENTRY_BYTES;
    s.u32[(block + BLOCK_KEY) >> 2] = offset;
    s.u32[(block + BLOCK_MODE) >> 2] = mode;
    s.u32[(block + BLOCK_COUNT) >> 2] = 0;
    s.u16[(block + BLOCK_LENGTH) >> 1] = count;
    s.u16[(block + BLOCK_FLAGS) >> 1] = second !== 0 ? BLOCK_CROSSES : 0;
    s.u32[(block + BLOCK_BYTES) >> 2] = at;
    s.u32[(block + BLOCK_SECOND) >> 2] = second;
    s.u32[(block + BLOCK_UNIT) >> 2] = 0;
    s.u32[(block + BLOCK_HEAT) >> 2] = 0;
    this.#handlers.compile();
    this.#byKey.set(offset * 32 + mode, block);
    this.#coverage.cover(block, offset, Math.min(at, room));
    if (second !== 0) this.#coverage.cover(block, second, at - room);
    this.decoded++;
    return block;
  }

  invalidate(physical: number, length: number): void {
    const from = L.RAM + physical;
    const to = from + length;
    const hit = this.#coverage.near(from, to, (block) => this.#overlaps(block, from, to));
    for (const block of hit) if (length > 8 || !this.#redecode(block, from, to, hit.length <= 2)) this.#drop(block);
  }

  /**
   * Decodes anew, where they stand, the instructions of which bytes were written; units with the block go. False where the block must go, too: an
   * instruction has become another, not only its operands.
   *
   * @param few no more than one other block has these bytes
   */
  #redecode(block: number, from: number, to: number, few: boolean): boolean {
    const { u8, u16, u32 } = this.#cpu.state;
    if ((u16[(block + BLOCK_FLAGS) >> 1] & BLOCK_CROSSES) !== 0) return false;
    const start = u32[(block + BLOCK_KEY) >> 2];
    const mode = u32[(block + BLOCK_MODE) >> 2];
    const room = 0x1000 - (start & 0xfff);
    const end = block + (u16[(block + BLOCK_LENGTH) >> 1] + 1) * ENTRY_BYTES;
    for (let entry = block + ENTRY_BYTES; entry < end; entry += ENTRY_BYTES) {
      const first = u16[(entry + ENTRY_START) >> 1];
      const next = u16[(entry + ENTRY_NEXT) >> 1];
      if (start + next <= from || start + first >= to) continue;
      const fetch = (index: number): number => {
        if (first + index >= room) throw OVER_PAGE_END;
        return u8[start + first + index];
      };
      const form = this.#handlers.variant(u32[(entry + ENTRY_HANDLER) >> 2])?.shape.form;
      let insn: Instruction;
      try {
        insn = decode(fetch, (mode & MODE_CODE32) !== 0);
      } catch (thrown) {
        if (thrown !== OVER_PAGE_END) throw thrown;
        return false;
      }
      if (!form || insn.form !== form || insn.fault !== '' || insn.length !== next - first || form.attributes.has('alone')) return false;
      const count = u32[(entry + ENTRY_COUNT) >> 2];
      writeEntry(this.#cpu.state, entry, insn, form, first, this.#handlers.index(insn, form, mode));
      u32[(entry + ENTRY_COUNT) >> 2] = count;
      this.#handlers.compile();
      if (few && from === start + next - 4 && to === start + next && isPlainImmediate(form, insn))
        this.#patches.allow(from - L.RAM, entry + ENTRY_IMM);
    }
    this.units?.drop(block);
    return true;
  }

  #overlaps(block: number, from: number, to: number): boolean {
    const u32 = this.#cpu.state.u32;
    const start = u32[(block + BLOCK_KEY) >> 2];
    const length = u32[(block + BLOCK_BYTES) >> 2];
    const second = u32[(block + BLOCK_SECOND) >> 2];
    if (second === 0) return from < start + length && start < to;
    const room = 0x1000 - (start & 0xfff);
    return (from < start + room && start < to) || (from < second + length - room && second < to);
  }

  /** Drops a block. It may be the one that is being run: its entries lead out of it from here on. */
  #drop(block: number): void {
    const { u32, u16 } = this.#cpu.state;
    const offset = u32[(block + BLOCK_KEY) >> 2];
    this.#patches.forget();
    this.units?.drop(block);
    this.#counts.keep(block);
    const count = u16[(block + BLOCK_LENGTH) >> 1];
    for (let i = 1; i <= count; i++) u32[(block + i * ENTRY_BYTES + ENTRY_HANDLER) >> 2] = 0;
    this.#byKey.delete(offset * 32 + u32[(block + BLOCK_MODE) >> 2]);
    this.#unlist(block, offset);
    const second = u32[(block + BLOCK_SECOND) >> 2];
    const bytes = u32[(block + BLOCK_BYTES) >> 2];
    const room = second !== 0 ? 0x1000 - (offset & 0xfff) : bytes;
    this.#coverage.uncover(block, offset, room);
    if (second !== 0) this.#coverage.uncover(block, second, bytes - room);
    u32[(block + BLOCK_MODE) >> 2] = DROPPED;
    this.#left[count].push(block);
  }

  #isBound(offset: number): boolean {
    return this.#bounds !== null && this.#bounds[offset & 0xfff] !== 0;
  }

  /** Sets the offsets in a page at which blocks are to begin, and no unit is to go on; null: nowhere. */
  bound(offsets: ReadonlySet<number> | null): void {
    this.#bounds = null;
    if (offsets === null || offsets.size === 0) return;
    const bounds = new Uint8Array(4096);
    for (const offset of offsets) bounds[offset] = 1;
    this.#bounds = bounds;
    const { u32 } = this.#cpu.state;
    for (const block of [...this.#byKey.values()]) {
      const start = u32[(block + BLOCK_KEY) >> 2];
      const from = start & 0xfff;
      const bound = bounds.subarray(from + 1, from + u32[(block + BLOCK_BYTES) >> 2]).includes(1);
      if (bounds[from] !== 0 || bound) this.units?.drop(block, false);
      if (bounds[from] !== 0) this.#unlist(block, start);
      if (bound) this.#drop(block);
    }
  }

  leaveBefore(offset: number): void {
    const { u32 } = this.#cpu.state;
    const within = (block: number): boolean => u32[(block + BLOCK_KEY) >> 2] !== offset && this.#overlaps(block, offset, offset + 1);
    for (const block of this.#coverage.near(offset, offset + 1, within)) {
      this.units?.drop(block, false);
      this.#drop(block);
    }
  }

  /** The block decoded at a memory offset under a mode, or 0: none that a unit may have. */
  at(offset: number, mode: number): number {
    if (this.#isBound(offset)) return 0;
    return this.#byKey.get(offset * 32 + mode) ?? 0;
  }

  clear(): void {
    const { u32 } = this.#cpu.state;
    this.#patches.forget();
    this.units?.clear();
    this.#counts.keepAll(this.#byKey.values());
    this.#byKey.clear();
    this.#coverage.clear();
    // The first header stays empty: what empty slots of the table point to.
    for (let i = 0; i < ENTRY_BYTES; i += 4) u32[(L.ARENA + i) >> 2] = 0;
    u32.fill(L.ARENA, L.BLOCK_TABLE >> 2, (L.BLOCK_TABLE >> 2) + L.BLOCK_TABLE_SIZE);
    this.#top = L.ARENA + ENTRY_BYTES;
    for (const left of this.#left) left.length = 0;
  }

  /** The block that an entry belongs to. */
  blockOf(entry: number): number {
    const { u16 } = this.#cpu.state;
    let at = entry;
    while (u16[(at + ENTRY_START) >> 1] !== 0) at -= ENTRY_BYTES;
    return at - ENTRY_BYTES;
  }
  /** How many instructions of the block stand before an entry. */
  position(block: number, entry: number): number {
    return (entry - block) / ENTRY_BYTES - 1;
  }
  /** Distance of an entry's instruction from the block's start in bytes. */
  startOf(entry: number): number {
    return this.#cpu.state.u16[(entry + ENTRY_START) >> 1];
  }

  /** A block was left at an entry: see {@link ExecutionCounts.leftAt}. */
  leftAt(block: number, entry: number): void {
    this.#counts.leftAt(block, entry, this.#cpu.state.u32[(block + BLOCK_MODE) >> 2] === DROPPED);
  }

  /** The rest of an instruction that was counted when it began is about to run: see {@link ExecutionCounts.goesOn}. */
  goesOn(physical: number): void {
    this.#counts.goesOn(physical);
  }

  /** Hands out how often each instruction ran since the last call: see {@link ExecutionCounts.take}. */
  takeCounts(sink: CountSink): void {
    this.#counts.take(this.#byKey.values(), sink);
  }

  /** Generated code patches no immediate any more: a block has gone or come, or has become part of a unit. */
  forgetPatches(): void {
    this.#patches.forget();
  }
}
