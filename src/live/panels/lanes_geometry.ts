/** Where the stretches of a run lie in their lanes: the latest at the right. */
import type { Stretch } from '../protocol.ts';
import { LANES } from '../worlds.ts';

/** Pixels between two lanes. */
export const GAP = 3;
const LANE_HEIGHT = 17;
/** A Guest's own track in a lane is never lower than this. */
const TRACK_HEIGHT = 9;

/** A stretch as it is drawn, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly stretch: Stretch;
}

/** Pixels of a lane, in which each Guest has a track of its own. */
export function laneHeight(guests: number): number {
  return Math.max(LANE_HEIGHT, guests * TRACK_HEIGHT);
}

/** Pixels of a stretch: by the logarithm of its instructions, for a page fault and a million loops must both be seen. */
export function widthOf({ instructions, world }: Pick<Stretch, 'instructions' | 'world'>): number {
  return world === 'switcher' ? 3 : 5 + Math.round(5 * Math.log2(1 + instructions / 4));
}

/** Pixels of all of them, side by side. */
export function lengthOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, stretch) => sum + widthOf(stretch), 0);
}

/** Where a stretch begins, in pixels from the first one. */
export function startOf(stretches: readonly Stretch[], index: number): number {
  return lengthOf(stretches.slice(0, index));
}

/**
 * The boxes that can be seen, the latest first. What has no lane of its own is the Launcher's.
 * @param left pixels that are out of sight at the left; default: as many as show the latest at the right
 */
export function layOut(stretches: readonly Stretch[], width: number, guests: number, left?: number): Box[] {
  const boxes: Box[] = [];
  const lane = laneHeight(guests);
  const track = lane / guests;
  const length = lengthOf(stretches);
  let right = length - (left ?? Math.max(0, length - width));
  for (let i = stretches.length - 1; i >= 0 && right > 0; i--) {
    const stretch = stretches[i];
    const index = LANES.indexOf(stretch.world);
    const size = widthOf(stretch);
    right -= size;
    if (right >= width) continue;
    const y = (index < 0 ? LANES.length - 1 : index) * (lane + GAP) + track * stretch.guest;
    boxes.push({ x: right, y, width: size, height: guests > 1 ? track - 1 : track, stretch });
  }
  return boxes;
}
