/** Milliseconds over which a speed is taken. */
const SPAN = 1000;

/** How many instructions a second a run does, over the last second or so. */
export class Speedometer {
  #marks: { readonly instructions: number; readonly time: number }[] = [];

  /** Takes a reading. @param time milliseconds */
  at(instructions: number, time: number): number {
    this.#marks.push({ instructions, time });
    while (this.#marks.length > 2 && time - this.#marks[1].time >= SPAN) this.#marks.shift();
    const [first] = this.#marks;
    return time > first.time ? Math.max(0, ((instructions - first.instructions) / (time - first.time)) * 1000) : 0;
  }

  /** Begins anew. */
  forget(): void {
    this.#marks = [];
  }
}
