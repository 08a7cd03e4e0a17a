/** A stretch of a run in words. */
import type { Stretch } from '../protocol.ts';
import { signOf } from '../worlds.ts';

/** @param guests how many there are: of one, nobody asks which */
export function tellStretch(stretch: Stretch, guests: number): string {
  const label = `${guests > 1 ? `G${stretch.guest + 1}, ` : ''}${signOf(stretch.world).label}`;
  const crossings = stretch.world.startsWith('guest') ? ', crossings included' : '';
  const count =
    stretch.instructions === 0
      ? 'no instruction of the processor'
      : `${stretch.instructions.toLocaleString('en')} instruction${stretch.instructions === 1 ? '' : 's'}${crossings}`;
  return `${label}, from ${stretch.at.toLocaleString('en')}: ${count}, then ${stretch.end}.`;
}
