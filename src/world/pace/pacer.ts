/**
 * Two clocks, the outside's and the Host's, and how the second keeps pace with the first: while all in the world wait, its time passes no further than the outside's;
 * while somebody is busy, the clock's rate is set to what the processor does just now, and what is missing is made good in small steps ahead. Each of these is an input,
 * with its place, so that the same run has the same times to the bit. The clock never goes back; a world that is ahead waits.
 *
 * A Linux looks at the date once, when it says hello, and of that only at the seconds; then it counts its own ticks, until it has found a better clock, and a tick that comes late is
 * one that it never makes good. So a world with a Linux in it begins at a whole second; its clock all but stands still until there are ticks, and is not set ahead until they are not
 * counted any more. Then it has two: one counts cycles, and the other shows the time of its last interrupt. A Linux that finds them far apart trusts neither; so what is missing is made
 * good while it halts or a program runs, of which an interrupt comes first; else in steps of some milliseconds, each as soon as the interrupt has come that the one before made due.
 */
import { FULL_RATE, NS_PER_INSTRUCTION } from '#hostos';
import type { OutsideInput } from '#hostos';
import type { BootStage, BootState } from './boot_watch.ts';

/** What is paced: a world. */
export interface Paced {
  readonly instructions: number;
  /** The Host's clock: nanoseconds since its start, and its rate. */
  readonly time: number;
  readonly clockRate: number;
  /** Inputs of its past that come again: until the last has, its clock is what it was. */
  readonly inputsAhead: number;
  /** How far the Guest has come that still boots. */
  readonly boot: BootState;
  /** Whose code the processor runs. */
  readonly worldName: string;
  /** What comes from outside, now. */
  input(input: OutsideInput): void;
  /** Runs so far, and no later than `until`, in nanoseconds. */
  run(instructions: number, steps: number, bounds: { until: number }): unknown;
}

const NS_PER_MS = 1e6;
/** Nanoseconds: a clock that is so far behind is set ahead; one that is so far ahead goes more slowly; and no further ahead is it allowed to run. */
const BEHIND = 4 * NS_PER_MS;
const AHEAD = 1 * NS_PER_MS;
const LEAD = 10 * NS_PER_MS;
/** The clock's rate aims at so much of the processor's real speed: rather a little too slow, since it can be set ahead, but never back. */
const AIM = 0.95;
/** A rate that is so much off is corrected. */
const OFF = 1.2;
const SLOWEST = 1;
const FASTEST = 1000 * FULL_RATE;
/** Runs that tell something of the speed: so many instructions at least, and so many milliseconds at most. */
const TELLING = 2000;
const UNTELLING_MS = 500;
/** Nanoseconds: so far ahead of its last interrupt is a busy Linux set at most. It compares its two clocks twice a second, and lets them be 62 ms apart. */
const APART = 40 * NS_PER_MS;
/** Nanoseconds: a smaller step is none, but for the last. */
const STEP = 1 * NS_PER_MS;
/** Instructions until one looks whether the interrupt has come; so many looks before something else is done; and for one that takes none for so many instructions, steps are made all the same. */
const SOON = 2000;
const LOOKS = 500;
const PATIENCE = 1_000_000;
/** Nanoseconds: who is that far behind has slept, and is set right at once. */
const SLEPT = 20_000 * NS_PER_MS;
/** Milliseconds: a kernel that has no clock by then is none of those. */
const LONGEST_BOOT = 120_000;
/** How much a run counts in the estimate; and more than so many times of it is rather a moment in which the processor was somebody else's. */
const WEIGHT = 0.3;
const SURPRISE = 3;

function isOff(rate: number, now: number): boolean {
  return rate > now * OFF || rate * OFF < now;
}

/** Keeps a world’s clock in step with an outside one. See above for how. */
export class Pacer {
  readonly #world: Paced;
  readonly #clock: () => number;
  /** The outside's time, in ms, at which the world's was 0. */
  #origin: number;
  /** Nanoseconds that an instruction takes in the outside's time, as far as is known. */
  #cost: number | null = null;
  #begun = { ms: 0, instructions: 0 };
  readonly #countsTicks: boolean;
  /** The boot that goes on: which, by its hello, and since when, in ms. */
  #boot: { readonly hello: number; readonly since: number } | null = null;
  /** What the world took for the date when its time was 0, in ms. */
  #date: number | null = null;
  /** Instructions retired when the clock was last set ahead, or needed not be. */
  #rightAt = 0;

  /**
   * From now on.
   * @param clock the outside's time: milliseconds since 1970 that never go back
   * @param countsTicks a Guest in it counts ticks while it boots, as Linux does
   */
  constructor(world: Paced, clock: () => number, countsTicks = false) {
    this.#world = world;
    this.#clock = clock;
    this.#countsTicks = countsTicks;
    this.#origin = clock() - world.time / NS_PER_MS;
  }

  /** Tells a new world what day it is. */
  setDate(): void {
    if (this.#countsTicks) this.#origin = Math.floor(this.#origin / 1000) * 1000;
    this.#date = this.#origin;
    const now = this.#date + this.#world.time / NS_PER_MS;
    const sec = Math.floor(now / 1000);
    this.#world.input({ kind: 'date', sec, nsec: Math.floor((now - sec * 1000) * NS_PER_MS) });
    if (this.#countsTicks) this.#world.input({ kind: 'clock', ahead: 0, rate: SLOWEST });
  }

  /** The outside's time on the world's scale, in nanoseconds: how late it may get while all in the world wait. */
  get until(): number {
    return Math.floor((this.#clock() - this.#origin) * NS_PER_MS);
  }

  /** Milliseconds until it is that late in the world. */
  left(time: number): number {
    return Math.max(0, (time - this.until) / NS_PER_MS);
  }

  /**
   * All in the world have waited for a time, and it is past: where the computer woke up late, it is as late in the world, too, before anybody there looks at a watch.
   * @param due that time, in nanoseconds on the world's scale
   */
  wake(due: number): void {
    const world = this.#world;
    if (world.inputsAhead > 0 || this.until - due <= BEHIND || this.#stage() !== 'clock') return;
    world.run(1, 1, { until: due - 1 });
    const ahead = this.until - world.time;
    if (ahead > BEHIND) world.input({ kind: 'clock', ahead, rate: world.clockRate });
  }

  /** A run begins. Returns how many instructions it may have, so that the clock does not get far ahead. */
  begin(): number {
    this.#begun = { ms: this.#clock(), instructions: this.#world.instructions };
    const room = this.until + LEAD - this.#world.time;
    const fits = Math.floor((room * FULL_RATE) / (NS_PER_INSTRUCTION * this.#world.clockRate));
    // Where an instruction was once very dear, so few would fit that nobody could ever tell that they are cheap again.
    const most = room > 0 ? Math.max(TELLING, fits) : 0;
    return this.#countsTicks && room > LEAD + BEHIND && this.#stage() === 'clock' ? Math.min(most, SOON) : most;
  }

  /**
   * Somebody outside is about to be heard, who may ask for the time: it is set right before.
   * @param run runs the world on for so many instructions; false: it does not go on like that
   */
  catchUp(run: (instructions: number) => boolean): void {
    for (let look = 0; look < LOOKS && this.#isLate(this.#world.clockRate); look++) if (!run(SOON)) return;
  }

  /** The run is over: sets the clock, where that is needed. Returns the milliseconds to wait before the next. */
  end(): number {
    const world = this.#world;
    this.#measure(this.#clock() - this.#begun.ms, world.instructions - this.#begun.instructions);
    if (world.inputsAhead > 0) return 0;
    const stage = this.#stage();
    const behind = this.until - world.time;
    const rate = stage === 'no timer' ? SLOWEST : Math.min(this.#rate(behind), stage === 'ticks' ? FULL_RATE : Infinity);
    if (behind < -AHEAD ? rate * OFF < world.clockRate : stage !== 'clock' && isOff(rate, world.clockRate))
      world.input({ kind: 'clock', ahead: 0, rate });
    else this.#isLate(rate);
    return behind < -LEAD / 2 ? -behind / NS_PER_MS : 0;
  }

  /** Sets the clock ahead, where it is behind, as far as that may be. Returns whether it is still behind, and may soon be set further. */
  #isLate(rate: number): boolean {
    const world = this.#world;
    const behind = this.until - world.time;
    if (behind <= BEHIND || world.inputsAhead > 0 || this.#stage() !== 'clock') {
      this.#rightAt = world.instructions;
      return false;
    }
    const ahead = Math.min(behind, this.#room(behind));
    if (ahead < Math.min(behind, STEP)) return true;
    this.#rightAt = world.instructions;
    world.input({ kind: 'clock', ahead, rate });
    return ahead < behind - BEHIND;
  }

  /** How far the clock may be set ahead at once: nobody in the world may find two of his far apart. */
  #room(behind: number): number {
    const { shown, alone } = this.#world.boot;
    if (!this.#countsTicks || shown === null || behind >= SLEPT) return behind;
    // A program's kernel is interrupted before it looks at anything.
    if (alone && this.#world.worldName === 'guest-user') return behind;
    if (this.#world.instructions - this.#rightAt > PATIENCE) return APART;
    return APART - (this.#world.time - shown);
  }

  /** How far the Guest is that is still to get a clock of its own. */
  #stage(): BootStage {
    const { stage, hello, alone } = this.#world.boot;
    if (!this.#countsTicks || stage === 'clock') return 'clock';
    if (this.#boot?.hello !== hello) {
      this.#boot = { hello, since: this.#clock() };
      // Whoever boots again, in the middle of a second, is so much behind his Host: it goes ahead for him.
      if (this.#date !== null && alone) this.#origin = this.#date - ((this.#date + hello / NS_PER_MS) % 1000);
    }
    return this.#clock() - this.#boot.since < LONGEST_BOOT ? stage : 'clock';
  }

  #measure(milliseconds: number, instructions: number): void {
    if (instructions < TELLING || milliseconds > UNTELLING_MS) return;
    const cost = (milliseconds * NS_PER_MS) / instructions;
    this.#cost = this.#cost === null ? cost : this.#cost + (Math.min(cost, this.#cost * SURPRISE) - this.#cost) * WEIGHT;
  }

  /** What the rate should be. */
  #rate(behind: number): number {
    if (this.#cost === null) return this.#world.clockRate;
    const fitting = (this.#cost * AIM * FULL_RATE) / NS_PER_INSTRUCTION;
    // Who is ahead goes at half the speed until the outside has caught up.
    const wanted = behind < -AHEAD ? fitting / 2 : fitting;
    return Math.max(SLOWEST, Math.min(FASTEST, Math.round(wanted)));
  }
}
