/** Paints the whole of a run: a thin lane for each world, the checkpoints below, what lies ahead paler. */
import type { Overview } from '../protocol.ts';
import { LANES } from '../worlds.ts';

/** Pixels. */
const LANE = 5;
const GAP = 1;
const EDGE = 1;
const RUNGS = 6;

/** Pixels that a timeline is high. */
export const TIMELINE_HEIGHT = LANES.length * (LANE + GAP) + RUNGS;
/** How pale the future is. */
const AHEAD = 0.38;

/** Paints it, at the canvas's own size. @param at the present @param notes instructions at which something was noted */
export function drawTimeline(
  canvas: HTMLCanvasElement,
  { end, width: piece, lanes, rungs }: Overview,
  at: number,
  notes: readonly number[] = [],
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const scale = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(TIMELINE_HEIGHT * scale);
  context.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const x = (instructions: number): number => (end === 0 ? 0 : (instructions / end) * width);
  LANES.forEach((world, lane) => {
    const top = lane * (LANE + GAP);
    context.globalAlpha = 1;
    context.fillStyle = colour(`${world}-wash`);
    context.fillRect(0, top, width, LANE);
    const [edge, inside] = [colour(`${world}-ink`), colour(`${world}-solid`)];
    const shares = lanes[lane] ?? [];
    shares.forEach((share, i) => {
      if (share === 0) return;
      const from = x(i * piece);
      const to = Math.max(from + 0.5, x(Math.min(end, (i + 1) * piece)));
      // The root: a rare visit is to be seen, too.
      context.globalAlpha = Math.min(1, 0.15 + 0.85 * Math.sqrt(share)) * (i * piece < at ? 1 : AHEAD);
      // Edges in the world's ink: the paler worlds would not stand out from their lanes.
      context.fillStyle = edge;
      context.fillRect(from, top, to - from, LANE);
      context.fillStyle = inside;
      context.fillRect(from, top + EDGE, to - from, LANE - 2 * EDGE);
    });
  });
  context.globalAlpha = 1;
  context.fillStyle = colour('ink-faint');
  for (const rung of rungs) context.fillRect(Math.min(width - 1, x(rung)), TIMELINE_HEIGHT - RUNGS + 2, 1, RUNGS - 2);
  context.fillStyle = colour('link');
  for (const note of notes) context.fillRect(Math.max(0, Math.min(width - 2, x(note) - 1)), TIMELINE_HEIGHT - RUNGS, 2, RUNGS);
  context.fillStyle = colour('rule');
  context.fillRect(0, TIMELINE_HEIGHT - 1, width, 1);
}
