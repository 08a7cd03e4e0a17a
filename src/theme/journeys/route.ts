/** The drawing of a journey: five lanes, one for each world, and a line that goes from one to the other, step by step. */
import type { WorldName } from '#live';

/** The lanes, from left to right; Waker and I/O thread are the Launcher's people, and go in its lane. */
export const LANES = ['guest-user', 'guest-kernel', 'switcher', 'host', 'launcher'] as const satisfies readonly WorldName[];

/** The lane of a world. */
export function laneOf(world: WorldName): number {
  const lane = LANES.findIndex((one) => one === world);
  return lane < 0 ? LANES.length - 1 : lane;
}

/** A way from one lane to another, over a height of 100, as an SVG path: straight down where it stays, else in a bend that leaves and comes downwards. */
export function bend(from: number, to: number): string {
  return from === to ? `M${from} 0V100` : `M${from} 0C${from} 58 ${to} 42 ${to} 100`;
}

/** A whole journey in a small frame, from left to right: its points, and a line through them. */
export function sketch(
  worlds: readonly WorldName[],
  width: number,
  height: number,
): { points: readonly (readonly [x: number, y: number])[]; path: string } {
  const [dx, dy] = [width / Math.max(1, worlds.length - 1), height / (LANES.length - 1)];
  const points = worlds.map((world, step) => [round(step * dx), round(laneOf(world) * dy)] as const);
  const path = points.map(([x, y], step) => {
    const before = points[step - 1];
    if (before === undefined) return `M${x} ${y}`;
    const half = round((before[0] + x) / 2);
    return before[1] === y ? `H${x}` : `C${half} ${before[1]} ${half} ${y} ${x} ${y}`;
  });
  return { points, path: path.join('') };
}

const round = (value: number): number => Math.round(value * 10) / 10;
