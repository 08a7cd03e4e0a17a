import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';

/** The end of a chapter: what its reader may find out, or change. */
export default function YourTurn({ children }: { children: ReactNode }): ReactNode {
  return (
    <section className="turns" aria-label="Your turn">
      <p className="turns__title">Your turn</p>
      {children}
      <p className="turns__kept">
        What you have solved is kept in this browser, and nowhere else.{' '}
        <Link to="/progress">All exercises, and your progress as a file</Link>
      </p>
    </section>
  );
}
