/** How the Guests that have come to an end stood then; who is at work, and how it stands where nobody is. */
import type { Standstill, ViewName, Views, World } from '#world';
import type { Told } from './transcript.ts';
import type { Progress, Standing } from '../protocol.ts';

/** Who is at work: in the middle of what Host and Launcher do, whoever the next line is of; else whoever has the processor. */
function whoRuns({ midway, worldName }: Pick<World, 'midway' | 'worldName'>): Progress['world'] {
  if (midway === null) return worldName;
  return midway.source.startsWith('docs/launcher/') ? 'launcher' : 'host';
}

/** Who is at work, and before which line. */
export function whoStands(world: Pick<World, 'midway' | 'worldName' | 'currentLine'>): Pick<Progress, 'world' | 'midway' | 'place'> {
  return { world: whoRuns(world), midway: world.midway !== null, place: world.currentLine() };
}

/** Adds to each end how its Guest stands, which is looked for only where there is one. */
export function withLast(
  told: Told,
  world: { look(names: Iterable<ViewName>): Partial<Views> },
): Omit<Told, 'ends'> & Pick<Progress, 'ends'> {
  const guests = told.ends.length === 0 ? [] : (world.look(['guests']).guests ?? []);
  return { ...told, ends: told.ends.map((end) => ({ ...end, last: guests.find(({ guest }) => guest === end.guest) ?? null })) };
}

/** How a world stands that nobody runs. */
export function restingAs(world: Pick<World, 'standstill'>): Standing {
  const still = world.standstill();
  return still === null ? { phase: 'paused' } : standingAt(still);
}

/** Whether it stands at the end of its run: it does not only wait. */
export function isOver(world: Pick<World, 'standstill'>): boolean {
  const still = world.standstill();
  return still !== null && still.reason !== 'idle';
}

/** How one stands that does not go on by itself. */
export function standingAt({ reason, ...how }: Standstill): Standing {
  return { phase: reason, ...how } as Standing;
}
