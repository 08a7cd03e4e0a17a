/** Who is running: one lane a world, the latest at the right. */
import { useEffect, useRef, useState } from 'react';
import type { PointerEvent, ReactNode } from 'react';

import type { Stretch } from '../protocol.ts';
import type { Session } from '../page/session.ts';
import { useSession, useStream } from '../page/use_session.ts';
import { signOf } from '../worlds.ts';
import type { WorldName } from '../worlds.ts';

const LANES: readonly WorldName[] = ['guest-user', 'guest-kernel', 'switcher', 'host', 'launcher'];
const LANE_HEIGHT = 17;
const GAP = 3;

/** Pixels of a stretch: by the logarithm of its instructions, for a page fault and a million loops must both be seen. */
function widthOf({ instructions, world }: Stretch): number {
  if (world === 'switcher') return 3;
  return 5 + Math.round(5 * Math.log2(1 + instructions / 4));
}

function laneOf(world: WorldName): number {
  const index = LANES.indexOf(world);
  return index < 0 ? LANES.length - 1 : index;
}

interface Box {
  readonly x: number;
  readonly width: number;
  readonly stretch: Stretch;
}

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
            <li key={world} className={`world-${world}`}>
              <span>{sign.shape}</span> {sign.label}
            </li>
          );
        })}
      </ul>
      <canvas
        ref={canvas}
        className="lanes__canvas"
        style={{ height: LANES.length * (LANE_HEIGHT + GAP) }}
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
  LANES.forEach((world, lane) => {
    context.fillStyle = colour(world, 'wash');
    context.fillRect(0, lane * (LANE_HEIGHT + GAP), width, LANE_HEIGHT);
  });
  context.font = `600 7.5px ${style.getPropertyValue('--sans') || 'sans-serif'}`;
  const paper = style.getPropertyValue('--on-solid').trim();
  const boxes: Box[] = [];
  const total = stretches.reduce((sum, stretch) => sum + widthOf(stretch), 0);
  let right = Math.min(width, total);
  for (let i = stretches.length - 1; i >= 0 && right > 0; i--) {
    const stretch = stretches[i];
    const size = widthOf(stretch);
    const top = laneOf(stretch.world) * (LANE_HEIGHT + GAP);
    context.fillStyle = colour(stretch.world, 'solid');
    // Each Guest has a track of its own in every lane.
    const height = LANE_HEIGHT / guests;
    context.fillRect(right - size, top + height * stretch.guest, Math.max(size - 1, 2), guests > 1 ? height - 1 : height);
    if (guests > 1 && size >= 12) {
      context.fillStyle = paper;
      context.fillText(String(stretch.guest + 1), right - size + 2, top + height * (stretch.guest + 1) - 1.5);
    }
    boxes.push({ x: right - size, width: size, stretch });
    right -= size;
  }
  return boxes;
}
