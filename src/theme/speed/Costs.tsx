import type { ReactNode } from 'react';

import Table from '../MDXComponents/Table.tsx';
import { threeDigits } from './record.ts';
import type { Cost, Recorded } from './record.ts';
import RecordedOn from './RecordedOn.tsx';

/** What lguest costs: ours, and the original on two other emulated processors. */
export default function Costs({ of: { on, figures } }: { of: Recorded<readonly Cost[]> }): ReactNode {
  const longest = Math.max(...figures.flatMap(({ microseconds, original }) => [microseconds, ...original]));
  return (
    <div className="speed">
      <Table>
        <caption>
          Microseconds of a real computer for one operation. The original lguest ran in a Linux 2.6.25 on QEMU 7.2 and on v86 0.5.462, on
          another day. <RecordedOn on={on} />
        </caption>
        <thead>
          <tr>
            <th scope="col">operation</th>
            <th scope="col">here</th>
            <th scope="col">original on QEMU</th>
            <th scope="col">original on v86</th>
            <th scope="col" className="speed__picture">
              <span className="speed__ends">
                <span>in that order</span>
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {figures.map(({ operation, microseconds, original }) => (
            <tr key={operation}>
              <th scope="row">{operation}</th>
              {[microseconds, ...original].map((each, index) => (
                <td key={index}>{threeDigits(each)}</td>
              ))}
              <td className="speed__picture">
                <span className="speed__bars" aria-hidden="true">
                  {[microseconds, ...original].map((each, index) => (
                    <span
                      key={index}
                      className={index === 0 ? 'speed__ours' : 'speed__theirs'}
                      style={{ inlineSize: `${(100 * each) / longest}%` }}
                    />
                  ))}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
