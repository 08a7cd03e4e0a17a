import * as L from '../state/layout.ts';
import { IF, TF } from '../state/flags.ts';
import { DR7_ENABLED } from '../state/register_bits.ts';
import { lookUpLinear } from './look.ts';
import { MARK_CLEAN, MARK_CODE, MARK_TABLE, MARK_WATCHED } from './marks.ts';
import { Observer, WITHHELD, type WatchedRange } from './observer.ts';
import { Spaces } from './spaces.ts';
import type { CpuState } from '../state/state.ts';
import type { Tlb } from './tlb.ts';

/** Port I/O of the machine. `size` is in bytes: 1, 2 or 4; values are unsigned. */
export interface Ports {
  /** Reads a port. */
  in(port: number, size: number): number;
  /** Writes a port. */
  out(port: number, size: number, value: number): void;
}

/** Which kind of event the CPU delivers through its IDT. */
export type TrapKind = 'exception' | 'interrupt' | 'software';

/** What keeps decoded code true: see blocks.ts. */
export interface CodeTracker {
  /** Bytes of physical memory have been written: blocks decoded from them are dropped. */
  invalidate(physical: number, length: number): void;
  /** Every block is dropped. */
  clear(): void;
  /** Generated code writes no decoded instruction by itself any more: see blocks.ts. */
  forgetPatches(): void;
  /** What is being run is left before the instruction at a memory offset, if that is the next. */
  leaveBefore(offset: number): void;
}

/** Mode word of the decoder ({@link L.MODE}): blocks decoded under another mode are other blocks. */
export const MODE_CODE32 = 1;
/** The stack segment is a 32-bit one. */
export const MODE_STACK32 = 2;
/** Ring 3. */
export const MODE_USER = 4;
/** ES, SS, DS and CS need neither base nor check. */
export const MODE_FLAT = 8;
/** CS has base 0 and no limit. */
export const MODE_CODE_FLAT = 16;

/**
 * The CPU as TypeScript helpers see it: its state, its memory, and what must be told when they change something that
 * generated code has cached.
 */
export class Cpu {
  /** Registers, and the memory that holds them and RAM. */
  readonly state: CpuState;
  /** Translations lately used. */
  readonly tlb: Tlb;
  /** Size of physical memory. */
  readonly ramBytes: number;
  /** One word a physical page: which 128-byte parts hold decoded code. */
  readonly codeBits: Uint32Array;
  /**
   * One byte a physical page: `MARK_*`. A marked page has no write tags in the TLB, so that every write to it comes to {@link wrote}, or to paths.ts, which takes
   * {@link MARK_CLEAN} away by itself.
   */
  readonly marks: Uint8Array;
  /** Page walks remembered over loads of CR3. */
  readonly spaces: Spaces;
  /** Who must hear of writes to decoded code. */
  code: CodeTracker = { invalidate() {}, clear() {}, forgetPatches() {}, leaveBefore() {} };
  /** Where IN and OUT lead; nothing is there by default. */
  ports: Ports = { in: (_port, size) => (size === 4 ? 0xffffffff : (1 << (size * 8)) - 1), out: () => {} };
  /** Called as an exception or interrupt is delivered; `error` is -1 for a vector without an error code. */
  get onTrap(): ((vector: number, error: number, kind: TrapKind) => void) | null {
    return this.#onTrap;
  }
  set onTrap(call: ((vector: number, error: number, kind: TrapKind) => void) | null) {
    this.#onTrap = call;
    this.#heard();
  }
  /** Whether software interrupts are among what onTrap hears. */
  get hearsSoftware(): boolean {
    return this.#hearsSoftware;
  }
  set hearsSoftware(hears: boolean) {
    this.#hearsSoftware = hears;
    this.#heard();
  }
  #heard(): void {
    this.state.u32[L.SOFTWARE_HEARD >> 2] = this.#onTrap && this.#hearsSoftware ? 1 : 0;
  }
  #hearsSoftware = true;
  #onTrap: ((vector: number, error: number, kind: TrapKind) => void) | null = null;
  /** The short way through the IDT where there is one, `gate` of routines/: 1, or 0 where nothing has happened. */
  gate: ((vector: number, kind: number, error: number) => number) | null = null;
  /** Called when a page of memory, by its physical address, becomes one that code was decoded from. */
  onCode: ((frame: number) => void) | null = null;
  /** Called once the interrupt line’s vector has been delivered. */
  onInterruptTaken: (vector: number) => void = () => {};
  /**
   * The instruction under way has passed the commit point of a task switch: a fault from here on belongs to the new task, before its first instruction. No state:
   * it is over before the instruction is.
   */
  inNewTask = false;
  /** The run in progress is to end at the next instruction boundary: something to attend to. No state: it does not outlive the run. */
  stopping = false;
  /** See `Machine.tired`. */
  tired: (() => boolean) | null = null;
  /** Who watches from outside. */
  readonly observer = new Observer();
  /** Whether it watches any memory: each access asks. */
  watching = false;
  /** What the processor is doing. No state either. */
  doing: 'nothing' | 'fetch' | 'instruction' | 'delivery' = 'nothing';
  /** The last run ended in the middle of a repeated string instruction: its address, and the count of instructions then. For observers, and for who counts how often an instruction ran. */
  repeated = { eip: 0, instructions: -1 };

  constructor(state: CpuState, tlb: Tlb, ramBytes: number) {
    this.state = state;
    this.tlb = tlb;
    this.ramBytes = ramBytes;
    this.codeBits = new Uint32Array(state.memory.buffer, L.CODE_BITS, Math.ceil(ramBytes / 4096));
    this.marks = state.u8.subarray(L.MARKS, L.MARKS + Math.ceil(ramBytes / 4096));
    // New memory is zeros, and nobody has written to it.
    this.marks.fill(MARK_CLEAN);
    this.spaces = new Spaces(state, { markTable: (page, on) => this.mark(page, MARK_TABLE, on) });
  }

  /** Sets or takes away a mark of a physical page; one beyond RAM never gets any. */
  mark(page: number, mark: number, on: boolean): void {
    const { marks } = this;
    const before = marks[page] as number | undefined;
    if (before === undefined) return;
    this.code.forgetPatches();
    marks[page] = on ? before | mark : before & ~mark;
    if (before === 0 && on) this.tlb.protect(L.RAM + page * 4096);
    if (before !== 0 && marks[page] === 0) this.tlb.unprotect(L.RAM + page * 4096);
  }

  /** The base, limit or attributes of a segment register changed: the decoder's mode may be another. */
  segmentChanged(segment: number): void {
    if (segment <= L.DS) this.modeChanged();
  }

  /** The privilege level changed: other translations, other mode. */
  cplChanged(): void {
    this.modeChanged();
  }

  /** Recomputes {@link L.MODE} and {@link L.TLB_BASE} from the segment registers and the privilege level. */
  modeChanged(): void {
    const u32 = this.state.u32;
    const user = u32[L.CPL >> 2] === 3;
    const field = (segment: number, at: number): number => u32[(L.SEG + segment * L.SEG_SIZE + at) >> 2];
    const flat =
      field(L.ES, L.SEG_FLAT_WRITE) &
      field(L.DS, L.SEG_FLAT_WRITE) &
      field(L.SS, L.SEG_FLAT_WRITE) &
      field(L.ES, L.SEG_FLAT_READ) &
      field(L.DS, L.SEG_FLAT_READ) &
      field(L.SS, L.SEG_FLAT_READ) &
      field(L.CS, L.SEG_FLAT_READ);
    const big = 0x4000;
    u32[L.MODE >> 2] =
      ((field(L.CS, L.SEG_ATTR) & big) !== 0 ? MODE_CODE32 : 0) |
      ((field(L.SS, L.SEG_ATTR) & big) !== 0 ? MODE_STACK32 : 0) |
      (user ? MODE_USER : 0) |
      (flat !== 0 ? MODE_FLAT : 0) |
      (field(L.CS, L.SEG_BASE) === 0 && field(L.CS, L.SEG_LIMIT) === 0xffffffff ? MODE_CODE_FLAT : 0);
    u32[L.TLB_BASE >> 2] = L.TLB + (user ? L.TLB_BYTES : 0);
    u32[L.CODE_PAGE >> 2] = 1;
  }

  /**
   * Recomputes {@link L.ATTENTION}: whether the run loop must look at the trap flag, breakpoints, the interrupt line or a halt
   * before the next instruction. Runs after every helper of generated code, so helpers need not call it.
   */
  attend(): void {
    const u32 = this.state.u32;
    const flags = u32[L.EFLAGS >> 2];
    u32[L.ATTENTION >> 2] =
      this.stopping ||
      this.observer.ends ||
      (flags & TF) !== 0 ||
      u32[L.HALTED >> 2] !== 0 ||
      u32[L.SHUTDOWN >> 2] !== 0 ||
      u32[L.DEBUG_PENDING >> 2] !== 0 ||
      (u32[(L.DR >> 2) + 7] & DR7_ENABLED) !== 0 ||
      (u32[L.INTERRUPT_LINE >> 2] !== 0xffffffff && (flags & IF) !== 0)
        ? 1
        : 0;
  }

  /** Forgets all translations. Costs the entries in use. */
  flushTlb(): void {
    this.tlb.flush();
    this.spaces.clear();
  }
  /** CR3 has been loaded: forgets translations not marked global. */
  rootChanged(): void {
    this.tlb.flush(true);
    this.spaces.enter();
  }
  /** Forgets the translation of one page. */
  flushTlbPage(linear: number): void {
    this.tlb.flushPage(linear);
  }
  /** Physical bytes, in any number of pages, have been changed behind the CPU's back. */
  changed(physical: number, length: number): void {
    for (const end = physical + length; physical < end; ) {
      const upTo = Math.min(end, (physical & ~0xfff) + 0x1000);
      this.touches(L.RAM + physical, upTo - physical, true);
      this.wrote(L.RAM + physical, upTo - physical);
      physical = upTo;
    }
  }

  /** Memory offset of a physical address: RAM, or the open bus (reads give ones, writes vanish). */
  offsetOf(physical: number, write: boolean): number {
    if (physical < this.ramBytes) return L.RAM + physical;
    return (write ? L.SINK_PAGE : L.OPEN_BUS_PAGE) + (physical & 0xfff);
  }

  /** Reads at a memory offset, as the page walk gave it. Who watches is asked for in place: page faults take a tenth less time than with a call. */
  load8(offset: number): number {
    if (this.watching) this.touches(offset, 1, false);
    return this.state.u8[offset];
  }
  load16(offset: number): number {
    if (this.watching) this.touches(offset, 2, false);
    return this.state.view.getUint16(offset, true);
  }
  load32(offset: number): number {
    if (this.watching) this.touches(offset, 4, false);
    return this.state.view.getUint32(offset, true);
  }
  /** A page walk reads an entry. */
  loadEntry(offset: number): number {
    return this.state.view.getUint32(offset, true);
  }
  /** Writes at a memory offset, not over a page's end, and tells who must know. What does not change anything is no write to them. */
  store8(offset: number, value: number): void {
    const { u8 } = this.state;
    if (this.watching) this.touches(offset, 1, true);
    const old = u8[offset];
    u8[offset] = value;
    if (u8[offset] !== old) this.wrote(offset, 1);
  }
  store16(offset: number, value: number): void {
    const { view } = this.state;
    if (this.watching) this.touches(offset, 2, true);
    const old = view.getUint16(offset, true);
    view.setUint16(offset, value, true);
    if (view.getUint16(offset, true) !== old) this.wrote(offset, 2);
  }
  store32(offset: number, value: number): void {
    const { view } = this.state;
    if (this.watching) this.touches(offset, 4, true);
    const old = view.getInt32(offset, true);
    view.setInt32(offset, value, true);
    if ((value | 0) !== old) this.wrote(offset, 4);
  }
  /** Bytes at a memory offset, not over a page's end, have been written: drops what was made from them. */
  wrote(offset: number, length: number): void {
    const physical = offset - L.RAM;
    if (physical < 0) return;
    const marks = this.marks[physical >>> 12];
    if (marks === 0) return;
    this.soil(offset);
    if ((marks & MARK_TABLE) !== 0) this.spaces.written(physical, length);
    if ((marks & MARK_CODE) !== 0) this.code.invalidate(physical, length);
  }
  /** The page at a memory offset of RAM is about to be written, or has been: it is no longer {@link MARK_CLEAN}. Write tags come back one by one, in paths.ts. */
  soil(offset: number): void {
    this.marks[(offset - L.RAM) >>> 12] &= ~MARK_CLEAN;
  }
  /** Writes the A or D bit of a page walk, which changes nothing that walks find. */
  storeEntry(offset: number, entry: number): void {
    if (this.watching) this.touches(offset, 4, true);
    this.state.view.setUint32(offset, entry, true);
    this.soil(offset);
    if (this.codeBits[(offset - L.RAM) >>> 12] !== 0) this.code.invalidate(offset - L.RAM, 4);
  }

  /** Whether words in the page at a memory offset are watched. */
  watches(offset: number): boolean {
    return offset >= L.RAM && (this.marks[(offset - L.RAM) >>> 12] & MARK_WATCHED) !== 0;
  }
  /** Looks at an access; one to watched memory ends the run behind the instruction, or delivery, that makes it. Fetching code is no access. */
  touches(offset: number, size: number, write: boolean): void {
    if (!this.watching) return;
    const { observer } = this;
    if (this.doing === 'fetch' || !observer.sees(offset - L.RAM, size, write)) return;
    if (this.doing === 'nothing') observer.onAccess?.();
    if (this.doing !== 'instruction') return;
    const s = this.state;
    observer.ends = true;
    s.u32[L.ATTENTION >> 2] = 1;
    s.u32[L.CODE_PAGE >> 2] = 1;
    // What generated code does itself is withheld: this is a helper's, and EIP is behind its instruction.
    const next = lookUpLinear(s, this.ramBytes, (s.segment(L.CS, L.SEG_BASE) + s.eip) >>> 0);
    if (next !== null) this.code.leaveBefore(L.RAM + next);
  }
  /**
   * Of generated code, which cannot stop behind an access of its own, or behind what its page walk wrote: the instruction is given up before it, and run by itself.
   */
  withholds(offset: number, size: number, write: boolean): boolean {
    if (!this.watching) return false;
    const { observer } = this;
    if (observer.busy) return false;
    observer.sees(offset - L.RAM, size, write);
    if (observer.seen === null) return false;
    this.state.u32[L.FAULT_VECTOR >> 2] = WITHHELD;
    return true;
  }
  /** Watches pieces of physical memory, instead of those until now. */
  watch(ranges: readonly WatchedRange[]): void {
    const pagesOf = ({ physical, length }: WatchedRange): number[] => {
      const first = Math.floor(physical / 4096);
      return Array.from({ length: Math.floor((physical + length - 1) / 4096) - first + 1 }, (_, n) => first + n);
    };
    for (const range of this.observer.ranges) for (const page of pagesOf(range)) this.mark(page, MARK_WATCHED, false);
    this.observer.ranges = ranges;
    this.watching = ranges.length > 0;
    for (const range of ranges) for (const page of pagesOf(range)) this.mark(page, MARK_WATCHED, true);
    this.tlb.hideWatched();
  }
}
