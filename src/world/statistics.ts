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
  /** System calls of the Host's programs: of Launchers, their Wakers and the threads of their disks. */
  syscalls: number;
  /** Where somebody has himself told when a task gets the processor and loses it: how often it got it, and for how long it was without (ns). */
  preempt?: { in: number; away: number };
  /** Where the Host's profiler is at work: NMIs raised, and samples taken of programs, kernels, Switcher and Host. */
  profile?: { raised: number; program: number; kernel: number; switcher: number; host: number };
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
    syscalls: 0,
    events: 0,
  };
}

/** Whose code a sample is of, by its ring; in ring 0 it may be the Host's or the Switcher's. */
const SAMPLED: Readonly<Record<number, 'kernel' | 'program'>> = { 1: 'kernel', 3: 'program' };
/** The Host's code segment. */
const HOST_CS = 0x60;

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
      case 'syscall':
        counts.syscalls++;
        break;
      case 'preempt':
        counts.preempt ??= { in: 0, away: 0 };
        if (event.what === 'in') counts.preempt.in++;
        counts.preempt.away += event.away ?? 0;
        break;
      case 'nmi':
        this.#profile.raised++;
        break;
      case 'sample':
        this.#profile[SAMPLED[event.cs & 3] ?? (event.cs === HOST_CS ? 'host' : 'switcher')]++;
        break;
      case 'outside':
        counts.outside ??= {};
        counts.outside[event.what] = (counts.outside[event.what] ?? 0) + 1;
        break;
      default: // the others count as events only
    }
  }

  get #profile(): NonNullable<Statistics['profile']> {
    return (this.#counts.profile ??= { raised: 0, program: 0, kernel: 0, switcher: 0, host: 0 });
  }

  #callsOf(nr: number): { direct: number; ring: number } {
    return (this.#counts.hypercalls[this.#names.hypercall(nr)] ??= { direct: 0, ring: 0 });
  }
}
