/** The disk of the reader's own Guest: what was written to it, and what can be done with that. */
import type { ReactNode } from 'react';

import { megabytes } from '../page/describe.ts';
import type { Session } from '../page/session.ts';
import { useSession } from '../page/use_session.ts';

/** Bytes. A disk has only whole ones. */
const SECTOR = 512;

export default function DiskFacts({ session }: { session: Session }): ReactNode {
  const disk = useSession(session, (view) => view.disk);
  if (disk === null) return null;
  return (
    <div className="bench__disk">
      <p>
        <b>{disk.name}</b>, {megabytes(disk.bytes)} MB:{' '}
        {disk.written === 0 ? 'as you brought it.' : `changed in ${disk.written} ${disk.written === 1 ? 'place' : 'places'} of 64 KB; `}
        {disk.written > 0 &&
          (disk.lasts
            ? 'your browser keeps what was written, also over a reload.'
            : 'your browser lets this page keep nothing, so what was written goes when the page does: download it.')}
      </p>
      {disk.bytes % SECTOR !== 0 && <p>Its last {disk.bytes % SECTOR} bytes are no whole sector: no Guest sees them.</p>}
      {disk.trouble !== null && <p role="alert">The Guest was told of an error on its disk: {disk.trouble}.</p>}
      <button type="button" onClick={() => session.send({ type: 'save-disk' })}>
        Download it as it is now
      </button>
      <button type="button" disabled={disk.written === 0} onClick={() => session.send({ type: 'discard-disk' })}>
        Forget what was written, and start anew
      </button>
    </div>
  );
}
