import * as L from './layout.ts';
import { flagsOf } from './flags.ts';

/**
 * The CPU's state: accessors over the first kilobyte of the machine's memory.
 *
 * All 32-bit quantities go in and come out as unsigned numbers (0 … 2^32−1). Nothing is cached outside
 * the memory, so that generated WebAssembly and TypeScript always see the same state.
 */
export class CpuState {
  /** The machine’s one memory: state first, RAM from {@link L.RAM} on. */
  readonly memory: WebAssembly.Memory;
  /** Views of all of it, by element; offsets are those of layout.ts, divided by the element’s size. */
  readonly u8: Uint8Array;
  /** See {@link u8}. */
  readonly u16: Uint16Array;
  /** See {@link u8}. */
  readonly u32: Uint32Array;
  /** See {@link u8}. */
  readonly i32: Int32Array;
  /** See {@link u8}. */
  readonly f64: Float64Array;
  /** See {@link u8}. */
  readonly u64: BigUint64Array;
  /** All of it, for what is not aligned. */
  readonly view: DataView;

  /** @param memory must not grow afterwards: the views are made once. */
  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    const buffer = memory.buffer;
    this.u8 = new Uint8Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.u64 = new BigUint64Array(buffer);
    this.view = new DataView(buffer);
    this.f64[L.TSC_RATE >> 3] = 1;
  }

  /** General register by encoding number: 0 EAX, 1 ECX, 2 EDX, 3 EBX, 4 ESP, 5 EBP, 6 ESI, 7 EDI. */
  gpr(n: number): number {
    return this.u32[(L.GPR >> 2) + n];
  }
  /** Sets a general register by number: EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI. */
  setGpr(n: number, value: number): void {
    this.u32[(L.GPR >> 2) + n] = value;
  }

  /** General register EAX, unsigned. */
  get eax(): number {
    return this.u32[L.GPR >> 2];
  }
  set eax(v: number) {
    this.u32[L.GPR >> 2] = v;
  }
  /** General register ECX, unsigned. */
  get ecx(): number {
    return this.u32[(L.GPR >> 2) + 1];
  }
  set ecx(v: number) {
    this.u32[(L.GPR >> 2) + 1] = v;
  }
  /** General register EDX, unsigned. */
  get edx(): number {
    return this.u32[(L.GPR >> 2) + 2];
  }
  set edx(v: number) {
    this.u32[(L.GPR >> 2) + 2] = v;
  }
  /** General register EBX, unsigned. */
  get ebx(): number {
    return this.u32[(L.GPR >> 2) + 3];
  }
  set ebx(v: number) {
    this.u32[(L.GPR >> 2) + 3] = v;
  }
  /** General register ESP, unsigned. */
  get esp(): number {
    return this.u32[(L.GPR >> 2) + 4];
  }
  set esp(v: number) {
    this.u32[(L.GPR >> 2) + 4] = v;
  }
  /** General register EBP, unsigned. */
  get ebp(): number {
    return this.u32[(L.GPR >> 2) + 5];
  }
  set ebp(v: number) {
    this.u32[(L.GPR >> 2) + 5] = v;
  }
  /** General register ESI, unsigned. */
  get esi(): number {
    return this.u32[(L.GPR >> 2) + 6];
  }
  set esi(v: number) {
    this.u32[(L.GPR >> 2) + 6] = v;
  }
  /** General register EDI, unsigned. */
  get edi(): number {
    return this.u32[(L.GPR >> 2) + 7];
  }
  set edi(v: number) {
    this.u32[(L.GPR >> 2) + 7] = v;
  }

  /** EIP. During an instruction: the address of the next one. */
  get eip(): number {
    return this.u32[L.EIP >> 2];
  }
  set eip(v: number) {
    this.u32[L.EIP >> 2] = v;
  }
  /** EIP of the instruction in progress: what a fault pushes. */
  get eipStart(): number {
    return this.u32[L.EIP_START >> 2];
  }
  set eipStart(v: number) {
    this.u32[L.EIP_START >> 2] = v;
  }

  /** EFLAGS with every flag materialised; bit 1 always reads as one. */
  get eflags(): number {
    return flagsOf(this.u32);
  }
  /** Sets the whole word and ends any pending lazy computation. */
  set eflags(v: number) {
    this.u32[L.FLAGS_OP >> 2] = 0;
    this.u32[L.EFLAGS >> 2] = (v & 0x003f7fd5) | 2;
  }

  /** Retired instructions. Not to be set while the machine runs: see {@link retire}. */
  get instructions(): number {
    return this.f64[L.INSTRUCTIONS >> 3] - this.i32[L.LEFT >> 2];
  }
  set instructions(v: number) {
    this.f64[L.INSTRUCTIONS >> 3] = v;
    this.i32[L.LEFT >> 2] = 0;
  }
  /** So many instructions have retired, or have not after all. */
  retire(count: number): void {
    this.i32[L.LEFT >> 2] -= count;
  }
  /** Generated code may run so many instructions, at most 2^30. */
  grant(count: number): void {
    const now = this.instructions;
    const left = Math.min(count, 1 << 30);
    this.i32[L.LEFT >> 2] = left;
    this.f64[L.INSTRUCTIONS >> 3] = now + left;
  }

  /** Privilege level, 0-3. Setting it changes the number alone: see segments.ts for what goes with it. */
  get cpl(): number {
    return this.u32[L.CPL >> 2];
  }
  set cpl(v: number) {
    this.u32[L.CPL >> 2] = v;
  }
  /** Control registers, unsigned. Set from outside they change no cached translation: see {@link Machine.flushTlb}. */
  get cr0(): number {
    return this.u32[L.CR0 >> 2];
  }
  set cr0(v: number) {
    this.u32[L.CR0 >> 2] = v;
  }
  /** CR2: the linear address of the last page fault. */
  get cr2(): number {
    return this.u32[L.CR2 >> 2];
  }
  set cr2(v: number) {
    this.u32[L.CR2 >> 2] = v;
  }
  /** Why debug exceptions came: the processor only ever adds to it (Intel SDM vol. 3, 17.2.3). */
  get dr6(): number {
    return this.u32[(L.DR >> 2) + 6];
  }
  set dr6(v: number) {
    this.u32[(L.DR >> 2) + 6] = v;
  }
  /** CR3: the physical address of the page directory, and its caching bits. */
  get cr3(): number {
    return this.u32[L.CR3 >> 2];
  }
  set cr3(v: number) {
    this.u32[L.CR3 >> 2] = v;
  }
  /** CR4: the extensions that are switched on. */
  get cr4(): number {
    return this.u32[L.CR4 >> 2];
  }
  set cr4(v: number) {
    this.u32[L.CR4 >> 2] = v;
  }

  /** Descriptor table registers: linear base, and limit in bytes less one. */
  get gdtBase(): number {
    return this.u32[L.GDTR >> 2];
  }
  set gdtBase(v: number) {
    this.u32[L.GDTR >> 2] = v;
  }
  /** Limit of the GDT: the offset of its last byte. */
  get gdtLimit(): number {
    return this.u32[(L.GDTR >> 2) + 1];
  }
  set gdtLimit(v: number) {
    this.u32[(L.GDTR >> 2) + 1] = v & 0xffff;
  }
  /** Linear address of the IDT. */
  get idtBase(): number {
    return this.u32[L.IDTR >> 2];
  }
  set idtBase(v: number) {
    this.u32[L.IDTR >> 2] = v;
  }
  /** Limit of the IDT: the offset of its last byte. */
  get idtLimit(): number {
    return this.u32[(L.IDTR >> 2) + 1];
  }
  set idtLimit(v: number) {
    this.u32[(L.IDTR >> 2) + 1] = v & 0xffff;
  }

  /** A field of a segment register's hidden part: `segment(SS, SEG_BASE)`. */
  segment(segment: number, field: number): number {
    return this.u32[(L.SEG + segment * L.SEG_SIZE + field) >> 2];
  }
  /** Sets one field of a segment register (`SEG_*` of layout.ts). */
  setSegment(segment: number, field: number, value: number): void {
    this.u32[(L.SEG + segment * L.SEG_SIZE + field) >> 2] = value;
  }
  /** The visible selector of a segment register (ES 0, CS 1, SS 2, DS 3, FS 4, GS 5, LDTR 6, TR 7). */
  selector(segment: number): number {
    return this.segment(segment, L.SEG_SELECTOR);
  }
}
