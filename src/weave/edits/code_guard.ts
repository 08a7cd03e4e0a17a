/**
 * Looks after woven code: ends what would never end, a loop in the Host's or the Launcher's code in which the processor does not come to its turn; and knows where something was thrown
 * that does not know it itself, being no error.
 */

/** Rounds after which somebody looks whether the processor has run meanwhile. */
const ROUNDS = 4_000_000;

/** A loop went round and round. */
export class EndlessLoop extends Error {
  constructor() {
    super(`a loop went round more than ${ROUNDS.toLocaleString('en')} times, and the Guest did not move`);
    this.name = 'EndlessLoop';
  }
}

/** Counts the rounds of all loops of one program, and hears of all that it throws. */
export class CodeGuard {
  /** Public, and counted down by the woven code. */
  left = ROUNDS;
  readonly #instructions: () => number;
  #seen = Number.NaN;

  /** @param instructions how many the processor has retired */
  constructor(instructions: () => number) {
    this.#instructions = instructions;
  }

  /** What was thrown last without a trace of its own, and the trace to there. */
  #thrown: { readonly value: unknown; readonly stack: string } | null = null;

  /** Something is about to be thrown: the last of these. Returns it. */
  throws(...values: readonly unknown[]): unknown {
    const value = values.at(-1);
    if (!(value instanceof Error)) this.#thrown = { value, stack: new Error().stack ?? '' };
    return value;
  }

  /** The trace to where something was thrown; empty: nobody knows. */
  traceOf(error: unknown): string {
    if (error instanceof Error) return String(error.stack ?? '');
    return this.#thrown !== null && Object.is(this.#thrown.value, error) ? this.#thrown.stack : '';
  }

  /** All rounds are gone. @throws EndlessLoop when the processor has not run since they were last given */
  spent(): void {
    const now = this.#instructions();
    this.left = ROUNDS;
    if (now === this.#seen) {
      this.#seen = Number.NaN;
      throw new EndlessLoop();
    }
    this.#seen = now;
  }
}
