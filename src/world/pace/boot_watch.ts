/** How far the kernels in a world have come with their clocks, as far as the Host can tell from what they ask of it. */
import type { ToldEvent } from '../events.ts';

/**
 * A kernel that boots has no timer at first; then a timer that rings for one tick after the other, each the same time after the one before; and in the end a clock, of which the
 * first timer tells that is set for another time, or a program.
 */
export type BootStage = 'no timer' | 'ticks' | 'clock';

/** What there is to know of a boot. */
export interface BootState {
  readonly stage: BootStage;
  /** Nanoseconds of the world's time when the kernel said hello. */
  readonly hello: number;
  /** There is no other Guest in the world. */
  readonly alone: boolean;
  /**
   * Nanoseconds of the world's time when a virtual interrupt was last delivered: the time that the Host's page showed the Guest last. Of several Guests the earliest; null where none is
   * busy. Who halts looks at no clock before his next interrupt.
   */
  readonly shown: number | null;
}

/** What is known of one Guest. */
interface Boot {
  stage: BootStage;
  /** Nanoseconds of the world's time when it said hello. */
  hello: number;
  /** Nanoseconds for which the timer was last set; 0: never. */
  tick: number;
  /** As in {@link BootState}. */
  shown: number | null;
}

/** By so much two ticks may differ: Linux rounds its own, by 152 parts in a million where there are a thousand a second. */
const ROUNDING = 300e-6;
/** The bit of a page fault's error code that tells ring 3: where a program begins, the shadow tables know nothing of it yet. */
const FROM_PROGRAM = 4;
/** Vectors of a Guest's 32 interrupts, which begin behind those that the processor has for itself (Intel SDM vol. 3, 6.2). */
const FIRST_INTERRUPT = 32;
const BEHIND_INTERRUPTS = 64;

export class BootWatch {
  readonly #hypercall: (nr: number) => string;
  readonly #guests = new Map<number, Boot>();

  /** @param hypercall names one */
  constructor(hypercall: (nr: number) => string) {
    this.#hypercall = hypercall;
  }

  /** Whether it learns from events of a kind. */
  static hears(kind: ToldEvent['kind']): boolean {
    return kind === 'fault' || kind === 'hypercall' || kind === 'task' || kind === 'deliver';
  }

  /**
   * Something happens.
   * @param task the Launcher whose Guest it concerns
   * @param clock shows the world's time
   */
  hear(event: ToldEvent, task: number, clock: { readonly time: number }): void {
    switch (event.kind) {
      case 'fault':
        if ((event.error & FROM_PROGRAM) !== 0) this.#ends(task);
        break;
      case 'task':
        if (event.what === 'exit') {
          this.#ends(event.task);
          this.#shows(event.task, null);
        }
        break;
      case 'deliver':
        if (event.vector >= FIRST_INTERRUPT && event.vector < BEHIND_INTERRUPTS) this.#shows(task, clock.time);
        break;
      case 'hypercall': {
        const name = this.#hypercall(event.nr);
        if (name === 'LGUEST_INIT') this.#guests.set(task, { stage: 'no timer', hello: clock.time, tick: 0, shown: clock.time });
        else if (name === 'HALT') this.#shows(task, null);
        else if (name === 'SET_CLOCKEVENT' && event.edx !== 0) this.#timer(task, event.edx);
        break;
      }
      default:
    }
  }

  /** The Guest that has come least far. */
  get boot(): BootState {
    const all = [...this.#guests.values()];
    if (all.length === 0) return { stage: 'no timer', hello: 0, alone: false, shown: null };
    const last = all.find(({ stage }) => stage === 'no timer') ?? all.find(({ stage }) => stage === 'ticks') ?? all[0];
    const shown = all.reduce<number | null>(
      (least, { shown }) => (shown === null || (least !== null && least < shown) ? least : shown),
      null,
    );
    return { stage: last.stage, hello: last.hello, alone: all.length === 1, shown };
  }

  #shows(task: number, time: number | null): void {
    const guest = this.#guests.get(task);
    if (guest !== undefined) guest.shown = time;
  }

  #ends(task: number): void {
    const guest = this.#guests.get(task);
    if (guest !== undefined) guest.stage = 'clock';
  }

  #timer(task: number, delta: number): void {
    const guest = this.#guests.get(task);
    if (guest === undefined || guest.stage === 'clock') return;
    const same = guest.tick === 0 || Math.abs(delta - guest.tick) <= guest.tick * ROUNDING;
    guest.stage = same ? 'ticks' : 'clock';
    guest.tick = delta;
  }
}
