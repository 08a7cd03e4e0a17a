/** How the Guests that have come to an end stood then. */
import type { ViewName, Views } from '#world';
import type { Told } from './transcript.ts';
import type { Progress } from '../protocol.ts';

/** Adds to each end how its Guest stands, which is looked for only where there is one. */
export function withLast(
  told: Told,
  world: { look(names: Iterable<ViewName>): Partial<Views> },
): Omit<Told, 'ends'> & Pick<Progress, 'ends'> {
  const guests = told.ends.length === 0 ? [] : (world.look(['guests']).guests ?? []);
  return { ...told, ends: told.ends.map((end) => ({ ...end, last: guests.find(({ guest }) => guest === end.guest) ?? null })) };
}
