/** What of a world's outside is the worker's: who carries out its requests, and what is typed at its terminals. */
import { KeyFeed } from '#world';
import type { OutsideInput, OutsideRequest } from '#world';

/** Where a world's requests go. */
export interface Outside {
  /** Returns the answer, or null where there is none or it takes time: then it comes as an input of the runner's. */
  ask(request: OutsideRequest): OutsideInput | null;
  /** The world took another way: what was done for requests to disks with this `id` or a higher one is to be undone. */
  undoFrom(id: number): void;
}

/** Requests and answers, keys and room for them. */
export class Border {
  readonly #outside: Outside | null;
  /** Keys are typed: as many at a time as the terminal has room for. */
  readonly #keys: KeyFeed;
  readonly #give: (input: OutsideInput) => void;
  /** Ids of requests to disks that have not been answered. */
  readonly #asked = new Set<number>();

  /** @param give takes what goes into the world, in order */
  constructor(outside: Outside | null, give: (input: OutsideInput) => void) {
    this.#outside = outside;
    this.#give = give;
    this.#keys = new KeyFeed(give);
  }

  /** Whether answers are still to come. */
  get waits(): boolean {
    return this.#asked.size > 0;
  }

  /** Is this an answer that nobody waits for? Another is waited for no longer. */
  isStray(input: OutsideInput): boolean {
    return 'id' in input && !this.#asked.delete(input.id);
  }

  /** Carries out a request, or sees to it that it is. Returns the answer, if it is there. */
  serve(request: OutsideRequest): OutsideInput | null {
    if (request.kind === 'more-keys') {
      this.#keys.more(request.tty);
      return null;
    }
    // Who came back to where he was finds there what he has asked for already.
    if ('id' in request && this.#asked.has(request.id)) return null;
    const answer = this.#outside?.ask(request) ?? null;
    if (answer === null && 'id' in request) this.#asked.add(request.id);
    return answer;
  }

  /** Something goes in. */
  enter(input: OutsideInput): void {
    if (input.kind === 'keys') this.#keys.type(input.tty, input.bytes);
    else if (input.kind === 'end-of-keys') this.#keys.end(input.tty);
    else this.#give(input);
  }

  /** The world takes another way: requests with this `id` or a higher one have never been. */
  branch(unused: number): void {
    this.#outside?.undoFrom(unused);
    this.#keys.clear();
  }

  /** The world is somewhere else: nobody there waits for what was asked for here. */
  jump(): void {
    this.#asked.clear();
  }
}
