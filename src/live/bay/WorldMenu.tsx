/** The world as a file: saved, and opened again. */
import { useRef, useState } from 'react';
import type { FocusEvent, KeyboardEvent, ReactNode } from 'react';

import { isAway } from '../page/state.ts';
import { useSession } from '../page/use_session.ts';
import type { Housed } from './housed.ts';
import { pageState } from './open_world.ts';
import { useLiveSite, useOpenWorld } from './use_open_world.ts';

export default function WorldMenu({ housed: { session, scene, home }, panels }: { housed: Housed; panels: readonly string[] }): ReactNode {
  const menu = useRef<HTMLDetailsElement>(null);
  const [shown, setShown] = useState(false);
  const away = useSession(session, isAway);
  const site = useLiveSite();
  const open = useOpenWorld();
  const close = (): void => {
    if (menu.current !== null) menu.current.open = false;
  };
  const save = (): void => {
    const { breakpoints, notes } = session.view();
    session.save(scene, pageState({ home, panels, breakpoints, notes: Object.values(notes) }, site));
    close();
  };
  const theirs = session.foreign !== null;
  return (
    <details
      ref={menu}
      className="bay__world"
      onToggle={({ currentTarget }) => setShown(currentTarget.open)}
      onBlur={({ relatedTarget }: FocusEvent) => {
        if (relatedTarget !== null && menu.current?.contains(relatedTarget) === false) close();
      }}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key !== 'Escape' || menu.current?.open !== true) return;
        event.stopPropagation();
        close();
        menu.current.querySelector('summary')?.focus();
      }}
    >
      <summary aria-label="This run as a file" title="This run as a file">
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path
            d="M2.500 2.500h8.500l2.500 2.500v8.500h-11zM5 2.500v4h5v-4M4.500 13.500v-4.500h7v4.500"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.4"
          />
        </svg>
      </summary>
      {shown && (
        <div className="bay__files">
          <button
            type="button"
            disabled={away || theirs}
            title={
              theirs
                ? 'Code from a link is shut in, and gives no files away'
                : 'Place, instruments, breakpoints, notes and all that came from outside, in one file'
            }
            onClick={save}
          >
            Save this run
          </button>
          <label>
            Open another…
            <input
              type="file"
              accept=".lguest"
              onChange={({ target }) => {
                const file = target.files?.[0];
                target.value = '';
                close();
                if (file !== undefined) open(file);
              }}
            />
          </label>
        </div>
      )}
    </details>
  );
}
