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

/** A worker, whoever has it. */
class Bench {
  readonly url: string;
  readonly worker: Worker;
  guest: Workplace | null = null;
  /** What it still says is nobody's, until it has heard so often that its Guest is gone. */
  leaving = 0;

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
}

/** One for all: the worker that nobody has at present; null where there is none. */
let idle: Bench | null = null;

/** The page's worker, if it is free, or a new one. */
export function takeWorkplace(url: string): Workplace {
  const bench = idle?.url === url ? idle : new Bench(url);
  if (bench === idle) idle = null;
  const place: Workplace = {
    onmessage: null,
    onerror: null,
    postMessage: (request) => bench.worker.postMessage(request),
    leave() {
      if (bench.guest !== place) return;
      bench.guest = null;
      bench.leaving++;
      bench.worker.postMessage({ type: 'leave' } satisfies Request);
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
