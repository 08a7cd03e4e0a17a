/** What came from outside, and what is known to come again: the log of one world's run, and how far along it the world is. */
import { comparePlaces, describePlace } from '../timeline/place.ts';
import type { Place } from '../timeline/place.ts';
import { InputMisfit } from './input_log.ts';
import type { InputEntry } from './input_log.ts';

export class Replay {
  #past: InputEntry[] = [];
  #ahead: InputEntry[];
  /** Up to here the run is known: what it asks of the outside on the way has been done. */
  #known: Place | null = null;
  readonly #keeps: boolean;

  /** @param keeps whether what has come is kept */
  constructor(ahead: readonly InputEntry[], keeps: boolean) {
    this.#ahead = [...ahead];
    this.#keeps = keeps;
  }

  /** Whether what comes now has been before. */
  get goesOn(): boolean {
    return this.next !== undefined;
  }

  /** Where the next input comes again; or the end of what is known. */
  get next(): Place | undefined {
    return this.#ahead[0] ?? this.#known ?? undefined;
  }

  /** Inputs that come again and have not yet. */
  get ahead(): readonly InputEntry[] {
    return this.#ahead;
  }

  get past(): readonly InputEntry[] {
    return this.#past;
  }

  get whole(): InputEntry[] {
    return [...this.#past, ...this.#ahead];
  }

  /** Something comes for the first time. */
  add(entry: InputEntry): void {
    if (this.#keeps) this.#past.push(entry);
  }

  /**
   * The run is at {@link next}. Returns what comes there; null at the end of what is known.
   * @throws InputMisfit where the run is none of which this is the log
   */
  arrive(here: Place): InputEntry | null {
    if (this.#ahead.length === 0) {
      this.#known = null;
      return null;
    }
    this.check(here);
    const entry = this.#ahead.shift() as InputEntry;
    this.add(entry);
    if (this.#ahead.length === 0 && this.#known !== null && comparePlaces(this.#known, here) <= 0) this.#known = null;
    return entry;
  }

  /** @throws InputMisfit where the next input does not come here */
  check(here: Place): void {
    const [entry] = this.#ahead;
    if (entry === undefined || comparePlaces(entry, here) === 0) return;
    throw new InputMisfit(
      `the input log does not belong to this run: it has ${entry.input.kind} at ${describePlace(entry)}, and this run is at ${describePlace(here)}`,
    );
  }

  /** The world goes to where so much had come; from `here`, up to where everything stays known. */
  goTo(inputs: number, there: Place, here: Place): void {
    const whole = this.whole;
    this.#past = whole.slice(0, inputs);
    this.#ahead = whole.slice(inputs);
    if (this.#known === null || comparePlaces(this.#known, here) < 0) this.#known = here;
    if (comparePlaces(this.#known, there) <= 0) this.#known = null;
  }

  /** The run so far is this one, and nothing of what comes is known. */
  restart(past: readonly InputEntry[]): void {
    this.#past = [...past];
    this.branch();
  }

  /** From here on the run is another one. */
  branch(): void {
    this.#ahead = [];
    this.#known = null;
  }
}
