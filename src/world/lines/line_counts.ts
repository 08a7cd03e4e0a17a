import type { Machine } from '#machine';
import type { Kernel } from '#hostos';
import type { LineCounters, LinePosition } from '#tangle/runtime';
import type { LguestProgram } from '../program.ts';
import type { CodeMap } from './code_map.ts';

/** Executions of one line of a chapter. */
export type LineHits = LinePosition & { count: number };

const PAGE_FAULT = 14;

/** How often each line of the chapters has run in one world: TypeScript, Switcher and Guests. */
export class LineCounts {
  #lines: LineCounters;
  readonly #code: CodeMap;
  readonly #machine: Machine;
  readonly #kernel: Kernel;
  #hits = new Map<string, LineHits>();
  /** What the program's line clock showed when this world last let it go. */
  #clock = 0;

  constructor(program: LguestProgram, code: CodeMap, machine: Machine, kernel: Kernel) {
    this.#lines = program.lines;
    this.#code = code;
    this.#machine = machine;
    this.#kernel = kernel;
    kernel.onProcessor = (runs) => this.processor(runs);
    if (code.followsPages) machine.onCode = (frame) => this.#pageOfCode(frame);
    // An instruction that faults never completes; the line was tried all the same. Page faults are mostly tried again.
    machine.hearsSoftware = false;
    machine.onTrap = (vector, _error, kind) => {
      if (kind !== 'exception' || vector === PAGE_FAULT) return;
      const line = code.lineAt(machine, kernel);
      if (line) this.#add(line, 1);
    };
  }

  /** Lines of the program's TypeScript that were counted since the run's place last moved in instructions, steps or time. */
  get clock(): number {
    return this.#lines.listening ? this.#lines.clock : this.#clock;
  }
  set clock(lines: number) {
    if (this.#lines.listening) this.#lines.clock = lines;
    else this.#clock = lines;
  }

  /**
   * Counts what is done here.
   * @param onTheWay it begins in the middle of a Guest: the Host's code first finds its way back in, which is nothing that a tour should count
   */
  during<T>(work: () => T, onTheWay = false): T {
    const before = this.#lines.listening;
    this.#listen(!onTheWay);
    try {
      return work();
    } finally {
      this.#listen(before);
    }
  }

  /** Does something that is counted by another build of the program: its lines are the same. */
  by<T>({ lines }: LguestProgram, work: () => T): T {
    const before = this.#lines;
    this.#lines = lines;
    try {
      return work();
    } finally {
      this.collect();
      this.#lines = before;
    }
  }

  /** The processor is about to run; or it stopped in the middle of a Guest, and the Host's code only unwinds. */
  processor(runs: boolean): void {
    this.#listen(runs);
  }

  #listen(on: boolean): void {
    if (on === this.#lines.listening) return;
    if (on) {
      this.#lines.start(this.#clock);
      return;
    }
    this.collect();
    this.#clock = this.#lines.stop();
  }

  /** Takes note of what ran: whose code was where is known now, and may soon not be. */
  collect(): void {
    const add = (position: LinePosition, count: number): void => this.#add(position, count);
    this.#lines.drain(add);
    this.#code.drain(this.#machine, this.#kernel, add);
  }

  /** A frame of memory begins to be code: what ran in it before was perhaps something else. */
  #pageOfCode(frame: number): void {
    this.#code.drain(this.#machine, this.#kernel, (position, count) => this.#add(position, count));
    this.#code.lookAt(this.#machine, frame);
  }

  /** A line ran. */
  #add(position: LinePosition, count: number): void {
    const key = `${position.source}:${position.line}`;
    const line = this.#hits.get(key);
    if (line) line.count += count;
    else this.#hits.set(key, { ...position, count });
  }

  /** Lines that ran since the last call. */
  take(): LineHits[] {
    const hits = [...this.#hits.values()];
    this.#hits = new Map();
    return hits;
  }
}
