/** Looking for events: among those that are kept, at once; in the run so far, when it is asked for. */
import { useId } from 'react';
import type { ReactNode } from 'react';

import { grouped } from '../page/grouped.ts';
import type { FoundEvents } from '../protocol.ts';
import type { Session } from '../page/session.ts';
import { hasEnded, isAway } from '../page/state.ts';
import { useSession } from '../page/use_session.ts';
import { extentOf } from './extent.ts';

interface EventSearchProps {
  session: Session;
  text: string;
  setText: (text: string) => void;
  /** Those that are shown. */
  kinds: readonly string[];
  /** Events that fit, of those that are kept. */
  fitting: number;
  /** What was found in the run so far, if it has been looked through for this. */
  whole: FoundEvents | null;
}

export default function EventSearch({ session, text, setText, kinds, fitting, whole }: EventSearchProps): ReactNode {
  const field = useId();
  const busy = useSession(session, (view) => isAway(view) || view.phase === 'running');
  const ended = useSession(session, hasEnded);
  const find = (): void => session.send({ type: 'find', text, kinds });
  return (
    <form
      className="search"
      role="search"
      aria-label="Events"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) find();
      }}
    >
      <label htmlFor={field}>Find</label>
      <input
        id={field}
        type="search"
        value={text}
        placeholder="fault error=2 -mended"
        title="Words that must stand in an event's line, -words that must not; error=2 and vector=14 are exact"
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => setText(target.value)}
      />
      <span className="search__count" role="status">
        {whole === null
          ? text !== '' && `${grouped(fitting)} of the latest`
          : `${grouped(whole.count)} in the ${extentOf(whole)}${whole.events.length < whole.count ? `, the first ${whole.events.length} shown` : ''}`}
      </span>
      <button type="submit" disabled={busy}>
        in the {extentOf({ ended })}
      </button>
    </form>
  );
}
