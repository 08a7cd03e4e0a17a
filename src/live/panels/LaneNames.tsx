import type { ReactNode } from 'react';

import { LANES, signOf } from '../worlds.ts';
import { laneHeight } from './lanes_geometry.ts';

/** What stands at the left of the lanes: whose each is. */
export default function LaneNames({ terminals }: { terminals: number }): ReactNode {
  return (
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
  );
}
