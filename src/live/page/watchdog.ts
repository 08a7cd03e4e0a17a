/** Notices when a worker that runs edited code does not answer any more. */
import type { Report } from '../protocol.ts';
import type { SessionView } from './state.ts';

/** Of a Guest that runs, something is heard many times a second; so long may it be silent. */
const SILENCE_MS = 6000;
/** While a Guest is made of edited code, its worker is asked so often whether it is still there, and may be silent for so long. */
const ASK_MS = 1000;
const AT_WORK_MS = 10_000;

/** Waits for the next report of a world that runs, and for a sign of life of one that is being made. */
export class Watchdog {
  readonly #bark: () => void;
  readonly #ask: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** A Guest is being made: what is fetched for it may take any time, during which the worker answers. */
  #makes = false;

  /**
   * @param bark nothing was heard for too long
   * @param ask asks the worker for a sign of life
   */
  constructor(bark: () => void, ask: () => void) {
    this.#bark = bark;
    this.#ask = ask;
  }

  /** @param view as it was before the report */
  heard(report: Report, view: Pick<SessionView, 'edited'>): void {
    if (report.type === 'alive') {
      if (this.#makes) this.#askSoon();
      return;
    }
    if (report.type === 'loaded' || report.type === 'refused' || report.type === 'failed') this.#makes = false;
    if (this.#makes) return;
    this.rest();
    const edited = report.type === 'loaded' ? report.edited : view.edited;
    const waits = report.type === 'progress' ? report.standing.phase === 'running' : report.type !== 'refused' && report.type !== 'failed';
    if (edited.length > 0 && waits) this.wait();
  }

  /** A Guest is about to be made of edited code. The worker may not even be there yet: it is waited for from its first sign of life on. */
  make(): void {
    this.rest();
    this.#makes = true;
    this.#ask();
  }

  #askSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#ask();
      this.#timer = setTimeout(this.#bark, AT_WORK_MS);
    }, ASK_MS);
  }

  /** Something is asked of it: an answer must come. */
  wait(): void {
    if (this.#makes) return;
    this.rest();
    this.#timer = setTimeout(this.#bark, SILENCE_MS);
  }

  rest(): void {
    this.#makes = false;
    clearTimeout(this.#timer);
  }
}
