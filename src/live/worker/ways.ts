/** Ways to a place that a reader names: a line's or a breakpoint's next or last time, or the very place. */
import { comparePlaces } from '#world';
import type { Place, RunPlace } from '../protocol.ts';
import type { conditionsOf } from './breakpoints.ts';
import type { Runner } from './runner.ts';

/** To just before a line, the next time or the last before. A comment is none to which a run could come: it would go on to its end. */
export function goToLine(runner: Runner, { source, line }: Place, backwards: boolean, fresh: () => void): void {
  const isCode = runner.world.codeFacts().lines.some((one) => one.source === source && one.line === line);
  if (isCode) runner.toLine({ source, line }, backwards, fresh);
  else runner.report(0, false, 'Nothing runs in that line: neither this Guest nor its Host has code there.');
}

/** To the next time, or the last before, that one of these conditions is met. */
export function goToStop(runner: Runner, stops: ReturnType<typeof conditionsOf>, backwards: boolean, fresh: () => void): void {
  if (stops === null || Object.keys(stops).length === 0) runner.report(0, false, 'There is nothing to stop at.');
  else if (backwards) runner.travel((journeys) => journeys.toStopBefore(stops), 'It has not happened before.', fresh);
  else runner.search(stops, fresh);
}

/**
 * To a very place.
 * @param asks the world asks a disk: what lies ahead of all that has been hangs on its answers, and must be run once before one can go there
 */
export function goExactly(runner: Runner, where: RunPlace, midway: boolean, asks: boolean, fresh: () => void): void {
  if (asks && comparePlaces(where, runner.farthest) > 0) runner.step(where.at + 1 - runner.world.instructions);
  runner.travel((journeys) => journeys.toPlace(where, midway), 'That is no place of this run.', fresh);
}
