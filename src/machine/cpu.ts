import * as L from './layout.ts';
import { IF, TF } from './flags.ts';
import type { CpuState } from './state.ts';
import type { Tlb } from './tlb.ts';

/** Port I/O of the machine. `size` is in bytes: 1, 2 or 4; values are unsigned. */
export interface Ports {
  in(port: number, size: number): number;
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
}

/** Mode word of the decoder ({@link L.MODE}): blocks decoded under another mode are other blocks. */
export const MODE_CODE32 = 1, MODE_STACK32 = 2, MODE_USER = 4, MODE_FLAT = 8, MODE_CODE_FLAT = 16;

/**
 * The CPU as TypeScript helpers see it: its state, its memory, and what must be told when they change something that
 * generated code has cached.
 */
export class Cpu {
  readonly state: CpuState;
  readonly tlb: Tlb;
  readonly ramBytes: number;
  /** One word a physical page: which 128-byte parts hold decoded code. */
  readonly codeBits: Uint32Array;
  code: CodeTracker = { invalidate() {}, clear() {} };
  ports: Ports = { in: (_port, size) => (size === 4 ? 0xffffffff : (1 << (size * 8)) - 1), out: () => {} };
  /** Called as an exception or interrupt is delivered; `error` is -1 for a vector without an error code. */
  onTrap: ((vector: number, error: number, kind: TrapKind) => void) | null = null;
  onInterruptTaken: (vector: number) => void = () => {};
  /** The run in progress is to end at the next instruction boundary: something to attend to. No state: it does not outlive the run. */
  stopping = false;

  constructor(state: CpuState, tlb: Tlb, ramBytes: number) {
    this.state = state;
    this.tlb = tlb;
    this.ramBytes = ramBytes;
    this.codeBits = new Uint32Array(state.memory.buffer, L.CODE_BITS, Math.ceil(ramBytes / 4096));
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
    const u32 = this.state.u32, user = u32[L.CPL >> 2] === 3;
    const field = (segment: number, at: number): number => u32[(L.SEG + segment * L.SEG_SIZE + at) >> 2];
    const flat = field(L.ES, L.SEG_FLAT_WRITE) & field(L.DS, L.SEG_FLAT_WRITE) & field(L.SS, L.SEG_FLAT_WRITE) &
      field(L.ES, L.SEG_FLAT_READ) & field(L.DS, L.SEG_FLAT_READ) & field(L.SS, L.SEG_FLAT_READ) & field(L.CS, L.SEG_FLAT_READ);
    const big = 0x4000;
    u32[L.MODE >> 2] = ((field(L.CS, L.SEG_ATTR) & big) !== 0 ? MODE_CODE32 : 0) | ((field(L.SS, L.SEG_ATTR) & big) !== 0 ? MODE_STACK32 : 0) |
      (user ? MODE_USER : 0) | (flat !== 0 ? MODE_FLAT : 0) |
      (field(L.CS, L.SEG_BASE) === 0 && field(L.CS, L.SEG_LIMIT) === 0xffffffff ? MODE_CODE_FLAT : 0);
    u32[L.TLB_BASE >> 2] = L.TLB + (user ? L.TLB_BYTES : 0);
    u32[L.CODE_PAGE >> 2] = 1;
  }

  /**
   * Recomputes {@link L.ATTENTION}: whether the run loop must look at the trap flag, breakpoints, the interrupt line or a halt
   * before the next instruction. Runs after every helper of generated code, so helpers need not call it.
   */
  attend(): void {
    const u32 = this.state.u32, flags = u32[L.EFLAGS >> 2];
    u32[L.ATTENTION >> 2] = this.stopping || (flags & TF) !== 0 || u32[L.HALTED >> 2] !== 0 || u32[L.SHUTDOWN >> 2] !== 0 || u32[L.DEBUG_PENDING >> 2] !== 0 ||
      (u32[(L.DR >> 2) + 7] & 0xff) !== 0 ||
      (u32[L.INTERRUPT_LINE >> 2] !== 0xffffffff && (flags & IF) !== 0) ? 1 : 0;
  }

  /** Forgets translations: all, or those not marked global. Costs the entries in use. */
  flushTlb(keepGlobal = false): void { this.tlb.flush(keepGlobal); }
  /** Forgets the translation of one page. */
  flushTlbPage(linear: number): void { this.tlb.flushPage(linear); }
  /** Physical bytes were changed behind the CPU's back. */
  invalidateCode(physical: number, length: number): void { this.code.invalidate(physical, length); }

  /** Memory offset of a physical address: RAM, or the open bus (reads give ones, writes vanish). */
  offsetOf(physical: number, write: boolean): number {
    if (physical < this.ramBytes) return L.RAM + physical;
    return (write ? L.SINK_PAGE : L.OPEN_BUS_PAGE) + (physical & 0xfff);
  }

  /** Reads at a memory offset, as the page walk gave it. */
  load8(offset: number): number { return this.state.u8[offset]; }
  load16(offset: number): number { return this.state.view.getUint16(offset, true); }
  load32(offset: number): number { return this.state.view.getUint32(offset, true); }
  /** Writes at a memory offset, not over a page's end, and tells the decoder. */
  store8(offset: number, value: number): void { this.state.u8[offset] = value; this.wrote(offset, 1); }
  store16(offset: number, value: number): void { this.state.view.setUint16(offset, value, true); this.wrote(offset, 2); }
  store32(offset: number, value: number): void { this.state.view.setUint32(offset, value, true); this.wrote(offset, 4); }
  /** Bytes at a memory offset have been written: drops code decoded from them. */
  wrote(offset: number, length: number): void {
    const physical = offset - L.RAM;
    if (physical >= 0 && this.codeBits[physical >>> 12] !== 0) this.code.invalidate(physical, length);
  }
}
