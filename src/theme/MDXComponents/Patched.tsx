import { useEffect, useId, useState } from 'react';
import type { ReactNode } from 'react';

import { offerHere } from '#live';

import Compared from './Compared.tsx';
import type { Fingerprints } from './comparison.ts';
import Guest from './Guest.tsx';

interface PatchedProps {
  scene: string;
  /** Markers of the patches, as the scene names them: `M:014`. */
  patch: string;
  /** The scene's. */
  title: string;
  /** The chapter's fingerprints, which the tests hold: where the figures come from. Without them there is no table: of two runs that have nothing in common. */
  counts?: Fingerprints;
}

/** A live Guest with a switch, the book's Host or a changed one, and what both counted. */
export default function Patched({ scene, patch, title, counts }: PatchedProps): ReactNode {
  const [changed, setChanged] = useState(false);
  const name = useId();
  const patched = `${scene}.${patch.replaceAll(':', '-')}`;
  useEffect(() => offerHere({ patches: patch.split('+'), scene: patched, show: () => setChanged(true) }), [patch, patched]);
  const marks = patch
    .split('+')
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' and ');
  const choice = (value: boolean, label: string): ReactNode => (
    <label className="patched__choice">
      <input type="radio" name={name} checked={changed === value} onChange={() => setChanged(value)} />
      {label}
    </label>
  );
  return (
    <div className="patched" data-patch={patch}>
      <fieldset className="patched__switch">
        <legend>The Host</legend>
        {choice(false, 'as in the book')}
        {choice(true, `with ${marks}`)}
      </fieldset>
      <Guest key={String(changed)} scene={changed ? patched : scene} title={changed ? `${title}, with ${marks}` : title} />
      {counts !== undefined && (
        <Compared
          of={[
            [scene, 'book'],
            [patched, `with ${marks}`],
          ]}
          counts={counts}
        />
      )}
    </div>
  );
}
