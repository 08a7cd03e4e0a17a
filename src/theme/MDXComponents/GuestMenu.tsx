import { useId, useState } from 'react';
import type { ReactNode } from 'react';

import Guest from './Guest.tsx';

/** Several Guests of other chapters in one frame: one is chosen, and booted there. */
export default function GuestMenu({ of }: { of: readonly (readonly [scene: string, title: string])[] }): ReactNode {
  const [chosen, choose] = useState(0);
  const name = useId();
  const [scene, title] = of[chosen] ?? ['', ''];
  return (
    <div className="patched">
      <fieldset className="patched__switch">
        <legend>A Guest that does it</legend>
        {of.map(([each, label], index) => (
          <label key={each} className="patched__choice">
            <input type="radio" name={name} checked={index === chosen} onChange={() => choose(index)} />
            {label}
          </label>
        ))}
      </fieldset>
      <Guest key={scene} scene={scene} title={title} />
    </div>
  );
}
