/** No page at this address: a Guest that died of it, and what to do. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';

import PartList from '../../MDXComponents/PartList.tsx';
import Puppy from '../../MDXComponents/Puppy.tsx';

/** What the Guest was asked for, as far as it can be told. */
function useAsked(): string {
  const [asked, setAsked] = useState('the page at this address');
  useEffect(() => setAsked(window.location.pathname.slice(0, 60)), []);
  return asked;
}

export default function NotFoundContent(): ReactNode {
  const asked = useAsked();
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
      <figure className="last-words">
        <pre aria-label="The last words of a Guest">{`Looking for ${asked}\nlguest: unhandled trap 14 at 0xc0100404 (0x0)\n`}</pre>
        <figcaption>
          A Guest went to fetch it, touched what is in no page, and died. It is in good company:{' '}
          <Link to="/host/deaths">every way to die</Link> has a chapter.
        </figcaption>
      </figure>
      <p>
        Press <kbd>/</kbd> to search, go back to <Link to="/">where the tour sets out</Link>, look in the{' '}
        <Link to="/markers">list of markers</Link> or in <Link to="/program">the program by file</Link>, or take the trail at one of its
        parts:
      </p>
      <PartList />
    </main>
  );
}
