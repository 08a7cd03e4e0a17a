/** Questions about a run, for which it is gone through again; whoever asked stands where he stood. */
import type { ProgramNames } from '#world';
import type { Breakpoint, Report, Request } from '../protocol.ts';
import { takeNotes } from './breakpoints.ts';
import { findEvents } from './found_events.ts';
import type { Runner } from './runner.ts';
import { stretchesOf } from './span.ts';
import { findWriter } from './writers.ts';

/** A question. */
export type Inquiry = Extract<Request, { readonly type: 'note' | 'find' | 'who' | 'span' }>;

/** What it takes to answer one. */
export interface Inquired {
  readonly names: ProgramNames;
  readonly breakpoints: readonly Breakpoint[];
  readonly send: (report: Report) => void;
  /** What was shown is void. */
  readonly fresh: () => void;
}

/** Goes through the run of a runner, and sends what was found. */
export function inquire(runner: Runner, inquiry: Inquiry, { names, breakpoints, send, fresh }: Inquired): void {
  const { farthest, world } = runner;
  switch (inquiry.type) {
    case 'note': {
      const line = breakpoints.find((one) => one.id === inquiry.id);
      if (line?.kind !== 'line') return;
      const tell = (notes: Parameters<Parameters<typeof takeNotes>[3]>[0]): void => send({ type: 'notes', notes });
      runner.travel(takeNotes(line, farthest, world, tell), 'All its hits are noted.', fresh);
      break;
    }
    case 'find': {
      const { text, kinds } = inquiry;
      const way = findEvents(text, kinds, farthest, names, world, (found) => send({ type: 'found', found }));
      runner.travel(way, 'That is what was found.', fresh);
      break;
    }
    case 'span': {
      const { from, to } = inquiry;
      const way = stretchesOf(from, Math.min(to, farthest.at), farthest, names, (span) => send({ type: 'span', span }));
      runner.travel(way, null, fresh);
      break;
    }
    case 'who': {
      const way = findWriter(inquiry.value, inquiry.patient, world, (written) => send({ type: 'written', written }));
      runner.travel(way, null, fresh);
      break;
    }
  }
}
