import * as L from '../state/layout.ts';
import { MARK_CLEAN, MARK_CODE, MODE_CODE32, MODE_CODE_FLAT, type CodeTracker, type Cpu } from '../memory/cpu.ts';
import {
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
  ENTRY_BASE,
  ENTRY_BYTES,
  ENTRY_COUNT,
  ENTRY_DISP,
  ENTRY_HANDLER,
  ENTRY_IMM,
  ENTRY_IMM2,
  ENTRY_INDEX,
  ENTRY_NEXT,
  ENTRY_REG,
  ENTRY_RM,
  ENTRY_SCALE,
  ENTRY_SEGMENT,
  ENTRY_START,
  blockSlot,
} from './entry.ts';
import { fault, GP } from '../state/fault.ts';
import { EXECUTE, offsetAt } from '../memory/mmu.ts';
import { checkFetch } from '../protection/segments.ts';
import { decode, FORMS, type Instruction, type InstructionForm, type OperandDescriptor } from '../opcodes/index.ts';
import { packString } from '../helpers/strings.ts';
import type { Handlers } from './handlers.ts';

/** The longest block, in instructions. */
const MAX_INSTRUCTIONS = 64;

/** Bytes of memory that one bit of the code bits stands for. */
const GRANULE = 128;
/** BLOCK_MODE of a block that is no more. */
const DROPPED = 0xffffffff;

/** What a later instruction of a block throws when its bytes go on in the next page: the block ends before it. */
const OVER_PAGE_END = new RangeError('page end');

const undefinedForm = FORMS.find((form) => form.name === 'ud2');

/** How to take the execution counts of one block: base and number of entries. */
type CountSink = (physical: number, count: number) => void;

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
  /** Headers by memory offset / {@link GRANULE}: a block is in the list of each part of memory that has a byte of it. */
  readonly #byGranule = new Map<number, number[]>();
  /** Counts of blocks that are no more, by physical address. */
  readonly #counts = new Map<number, number>();
  #top = L.ARENA;
  /** Something stands in the table of patches. */
  #patches = false;
  /** What is told of blocks that are no more. */
  units: { drop(block: number): void; clear(): void } | null = null;
  /** Blocks decoded since the start. */
  decoded = 0;

  constructor(cpu: Cpu, handlers: Handlers) {
    this.#cpu = cpu;
    this.#handlers = handlers;
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
    if ((mode & MODE_CODE_FLAT) !== 0) u32[blockSlot(offset) >> 2] = block;
    return block;
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
    this.forgetPatches();
    const block = this.#top;
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
    while (count < MAX_INSTRUCTIONS && at < room) {
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
      this.#writeEntry(block + (count + 1) * ENTRY_BYTES, insn, form, at, mode);
      at += insn.length;
      count++;
      if (alone || form.attributes.has('branch')) break;
    }
    s.u32[(block + BLOCK_KEY) >> 2] = offset;
    s.u32[(block + BLOCK_MODE) >> 2] = mode;
    s.u32[(block + BLOCK_COUNT) >> 2] = 0;
    s.u16[(block + BLOCK_LENGTH) >> 1] = count;
    s.u16[(block + BLOCK_FLAGS) >> 1] = second !== 0 ? BLOCK_CROSSES : 0;
    s.u32[(block + BLOCK_BYTES) >> 2] = at;
    s.u32[(block + BLOCK_SECOND) >> 2] = second;
    s.u32[(block + BLOCK_UNIT) >> 2] = 0;
    s.u32[(block + BLOCK_HEAT) >> 2] = 0;
    this.#top = block + (count + 1) * ENTRY_BYTES;
    this.#handlers.compile();
    this.#byKey.set(offset * 32 + mode, block);
    this.#cover(block, offset, Math.min(at, room));
    if (second !== 0) this.#cover(block, second, at - room);
    this.decoded++;
    return block;
  }

  /** Marks the bytes, which do not leave a page, as code and lists the block with them. */
  #cover(block: number, offset: number, length: number): void {
    if (offset < L.RAM) return;
    const page = (offset - L.RAM) >>> 12;
    const bits = this.#cpu.codeBits;
    if (bits[page] === 0) this.#cpu.mark(page, MARK_CODE, true);
    for (let granule = Math.floor(offset / GRANULE); granule * GRANULE < offset + length; granule++) {
      bits[page] |= 1 << (granule & 31);
      const list = this.#byGranule.get(granule);
      if (list) list.push(block);
      else this.#byGranule.set(granule, [block]);
    }
  }

  #writeEntry(at: number, insn: Instruction, form: InstructionForm, start: number, mode: number): void {
    const { u8, u16, i32 } = this.#cpu.state;
    const kinds = form.operands;
    i32[(at + ENTRY_HANDLER) >> 2] = this.#handlers.index(insn, form, mode);
    i32[(at + ENTRY_COUNT) >> 2] = 0;
    u16[(at + ENTRY_START) >> 1] = start;
    u16[(at + ENTRY_NEXT) >> 1] = start + insn.length;
    u16[(at + ENTRY_RM) >> 1] = registerAddress(
      insn.rm,
      kinds.find((o) => 'ERZ'.includes(o.kind)),
    );
    u16[(at + ENTRY_REG) >> 1] = registerAddress(
      insn.reg,
      kinds.find((o) => o.kind === 'G'),
    );
    u16[(at + ENTRY_BASE) >> 1] = insn.base >= 0 ? L.GPR + insn.base * 4 : L.ZERO;
    u16[(at + ENTRY_INDEX) >> 1] = insn.index >= 0 ? L.GPR + insn.index * 4 : L.ZERO;
    u8[at + ENTRY_SCALE] = 31 - Math.clz32(insn.scale);
    u8[at + ENTRY_SEGMENT] = insn.segment;
    i32[(at + ENTRY_DISP) >> 2] = insn.disp;
    let imm = insn.operandSize === 16 ? insn.imm & 0xffff : insn.imm;
    let imm2 = insn.imm2;
    if (kinds[0]?.kind === 'J') imm = start + insn.length + insn.rel;
    else if (kinds[0]?.kind === 'A') imm2 = insn.selector;
    else if (kinds.some((o) => o.kind === 'S' || o.kind === 'C' || o.kind === 'D')) imm2 = insn.reg;
    else if (form.attributes.has('fpu')) {
      imm =
        ((form.opcode & 7) << 8) |
        (insn.mod << 6) |
        (insn.reg << 3) |
        insn.rm |
        (insn.segment << 11) |
        (insn.operandSize === 16 ? 0x4000 : 0);
    } else if (form.attributes.has('rep') || form.attributes.has('repz')) {
      imm = packString(form.name, elementSize(form, insn), insn.addressSize === 16, insn.segment, insn.rep);
    }
    u16[(at + ENTRY_IMM2) >> 1] = imm2;
    i32[(at + ENTRY_IMM) >> 2] = imm;
  }

  invalidate(physical: number, length: number): void {
    const from = L.RAM + physical;
    const to = from + length;
    const hit: number[] = [];
    for (let granule = Math.floor(from / GRANULE); granule * GRANULE < to; granule++) {
      for (const block of this.#byGranule.get(granule) ?? []) if (this.#overlaps(block, from, to) && !hit.includes(block)) hit.push(block);
    }
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
      this.#writeEntry(entry, insn, form, first, mode);
      u32[(entry + ENTRY_COUNT) >> 2] = count;
      this.#handlers.compile();
      if (few && from === start + next - 4 && to === start + next && isPlainImmediate(form, insn))
        this.#patch(from - L.RAM, entry + ENTRY_IMM);
    }
    this.units?.drop(block);
    return true;
  }

  /** Lets generated code write an immediate by itself: into memory, and into the decoded instruction. */
  #patch(physical: number, field: number): void {
    const { u32 } = this.#cpu.state;
    const at = (L.PATCH_TABLE >> 2) + ((physical >> 2) & (L.PATCHES - 1)) * 4;
    if ((this.#cpu.marks[physical >>> 12] & ~MARK_CLEAN) !== MARK_CODE) return;
    u32[at + 2] = u32[at] === physical && u32[at + 1] !== field ? u32[at + 1] : field;
    u32[at] = physical;
    u32[at + 1] = field;
    this.#patches = true;
  }

  /** Ends all that: a block has gone or come, or has become part of a unit. */
  forgetPatches(): void {
    if (!this.#patches) return;
    this.#patches = false;
    this.#cpu.state.u32.fill(0, L.PATCH_TABLE >> 2, (L.PATCH_TABLE >> 2) + L.PATCHES * 4);
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
    this.forgetPatches();
    this.units?.drop(block);
    this.#collect(block, (physical, count) => this.#counts.set(physical, (this.#counts.get(physical) ?? 0) + count));
    const count = u16[(block + BLOCK_LENGTH) >> 1];
    for (let i = 1; i <= count; i++) u32[(block + i * ENTRY_BYTES + ENTRY_HANDLER) >> 2] = 0;
    this.#byKey.delete(offset * 32 + u32[(block + BLOCK_MODE) >> 2]);
    const slot = blockSlot(offset) >> 2;
    if (u32[slot] === block) u32[slot] = L.ARENA;
    const second = u32[(block + BLOCK_SECOND) >> 2];
    const bytes = u32[(block + BLOCK_BYTES) >> 2];
    const room = second !== 0 ? 0x1000 - (offset & 0xfff) : bytes;
    this.#uncover(block, offset, room);
    if (second !== 0) this.#uncover(block, second, bytes - room);
    u32[(block + BLOCK_MODE) >> 2] = DROPPED;
  }

  #uncover(block: number, offset: number, length: number): void {
    if (offset < L.RAM) return;
    const page = (offset - L.RAM) >>> 12;
    const bits = this.#cpu.codeBits;
    for (let granule = Math.floor(offset / GRANULE); granule * GRANULE < offset + length; granule++) {
      const list = this.#byGranule.get(granule);
      if (!list) continue;
      list.splice(list.indexOf(block), 1);
      if (list.length > 0) continue;
      this.#byGranule.delete(granule);
      bits[page] &= ~(1 << (granule & 31));
    }
    if (bits[page] === 0) this.#cpu.mark(page, MARK_CODE, false);
  }

  /** The block decoded at a memory offset under a mode, or 0. */
  at(offset: number, mode: number): number {
    return this.#byKey.get(offset * 32 + mode) ?? 0;
  }

  clear(): void {
    const { u32 } = this.#cpu.state;
    this.forgetPatches();
    this.units?.clear();
    this.takeCounts((physical, count) => this.#counts.set(physical, (this.#counts.get(physical) ?? 0) + count));
    this.#byKey.clear();
    for (const granule of this.#byGranule.keys()) {
      const page = Math.floor((granule * GRANULE - L.RAM) / 4096);
      if (this.#cpu.codeBits[page] === 0) continue;
      this.#cpu.codeBits[page] = 0;
      this.#cpu.mark(page, MARK_CODE, false);
    }
    this.#byGranule.clear();
    // The first header stays empty: what empty slots of the table point to.
    for (let i = 0; i < ENTRY_BYTES; i += 4) u32[(L.ARENA + i) >> 2] = 0;
    u32.fill(L.ARENA, L.BLOCK_TABLE >> 2, (L.BLOCK_TABLE >> 2) + L.BLOCK_TABLE_SIZE);
    this.#top = L.ARENA + ENTRY_BYTES;
  }

  /** A block was left at an entry: the ones from there on did not run, though the block was counted. */
  leftAt(block: number, entry: number): void {
    const { i32, u16, u32 } = this.#cpu.state;
    const dropped = u32[(block + BLOCK_MODE) >> 2] === DROPPED;
    const start = u32[(block + BLOCK_KEY) >> 2] - L.RAM;
    const end = block + (u16[(block + BLOCK_LENGTH) >> 1] + 1) * ENTRY_BYTES;
    for (let at = entry; at < end; at += ENTRY_BYTES) {
      const physical = start + u16[(at + ENTRY_START) >> 1];
      if (dropped) this.#counts.set(physical, (this.#counts.get(physical) ?? 0) - 1);
      else i32[(at + ENTRY_COUNT) >> 2]--;
    }
  }

  /** How many instructions of the block stand before an entry. */
  position(block: number, entry: number): number {
    return (entry - block) / ENTRY_BYTES - 1;
  }
  /** Distance of an entry's instruction from the block's start in bytes. */
  startOf(entry: number): number {
    return this.#cpu.state.u16[(entry + ENTRY_START) >> 1];
  }

  #collect(block: number, sink: CountSink): void {
    const { u32, i32, u16 } = this.#cpu.state;
    const start = u32[(block + BLOCK_KEY) >> 2] - L.RAM;
    const base = u32[(block + BLOCK_COUNT) >> 2];
    const count = u16[(block + BLOCK_LENGTH) >> 1];
    for (let i = 1; i <= count; i++) {
      const at = block + i * ENTRY_BYTES;
      const runs = base + i32[(at + ENTRY_COUNT) >> 2];
      if (runs !== 0) sink(start + u16[(at + ENTRY_START) >> 1], runs);
      i32[(at + ENTRY_COUNT) >> 2] = 0;
    }
    u32[(block + BLOCK_COUNT) >> 2] = 0;
  }

  /** Hands out how often each instruction ran since the last call, by physical address; an address may come more than once. */
  takeCounts(sink: CountSink): void {
    const kept = [...this.#counts];
    this.#counts.clear();
    for (const [physical, count] of kept) if (count !== 0) sink(physical, count);
    for (const block of this.#byKey.values()) if (this.#cpu.state.u32[(block + BLOCK_COUNT) >> 2] !== 0) this.#collect(block, sink);
  }
}

/** Whether the instruction ends with a 32-bit immediate that its entry keeps as it is. */
function isPlainImmediate(form: InstructionForm, insn: Instruction): boolean {
  return (
    insn.operandSize === 32 && form.immediates.length === 1 && form.immediates[0] === 'iv' && form.operands.some((o) => o.kind === 'I')
  );
}

function elementSize(form: InstructionForm, insn: Instruction): number {
  const letter = form.operands.find((o) => o.kind === 'X' || o.kind === 'Y')?.size;
  return letter === 'b' ? 1 : insn.operandSize >> 3;
}

/** Byte address of a register: of AH … BH for the upper four byte registers. */
function registerAddress(n: number, operand: OperandDescriptor | undefined): number {
  if (operand?.size === 'b' && n >= 4) return L.GPR + (n - 4) * 4 + 1;
  return L.GPR + n * 4;
}
