/** Who is running: one lane a world, the latest at the right. */
import { useEffect, useRef, useState } from 'react';
import type { PointerEvent, ReactNode } from 'react';

import type { Stretch } from '../protocol.ts';
import type { Session } from '../page/session.ts';
import { useSession, useStream } from '../page/use_session.ts';
import { signOf } from '../worlds.ts';
import { GAP, laneHeight, LANES, layOut } from './lanes_geometry.ts';
import type { Box } from './lanes_geometry.ts';
import type { WorldName } from '../worlds.ts';

export default function Lanes({ session }: { session: Session }): ReactNode {
  useStream(session, 'lanes');
  const stretches = useSession(session, (view) => view.stretches);
  const terminals = useSession(session, (view) => view.terminals);
  const canvas = useRef<HTMLCanvasElement>(null);
  const boxes = useRef<Box[]>([]);
  const [told, setTold] = useState<Stretch | null>(null);
  const [theme, setTheme] = useState(0);

  useEffect(() => {
    const redraw = (): void => setTheme((n) => n + 1);
    const observer = new MutationObserver(redraw);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    window.addEventListener('resize', redraw);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', redraw);
    };
  }, []);

  useEffect(() => {
    if (canvas.current !== null) boxes.current = draw(canvas.current, stretches, terminals);
  }, [stretches, terminals, theme]);

  const point = (event: PointerEvent<HTMLCanvasElement>): void => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setTold(boxes.current.find((box) => x >= box.x && x < box.x + box.width)?.stretch ?? null);
  };
  return (
    <div className="lanes">
      <ul className="lanes__names" aria-hidden="true">
        {LANES.map((world) => {
          const sign = signOf(world);
          return (
            <li key={world} className={`world-${world}`} style={{ height: laneHeight(terminals) }}>
              <span>{sign.shape}</span> {sign.label}
            </li>
          );
        })}
      </ul>
      <canvas
        ref={canvas}
        className="lanes__canvas"
        style={{ height: LANES.length * (laneHeight(terminals) + GAP) }}
        role="img"
        aria-label={`Who ran, in ${stretches.length} stretches`}
        onPointerMove={point}
        onPointerLeave={() => setTold(null)}
      />
      <p className="lanes__told">
        {told === null
          ? `Point at a stretch to see what ended it. Widths grow with the logarithm of the instructions.${terminals > 1 ? ' Each lane has a track for every Guest, G1 above.' : ''}`
          : tell(told, terminals)}
      </p>
    </div>
  );
}

function tell(stretch: Stretch, guests: number): string {
  const label = `${guests > 1 ? `G${stretch.guest + 1}, ` : ''}${signOf(stretch.world).label}`;
  const crossings = stretch.world.startsWith('guest') ? ', crossings included' : '';
  const count =
    stretch.instructions === 0
      ? 'no instruction of the processor'
      : `${stretch.instructions.toLocaleString('en')} instruction${stretch.instructions === 1 ? '' : 's'}${crossings}`;
  return `${label}, from ${stretch.at.toLocaleString('en')}: ${count}, then ${stretch.end}.`;
}

function draw(canvas: HTMLCanvasElement, stretches: readonly Stretch[], guests: number): Box[] {
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
  const boxes = layOut(stretches, width, guests);
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
  }
  return boxes;
}
