import type { ReactNode } from 'react';

import { signOf } from '#live';
import type { WorldName } from '#live';

/** A world's name in its colour, with its shape. */
export default function World({ of, children }: { of: WorldName; children?: ReactNode }): ReactNode {
  const sign = signOf(of);
  return (
    <span className={`world world-${of}`}>
      <span className="world__shape" aria-hidden="true">
        {sign.shape}
      </span>
      {children ?? sign.label}
    </span>
  );
}
