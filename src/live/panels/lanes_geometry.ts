/** Where the stretches of a run lie in their lanes: the latest at the right. */
import type { Stretch } from '../protocol.ts';
import type { WorldName } from '../worlds.ts';

/** From top to bottom. */
export const LANES: readonly WorldName[] = ['guest-user', 'guest-kernel', 'switcher', 'host', 'launcher'];
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

/** The boxes that fit, the latest first. What has no lane of its own is the Launcher's. */
export function layOut(stretches: readonly Stretch[], width: number, guests: number): Box[] {
  const boxes: Box[] = [];
  const lane = laneHeight(guests);
  const track = lane / guests;
  let right = Math.min(
    width,
    stretches.reduce((sum, stretch) => sum + widthOf(stretch), 0),
  );
  for (let i = stretches.length - 1; i >= 0 && right > 0; i--) {
    const stretch = stretches[i];
    const index = LANES.indexOf(stretch.world);
    const size = widthOf(stretch);
    const y = (index < 0 ? LANES.length - 1 : index) * (lane + GAP) + track * stretch.guest;
    boxes.push({ x: right - size, y, width: size, height: guests > 1 ? track - 1 : track, stretch });
    right -= size;
  }
  return boxes;
}
