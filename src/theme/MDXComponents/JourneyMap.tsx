import type { ReactNode } from 'react';

import type { WorldName } from '#live';

import { LANES, laneOf, sketch } from '../journeys/route.ts';

/** A journey, as the build knows it. */
interface Route {
  readonly name: string;
  readonly label: string;
  readonly worlds: readonly WorldName[];
}

const WIDTH = 200;
const HEIGHT = 72;
const EDGE = 10;

/** All journeys of the page, each as a small drawing that leads to it. */
export default function JourneyMap({ routes = '[]' }: { routes?: string }): ReactNode {
  return (
    <nav className="journey-map" aria-label="The journeys of this page">
      {(JSON.parse(routes) as readonly Route[]).map(({ name, label, worlds }) => (
        <a key={name} className="journey-map__one" href={`#${name}`}>
          <Sketch worlds={worlds} />
          <span className="journey-map__label">{label}</span>
          <span className="journey-map__count">{worlds.length} steps</span>
        </a>
      ))}
    </nav>
  );
}

function Sketch({ worlds }: { worlds: readonly WorldName[] }): ReactNode {
  const { points, path } = sketch(worlds, WIDTH, HEIGHT);
  return (
    <svg viewBox={`${-EDGE} ${-EDGE} ${WIDTH + 2 * EDGE} ${HEIGHT + 2 * EDGE}`} aria-hidden="true">
      {LANES.map((lane, n) => (
        <path
          key={lane}
          className={`journey-map__lane world-${lane}`}
          d={`M${-EDGE / 2} ${(n * HEIGHT) / (LANES.length - 1)}H${WIDTH + EDGE / 2}`}
        />
      ))}
      <path className="journey-map__way" d={path} />
      {points.map(([x, y], step) => (
        <circle
          key={x}
          className={`journey-map__stop world-${LANES[laneOf(worlds[step])]}`}
          cx={x}
          cy={y}
          r={step === 0 || step === worlds.length - 1 ? 6 : 4.5}
        />
      ))}
    </svg>
  );
}
