/** A stretch of a run in words. */
import { grouped } from '../page/grouped.ts';
import type { Stretch } from '../protocol.ts';
import { signOf } from '../worlds.ts';

/** @param guests how many there are: of one, nobody asks which */
export function tellStretch(stretch: Stretch, guests: number): string {
  const label = `${guests > 1 ? `G${stretch.guest + 1}, ` : ''}${signOf(stretch.world).label}`;
  const crossings = stretch.world.startsWith('guest') ? ', crossings included' : '';
  const count =
    stretch.instructions === 0
      ? 'no instruction of the processor'
      : `${grouped(stretch.instructions)} instruction${stretch.instructions === 1 ? '' : 's'}${crossings}`;
  return `${label}, from ${grouped(stretch.at)}: ${count}, then ${stretch.end}.`;
}
