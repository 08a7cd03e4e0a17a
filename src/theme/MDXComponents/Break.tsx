import { useId } from 'react';
import type { ReactNode } from 'react';
import useBrokenLinks from '@docusaurus/useBrokenLinks';

import { LineChange, useBreak } from '#live';

import Marker from './Marker.tsx';

interface BreakProps {
  /** The chunk; it stands on the same page, as an excerpt perhaps. */
  chunk: string;
  /** A line of it, without what indents it. */
  line: string;
  /** What it becomes; nothing: it is taken out. */
  becomes?: string;
  /** The Guest, on the same page, that shows what comes of it. */
  scene: string;
  /** Something that it prints then, which the tests hold. */
  shows?: string;
  /** It says the same as ever: what is to be seen is elsewhere. */
  quiet?: boolean;
  children: ReactNode;
}

/** A line to take out or to change, in one click, and what to see then. */
export default function Break({ chunk, line, becomes, scene, shows, quiet = false, children }: BreakProps): ReactNode {
  const id = useId();
  const place = `break-${chunk}`;
  useBrokenLinks().collectAnchor(place);
  const { isBroken, isAstray, change } = useBreak({ chunk, line, scene, ...(becomes !== undefined && { becomes }) });
  return (
    <aside id={place} className="predict break" aria-labelledby={id}>
      <p className="predict__question" id={id}>
        Break it: in <Marker id={chunk} />, {becomes === undefined ? 'take this line out' : 'change a line'}.
      </p>
      <LineChange line={line} becomes={becomes} />
      <p className="break__do">
        <button type="button" aria-pressed={isBroken} onClick={change}>
          {isBroken ? 'Mend it, and run the Guest again' : 'Do it, and run the Guest'}
        </button>
        {isAstray && (
          <span role="alert">
            In what you have made of {chunk}, this line does not stand just once, so nothing was changed: do it there by hand, or have the
            book’s block again.
          </span>
        )}
        {quiet && <span>It will say the same</span>}
        {shows !== undefined && (
          <span>
            Look for <code>{shows}</code>
          </span>
        )}
      </p>
      <div className="break__told">{children}</div>
    </aside>
  );
}
