/** What is noted at each hit of a line: an expression over its variables, evaluated in the whole run so far, which need not be made again; a click on a note goes there. */
import { useEffect, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';

import { grouped } from '../page/grouped.ts';
import type { Session } from '../page/session.ts';
import { isAway } from '../page/state.ts';
import { useSession } from '../page/use_session.ts';
import { extentOf } from './extent.ts';
import Fault from './Fault.tsx';

/** Notes that are listed at once. */
const SHOWN = 200;

interface Props {
  session: Session;
  /** The breakpoint's. */
  id: number;
  note: string;
  change: (change: object) => void;
}

export default function NotesOfLine({ session, id, note, change }: Props): ReactNode {
  const notes = useSession(session, (view) => view.notes[id] ?? null);
  const away = useSession(session, (view) => isAway(view) || view.search !== null);
  const [text, setText] = useState(note);
  useEffect(() => setText(note), [note]);
  const take = (event: FormEvent): void => {
    event.preventDefault();
    change({ note: text.trim() });
    if (text.trim() !== '') session.send({ type: 'note', id });
  };
  const fault = notes !== null && notes.note === text.trim() ? notes.fault : null;
  return (
    <form className="notes" onSubmit={take}>
      <div className="notes__ask">
        <input
          value={text}
          onChange={({ target }) => setText(target.value)}
          placeholder="note at each hit… vaddr >>> 22"
          aria-label="What to note at each of its hits"
          aria-invalid={fault !== null}
          spellCheck={false}
        />
        <button type="submit" disabled={away}>
          Note
        </button>
      </div>
      {fault !== null && <Fault text={text} fault={fault} />}
      {notes !== null && notes.fault === null && (
        <>
          <p className="notes__count">
            <code>{notes.note}</code>: {grouped(notes.count)} {notes.count === 1 ? 'hit' : 'hits'} in the {extentOf(notes)}
            {notes.count > SHOWN && `, the first ${SHOWN} of them`}
          </p>
          <ol className="notes__hits">
            {notes.hits.slice(0, SHOWN).map((hit) => (
              <li key={`${hit.place.at} ${hit.place.step} ${hit.place.line}`}>
                <button type="button" title="Go there" onClick={() => session.send({ type: 'to-exact', where: hit.place, midway: true })}>
                  <span className="notes__at">{grouped(hit.place.at)}</span> <code>{hit.text}</code>
                </button>
              </li>
            ))}
          </ol>
        </>
      )}
    </form>
  );
}
