import * as L from './state/layout.ts';
import { CR0_ET, CR0_NE, CR0_PE } from './state/register_bits.ts';
import { Cpu, type Ports, type TrapKind } from './memory/cpu.ts';
import { CpuState } from './state/state.ts';
import { Tlb } from './memory/tlb.ts';
import { Ram } from './memory/ram.ts';
import { resetDebug } from './protection/debug.ts';
import { resetFpu } from './fpu/index.ts';
import { setSegment } from './protection/segments.ts';
import { timeStamp } from './protection/model_specific.ts';
import { HOT } from './translator/index.ts';
import { RunLoop, type Exit } from './run_loop.ts';
import { lookUpLinear, readCode, readLinear } from './memory/look.ts';
import type { CodeStops, DataAccess, WatchedRange } from './memory/observer.ts';
import { Checkpoints, type MachineCheckpoint } from './snapshot/checkpoints.ts';
import { hashMachine, restoreMachine, saveMachine, type MachineSnapshot } from './snapshot/snapshot.ts';

/** What a machine is made of. */
export interface MachineOptions {
  /** Physical memory, a multiple of 64 KiB, at most 1 GiB. */
  ramBytes: number;
  /** Added to the instruction count by RDTSC. */
  tscOffset?: number;
  /** Hot code is translated to WebAssembly: the same results, faster. Default true; a number: code that has run so often. */
  translate?: boolean | number | undefined;
  /** False: far transfers and segment loads all go the long way, in TypeScript. The same results, slower; for tests. */
  short?: boolean;
}

/** CR0 at reset: PE (there is no real mode), ET, NE. */
const CR0_RESET = CR0_PE | CR0_ET | CR0_NE;
/** Where the FPU's part of the state ends: behind its eight registers. */
const FPU_END = L.FPU_REG + 8 * 16;
/** Attributes of a present, accessed, 32-bit, page-granular segment. */
const FLAT_CODE = 0xc09b;
const FLAT_DATA = 0xc093;

/**
 * A 32-bit PC processor and its memory: i586 with x87 and CMOV, protected mode only.
 *
 * A new machine is in ring 0 with paging off, flat segments, interrupts disabled, everything else zero: ready to run a flat program.
 * The count of retired instructions is its only clock; the same start gives the same run, however it is cut into budgets.
 *
 * @example
 * ```ts
 * import { Machine } from '#machine';
 *
 * const machine = new Machine({ ramBytes: 1 << 20 });
 * let printed = '';
 * machine.ports = {
 *   in: (_port, size) => (size === 1 ? 0xff : 0xffff),
 *   out: (port, _size, value) => {
 *     if (port === 0xe9) printed += String.fromCharCode(value);
 *     if (port === 0xf4) machine.stop();
 *   },
 * };
 * //  mov $0x21,%al ; out %al,$0xe9 ; add %ecx,%eax ; mov %eax,0x2000 ; out %al,$0xf4
 * machine.ram.writeBytes(0x1000, Uint8Array.of(0xb0, 0x21, 0xe6, 0xe9, 0x01, 0xc8, 0xa3, 0x00, 0x20, 0x00, 0x00, 0xe6, 0xf4));
 * machine.cpu.eip = 0x1000;
 * machine.cpu.esp = 0x8000;
 * machine.cpu.ecx = 9;
 * const exit = machine.run(1000);          // { reason: 'stop' }
 * machine.cpu.instructions;                // 5
 * machine.ram.read32(0x2000);              // 42
 * ```
 */
export class Machine {
  /** Registers, flags and counters. */
  readonly cpu: CpuState;
  /** Physical memory. */
  readonly ram: Ram;
  readonly #cpu: Cpu;
  readonly #loop: RunLoop;
  readonly #checkpoints: Checkpoints;

  /** A machine after a reset: ring 0, paging off, flat segments. @throws RangeError when the size of RAM is none it can have */
  constructor(options: MachineOptions) {
    const { ramBytes, translate = true } = options;
    if (ramBytes <= 0 || ramBytes % 0x10000 !== 0 || ramBytes > 0x4000_0000) throw new RangeError(`ramBytes: ${ramBytes}`);
    const pages = (L.RAM + ramBytes) / 0x10000;
    this.cpu = new CpuState(new WebAssembly.Memory({ initial: pages, maximum: pages }));
    this.#cpu = new Cpu(this.cpu, new Tlb(this.cpu, ramBytes), ramBytes);
    this.ram = new Ram(this.#cpu);
    this.cpu.u8.fill(0xff, L.OPEN_BUS_PAGE, L.OPEN_BUS_PAGE + 0x1000);
    this.#loop = new RunLoop(this.#cpu, typeof translate === 'number' ? translate : translate ? HOT : 0, options.short);
    this.#checkpoints = new Checkpoints(this.#cpu);
    this.#reset(options.tscOffset ?? 0);
  }

  #reset(tscOffset: number): void {
    const cpu = this.#cpu;
    const s = cpu.state;
    s.cr0 = CR0_RESET;
    s.eflags = 2;
    s.f64[L.TSC_OFFSET >> 3] = tscOffset;
    s.u32[L.FAULT_VECTOR >> 2] = 0xffffffff;
    s.u32[L.INTERRUPT_LINE >> 2] = 0xffffffff;
    setSegment(cpu, L.CS, 0x08, 0, 0xffffffff, FLAT_CODE);
    for (const segment of [L.ES, L.SS, L.DS, L.FS, L.GS]) setSegment(cpu, segment, 0x10, 0, 0xffffffff, FLAT_DATA);
    resetDebug(cpu);
    resetFpu(cpu);
    cpu.modeChanged();
    cpu.flushTlb();
  }

  /** The CPU as the helpers see it, for tools and tests that need more than registers and memory. */
  get internals(): Cpu {
    return this.#cpu;
  }

  /** Port I/O; by default reads give ones and writes vanish. Called between instructions: `cpu.instructions` is exact, the instruction not yet counted. */
  get ports(): Ports {
    return this.#cpu.ports;
  }
  set ports(ports: Ports) {
    this.#cpu.ports = ports;
  }

  /** Called as the CPU takes the interrupt held by {@link setInterruptLine}, after its frame has been pushed. */
  get onInterruptTaken(): (vector: number) => void {
    return this.#cpu.onInterruptTaken;
  }
  set onInterruptTaken(call: (vector: number) => void) {
    this.#cpu.onInterruptTaken = call;
  }

  /**
   * Called as the CPU begins to deliver an exception, interrupt or software interrupt, with EIP, CPL and stack still as they were; `error` is -1
   * where there is no error code. Where the delivery faults, the call for that fault follows.
   */
  get onTrap(): ((vector: number, error: number, kind: TrapKind) => void) | null {
    return this.#cpu.onTrap;
  }
  set onTrap(call: ((vector: number, error: number, kind: TrapKind) => void) | null) {
    this.#cpu.onTrap = call;
  }

  /**
   * Asked now and then where code is decoded or leaves a block that is known: whether the run is to end soon, with the next instruction that retires (reason `stop`). It costs next to nothing,
   * and is asked where a run may have become much slower than it was; a loop that has been translated does not ask.
   */
  get tired(): (() => boolean) | null {
    return this.#cpu.tired;
  }
  set tired(asks: (() => boolean) | null) {
    this.#cpu.tired = asks;
  }

  /**
   * Called when a page of memory, by its physical address, becomes one that code runs from; and again when that is so anew, after some that ran there has been
   * overwritten. What {@link Machine.takeHits} gives here ran in it before.
   */
  get onCode(): ((frame: number) => void) | null {
    return this.#cpu.onCode;
  }
  set onCode(call: ((frame: number) => void) | null) {
    this.#cpu.onCode = call;
  }

  /** Whether software interrupts are among what {@link onTrap} hears; without them they cost less. Default true. */
  get hearsSoftware(): boolean {
    return this.#cpu.hearsSoftware;
  }
  set hearsSoftware(hears: boolean) {
    this.#cpu.hearsSoftware = hears;
  }

  /**
   * Runs until `cpu.instructions === limit` exactly, or an earlier exit. A faulting instruction does not count, each pass of a repeated string
   * instruction does.
   *
   * @param limit absolute count of retired instructions
   * @param deliveries come back, too, once so many exceptions and interrupts have been delivered without an instruction retired after them
   */
  run(limit: number, deliveries?: number): Exit {
    return this.#loop.run(limit, deliveries);
  }

  /** Exceptions and interrupts that have been delivered since the last instruction retired. */
  get deliveries(): number {
    return this.#loop.deliveries;
  }

  /**
   * Watches from outside: a run stops before an instruction (reason `code`), behind an access to memory (`data`, see {@link access}), exactly there. What the program does,
   * and what state it is in at each count of instructions, is the same as without.
   * @param onAccess hears of accesses by whoever writes and reads {@link ram}, while no instruction runs
   */
  observe(code: CodeStops | null, ranges: readonly WatchedRange[], onAccess: (() => void) | null = null): void {
    const { observer } = this.#cpu;
    const offsets = code?.offsets ?? null;
    if (observer.code?.offsets !== code?.offsets) this.#loop.observe(offsets);
    observer.code = code;
    observer.onAccess = onAccess;
    if (ranges !== observer.ranges) this.#cpu.watch(ranges);
  }

  /** The access to watched memory that ended the last run, or that {@link observe}'s `onAccess` was called for. */
  get access(): DataAccess | null {
    return this.#cpu.observer.seen;
  }

  /** The time stamp counter, as RDTSC would read it now. */
  get timeStamp(): number {
    return timeStamp(this.cpu);
  }

  /**
   * How far each instruction moves the time stamp counter: 1 at first. A processor whose counter goes with the time and not with its work (Intel SDM vol. 3,
   * 18.17.1: an invariant TSC) is told here how fast it works. The counter itself goes on from where it is. Exact for multiples of 1/256.
   */
  set timeStampRate(rate: number) {
    const { f64, instructions } = this.cpu;
    f64[L.TSC_OFFSET >> 3] += instructions * (f64[L.TSC_RATE >> 3] - rate);
    f64[L.TSC_RATE >> 3] = rate;
  }

  /** Time goes by without instructions: the time stamp counter moves ahead by so much, `cpu.instructions` does not. Fractions add up. */
  passTime(ticks: number): void {
    this.cpu.f64[L.TSC_OFFSET >> 3] += ticks;
  }

  /** Runs one instruction (and whatever exception or interrupt comes before it). */
  step(): Exit {
    return this.run(this.cpu.instructions + 1);
  }

  /** Ends a halt without an interrupt: the next run goes on at EIP. For an embedder that has done what the HLT was waiting for. */
  resume(): void {
    this.cpu.u32[L.HALTED >> 2] = 0;
    this.#cpu.attend();
  }

  /** Ends the run in progress after the current instruction; for callbacks. */
  stop(): void {
    this.#loop.stop();
  }

  /**
   * Holds an external interrupt, or with null lets it go. It is taken at the next instruction boundary where IF is set and nothing inhibits it,
   * and stays asserted until the caller changes it (usually from {@link onInterruptTaken}).
   */
  setInterruptLine(vector: number | null): void {
    this.cpu.u32[L.INTERRUPT_LINE >> 2] = vector ?? 0xffffffff;
    this.#cpu.attend();
  }

  /** It has executed a HLT, and waits for an interrupt. */
  get isHalted(): boolean {
    return this.cpu.u32[L.HALTED >> 2] !== 0;
  }

  /**
   * Raises a non-maskable interrupt between two runs: it is taken at once. False, and nothing has happened, where the last instruction holds it off (a load of SS, STI): raise
   * it again one instruction later. A second one before the handler's IRET is not held back.
   */
  nmi(): boolean {
    return this.#loop.nmi();
  }

  /** Forgets all cached translations: for when page tables in use were changed from outside. */
  flushTlb(): void {
    this.#cpu.flushTlb();
  }

  /** Tells, before the first run, for which physical addresses anybody will ask {@link takeHits}: elsewhere its counts mean nothing, and cost nothing. */
  countOnly(where: (physical: number) => boolean): void {
    this.#loop.translator?.countOnly(where);
  }

  /** Hands out how often each instruction ran since the last call, by physical address; an address may come more than once. */
  takeHits(callback: (physical: number, count: number) => void): void {
    this.#loop.blocks.takeCounts(callback);
  }

  /** A copy of everything, as plain data that can be cloned and kept. */
  save(): MachineSnapshot {
    return saveMachine(this.#cpu);
  }
  /** Goes back to a snapshot of a machine with the same amount of RAM. Callbacks and ports stay as they are. */
  restore(snapshot: MachineSnapshot): void {
    restoreMachine(this.#cpu, snapshot);
  }

  /** A copy of all that belongs to the FPU, as an operating system keeps it for a program. */
  saveFpu(): Uint8Array {
    return this.cpu.u8.slice(L.FPU_CONTROL, FPU_END);
  }
  /** Puts such a copy back; null: as FNINIT leaves it, with all registers empty. */
  loadFpu(saved: Uint8Array | null): void {
    this.cpu.u8.fill(0, L.FPU_REG, FPU_END);
    if (saved === null) resetFpu(this.#cpu);
    else this.cpu.u8.set(saved, L.FPU_CONTROL);
  }
  /** Marks this place, to come back to. Costs the pages written since the last checkpoint was made or gone to. */
  checkpoint(): MachineCheckpoint {
    return this.#checkpoints.make();
  }
  /** Goes back, or forth, to a checkpoint of this machine. Decoded and translated code is kept where the bytes are the same. */
  goTo(checkpoint: MachineCheckpoint): void {
    this.#checkpoints.goTo(checkpoint);
  }
  /** Gives a checkpoint up: what it shares with no other is freed. */
  forget(checkpoint: MachineCheckpoint): void {
    this.#checkpoints.forget(checkpoint);
  }
  /** Bytes of RAM that the checkpoints hold. */
  get checkpointBytes(): number {
    return this.#checkpoints.bytes;
  }

  /** A hash of registers, counters and RAM: equal for equal states, however they were reached. */
  stateHash(): string {
    return hashMachine(this.#cpu);
  }

  /** Physical address of an offset in the code segment, or null where nothing is mapped. Changes nothing. */
  physicalOfCode(offset: number): number | null {
    return lookUpLinear(this.cpu, this.#cpu.ramBytes, (this.cpu.segment(L.CS, L.SEG_BASE) + offset) >>> 0);
  }

  /** Physical address of a linear one, by the page tables as they stand, or null where nothing is mapped. Changes nothing. */
  physicalOf(linear: number): number | null {
    return lookUpLinear(this.cpu, this.#cpu.ramBytes, linear);
  }

  /** Bytes at an offset in the code segment: as many as are mapped, at most `count`. Changes nothing. */
  readCode(offset: number, count: number): Uint8Array {
    return readCode(this.cpu, this.#cpu.ramBytes, offset, count);
  }

  /** Bytes at a linear address, by the page tables as they stand: likewise. */
  readLinear(address: number, count: number): Uint8Array {
    return readLinear(this.cpu, this.#cpu.ramBytes, address, count);
  }

  /** Figures about the interpreter itself. */
  statistics(): { handlers: number; blocks: number; units: number } {
    return {
      units: this.#loop.translator?.made ?? 0,
      handlers: this.#loop.handlers.count,
      blocks: this.#loop.blocks.decoded,
    };
  }
}
