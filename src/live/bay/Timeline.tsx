/** The whole of the run, from its first instruction to the farthest it ever came: dragged, clicked, or moved along by keys, it takes the Guest to any moment. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { CSSProperties, KeyboardEvent, PointerEvent, ReactNode } from 'react';

import { grouped } from '../page/grouped.ts';
import { useDrawn } from '../page/use_drawn.ts';
import type { Session } from '../page/session.ts';
import { isAway } from '../page/state.ts';
import { useSession, useStream } from '../page/use_session.ts';
import { signOf } from '../worlds.ts';
import { drawTimeline, TIMELINE_HEIGHT } from './timeline_drawing.ts';

/** A step of the arrow keys, as a part of the run; of the page keys; neither less than an instruction. */
const STEP = 1 / 200;
const LEAP = 1 / 10;

export default function Timeline({ session }: { session: Session }): ReactNode {
  useStream(session, 'timeline');
  const overview = useSession(session, (view) => view.overview);
  const at = useSession(session, (view) => view.instructions);
  const world = useSession(session, (view) => view.world);
  const bare = useSession(session, (view) => view.bare);
  const free = useSession(session, (view) => !isAway(view) && view.search === null);
  const notes = useSession(session, (view) => view.notes);
  const noted = useMemo(() => Object.values(notes).flatMap(({ hits }) => hits.map(({ place }) => place.at)), [notes]);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [wanted, setWanted] = useState<number | null>(null);
  const asked = useRef<number | null>(null);
  const [held, setHeld] = useState(false);
  const end = Math.max(overview?.end ?? 0, at);
  const shown = wanted ?? at;

  const draw = (): void => {
    if (canvas.current !== null && overview !== null) drawTimeline(canvas.current, { ...overview, end }, shown, noted);
  };
  useDrawn(canvas, draw);

  // One journey at a time: while one is under way, the latest wish waits.
  useEffect(() => {
    if (wanted === null || !free) return;
    if (asked.current !== wanted && wanted !== at) {
      asked.current = wanted;
      session.send({ type: 'to', at: wanted });
    } else if (!held) {
      asked.current = null;
      setWanted(null);
    }
  }, [wanted, free, held, at, session]);

  const from = ({ clientX }: PointerEvent): number => {
    const { left, width } = canvas.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return Math.round(Math.max(0, Math.min(1, (clientX - left) / width)) * end);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = (part: number): number =>
      Math.max(0, Math.min(end, Math.round(shown + Math.sign(part) * Math.max(1, Math.abs(part) * end))));
    const places: Readonly<Record<string, () => number>> = {
      ArrowLeft: () => by(-STEP),
      ArrowDown: () => by(-STEP),
      ArrowRight: () => by(STEP),
      ArrowUp: () => by(STEP),
      PageDown: () => by(-LEAP),
      PageUp: () => by(LEAP),
      Home: () => 0,
      End: () => end,
    };
    if (!(event.key in places)) return;
    event.preventDefault();
    setWanted(places[event.key]());
  };
  const who = world === null ? '' : `, ${signOf(world, bare).label}`;
  return (
    <div
      className="timeline"
      role="slider"
      tabIndex={0}
      aria-label="Moment of the run"
      aria-valuemin={0}
      aria-valuemax={end}
      aria-valuenow={shown}
      aria-valuetext={`${grouped(shown)} of ${grouped(end)} instructions${who}`}
      title="The whole run: drag, or click, to go to a moment of it"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0 || end === 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setHeld(true);
        setWanted(from(event));
      }}
      onPointerMove={(event) => {
        if (held) setWanted(from(event));
      }}
      onPointerUp={() => setHeld(false)}
      onPointerCancel={() => setHeld(false)}
    >
      <canvas ref={canvas} className="timeline__canvas" style={{ height: TIMELINE_HEIGHT }} />
      <span className="timeline__now" style={{ '--done': end === 0 ? 0 : shown / end } as CSSProperties} aria-hidden="true" />
    </div>
  );
}
