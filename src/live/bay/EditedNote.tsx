/** Of a Guest on edited code: that it is, and the way to the book's own and back. */
import type { ReactNode } from 'react';

import type { Session } from '../page/session.ts';
import { useSession } from '../page/use_session.ts';
import { useEditCount } from '../edit/state.ts';
import FirstDifference from './FirstDifference.tsx';
import TakeOver from './TakeOver.tsx';

export default function EditedNote({ session }: { session: Session }): ReactNode {
  const edited = useSession(session, (view) => view.edited);
  const failed = useSession(session, (view) => view.phase === 'failed');
  const loading = useSession(session, (view) => view.phase === 'loading');
  const count = useEditCount();
  const theirs = session.foreign !== null;
  if (loading || session.order.type !== 'load' || (edited.length === 0 && count === 0 && !theirs)) return null;
  const plain = edited.length === 0 && !failed;
  return (
    <p className="bay__edited">
      {plain
        ? 'It runs the book’s own code.'
        : `It runs ${theirs ? 'somebody else’s code, shut in' : 'edited code'}${edited.length > 0 ? `: ${edited.join(', ')}` : ''}.`}{' '}
      <button type="button" className="link" onClick={() => session.rebuild(!plain)}>
        {plain ? (theirs ? 'Run theirs' : 'Run it on your edits') : 'Run the book’s own'}
      </button>{' '}
      {!theirs && !plain && !failed && <FirstDifference key={session.editsKey} session={session} />}
      {theirs && !plain && <TakeOver edits={session.foreign ?? {}} />}
    </p>
  );
}
