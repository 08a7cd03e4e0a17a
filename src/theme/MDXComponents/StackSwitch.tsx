import { useId } from 'react';
import type { ReactNode } from 'react';

import { useChapterAddress } from '#live';

import { Badge } from './Marker.tsx';
import { patches } from './stack.ts';

interface StackSwitchProps {
  chosen: ReadonlySet<string>;
  choose: (chosen: ReadonlySet<string>) => void;
}

/** The choice of patches: any go together. */
export default function StackSwitch({ chosen, choose }: StackSwitchProps): ReactNode {
  const name = useId();
  const addressOf = useChapterAddress();
  const put = (patch: string, value: boolean): void => {
    const next = new Set(chosen);
    if (value) next.add(patch);
    else next.delete(patch);
    choose(next);
  };
  return (
    <fieldset className="patched__switch patched__switch--many">
      <legend>The Host, with</legend>
      {patches.map(({ patch, what, chapter }) => (
        <span key={patch} className="patched__choice">
          <label className="patched__choice">
            <input
              type="checkbox"
              name={`${name}-${patch}`}
              value={patch}
              checked={chosen.has(patch)}
              onChange={({ currentTarget }) => put(patch, currentTarget.checked)}
            />
            {what}
          </label>
          <Badge id={patch} to={`${addressOf(chapter)}#${patch}`} />
        </span>
      ))}
    </fieldset>
  );
}
