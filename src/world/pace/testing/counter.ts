/** A world to be paced. */
import type { OutsideInput } from '#hostos';
import type { BootState } from '../boot_watch.ts';

/** A world that does nothing but count instructions. */
export class Counter {
  instructions = 0;
  clockRate = 256;
  inputsAhead = 0;
  boot: BootState = { stage: 'clock', hello: 0, alone: true, shown: null };
  worldName = 'guest-kernel';
  readonly inputs: OutsideInput[] = [];
  #movedAt = 0;
  #movedTo = 0;

  get time(): number {
    return this.#movedTo + Math.floor(((this.instructions - this.#movedAt) * 10 * this.clockRate) / 256);
  }

  input(input: OutsideInput): void {
    this.inputs.push(input);
    if (input.kind !== 'clock') return;
    this.wait(this.time + input.ahead);
    this.clockRate = input.rate;
  }

  /** Nobody has anything to do. */
  run(_instructions: number, _steps: number, { until }: { until: number }): void {
    this.wait(until);
  }

  /** All wait, until then. */
  wait(until: number): void {
    this.#movedTo = Math.max(this.time, until);
    this.#movedAt = this.instructions;
  }
}
