/** A plain sentence on how things stand: for the eye as often as it changes, for the ear now and then. */
import type { ReactNode } from 'react';

import { describe } from '../page/describe.ts';
import type { Session } from '../page/session.ts';
import { useSession } from '../page/use_session.ts';
import { useSpoken } from '../page/use_spoken.ts';

export default function Status({ session }: { session: Session }): ReactNode {
  const sentence = useSession(session, describe);
  const subject = useSession(session, ({ phase, search, reading }) => `${phase} ${search ?? ''} ${reading?.what ?? ''}`);
  const paused = useSession(session, ({ phase }) => phase !== 'running' && phase !== 'loading');
  // What stands still is a sentence of its own each time: a step, and another.
  const spoken = useSpoken(sentence, paused ? sentence : subject);
  return (
    <div className="live__status">
      <p>{sentence}</p>
      <p className="for-ears" role="status">
        {spoken}
      </p>
    </div>
  );
}
