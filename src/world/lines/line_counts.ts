import type { Machine } from '#machine';
import type { Kernel } from '#hostos';
import type { Hits, LineCounters, LinePosition } from '#tangle/runtime';
import type { LguestProgram } from '../program.ts';
import type { CodeMap } from './code_map.ts';

/** Executions of one line of a chapter. */
export type LineHits = LinePosition & { count: number };

const PAGE_FAULT = 14;
/** After so many instructions the machine is asked what ran, even if nobody else asks: it counts executions in words of 32 bits. */
const MOST_UNASKED = 2 ** 30;

/** How often each line of the chapters has run in one world: TypeScript, Switcher and Guests. */
export class LineCounts {
  #lines: LineCounters;
  readonly #code: CodeMap;
  readonly #machine: Machine;
  readonly #kernel: Kernel;
  /** Executions by position; one line may have several. */
  #hits = new Map<LinePosition, number>();
  /** Executions of the program's own lines, which come after every slice, as each build of it counts them. */
  readonly #own = new Map<LineCounters, Hits>();
  /** What the program's line clock showed when this world last let it go. */
  #clock = 0;
  /** Instructions that had retired when the machine was last asked what ran: that is a walk through all its code. */
  #askedAt = 0;

  constructor(program: LguestProgram, code: CodeMap, machine: Machine, kernel: Kernel) {
    this.#lines = program.lines;
    this.#code = code;
    this.#machine = machine;
    this.#kernel = kernel;
    kernel.onProcessor = (runs) => this.processor(runs);
    kernel.onPutAway = () => this.#drainMachine();
    if (!code.hasGuests) machine.countOnly((physical) => code.ofHost(physical, kernel) !== undefined);
    if (code.followsPages) machine.onCode = (frame) => this.#pageOfCode(frame);
    // An instruction that faults never completes; the line was tried all the same. Page faults are mostly tried again.
    machine.hearsSoftware = false;
    machine.onTrap = (vector, _error, kind) => {
      if (kind !== 'exception' || vector === PAGE_FAULT) return;
      const line = code.lineAt(machine, kernel);
      if (line) this.#add(line, 1);
    };
  }

  /** Lines of the program's TypeScript that were counted since the run's place last moved in instructions, steps or time; NaN since it did in a {@link hurry}. */
  get clock(): number {
    return this.#lines.listening ? this.#lines.clock : this.#clock;
  }
  set clock(lines: number) {
    if (this.#lines.listening) this.#lines.clock = lines;
    else this.#clock = lines;
  }

  /** The run's place has moved, and will again before anybody has to know it. */
  hurry(): void {
    this.#lines.hurry();
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
      this.#drainLines();
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
    this.#drainLines();
    if (Math.abs(this.#machine.cpu.instructions - this.#askedAt) > MOST_UNASKED) this.#drainMachine();
    this.#clock = this.#lines.stop();
  }

  /** Takes note of what ran: whose code was where is known now, and may soon not be. */
  collect(): void {
    this.#drainLines();
    this.#drainMachine();
  }

  /** The program's counters are every world's who runs it: it leaves nothing there. */
  #drainLines(): void {
    let hits = this.#own.get(this.#lines);
    if (hits === undefined) this.#own.set(this.#lines, (hits = this.#lines.createHits()));
    this.#lines.drainInto(hits);
  }

  #drainMachine(): void {
    this.#askedAt = this.#machine.cpu.instructions;
    this.#code.drain(this.#machine, this.#kernel, (position, count) => this.#add(position, count));
  }

  /** A frame of memory begins to be code: what ran in it before was perhaps something else. */
  #pageOfCode(frame: number): void {
    this.#drainMachine();
    this.#code.lookAt(this.#machine, frame);
  }

  /** A line ran. */
  #add(position: LinePosition, count: number): void {
    this.#hits.set(position, (this.#hits.get(position) ?? 0) + count);
  }

  /** Lines that ran since the last call. */
  take(): LineHits[] {
    this.#drainMachine();
    const lines = new Map<string, LineHits>();
    for (const [build, hits] of this.#own) build.read(hits, (position, count) => this.#add(position, count));
    for (const [{ source, line }, count] of this.#hits) {
      const key = `${source}:${line}`;
      const known = lines.get(key);
      if (known) known.count += count;
      else lines.set(key, { source, line, count });
    }
    this.forget();
    return [...lines.values()];
  }

  /** What ran since then is void. What the machine counted has to be {@link collect}ed before. */
  forget(): void {
    this.#hits = new Map();
    for (const hits of this.#own.values()) hits.fill(0);
  }
}
