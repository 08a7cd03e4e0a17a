/** Where one world is in its run, and whether it is at rest there. */
import { currentPlace, within } from '#hostos';
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
    kernel.onMove = () => this.#moved(0);
    this.#rest = this.place;
  }

  get place(): Place {
    const place = within(this.#kernel, currentPlace);
    return { ...place, line: place.at === this.#movedAt ? this.#lines.clock : 0 };
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

  /** The world stands before this line; it was at rest where {@link rests} was last called. */
  stands(line: LinePosition, frames: readonly Frame[]): void {
    this.#midway = line;
    this.#frames = frames;
  }

  /** @throws Error where the world is not at rest */
  mustRest(): void {
    if (this.#midway !== null) throw new Error('this world stands in the middle of what its Host does: it can only go to a checkpoint');
  }

  /** One of the numbers of the place has moved. */
  #moved(line: number): void {
    this.#movedAt = this.#kernel.machine.cpu.instructions;
    this.#lines.clock = line;
  }
}
