/** Who had the processor in a piece of the run, which is gone through again for that. */
import type { Journey, Journeys, Place, ProgramNames } from '#world';
import type { SpanOfRun } from '../protocol.ts';
import { LaneKeeper } from './stretches.ts';
import type { Runnable } from './runnable.ts';
import type { Transcript } from './transcript.ts';

/** Instructions behind the end that are gone through, too: a stretch is known when the next one begins. */
const BEHIND = 20_000;

/**
 * A search for the stretches that lie in a piece of the run, or reach into it.
 * @param from instruction at which it begins
 * @param to where it ends
 * @param farthest what is known of the run
 * @param tell hears of them
 */
export function stretchesOf(
  from: number,
  to: number,
  farthest: Place,
  names: ProgramNames,
  tell: (span: SpanOfRun) => void,
): (ways: Journeys<Runnable, Transcript>) => Journey {
  return function* (ways) {
    const lanes = new LaneKeeper(names);
    const at = to + BEHIND;
    const end = at < farthest.at ? { ...farthest, at, step: 0, line: 0 } : farthest;
    yield* ways.hearAll(end, { events: () => true }, (hit) => hit.by === 'event' && lanes.hear(hit.event), from);
    // Who had the processor where it began to be heard is not known: that stretch is nobody's.
    const heard = lanes.take().slice(from > 0 ? 1 : 0);
    const stretches = heard.filter(({ at, instructions }) => at <= to && at + instructions >= from);
    tell({ from, to, stretches });
    return false;
  };
}
