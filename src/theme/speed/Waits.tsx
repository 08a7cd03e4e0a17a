import type { ReactNode } from 'react';

import Table from '../MDXComponents/Table.tsx';
import { threeDigits } from './record.ts';
import type { PageFigures, Recorded } from './record.ts';
import RecordedOn from './RecordedOn.tsx';

/** What a reader waits for in the page. */
export default function Waits({ of: { on, figures } }: { of: Recorded<PageFigures> }): ReactNode {
  return (
    <div className="speed">
      <Table>
        <caption>
          From the press of a key or button to when the page shows what came of it. Of the times in a row half are below the first figure,
          and 95 of 100 below the second. <RecordedOn on={on} with={figures.browser.replace('/', ' ')} />
        </caption>
        <thead>
          <tr>
            <th scope="col">what</th>
            <th scope="col">half</th>
            <th scope="col">95 of 100</th>
            <th scope="col">unit</th>
            <th scope="col">times</th>
          </tr>
        </thead>
        <tbody>
          {figures.figures.map(({ what, median, most, count, unit }) => (
            <tr key={what}>
              <th scope="row">{what.replace('10^9', '10⁹')}</th>
              <td>{threeDigits(median)}</td>
              <td>{count > 1 && threeDigits(most)}</td>
              <td>{unit}</td>
              <td>{count}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
