/** Who is running, true to scale: from the whole run to single instructions. Wheel, pinch, drag, + and −; a click, or Enter, goes there. */
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';

import { grouped } from '../page/grouped.ts';
import type { Overview, Stretch } from '../protocol.ts';
import { useDrawn } from '../page/use_drawn.ts';
import type { Session } from '../page/session.ts';
import { useSession, useStream } from '../page/use_session.ts';
import { LANES, signOf } from '../worlds.ts';
import LaneNames from './LaneNames.tsx';
import { GAP, laneHeight } from './lanes_geometry.ts';
import { drawToScale, RULER } from './lanes_scale_drawing.ts';
import { barsIn, covers, knownOf, moved, showing, whole, zoomed } from './lanes_scale.ts';
import type { Bar, Window } from './lanes_scale.ts';

/** One press, one notch of a wheel. */
const CLOSER = 0.7;
/** Pixels beyond which a press is a drag. */
const DRAG = 4;
/** Larger windows than that are not gone through again for their stretches. */
const MOST = 4_000_000;
/** So long a window rests before it is. */
const REST_MS = 350;

interface ToScaleProps {
  session: Session;
  tell: (stretch: Stretch) => string;
}

export default function LanesToScale({ session, tell }: ToScaleProps): ReactNode {
  useStream(session, 'lanes');
  useStream(session, 'timeline');
  const latest = useSession(session, (view) => view.stretches);
  const span = useSession(session, (view) => view.span);
  const overview = useSession(session, (view) => view.overview);
  const here = useSession(session, (view) => view.instructions);
  const still = useSession(session, (view) => view.phase === 'paused' || view.phase === 'exited' || view.phase === 'idle');
  const terminals = useSession(session, (view) => view.terminals);
  const canvas = useRef<HTMLCanvasElement>(null);
  const bars = useRef<readonly Bar[]>([]);
  const touches = useRef(new Map<number, number>());
  const drag = useRef<{ x: number; moved: boolean } | null>(null);
  const end = Math.max(overview?.end ?? 0, here);
  /** Null: all of it, however long it grows. */
  const [zoom, setZoom] = useState<Window | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const window = zoom ?? whole(end);
  const stretches = span !== null && !covers(knownOf(latest), window, end) && covers(knownOf(span), window, end) ? span : latest;
  const height = LANES.length * (laneHeight(terminals) + GAP) + RULER;

  const draw = (): void => {
    const { current: own } = canvas;
    if (own === null) return;
    bars.current = barsIn(stretches, overview, window, own.clientWidth);
    drawToScale(own, { bars: bars.current, window, guests: terminals, here, cursor });
  };
  useDrawn(canvas, draw);
  // Where a reader looks, and stays, the run is gone through again for what is no longer known of it.
  const { from, to } = window;
  const wanted = still && to - from <= MOST && !covers(knownOf(stretches), window, end);
  useEffect(() => {
    if (!wanted) return undefined;
    const timer = setTimeout(() => session.send({ type: 'span', from: Math.floor(from), to: Math.min(end, Math.ceil(to)) }), REST_MS);
    return () => clearTimeout(timer);
  }, [session, wanted, from, to, end]);

  const atPixel = (x: number): number =>
    from + ((x - (canvas.current?.getBoundingClientRect().left ?? 0)) / (canvas.current?.clientWidth || 1)) * (to - from);
  const closer = (times: number, around: number): void => {
    const next = zoomed(window, end, times, around);
    setZoom(next.to - next.from >= end ? null : next);
  };
  useWheel(
    canvas,
    (times, x) => closer(times, atPixel(x)),
    (by) => setZoom(moved(window, end, (by / (canvas.current?.clientWidth || 1)) * (to - from))),
  );

  const onPointerDown = (event: PointerEvent): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    touches.current.set(event.pointerId, event.clientX);
    drag.current = { x: event.clientX, moved: false };
  };
  const onPointerMove = (event: PointerEvent): void => {
    const fingers = touches.current;
    const before = fingers.get(event.pointerId);
    if (before === undefined) {
      setCursor(Math.max(0, Math.min(end, Math.floor(atPixel(event.clientX)))));
      return;
    }
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other !== undefined) {
      const [was, is] = [Math.abs(before - other), Math.abs(event.clientX - other)];
      if (was > 8 && is > 8) closer(was / is, atPixel((event.clientX + other) / 2));
      if (drag.current !== null) drag.current.moved = true;
    } else if (drag.current !== null && (drag.current.moved || Math.abs(event.clientX - drag.current.x) > DRAG)) {
      drag.current.moved = true;
      setZoom(moved(window, end, atPixel(before) - atPixel(event.clientX)));
    } else return;
    fingers.set(event.pointerId, event.clientX);
  };
  const onPointerUp = (event: PointerEvent): void => {
    touches.current.delete(event.pointerId);
    const was = drag.current;
    if (touches.current.size > 0) return;
    drag.current = null;
    if (was !== null && !was.moved && event.type === 'pointerup') go(Math.floor(atPixel(event.clientX)));
  };
  const go = (at: number): void => {
    const to = Math.max(0, Math.min(end, at));
    setCursor(to);
    session.send({ type: 'to', at: to });
  };
  const point = (at: number): void => {
    const to = Math.max(0, Math.min(end, Math.round(at)));
    setCursor(to);
    if (zoom !== null) setZoom(showing(window, end, to));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const middle = cursor ?? (from + to) / 2;
    const step = Math.max(1, (to - from) / 50);
    const keys: Readonly<Record<string, () => void>> = {
      '+': () => closer(CLOSER, middle),
      '=': () => closer(CLOSER, middle),
      '-': () => closer(1 / CLOSER, middle),
      '0': () => setZoom(null),
      ArrowLeft: () => point((cursor ?? here) - step),
      ArrowRight: () => point((cursor ?? here) + step),
      PageUp: () => setZoom(moved(window, end, from - to)),
      PageDown: () => setZoom(moved(window, end, to - from)),
      Home: () => point(0),
      End: () => point(end),
      Enter: () => go(cursor ?? here),
    };
    if (event.ctrlKey || event.metaKey || event.altKey || keys[event.key] === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  };
  const pointed = cursor === null ? null : stretchAt(stretches, cursor);
  return (
    <>
      <div className="filters" role="group" aria-label="How close">
        <button type="button" onClick={() => closer(1 / CLOSER, cursor ?? (from + to) / 2)} aria-label="Farther" title="Farther (−)">
          −
        </button>
        <button type="button" onClick={() => closer(CLOSER, cursor ?? (from + to) / 2)} aria-label="Closer" title="Closer (+)">
          +
        </button>
        <button type="button" onClick={() => setZoom(null)} title="The whole run (0)">
          all
        </button>
        <button
          type="button"
          onClick={() => setZoom(zoomed(whole(end), end, 200 / Math.max(200, end), here))}
          title="Two hundred instructions around where it stands"
        >
          here
        </button>
      </div>
      <div className="lanes lanes--scale">
        <LaneNames terminals={terminals} />
        <div
          className="lanes__frame"
          tabIndex={0}
          role="slider"
          aria-label="Who ran, true to scale. Plus and minus go closer and farther, the arrows choose an instruction, Enter goes there"
          aria-orientation="horizontal"
          aria-valuemin={0}
          aria-valuemax={end}
          aria-valuenow={cursor ?? here}
          aria-valuetext={spoken(cursor ?? here, stretchAt(stretches, cursor ?? here))}
          onKeyDown={onKeyDown}
        >
          <canvas
            ref={canvas}
            className="lanes__canvas lanes__canvas--scale"
            style={{ height }}
            onPointerDown={onPointerDown}
            onPointerMove={onPointerMove}
            onPointerUp={onPointerUp}
            onPointerCancel={onPointerUp}
            onPointerLeave={() => touches.current.size === 0 && setCursor(null)}
          />
        </div>
        <p className="lanes__told">
          {cursor === null
            ? `Instructions ${grouped(Math.floor(from))} to ${grouped(Math.ceil(to))}. Turn the wheel with Ctrl, pinch, or press + and −; drag, or use the arrows; a click goes there.`
            : `Instruction ${grouped(cursor)}. ${pointed === null ? toldShares(overview, cursor) : tell(pointed)}`}
        </p>
      </div>
    </>
  );
}

/** The wheel goes closer with Ctrl, as everywhere, and sideways moves. The page's own scrolling is left alone. */
function useWheel(
  canvas: { readonly current: HTMLElement | null },
  closer: (times: number, x: number) => void,
  move: (pixels: number) => void,
): void {
  const latest = useRef({ closer, move });
  latest.current = { closer, move };
  useEffect(() => {
    const own = canvas.current;
    if (own === null) return undefined;
    const onWheel = (event: WheelEvent): void => {
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.shiftKey ? event.deltaY : 0;
      if (event.ctrlKey || event.metaKey) latest.current.closer(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 170), event.clientX);
      else if (sideways !== 0) latest.current.move(sideways);
      else return;
      event.preventDefault();
    };
    own.addEventListener('wheel', onWheel, { passive: false });
    return () => own.removeEventListener('wheel', onWheel);
  }, [canvas]);
}

/** The stretch that an instruction is in; of several that begin there, the one that has instructions. */
function stretchAt(stretches: readonly Stretch[], at: number): Stretch | null {
  return stretches.findLast((one) => at >= one.at && (at < one.at + one.instructions || (one.instructions === 0 && at === one.at))) ?? null;
}

function spoken(at: number, stretch: Stretch | null): string {
  return `instruction ${grouped(at)}${stretch === null ? '' : `, ${signOf(stretch.world).label}`}`;
}

/** Where stretches are not known, who had most. */
function toldShares(overview: Overview | null, at: number): string {
  if (overview === null) return '';
  const piece = Math.floor(at / overview.width);
  const shares = overview.lanes
    .map((lane, n) => [LANES[n], lane[piece] ?? 0] as const)
    .filter(([, share]) => share > 0.005)
    .sort(([, a], [, b]) => b - a);
  return shares.map(([world, share]) => `${signOf(world).label} ${Math.round(100 * share)} %`).join(', ');
}
