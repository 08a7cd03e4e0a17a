/** Where a run is to stop, beside its end: conditions that are looked at inside the run, each just where it comes true. */
import type { DataAccess, Machine, WatchedRange } from '#machine';
import type { Kernel } from '#hostos';
import type { LineCounters, LinePosition } from '#tangle/runtime';
import type { CodeMap } from './lines/code_map.ts';
import type { WorldEvent } from './events.ts';

/** Conditions. The first that comes true ends the run. */
export interface Stops {
  /** Only what comes behind this count of instructions: a search that goes on from where it stands does not find what it stands at. */
  readonly since: number;
  /** Something happens: the run stops behind it, at the next instruction. */
  readonly events?: (event: WorldEvent) => boolean;
  /** Lines of chapters that are about to run: of machine code, the run stops just before; of TypeScript, at the processor's next instruction, and tells where it was. */
  readonly lines?: readonly LinePosition[];
  /** Instructions at linear addresses: the run stops just before. */
  readonly addresses?: readonly number[];
  /** Accesses to physical memory, whoever makes them: the run stops behind the instruction. */
  readonly data?: readonly WatchedRange[];
}

/** What came true, and at which count of instructions. */
export type Hit =
  | { readonly by: 'event'; readonly at: number; readonly event: WorldEvent }
  | { readonly by: 'line'; readonly at: number; readonly position: LinePosition }
  | { readonly by: 'address'; readonly at: number; readonly address: number }
  | { readonly by: 'data'; readonly at: number; readonly access: DataAccess };

const keyOf = ({ source, line }: LinePosition): string => `${source}:${line}`;

/** Looks out for one set of conditions while a world runs. */
export class Lookout {
  readonly #stops: Stops;
  readonly #machine: Machine;
  readonly #kernel: Kernel;
  readonly #code: CodeMap;
  readonly #lines: ReadonlySet<string>;
  /** The first condition that came true. */
  hit: Hit | null = null;

  constructor(stops: Stops, machine: Machine, kernel: Kernel, code: CodeMap) {
    this.#stops = stops;
    this.#machine = machine;
    this.#kernel = kernel;
    this.#code = code;
    this.#lines = new Set(stops.lines?.map(keyOf));
  }

  /** Does something, and looks out meanwhile. */
  during<T>(counters: LineCounters, work: () => T): T {
    const { lines = [], addresses = [], data = [] } = this.#stops;
    const offsets = new Set([...addresses.map((address) => address & 0xfff), ...this.#code.offsetsOf(this.#lines)]);
    const here = (linear: number, physical: number): boolean => this.#instruction(linear, physical);
    counters.watch((position) => this.#found({ by: 'line', at: this.#now, position }, 0), lines);
    this.#machine.observe(offsets.size > 0 ? { offsets, here } : null, data, () => this.access());
    try {
      return work();
    } finally {
      counters.watch(null);
      this.#machine.observe(null, []);
    }
  }

  get #now(): number {
    return this.#machine.cpu.instructions;
  }

  #instruction(linear: number, physical: number): boolean {
    if (this.#stops.addresses?.includes(linear) === true) return this.#found({ by: 'address', at: this.#now, address: linear }, 0);
    const position = this.#lines.size > 0 ? this.#code.lineOf(physical, this.#kernel) : null;
    return position !== null && this.#lines.has(keyOf(position)) && this.#found({ by: 'line', at: this.#now, position }, 0);
  }

  /** An event happens. */
  hear(event: WorldEvent): void {
    if (this.#stops.events?.(event) === true) this.#found({ by: 'event', at: this.#now, event }, 1);
  }

  /** Watched memory was read or written. */
  access(): void {
    const { access } = this.#machine;
    if (access !== null) this.#found({ by: 'data', at: this.#now, access }, 0);
  }

  /** @param more instructions that may still run */
  #found(hit: Hit, more: number): boolean {
    const { since } = this.#stops;
    if (hit.by === 'event' || hit.by === 'data' ? hit.at < since : hit.at <= since) return false;
    this.hit ??= hit;
    this.#kernel.halt = Math.min(this.#kernel.halt, this.#now + more);
    this.#kernel.limit = Math.min(this.#kernel.limit, this.#kernel.halt);
    return true;
  }
}
