/** What the run has come to, in numbers. */
import type { ReactNode } from 'react';

import { grouped } from '../page/grouped.ts';
import type { Session } from '../page/session.ts';
import { useView } from '../page/use_session.ts';

export default function Counters({ session }: { session: Session }): ReactNode {
  const statistics = useView(session, 'counters');
  if (statistics === null) return <p className="panel__empty">Nothing has run.</p>;
  const traps = Object.values(statistics.traps).reduce((sum, count) => sum + count, 0);
  const rows: readonly (readonly [string, number])[] = [
    ['instructions', statistics.instructions],
    ['entries into the Guest', statistics.switches],
    ['returns by a trap', traps],
    ['faults mended unseen', statistics.hiddenFaults],
    ['faults passed on', statistics.reflectedFaults],
    ['virtual interrupts', statistics.interrupts],
    ['notifications', statistics.notifications],
  ];
  const calls = Object.entries(statistics.hypercalls).sort(([, a], [, b]) => b.direct + b.ring - a.direct - a.ring);
  return (
    <div className="counters">
      <table>
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{grouped(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {calls.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">hypercall</th>
              <th scope="col">direct</th>
              <th scope="col">by the ring</th>
            </tr>
          </thead>
          <tbody>
            {calls.map(([name, { direct, ring }]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{grouped(direct)}</td>
                <td>{grouped(ring)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
