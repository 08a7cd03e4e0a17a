/** Notices when a worker that runs edited code does not answer any more. */
import type { Report } from '../protocol.ts';
import type { SessionView } from './state.ts';

/** Of a Guest that runs, something is heard many times a second; so long may it be silent. */
const SILENCE_MS = 6000;

/** Waits for the next report of a world that runs. */
export class Watchdog {
  readonly #bark: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param bark nothing was heard for too long */
  constructor(bark: () => void) {
    this.#bark = bark;
  }

  /** @param view as it was before the report */
  heard(report: Report, view: Pick<SessionView, 'edited'>): void {
    this.rest();
    const edited = report.type === 'loaded' ? report.edited : view.edited;
    const waits = report.type === 'progress' ? report.standing.phase === 'running' : report.type !== 'refused' && report.type !== 'failed';
    if (edited.length > 0 && waits) this.wait();
  }

  /** Something is asked of it: an answer must come. */
  wait(): void {
    this.rest();
    this.#timer = setTimeout(this.#bark, SILENCE_MS);
  }

  rest(): void {
    clearTimeout(this.#timer);
  }
}
