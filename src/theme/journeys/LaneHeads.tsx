/** Above a journey: whose lane each is. */
import type { ReactNode } from 'react';

import { signOf } from '#live';

import { LANES } from './route.ts';

export default function LaneHeads(): ReactNode {
  return (
    <div className="journey__heads" aria-hidden="true">
      {LANES.map((lane) => {
        const { label, shape } = signOf(lane);
        return (
          <span key={lane} className={`journey__lane world-${lane}`}>
            <span>
              {label} {shape}
            </span>
          </span>
        );
      })}
    </div>
  );
}
