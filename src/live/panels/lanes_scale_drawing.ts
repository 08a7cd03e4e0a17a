/** Paints lanes that are true to scale. */
import { grouped } from '../page/grouped.ts';
import type { WorldName } from '../worlds.ts';
import { LANES, signOf } from '../worlds.ts';
import { GAP, laneHeight } from './lanes_geometry.ts';
import { rulerStep } from './lanes_scale.ts';
import type { Bar, Window } from './lanes_scale.ts';

/** Pixels of the ruler below the lanes. */
export const RULER = 16;
/** A bar has its world's letter where there is room. */
const ROOM = 14;

/** What is to be seen. */
export interface ScaleScene {
  readonly bars: readonly Bar[];
  readonly window: Window;
  readonly guests: number;
  /** Where the run stands, and where a reader points. */
  readonly here: number;
  readonly cursor: number | null;
}

/** Paints all of it, at the canvas's own size. */
export function drawToScale(canvas: HTMLCanvasElement, { bars, window, guests, here, cursor }: ScaleScene): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const ratio = globalThis.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const value = (name: string): string => style.getPropertyValue(name).trim();
  const lane = laneHeight(guests);
  const track = lane / guests;
  const scale = width / (window.to - window.from);
  const xOf = (at: number): number => (at - window.from) * scale;
  LANES.forEach((world, n) => {
    context.fillStyle = value(`--${world}-wash`);
    context.fillRect(0, n * (lane + GAP), width, lane);
  });
  const inks = new Map<WorldName, readonly [solid: string, ink: string, on: string]>(
    LANES.map((world) => [world, [value(`--${world}-solid`), value(`--${world}-ink`), value(`--on-${world}`) || value('--on-solid')]]),
  );
  context.font = `600 9px ${value('--sans') || 'sans-serif'}`;
  context.textBaseline = 'middle';
  for (const { world, guest, x, width: size, share, stretch } of bars) {
    const [solid, ink, on] = inks.get(world) ?? ['', '', ''];
    const full = guests > 1 && stretch !== null ? track - 1 : lane;
    const tall = Math.max(2, full * share);
    const top = LANES.indexOf(world) * (lane + GAP) + (guests > 1 && stretch !== null ? track * guest : lane - tall);
    const wide = Math.max(1, size > 6 ? size - 1 : size);
    // An edge in the world's ink: the paler worlds would not stand out from their lanes.
    context.fillStyle = ink;
    context.fillRect(x, top, wide, tall);
    if (wide > 3 && tall > 3) {
      context.fillStyle = solid;
      context.fillRect(x + 1, top + 1, wide - 2, tall - 2);
    }
    if (stretch === null || size < ROOM || tall < 8) continue;
    context.fillStyle = on;
    context.fillText(guests > 1 ? String(guest + 1) : signOf(world).letter, Math.max(x, 0) + 3, top + tall / 2 + 0.5);
  }
  ruler(context, window, width, height, xOf, value);
  mark(context, xOf(here), height - RULER, value('--ink'), 2);
  if (cursor !== null) mark(context, xOf(cursor), height - RULER, value('--seal'), 1);
}

function mark(context: CanvasRenderingContext2D, x: number, height: number, colour: string, width: number): void {
  context.fillStyle = colour;
  context.fillRect(x - width / 2, 0, width, height);
}

function ruler(
  context: CanvasRenderingContext2D,
  window: Window,
  width: number,
  height: number,
  xOf: (at: number) => number,
  value: (name: string) => string,
): void {
  const step = rulerStep(window, width);
  context.font = `9px ${value('--sans') || 'sans-serif'}`;
  for (let at = Math.ceil(window.from / step) * step; at <= window.to; at += step) {
    const x = xOf(at);
    context.fillStyle = value('--rule');
    context.fillRect(x, height - RULER, 1, 4);
    context.fillStyle = value('--ink-soft');
    const text = grouped(at);
    const left = Math.min(x, width - context.measureText(text).width);
    context.fillText(text, left, height - 5);
  }
}
