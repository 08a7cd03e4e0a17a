/** What a world tells: its events, counted and numbered, and the text on its terminals. */
import type { Kernel } from '#hostos';
import { BootWatch } from './pace/boot_watch.ts';
import { Tally } from './statistics.ts';
import type { Statistics } from './statistics.ts';
import type { ToldEvent, WorldEvent } from './events.ts';
import type { ProgramNames } from './names.ts';
import type { WorldOptions } from './options.ts';

/** Where a world is. */
interface Clock {
  readonly instructions: number;
  readonly time: number;
}

export class Chronicle {
  readonly #onEvent: ((event: WorldEvent) => void) | undefined;
  readonly #keepEvents: boolean;
  readonly #hears: ReadonlySet<ToldEvent['kind']> | null;
  #events: WorldEvent[] = [];
  #console = '';
  /** How many there were. */
  seq = 0;
  readonly #tally: Tally;
  readonly boots: BootWatch;

  constructor(names: ProgramNames, { onEvent, keepEvents, hears }: Pick<WorldOptions, 'onEvent' | 'keepEvents' | 'hears'>) {
    this.#tally = new Tally(names);
    this.boots = new BootWatch(names.hypercall);
    this.#onEvent = onEvent;
    this.#keepEvents = keepEvents ?? true;
    this.#hears = hears ? new Set(hears) : null;
  }

  /** What there was, counted. */
  get statistics(): Statistics {
    return this.#tally.counts;
  }

  /**
   * Something happens.
   * @param clock shows the instructions retired and the world's time; it is looked at where somebody wants to know
   * @param kernel knows who has the processor
   * @param lookout somebody who wants to hear of it, too, before everybody else
   */
  hear(event: ToldEvent, clock: Clock, kernel: Kernel, lookout: { hear(event: WorldEvent): void } | null): void {
    const { kind } = event;
    this.#tally.add(event);
    if (BootWatch.hears(kind)) this.boots.hear(event, kernel.data.tasks.current, clock);
    if (kind === 'console') this.#console += event.text;
    const seq = this.seq++;
    if (!this.#keepEvents && this.#onEvent === undefined && lookout === null) return;
    if (this.#hears !== null && !this.#hears.has(kind)) return;
    // Every event is a fresh object: it is given its place in the run as it is.
    const stamped = event as WorldEvent;
    stamped.seq = seq;
    stamped.at = clock.instructions;
    lookout?.hear(stamped);
    if (this.#keepEvents) this.#events.push(stamped);
    this.#onEvent?.(stamped);
  }

  /** Console output since the last call. */
  takeConsole(): string {
    const text = this.#console;
    this.#console = '';
    return text;
  }

  /** Events since the last call. */
  takeEvents(): WorldEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** The world is somewhere else in its run: what has not been taken is void. */
  restart(seq: number, statistics: Statistics): void {
    this.seq = seq;
    this.#tally.counts = statistics;
    this.#events = [];
    this.#console = '';
  }
}
