/** Where in a run: four numbers, exact and unique, and in the order in which a run comes to them. */
import type { RunPlace } from '#hostos';

/**
 * A place in a run. The first three are those of {@link RunPlace}; while none of them moves, the Host's and the Launcher's TypeScript runs, and the fourth counts its lines.
 * Where two worlds are at the same place of the same run, all that can be seen of them is the same.
 */
export interface Place extends RunPlace {
  /** Lines of the program's TypeScript that ran since the other three last moved. The next to run, if any does before they move again, is number `line`, from 0. */
  readonly line: number;
}

/** Less than zero where the first comes before the second in a run, zero where they are the same. */
export function comparePlaces(a: Place, b: Place): number {
  return a.at - b.at || a.step - b.step || a.time - b.time || a.line - b.line;
}

/** A place in words, for messages. */
export function describePlace({ at, step, time, line }: Place): string {
  return `instruction ${at}, step ${step}, ${time} ns, line ${line}`;
}
