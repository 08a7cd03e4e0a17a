/** The page's one worker. Its Guests have it in turn, so that each but the first finds the processor and the program there already. */
import type { Report, Request } from '../protocol.ts';

/** What a session needs of a worker. */
export interface Workplace {
  onmessage: ((message: MessageEvent<Report>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(request: Request): void;
  /** Leaves it to whoever comes next. */
  leave(): void;
  /** Ends it: it is of no more use. */
  terminate(): void;
}

/** So soon a worker has let go of a Guest that is put away, unless it is stuck in what a reader has written; and so long it may take on a slow computer. */
const SOON_MS = 1000;
const LONGEST_MS = 10_000;
const STUCK = 'what ran here before is still at work, and does not end: it was thrown away';

/** A worker, whoever has it. */
class Bench {
  readonly url: string;
  readonly worker: Worker;
  guest: Workplace | null = null;
  /** What it still says is nobody's, until it has heard so often that its Guest is gone. */
  leaving = 0;
  leftAt = 0;

  constructor(url: string) {
    this.url = url;
    this.worker = new Worker(url, { type: 'module' });
    this.worker.onmessage = (message: MessageEvent<Report>) => {
      if (message.data.type === 'left') this.leaving--;
      else if (this.leaving === 0) this.guest?.onmessage?.(message);
    };
    this.worker.onerror = (event) => {
      if (idle === this) forgetWorker();
      this.guest?.onerror?.(event);
    };
  }

  /** Its Guest is put away. */
  leave(): void {
    this.guest = null;
    this.leaving++;
    this.leftAt = performance.now();
    this.worker.postMessage({ type: 'leave' } satisfies Request);
    setTimeout(() => {
      if (this.isStuck(LONGEST_MS)) this.worker.onerror?.(new ErrorEvent('error', { message: STUCK }));
    }, LONGEST_MS + 1);
  }

  /** It has not let go for so long. */
  isStuck(milliseconds: number): boolean {
    return this.leaving > 0 && performance.now() - this.leftAt > milliseconds;
  }
}

/** One for all: the worker that nobody has at present; null where there is none. */
let idle: Bench | null = null;

/** The page's worker, if it is free, or a new one. */
export function takeWorkplace(url: string): Workplace {
  if (idle?.isStuck(SOON_MS)) forgetWorker();
  const bench = idle?.url === url ? idle : new Bench(url);
  if (bench === idle) idle = null;
  const place: Workplace = {
    onmessage: null,
    onerror: null,
    postMessage: (request) => bench.worker.postMessage(request),
    leave() {
      if (bench.guest !== place) return;
      bench.leave();
      idle?.worker.terminate();
      idle = bench;
    },
    terminate() {
      if (bench.guest !== place) return;
      bench.guest = null;
      bench.worker.terminate();
    },
  };
  bench.guest = place;
  return place;
}

/** The worker that nobody has is ended: there is a newer one, or it is broken. */
export function forgetWorker(): void {
  idle?.worker.terminate();
  idle = null;
}
