/** Where the places of a virtqueue's rings lie on the dial: the first one at the top, then clockwise. */

/** The middle of the dial, both ways, in its own units. */
export const CENTRE = 110;
/** What a place leaves free before the next one, as a part of it. */
const SPACING = 0.28;

/** Where a place of a ring lies. */
export function point(radius: number, num: number, place: number): [x: number, y: number] {
  const angle = (place / num) * 2 * Math.PI - Math.PI / 2;
  return [CENTRE + radius * Math.cos(angle), CENTRE + radius * Math.sin(angle)];
}

/** The way along a ring of `num` places, from an index on (it may have gone round), over fewer places than there are. */
export function arcPath(radius: number, num: number, from: number, count: number): string {
  const [x, y] = point(radius, num, from % num);
  const [toX, toY] = point(radius, num, (from % num) + count - SPACING);
  return `M${x} ${y} A${radius} ${radius} 0 ${count * 2 > num ? 1 : 0} 1 ${toX} ${toY}`;
}
