/** Who is running, stretch by stretch: one lane a world, the latest at the right; what is older is scrolled to, and a click, or Enter, goes back to where a stretch begins. */
import { useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';

import type { Stretch } from '../protocol.ts';
import type { Session } from '../page/session.ts';
import { useDrawn } from '../page/use_drawn.ts';
import { useSession, useStream } from '../page/use_session.ts';
import LaneNames from './LaneNames.tsx';
import { drawLanes } from './lanes_drawing.ts';
import { GAP, laneHeight, lengthOf, startOf, widthOf } from './lanes_geometry.ts';
import { LANES } from '../worlds.ts';
import { tellStretch } from './lanes_text.ts';
import type { Box } from './lanes_geometry.ts';

/** Stretches that a page key passes. */
const PAGE = 12;

export default function LanesByStretch({ session }: { session: Session }): ReactNode {
  useStream(session, 'lanes');
  const stretches = useSession(session, (view) => view.stretches);
  const terminals = useSession(session, (view) => view.terminals);
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const boxes = useRef<readonly Box[]>([]);
  /** The reader sees the end, and goes on seeing it. */
  const follows = useRef(true);
  const [pointed, setPointed] = useState<Stretch | null>(null);
  const [chosen, setChosen] = useState<Stretch | null>(null);
  const [length, height] = [lengthOf(stretches), LANES.length * (laneHeight(terminals) + GAP)];

  const draw = (): void => {
    if (canvas.current === null || frame.current === null) return;
    canvas.current.style.width = `${frame.current.clientWidth}px`;
    boxes.current = drawLanes(canvas.current, { stretches, guests: terminals, left: frame.current.scrollLeft, chosen });
  };
  useLayoutEffect(() => {
    if (frame.current !== null && follows.current) frame.current.scrollLeft = length;
  }, [length]);
  useDrawn(frame, draw);

  const at = (event: MouseEvent): Stretch | null => {
    const x = event.clientX - (canvas.current?.getBoundingClientRect().left ?? 0);
    return boxes.current.find((box) => x >= box.x && x < box.x + box.width)?.stretch ?? null;
  };
  const go = (stretch: Stretch | null): void => {
    setChosen(stretch);
    if (stretch !== null) session.send({ type: 'go', at: stretch.at });
  };
  const current = chosen === null ? -1 : stretches.indexOf(chosen);
  const choose = (index: number): void => {
    const to = Math.max(0, Math.min(stretches.length - 1, index));
    setChosen(stretches[to] ?? null);
    if (frame.current === null || stretches.length === 0) return;
    const [left, right] = [startOf(stretches, to), startOf(stretches, to) + widthOf(stretches[to])];
    const { scrollLeft, clientWidth } = frame.current;
    if (left < scrollLeft) frame.current.scrollLeft = left - clientWidth / 4;
    else if (right > scrollLeft + clientWidth) frame.current.scrollLeft = right - (clientWidth * 3) / 4;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const from = current < 0 ? stretches.length : current;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: from - 1,
      ArrowRight: from + 1,
      PageUp: from - PAGE,
      PageDown: from + PAGE,
      Home: 0,
      End: stretches.length - 1,
    };
    if (event.key === 'Enter') go(chosen);
    else if (event.key in steps) choose(steps[event.key]);
    else return;
    event.preventDefault();
  };
  const told = pointed ?? (current < 0 ? null : chosen);
  return (
    <div className="lanes">
      <LaneNames terminals={terminals} />
      <div
        ref={frame}
        className="lanes__frame"
        tabIndex={0}
        role="slider"
        aria-label="Who ran, stretch by stretch. Enter goes back to where one begins"
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={stretches.length}
        aria-valuenow={current < 0 ? stretches.length : current}
        aria-valuetext={current < 0 || chosen === null ? `the latest of ${stretches.length}` : tellStretch(chosen, terminals)}
        onKeyDown={onKeyDown}
        onScroll={({ currentTarget: { scrollLeft, scrollWidth, clientWidth } }) => {
          follows.current = scrollLeft + clientWidth >= scrollWidth - 2;
          draw();
        }}
      >
        <div style={{ width: length }} className="lanes__length">
          <canvas
            ref={canvas}
            className="lanes__canvas"
            style={{ height }}
            onPointerMove={(event) => setPointed(at(event))}
            onPointerLeave={() => setPointed(null)}
            onClick={(event) => go(at(event))}
          />
        </div>
      </div>
      <p className="lanes__told">
        {told === null
          ? `Point at a stretch to see what ended it; a click goes back to where it began. Widths grow with the logarithm of the instructions.${terminals > 1 ? ' Each lane has a track for every Guest, G1 above.' : ''}`
          : tellStretch(told, terminals)}
      </p>
    </div>
  );
}
