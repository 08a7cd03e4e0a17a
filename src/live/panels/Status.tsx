/** A plain sentence on how things stand. */
import type { ReactNode } from 'react';

import { describe } from '../page/describe.ts';
import type { Session } from '../page/session.ts';
import { useSession } from '../page/use_session.ts';

export default function Status({ session }: { session: Session }): ReactNode {
  const sentence = useSession(session, describe);
  return (
    <p className="live__status" role="status">
      {sentence}
    </p>
  );
}
