/** How long a page's own thread is busy in one go: nothing the reader does is heard meanwhile. In the processor's time, so that it does not matter what else a computer does. */
import type { Page } from 'puppeteer';

/** What of a trace is looked at. Times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Of the processor's time. */
  readonly tdur?: number;
}

/** Milliseconds for which what comes of it is watched. */
const WATCHED = 1200;

/** Does something to a page, and finds the longest task from then on: milliseconds of the processor's time. */
export async function longestTask(page: Page, work: () => Promise<void>): Promise<number> {
  await page.tracing.start({ categories: ['toplevel', 'blink.user_timing'] });
  await page.evaluate(() => performance.mark('longest-task'));
  await work();
  await new Promise((done) => setTimeout(done, WATCHED));
  const bytes = (await page.tracing.stop()) ?? new Uint8Array();
  const { traceEvents } = JSON.parse(new TextDecoder().decode(bytes)) as { traceEvents: readonly TraceEvent[] };
  const mark = traceEvents.find(({ name, cat }) => name === 'longest-task' && cat.includes('user_timing'));
  const tasks = traceEvents.filter(
    ({ name, pid, tid, ts, dur = 0 }) => name.endsWith('RunTask') && pid === mark?.pid && tid === mark.tid && ts + dur > mark.ts,
  );
  return Math.max(0, ...tasks.map(({ tdur = 0 }) => tdur / 1000));
}
