import type { ReactNode } from 'react';

import { changeOf, comparisonOf } from './comparison.ts';
import type { Fingerprints } from './comparison.ts';
import Table from './Table.tsx';

interface ComparedProps {
  /** Scenes and what each is called; the others are compared with the first. */
  of: readonly (readonly [scene: string, label: string])[];
  /** The chapter's fingerprints, which the tests hold: where the figures come from. */
  counts: Fingerprints;
}

/** What several runs counted, side by side. */
export default function Compared({ of, counts }: ComparedProps): ReactNode {
  const rows = comparisonOf(
    counts,
    of.map(([scene]) => scene),
  );
  return (
    <div className="compared">
      <Table>
        <caption>The whole run, counted when the book was built</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="compared__hidden">count</span>
            </th>
            {of.map(([scene, label]) => (
              <th key={scene} scope="col">
                {label}
              </th>
            ))}
            <th scope="col">
              <span className="compared__hidden">in comparison</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, values }) => (
            <tr key={label} className={values.every((value) => value === values[0]) ? 'compared__same' : undefined}>
              <th scope="row">{label}</th>
              {values.map((value, index) => (
                <td key={index}>{value.toLocaleString('en')}</td>
              ))}
              <td>
                <Bars values={values} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

/** A bar for each run, the longest one full; and, of two, the difference in words. */
function Bars({ values }: { values: readonly number[] }): ReactNode {
  const most = Math.max(...values, 1);
  const [before = 0, after = 0] = values;
  return (
    <span className="compared__bars">
      <svg
        viewBox={`0 0 100 ${values.length * 7}`}
        preserveAspectRatio="none"
        style={{ height: `${values.length * 0.45}rem` }}
        aria-hidden="true"
      >
        {values.map((value, index) => (
          <rect
            key={index}
            x="0"
            y={index * 7 + 1}
            width={(value / most) * 100}
            height="5"
            className={index === 0 ? 'compared__before' : 'compared__after'}
          />
        ))}
      </svg>
      {values.length === 2 && <span className="compared__change">{changeOf(before, after)}</span>}
    </span>
  );
}
