import type { ToldEvent } from './events.ts';
import type { ProgramNames } from './names.ts';

/** Counts of a run, as `--stats` prints them. */
export interface Statistics {
  /** Instructions retired by the emulated processor: Guest, Switcher and the Host's own few. */
  instructions: number;
  /** Hypercalls by name, direct and through the ring. */
  hypercalls: Record<string, { direct: number; ring: number }>;
  /** Returns to the Host by vector. */
  traps: Record<number, number>;
  /** Page faults that the Host mended and the Guest never saw. */
  hiddenFaults: number;
  /** Page faults passed on to the Guest. */
  reflectedFaults: number;
  /** Entries into the Guest. */
  switches: number;
  /** Traps and interrupts put on the Guest's stack, by vector. */
  delivered: Record<number, number>;
  /** Virtual interrupts delivered. */
  interrupts: number;
  /** NOTIFY calls that reached the Launcher. */
  notifications: number;
  /** Events of all kinds. */
  events: number;
  /** Requests to the outside and inputs from there, by kind; absent where nothing has passed the border. */
  outside?: Record<string, number>;
}

/** Counts of nothing yet. */
export function createStatistics(): Statistics {
  return {
    instructions: 0,
    hypercalls: {},
    traps: {},
    hiddenFaults: 0,
    reflectedFaults: 0,
    switches: 0,
    delivered: {},
    interrupts: 0,
    notifications: 0,
    events: 0,
  };
}

/** Counts the events of a run. */
export class Tally {
  readonly #names: ProgramNames;
  #counts = createStatistics();
  /** Those of hypercalls by number: there are many, and their names take long to look up. */
  #calls: { direct: number; ring: number }[] = [];

  constructor(names: ProgramNames) {
    this.#names = names;
  }

  /** The counts until now. Once they are set, it goes on from those. */
  get counts(): Statistics {
    return this.#counts;
  }
  set counts(counts: Statistics) {
    this.#counts = counts;
    this.#calls = [];
  }

  /** Adds one event. */
  add(event: ToldEvent): void {
    const counts = this.#counts;
    // Events have many shapes: what is the same in all takes longest to read.
    const { kind } = event;
    counts.events++;
    switch (kind) {
      case 'hypercall': {
        const call = (this.#calls[event.nr] ??= this.#callsOf(event.nr));
        if (event.ring === undefined) call.direct++;
        else call.ring++;
        break;
      }
      case 'trap':
        counts.traps[event.vector] = (counts.traps[event.vector] ?? 0) + 1;
        break;
      case 'fault':
        if (event.hidden) counts.hiddenFaults++;
        else counts.reflectedFaults++;
        break;
      case 'switch':
        if (event.to === 'guest') counts.switches++;
        break;
      case 'deliver':
        counts.delivered[event.vector] = (counts.delivered[event.vector] ?? 0) + 1;
        if (event.vector >= 32 && event.vector < 64) counts.interrupts++;
        break;
      case 'notify':
        counts.notifications++;
        break;
      case 'outside':
        counts.outside ??= {};
        counts.outside[event.what] = (counts.outside[event.what] ?? 0) + 1;
        break;
      default: // the others count as events only
    }
  }

  #callsOf(nr: number): { direct: number; ring: number } {
    return (this.#counts.hypercalls[this.#names.hypercall(nr)] ??= { direct: 0, ring: 0 });
  }
}
