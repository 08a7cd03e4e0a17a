/** A step of a journey: its stop on the line, its name as a button that leads there, what happens, and what to look at. */
import type { CSSProperties, ReactNode } from 'react';
import clsx from 'clsx';

import { signOf } from '#live';
import type { WorldName } from '#live';

import Marker from '../MDXComponents/Marker.tsx';
import type { StepProps } from '../MDXComponents/Step.tsx';
import { bend, laneOf } from './route.ts';

interface Props {
  step: StepProps;
  index: number;
  /** Who is at work in the next; null: there is none. */
  next: WorldName | null;
  state: 'been' | 'here' | 'ahead';
  onGo: () => void;
  /** Its name among all drawings of the page. */
  id: string;
}

/** Distance of the lanes in the drawing, which is as wide as five of them. */
const LANE = 20;

export default function JourneyStep({ step: { who, at, title, look, children }, index, next, state, onGo, id }: Props): ReactNode {
  const sign = signOf(who);
  const lane = laneOf(who);
  return (
    <li
      className={clsx('journey__step', `journey__step--${state}`, `world-${who}`)}
      style={{ '--lane': lane } as CSSProperties}
      aria-current={state === 'here' ? 'step' : undefined}
    >
      <Way from={lane} to={next === null ? null : laneOf(next)} fromWorld={who} toWorld={next} id={id} />
      <span className="journey__stop" aria-hidden="true">
        {sign.letter}
      </span>
      <div className="journey__told">
        <p className="journey__head">
          <button type="button" className="journey__go" onClick={onGo}>
            <span className="journey__number">{index + 1}</span> {title}
          </button>{' '}
          <span className="journey__who">
            {sign.shape} {sign.label}
          </span>{' '}
          <Marker id={at} />
        </p>
        <div className="journey__text">{children}</div>
        <p className="journey__look">
          <svg viewBox="0 0 20 12" aria-hidden="true">
            <path d="M1 6C4 2 7 1 10 1s6 1 9 5c-3 4-6 5-9 5S4 10 1 6z" />
            <circle cx="10" cy="6" r="2.4" />
          </svg>
          <span className="for-ears">Look at: </span>
          {look}
        </p>
      </div>
    </li>
  );
}

/** The line from a stop to the next, from the colour of the one to that of the other. */
function Way({
  from,
  to,
  fromWorld,
  toWorld,
  id,
}: {
  from: number;
  to: number | null;
  fromWorld: WorldName;
  toWorld: WorldName | null;
  id: string;
}): ReactNode {
  if (to === null || toWorld === null) return null;
  const path = bend((from + 0.5) * LANE, (to + 0.5) * LANE);
  return (
    <svg className="journey__way" viewBox={`0 0 ${5 * LANE} 100`} preserveAspectRatio="none" aria-hidden="true">
      <defs>
        <linearGradient id={`way-${id}`} gradientUnits="userSpaceOnUse" x1="0" y1="20" x2="0" y2="80">
          <stop offset="0" style={{ stopColor: `var(--${fromWorld}-solid)` }} />
          <stop offset="1" style={{ stopColor: `var(--${toWorld}-solid)` }} />
        </linearGradient>
      </defs>
      <path className="journey__edge" d={path} />
      <path d={path} style={{ stroke: `url(#way-${id})` }} />
    </svg>
  );
}
