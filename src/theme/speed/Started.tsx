import type { ReactNode } from 'react';

import type { Recorded } from './record.ts';

/** How soon the command's Guest runs, in a sentence. */
export default function Started({ of: { figures } }: { of: Recorded<{ node: number; command: number }> }): ReactNode {
  const { node, command } = figures;
  return (
    <p>
      Node alone takes {Math.round(node)} milliseconds to start and end, and <code>npx lguest</code> has its Guest’s first line on the
      terminal {Math.round(command - node)} milliseconds after that.
    </p>
  );
}
