import { useEffect, useId, useState } from 'react';
import type { ReactNode } from 'react';

import { offerHere, patchList, sceneUnder, titleUnder } from '#live';

import Compared from './Compared.tsx';
import type { Fingerprints } from './comparison.ts';
import Guest from './Guest.tsx';
import { inOrder, patches } from './stack.ts';
import StackSwitch from './StackSwitch.tsx';

interface PatchedProps {
  scene: string;
  /** Markers of the patches, as the scene names them: `M:014`. */
  patch: string;
  /** The scene's. */
  title: string;
  /** The chapter's fingerprints, which the tests hold: where the figures come from. Without them there is no table: of two runs that have nothing in common. */
  counts?: Fingerprints;
}

/** A live Guest with a switch, the book's Host or a changed one, and what both counted. Whoever wants other patches in it, too, finds the choice behind a button. */
export default function Patched({ scene, patch, title, counts }: PatchedProps): ReactNode {
  const [changed, setChanged] = useState(false);
  /** Null: the choice is not asked for. */
  const [chosen, choose] = useState<ReadonlySet<string> | null>(null);
  const name = useId();
  const own = patch.split('+');
  const patched = sceneUnder(scene, own, patch);
  useEffect(() => {
    const show = (): void => {
      choose(null);
      setChanged(true);
    };
    return offerHere({ patches: patch.split('+'), scene: patched, show });
  }, [patch, patched]);
  const open = (): void => {
    choose(chosen === null ? new Set(own) : null);
    setChanged(true);
  };
  const marks = patchList(own);
  const inside = chosen !== null ? inOrder(chosen) : changed ? own : [];
  const guest = sceneUnder(scene, inside, patch);
  const choice = (value: boolean, label: string): ReactNode => (
    <label className="patched__choice">
      <input type="radio" name={name} checked={changed === value} onChange={() => setChanged(value)} />
      {label}
    </label>
  );
  return (
    <div className="patched" data-patch={patch}>
      <div className="patched__head">
        {chosen !== null ? (
          <StackSwitch chosen={chosen} choose={choose} />
        ) : (
          <fieldset className="patched__switch">
            <legend>The Host</legend>
            {choice(false, 'as in the book')}
            {choice(true, `with ${marks}`)}
          </fieldset>
        )}
        {own.every((one) => patches.some((known) => known.patch === one)) && (
          <button type="button" className="patched__more" aria-expanded={chosen !== null} onClick={open}>
            with other patches, too
          </button>
        )}
      </div>
      <Guest key={guest} scene={guest} title={titleUnder(title, inside)} />
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
