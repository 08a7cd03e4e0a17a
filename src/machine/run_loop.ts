import * as L from './state/layout.ts';
import { BlockCache } from './engine/blocks.ts';
import { BLOCK_LENGTH } from './engine/entry.ts';
import { EXIT_ATTENTION, EXIT_FETCH, EXIT_HOT, EXIT_LIMIT, EXIT_YIELD, FAULTED, STALE } from './wasm/status.ts';
import { Fault, DB, NMI } from './state/fault.ts';
import { IF, RF, TF } from './state/flags.ts';
import { DR6_BS } from './state/register_bits.ts';
import { breakpointsEnabled } from './memory/watchpoints.ts';
import { fetchBreakpoints } from './protection/debug.ts';
import { Handlers, TABLE_SIZE } from './engine/handlers.ts';
import { makeImports } from './helpers/imports.ts';
import { deliver, EXCEPTION, EXTERNAL, type InterruptKind } from './protection/interrupts.ts';
import { Translator } from './translator/index.ts';
import { FPU_WAYS } from './fpu/index.ts';
import { routinesModule, x87Module } from './routines/index.ts';
import { coreModule } from './engine/core.ts';
import { pathsModule } from './engine/paths.ts';
import { lookUpLinear } from './memory/look.ts';
import { EXECUTE } from './memory/tlb.ts';
import { WITHHELD } from './memory/observer.ts';
import type { Cpu } from './memory/cpu.ts';

/** Who wants a run to stop: whoever calls `Machine.stop`; an observer, before an instruction, or behind an access or a delivery. */
export type StopBy = 'call' | 'code' | 'data' | 'delivery';
/**
 * Why a run came back: the count reached the limit; HLT retired in ring 0 and no interrupt can wake the CPU; a triple fault; somebody wanted it.
 */
export type Exit = { readonly reason: 'limit' | 'halt' | 'shutdown' } | { readonly reason: 'stop'; readonly by: StopBy };

const LIMIT: Exit = { reason: 'limit' };
const HALT: Exit = { reason: 'halt' };
const SHUTDOWN: Exit = { reason: 'shutdown' };
const STOP: Readonly<Record<StopBy, Exit>> = {
  call: { reason: 'stop', by: 'call' },
  code: { reason: 'stop', by: 'code' },
  data: { reason: 'stop', by: 'data' },
  delivery: { reason: 'stop', by: 'delivery' },
};

const NO_LINE = 0xffffffff;
/**
 * Exceptions delivered one after the other without an instruction retired, after which each counts as one: for an exception handler whose first instruction
 * faults, time must go on, too, or no interrupt would ever come and `run` never return.
 */
const LIVELOCK = 100;

/**
 * Runs instructions: generated code does the work, this class what comes between blocks: decoding, faults, interrupts, single steps.
 */
export class RunLoop {
  readonly #cpu: Cpu;
  readonly #run: (block: number) => number;
  readonly handlers: Handlers;
  readonly blocks: BlockCache;
  readonly translator: Translator | null;
  /** Where an observer has been asked, and wanted to go on: count of instructions, and address. */
  #passed = { instructions: -1, eip: 0 };
  /** An observer wants to stop before the next instruction. */
  #stopped = false;
  /** The run is to end with the next instruction. */
  #tired = false;

  /**
   * @param hot executions after which code is translated, 0: never
   * @param short whether far transfers, segment loads and the x87 have their short ways (see routines/)
   */
  constructor(cpu: Cpu, hot: number, short = true) {
    this.#cpu = cpu;
    const memory = cpu.state.memory;
    const table = new WebAssembly.Table({ element: 'anyfunc', initial: TABLE_SIZE });
    const imports = makeImports(cpu);
    const paths = new WebAssembly.Instance(new WebAssembly.Module(pathsModule()), { m: { memory }, h: imports }).exports;
    const core = new WebAssembly.Instance(new WebAssembly.Module(coreModule(TABLE_SIZE, hot)), { m: { memory, table }, h: paths }).exports;
    this.#run = core['run'] as (block: number) => number;
    const basics = { ...paths, flagsWord: core['flagsWord'] } as WebAssembly.ModuleImports;
    const routines = new WebAssembly.Instance(new WebAssembly.Module(routinesModule()), { m: { memory }, h: { ...imports, ...basics } })
      .exports;
    if (short) cpu.gate = routines['gate'] as typeof cpu.gate;
    const x87 = ({ fpu }: WebAssembly.ModuleImports): WebAssembly.ModuleImports =>
      short
        ? new WebAssembly.Instance(x87Module(), { m: { memory }, h: { fpu } }).exports
        : Object.fromEntries(FPU_WAYS.map((way) => [way, fpu]));
    this.handlers = new Handlers(memory, table, imports, short ? { ...basics, ...routines } : basics, x87);
    this.blocks = new BlockCache(cpu, this.handlers);
    this.translator = hot > 0 ? new Translator(cpu, this.handlers, hot, (offset, mode) => this.blocks.at(offset, mode)) : null;
    this.blocks.units = this.translator;
    cpu.code = this.blocks;
  }

  /** Ends the run at the next instruction boundary; for port callbacks. */
  stop(): void {
    this.#cpu.stopping = true;
    this.#cpu.state.u32[L.ATTENTION >> 2] = 1;
  }

  /** Where an observer wants to be asked: the blocks of that code begin there, and come here each time. */
  observe(offsets: ReadonlySet<number> | null): void {
    this.blocks.bound(offsets);
  }

  /**
   * Executes until the count of retired instructions is `limit`, or something else ends the run.
   * @param deliveries ends it as soon as so many exceptions and interrupts have been delivered since the last instruction
   */
  run(limit: number, deliveries = Infinity): Exit {
    const cpu = this.#cpu;
    const s = cpu.state;
    const u32 = s.u32;
    cpu.stopping = false;
    cpu.observer.seen = null;
    cpu.observer.ends = false;
    this.#passed.instructions = -1;
    this.#stopped = false;
    this.#tired = false;
    cpu.attend();
    for (;;) {
      // As any other limit: the same place in each run, however it is cut.
      if (this.#tired) limit = Math.min(limit, s.instructions + 1);
      if (u32[L.SHUTDOWN >> 2] !== 0) return SHUTDOWN;
      if (cpu.stopping) return STOP.call;
      if (cpu.observer.seen !== null) {
        this.#settle();
        return STOP.data;
      }
      if (this.#stopped) return STOP.code;
      if (deliveries < Infinity && this.deliveries >= deliveries) return STOP.delivery;
      if (s.instructions >= limit) return this.#tired ? STOP.call : LIMIT;
      if (u32[L.DELIVERIES >> 2] > LIVELOCK) {
        u32[L.DELIVERIES >> 2] = LIVELOCK;
        if (s.f64[L.DELIVERED_AT >> 3] === s.instructions) {
          s.f64[L.DELIVERED_AT >> 3] = ++s.instructions;
          continue;
        }
      }
      if (u32[L.ATTENTION >> 2] === 0) {
        this.#execute(limit);
        continue;
      }
      const flags = u32[L.EFLAGS >> 2];
      const line = u32[L.INTERRUPT_LINE >> 2];
      const inhibited = s.instructions < s.f64[L.INHIBIT_UNTIL >> 3];
      const debugHeld = s.instructions < s.f64[L.DEBUG_HELD_UNTIL >> 3];
      // Traps of the instruction before come first, then interrupts, then the breakpoint on the next (SDM vol. 3, 6.9).
      if (u32[L.DEBUG_PENDING >> 2] !== 0 && !debugHeld) {
        u32[L.HALTED >> 2] = 0;
        this.#deliver(DB, EXCEPTION, -1);
        continue;
      }
      const pending = line !== NO_LINE && (flags & IF) !== 0;
      if (pending && !inhibited) {
        u32[L.HALTED >> 2] = 0;
        this.#deliver(line, EXTERNAL, -1);
        cpu.onInterruptTaken(line);
        cpu.attend();
        continue;
      }
      if (u32[L.HALTED >> 2] !== 0) return HALT;
      if (this.#stopsHere()) return STOP.code;
      if (breakpointsEnabled(cpu)) {
        const hits = debugHeld ? 0 : fetchBreakpoints(cpu);
        if (hits !== 0) {
          u32[L.DEBUG_PENDING >> 2] |= hits;
          this.#deliver(DB, EXCEPTION, -1);
          continue;
        }
        // RF has done its work; a fault of the instruction sets it again in the image it pushes.
        u32[L.EFLAGS >> 2] &= ~RF;
      }
      // The trap flag, a breakpoint, or an interrupt that must wait: one instruction at a time.
      const before = s.instructions;
      u32[L.ATTENTION >> 2] = 0;
      u32[L.NO_STEP >> 2] = 0;
      this.#execute(before + 1);
      if (
        (flags & TF) !== 0 &&
        u32[L.NO_STEP >> 2] === 0 &&
        s.instructions > before &&
        s.instructions >= s.f64[L.DEBUG_HELD_UNTIL >> 3] &&
        u32[L.SHUTDOWN >> 2] === 0
      ) {
        u32[L.DEBUG_PENDING >> 2] |= DR6_BS;
        this.#deliver(DB, EXCEPTION, -1);
      }
      cpu.attend();
      if (cpu.stopping) return STOP.call;
    }
  }

  /**
   * A non-maskable interrupt, now, between two instructions: vector 2, whatever IF says (Intel SDM vol. 3, 6.7). False, and nothing has happened, where the instruction
   * before holds it off for one more (6.8.3). What a processor does besides is left to whoever raises it: to hold back a second one until IRET.
   */
  nmi(): boolean {
    const { state } = this.#cpu;
    if (state.u32[L.SHUTDOWN >> 2] !== 0 || state.instructions < state.f64[L.INHIBIT_UNTIL >> 3]) return false;
    state.u32[L.HALTED >> 2] = 0;
    this.#deliver(NMI, EXTERNAL, -1);
    return true;
  }

  /** Runs blocks until the limit, a fault (delivered here) or something to attend to. */
  #execute(limit: number): void {
    const cpu = this.#cpu;
    const s = cpu.state;
    const u32 = s.u32;
    if (limit > s.instructions && this.#goesOn()) {
      const physical = this.#physical((s.segment(L.CS, L.SEG_BASE) + s.eip) >>> 0);
      if (physical !== null) this.blocks.goesOn(physical);
    }
    s.grant(limit - s.instructions);
    let block = 0;
    this.translator?.makeDue();
    for (;;) {
      cpu.doing = 'instruction';
      const reason = this.#run(block);
      cpu.doing = 'nothing';
      block = 0;
      if (u32[L.LEFT_ENTRY >> 2] !== 0) this.#leave(reason);
      if (reason === STALE && cpu.observer.seen !== null) return;
      switch (reason) {
        case FAULTED:
          if (u32[L.FAULT_VECTOR >> 2] === WITHHELD) {
            this.#allow();
            return;
          }
          this.#deliver(u32[L.FAULT_VECTOR >> 2], EXCEPTION, s.i32[L.FAULT_ERROR >> 2]);
          return;
        case EXIT_FETCH:
          if (cpu.tired !== null && !this.#tired && limit > s.instructions + 1 && cpu.tired()) {
            this.#tired = true;
            return;
          }
          if (this.deliveries > 0 && s.instructions < limit && this.#stopsHere()) {
            this.#stopped = true;
            return;
          }
          cpu.doing = 'fetch';
          try {
            block = this.blocks.find();
          } catch (thrown) {
            if (!(thrown instanceof Fault)) throw thrown;
            s.eipStart = s.eip;
            this.#deliver(thrown.vector, EXCEPTION, thrown.error);
            return;
          }
          cpu.doing = 'nothing';
          // Only now, as a run that comes to its limit has fetched what is next, too. One that ends with a delivery has not.
          if (this.deliveries === 0 && s.instructions < limit && this.#stopsHere()) {
            this.#stopped = true;
            return;
          }
          break;
        case EXIT_HOT:
          this.blocks.forgetPatches();
          this.translator?.translate(u32[L.BLOCK >> 2]);
          break;
        case EXIT_YIELD:
          this.translator?.makeDue();
          break;
        case EXIT_LIMIT:
        case EXIT_ATTENTION:
          return;
      }
    }
  }

  /** The block was left before its end: counts what retired, and puts EIP where execution goes on. */
  #leave(reason: number): void {
    const s = this.#cpu.state;
    const entry = s.u32[L.LEFT_ENTRY >> 2];
    let block = s.u32[L.LEFT_BLOCK >> 2];
    if (block === 0) {
      // A unit takes a whole block from the budget when it begins it.
      block = this.blocks.blockOf(entry);
      s.i32[L.LEFT >> 2] += s.u16[(block + BLOCK_LENGTH) >> 1];
    }
    this.blocks.leftAt(block, entry);
    if (reason !== FAULTED && reason !== STALE) return;
    s.retire(this.blocks.position(block, entry));
    if (this.#cpu.inNewTask) {
      this.#cpu.inNewTask = false;
      return;
    }
    s.eip = s.u32[L.BLOCK_EIP >> 2] + this.blocks.startOf(entry);
    s.eipStart = s.eip;
  }

  /** Whether an observer wants to stop before the instruction at EIP. Looks without leaving a trace. */
  #stopsHere(): boolean {
    const cpu = this.#cpu;
    const s = cpu.state;
    const { code } = cpu.observer;
    const linear = (s.segment(L.CS, L.SEG_BASE) + s.eip) >>> 0;
    if (code === null || !code.offsets.has(linear & 0xfff)) return false;
    const { instructions, eip } = s;
    if (this.#passed.instructions === instructions && this.#passed.eip === eip) return false;
    // Only the first pass of a repeated instruction is one that it begins with.
    if (this.#goesOn()) return false;
    const physical = this.#physical(linear);
    if (physical !== null && code.here(linear, physical)) return true;
    this.#passed = { instructions, eip };
    return false;
  }

  /** Whether what is next is the rest of a repeated instruction that a limit cut in two. */
  #goesOn(): boolean {
    const { state, repeated } = this.#cpu;
    return repeated.instructions === state.instructions && repeated.eip === state.eip;
  }

  /** Where code at a linear address lies, looked up without leaving a trace; null where no page is. */
  #physical(linear: number): number | null {
    const cpu = this.#cpu;
    const known = cpu.tlb.lookup(linear, EXECUTE, cpu.state.cpl === 3);
    return known >= L.RAM ? known - L.RAM : lookUpLinear(cpu.state, cpu.ramBytes, linear);
  }

  /** Leaves the machine as it is where a run comes to its limit: with the next instruction fetched. */
  #settle(): void {
    const cpu = this.#cpu;
    cpu.observer.ends = false;
    cpu.attend();
    if (cpu.state.u32[L.ATTENTION >> 2] === 0 && this.deliveries === 0) this.#execute(cpu.state.instructions);
  }

  /** Runs the instruction that was given up before an access to watched memory. Where it faults, it has not made it yet. */
  #allow(): void {
    const { state, observer } = this.#cpu;
    const before = state.instructions;
    state.u32[L.FAULT_VECTOR >> 2] = 0xffffffff;
    // What its page walk wrote has asked for attention already.
    observer.ends = false;
    state.u32[L.ATTENTION >> 2] = 0;
    observer.busy = true;
    try {
      this.#execute(before + 1);
    } finally {
      observer.busy = false;
    }
    if (state.instructions === before) observer.seen = null;
  }

  /** Exceptions and interrupts delivered since the last instruction. */
  get deliveries(): number {
    const { f64, u32, instructions } = this.#cpu.state;
    return f64[L.DELIVERED_AT >> 3] === instructions ? u32[L.DELIVERIES >> 2] : 0;
  }

  #deliver(vector: number, kind: InterruptKind, error: number): void {
    const cpu = this.#cpu;
    const u32 = cpu.state.u32;
    cpu.doing = 'delivery';
    if (!deliver(cpu, vector, kind, error)) u32[L.SHUTDOWN >> 2] = 1;
    cpu.doing = 'nothing';
    const { f64, instructions } = cpu.state;
    if (f64[L.DELIVERED_AT >> 3] !== instructions) {
      f64[L.DELIVERED_AT >> 3] = instructions;
      u32[L.DELIVERIES >> 2] = 0;
    }
    u32[L.DELIVERIES >> 2]++;
    u32[L.FAULT_VECTOR >> 2] = 0xffffffff;
    cpu.attend();
  }
}
