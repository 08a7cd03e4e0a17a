/** Events of the whole run that a reader looks for. */
import type { Journey, Journeys, Place, ProgramNames } from '#world';
import { matchesEvent, parseEventQuery } from '../event_search.ts';
import type { FoundEvents, ListedEvent } from '../protocol.ts';
import { isOver } from './ends.ts';
import { listedEvent } from './event_text.ts';
import { LaneKeeper } from './stretches.ts';
import type { Runnable } from './runnable.ts';
import type { Transcript } from './transcript.ts';

/** Events that are listed. */
const MOST = 500;

/**
 * A search through all events of a run.
 * @param kinds those that are looked at
 * @param end the farthest that the run ever was
 * @param tell hears what was found; of too many the first
 */
export function findEvents(
  text: string,
  kinds: readonly string[],
  end: Place,
  names: ProgramNames,
  world: Pick<Runnable, 'standstill'>,
  tell: (found: FoundEvents) => void,
): (ways: Journeys<Runnable, Transcript>) => Journey {
  return function* (ways) {
    const query = parseEventQuery(text);
    const wanted = new Set(kinds);
    const lanes = new LaneKeeper(names);
    const events: ListedEvent[] = [];
    let count = 0;
    yield* ways.hearAll(end, { events: () => true }, (hit) => {
      if (hit.by !== 'event') return;
      lanes.hear(hit.event);
      if (!wanted.has(hit.event.kind)) return;
      const listed = listedEvent(hit.event, names, lanes.guest);
      if (!matchesEvent(query, listed)) return;
      count++;
      if (events.length < MOST) events.push(listed);
    });
    tell({ text, kinds, events, count, ended: isOver(world) });
    return false;
  };
}
