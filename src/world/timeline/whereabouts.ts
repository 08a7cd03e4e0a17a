/** Where one world is in its run, and whether it is at rest there. */
import { currentPlace, ktimeGetReal, within } from '#hostos';
import type { Kernel } from '#hostos';
import type { Frame, LinePosition } from '#tangle/runtime';
import type { LineCounts } from '../lines/line_counts.ts';
import type { Place } from './place.ts';

export class Whereabouts {
  readonly #kernel: Kernel;
  readonly #lines: LineCounts;
  /** Instructions retired when the place last moved; in the middle of the processor's run it moves unheard. */
  #movedAt = 0;
  /** Where the last run began or ended: nothing is known of what comes behind. */
  #rest: Place;
  #midway: LinePosition | null = null;
  #frames: readonly Frame[] = [];

  constructor(kernel: Kernel, lines: LineCounts) {
    this.#kernel = kernel;
    this.#lines = lines;
    kernel.onMove = (again) => this.#moves(again);
    this.#rest = this.place;
  }

  get place(): Place {
    const place = within(this.#kernel, currentPlace);
    const line = place.at === this.#movedAt ? this.#lines.clock : 0;
    if (Number.isNaN(line)) throw new Error('nobody counts the lines of this place: the run goes on to another');
    return { ...place, line };
  }

  /** The last place where the world was at rest. */
  get rest(): Place {
    return this.#midway === null ? this.place : this.#rest;
  }

  /** The line that the Host or a Launcher stands before, in the middle of what it does. */
  get midway(): LinePosition | null {
    return this.#midway;
  }

  /** The functions that it stands in the middle of, the latest first, where that is known. */
  get frames(): readonly Frame[] {
    return this.#frames;
  }

  /** The world is at rest here. @param line lines that ran here, where that is another number than it seems */
  rests(line = this.place.line): void {
    this.#midway = null;
    this.#frames = [];
    this.#moved(line);
    this.#rest = this.place;
  }

  /** The Host's clock: nanoseconds since its start. */
  get time(): number {
    return within(this.#kernel, ktimeGetReal);
  }

  /** A run has ended: perhaps it was broken off, where nobody counts the lines. */
  ends(): void {
    if (Number.isNaN(this.#lines.clock)) this.#moved(0);
  }

  /** The world stands before this line; it was at rest where {@link rests} was last called. */
  stands(line: LinePosition, frames: readonly Frame[]): void {
    this.#midway = line;
    this.#frames = frames;
  }

  /** @throws Error where the world is not at rest */
  mustRest(): void {
    if (this.#midway !== null) throw new Error('this world stands in the middle of what its Host does: it can only go to a checkpoint');
  }

  /** One of the numbers of the place has moved. @param again it will again before the run can end */
  #moves(again: boolean): void {
    this.#movedAt = this.#kernel.machine.cpu.instructions;
    if (again) this.#lines.hurry();
    else this.#lines.clock = 0;
  }

  #moved(line: number): void {
    this.#movedAt = this.#kernel.machine.cpu.instructions;
    this.#lines.clock = line;
  }
}
