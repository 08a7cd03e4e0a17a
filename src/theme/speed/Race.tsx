import type { ReactNode } from 'react';

import { meanRatio } from '../../bench/race.ts';
import Table from '../MDXComponents/Table.tsx';
import { onScale, threeDigits } from './record.ts';
import type { RaceFigures, Recorded } from './record.ts';
import RecordedOn from './RecordedOn.tsx';

/** The scale goes from an eighth of the other's time to eight times of it. */
const WIDEST = 8;

const place = (ratio: number): number => onScale(ratio, 1 / WIDEST, WIDEST);

/** Two engines over the same work: what ours takes of the other's time, in figures and as a picture. */
export default function Race({ of: { on, figures }, other }: { of: Recorded<RaceFigures>; other: string }): ReactNode {
  const { rows } = figures;
  return (
    <div className="speed">
      <Table>
        <caption>
          Our time divided by {other}’s, the best of all repetitions (●) and the first, with everything cold (○).{' '}
          <RecordedOn on={on} with={`${other} ${figures.version}`} /> {figures.rounds} rounds, in turn.
        </caption>
        <thead>
          <tr>
            <th scope="col">work</th>
            <th scope="col">ours, s</th>
            <th scope="col">{other}, s</th>
            <th scope="col">first</th>
            <th scope="col">best</th>
            <th scope="col" className="speed__picture">
              <span className="speed__ends">
                <span>faster</span>
                <span>the same</span>
                <span>slower</span>
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, ours, theirs }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{threeDigits(ours.best)}</td>
              <td>{threeDigits(theirs.best)}</td>
              <Ratios first={ours.first / theirs.first} best={ours.best / theirs.best} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">geometric mean</th>
            <td />
            <td />
            <Ratios first={meanRatio(rows, 'first')} best={meanRatio(rows, 'best')} />
          </tr>
        </tfoot>
      </Table>
    </div>
  );
}

function Ratios({ first, best }: { first: number; best: number }): ReactNode {
  const at = place(best);
  return (
    <>
      <td>{first.toFixed(2)}</td>
      <td>{best.toFixed(2)}</td>
      <td className="speed__picture">
        <span className={best <= 1 ? 'speed__scale speed__scale--ahead' : 'speed__scale'} aria-hidden="true">
          <span className="speed__bar" style={{ insetInlineStart: `${Math.min(50, at)}%`, inlineSize: `${Math.abs(at - 50)}%` }} />
          <span className="speed__first" style={{ insetInlineStart: `${place(first)}%` }} />
          <span className="speed__best" style={{ insetInlineStart: `${at}%` }} />
        </span>
      </td>
    </>
  );
}
