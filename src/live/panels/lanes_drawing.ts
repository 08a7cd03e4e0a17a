/** Paints lanes. */
import type { Stretch } from '../protocol.ts';
import type { WorldName } from '../worlds.ts';
import { GAP, laneHeight, layOut } from './lanes_geometry.ts';
import { LANES } from '../worlds.ts';
import type { Box } from './lanes_geometry.ts';

/** What is to be seen. */
export interface LanesScene {
  readonly stretches: readonly Stretch[];
  readonly guests: number;
  /** Pixels out of sight at the left. */
  readonly left: number;
  /** The stretch that a reader has chosen. */
  readonly chosen: Stretch | null;
}

/** Paints what can be seen, at the canvas's own size; returns where it is. */
export function drawLanes(canvas: HTMLCanvasElement, { stretches, guests, left, chosen }: LanesScene): readonly Box[] {
  const context = canvas.getContext('2d');
  if (context === null) return [];
  const scale = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const colour = (world: WorldName, kind: string): string => style.getPropertyValue(`--${world}-${kind}`).trim();
  const lane = laneHeight(guests);
  LANES.forEach((world, n) => {
    context.fillStyle = colour(world, 'wash');
    context.fillRect(0, n * (lane + GAP), width, lane);
  });
  context.font = `600 7.5px ${style.getPropertyValue('--sans') || 'sans-serif'}`;
  const paper = style.getPropertyValue('--on-solid').trim();
  const boxes = layOut(stretches, width, guests, left);
  for (const { x, y, width: size, height: tall, stretch } of boxes) {
    const wide = Math.max(size - 1, 2);
    // An edge in the world's ink: the paler worlds would not stand out from their lanes.
    context.fillStyle = colour(stretch.world, 'ink');
    context.fillRect(x, y, wide, tall);
    if (wide > 3) {
      context.fillStyle = colour(stretch.world, 'solid');
      context.fillRect(x + 1, y + 1, wide - 2, tall - 2);
    }
    if (guests > 1 && size >= 12) {
      context.fillStyle = paper;
      context.fillText(String(stretch.guest + 1), x + 2, y + tall - 1.5);
    }
    if (stretch === chosen) {
      context.strokeStyle = style.getPropertyValue('--ink').trim();
      context.lineWidth = 1.5;
      context.strokeRect(x - 1.5, 0.75, wide + 3, height - 1.5);
    }
  }
  return boxes;
}
