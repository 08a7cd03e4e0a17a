/** Ends what would never end: a loop in the Host's or the Launcher's code in which the processor does not come to its turn. */

/** Rounds after which somebody looks whether the processor has run meanwhile. */
const ROUNDS = 4_000_000;

/** A loop went round and round. */
export class EndlessLoop extends Error {
  constructor() {
    super(`a loop went round more than ${ROUNDS.toLocaleString('en')} times, and the Guest did not move`);
    this.name = 'EndlessLoop';
  }
}

/** Counts the rounds of all loops of one program. */
export class LoopGuard {
  /** Public, and counted down by the woven code. */
  left = ROUNDS;
  readonly #instructions: () => number;
  #seen = Number.NaN;

  /** @param instructions how many the processor has retired */
  constructor(instructions: () => number) {
    this.#instructions = instructions;
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
