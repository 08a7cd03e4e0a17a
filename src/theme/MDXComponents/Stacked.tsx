import { useId, useState } from 'react';
import type { ReactNode } from 'react';

import { stackedName } from '#live';

import Guest from './Guest.tsx';
import Marker from './Marker.tsx';

interface StackedProps {
  scene: string;
  /** The scene's. */
  title: string;
  /** Patches of which any go together, in the order in which they are put in, and what each is for. */
  patches: readonly (readonly [patch: string, what: string])[];
}

/** A live Guest under whatever patches its reader chooses. They are woven in the page. */
export default function Stacked({ scene, title, patches }: StackedProps): ReactNode {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const name = useId();
  const inside = patches.map(([patch]) => patch).filter((patch) => chosen.has(patch));
  const guest = inside.length === 0 ? scene : stackedName(scene, inside);
  const choose = (patch: string, value: boolean): void => {
    const next = new Set(chosen);
    if (value) next.add(patch);
    else next.delete(patch);
    setChosen(next);
  };
  return (
    <div className="patched patched--stack">
      <fieldset className="patched__switch">
        <legend>The Host, with</legend>
        {patches.map(([patch, what]) => (
          <span key={patch} className="patched__choice">
            <label className="patched__choice">
              <input
                type="checkbox"
                name={`${name}-${patch}`}
                value={patch}
                checked={chosen.has(patch)}
                onChange={({ currentTarget }) => choose(patch, currentTarget.checked)}
              />
              {what}
            </label>
            <Marker id={patch} />
          </span>
        ))}
      </fieldset>
      <Guest key={guest} scene={guest} title={inside.length === 0 ? title : `${title}, with ${inside.join(', ')}`} />
    </div>
  );
}
