import { useId, useState } from 'react';
import type { ReactNode } from 'react';

import Guest from './Guest.tsx';
import { comparisonOf } from './comparison.ts';
import type { Fingerprints } from './comparison.ts';
import Table from './Table.tsx';

interface PatchedProps {
  scene: string;
  /** Markers of the patches, as the scene names them: `M:014`. */
  patch: string;
  /** The scene's. */
  title: string;
  /** The chapter's fingerprints, which the tests hold: where the figures come from. */
  counts: Fingerprints;
}

/** A live Guest with a switch, the book's Host or a changed one, and what both counted. */
export default function Patched({ scene, patch, title, counts }: PatchedProps): ReactNode {
  const [changed, setChanged] = useState(false);
  const name = useId();
  const patched = `${scene}.${patch.replaceAll(':', '-')}`;
  const marks = patch.split('+').join(' and ');
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
      <Table>
        <caption>The whole run, counted when the book was built</caption>
        <thead>
          <tr>
            <th scope="col" />
            <th scope="col">book</th>
            <th scope="col">with {marks}</th>
            <th scope="col">
              <span className="patched__hidden">in comparison</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {comparisonOf(counts, scene, patched).map(({ label, before, after }) => (
            <tr key={label} className={before === after ? 'patched__same' : undefined}>
              <th scope="row">{label}</th>
              <td>{before.toLocaleString('en')}</td>
              <td>{after.toLocaleString('en')}</td>
              <td>
                <Bars before={before} after={after} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

/** Two bars, the longer one full. */
function Bars({ before, after }: { before: number; after: number }): ReactNode {
  const most = Math.max(before, after, 1);
  const change =
    before === 0 ? '' : `${after > before ? '+' : after < before ? '−' : '±'}${Math.abs(Math.round((after / before - 1) * 100))} %`;
  return (
    <span className="patched__bars">
      <svg viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">
        <rect x="0" y="1" width={(before / most) * 100} height="5" className="patched__before" />
        <rect x="0" y="8" width={(after / most) * 100} height="5" className="patched__after" />
      </svg>
      <span className="patched__change">{change}</span>
    </span>
  );
}
