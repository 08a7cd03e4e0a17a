/** No page at this address: what to do about it. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';

import PartList from '../../MDXComponents/PartList.tsx';
import Puppy from '../../MDXComponents/Puppy.tsx';

export default function NotFoundContent(): ReactNode {
  return (
    <main className="index-page markdown">
      <div className="lost">
        <Puppy />
        <div>
          <h1>No path leads here</h1>
          <p>
            The puppy has sniffed all around, and there is no page at this address. It may have moved, or there is a slip in the link that
            led you here.
          </p>
        </div>
      </div>
      <p>
        Go back to <Link to="/">where the tour sets out</Link>, look in the <Link to="/markers">list of markers</Link> or in{' '}
        <Link to="/program">the program by file</Link>, or take the trail at one of its parts:
      </p>
      <PartList />
    </main>
  );
}
