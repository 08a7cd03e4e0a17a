/** What can be done, and by which keys: a box above everything, until it is closed. */
import { useLayoutEffect, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';

import { ACTIONS, canDo, GESTURES, HELP_KEY } from '../page/commands.ts';
import type { Session } from '../page/session.ts';
import { useSession } from '../page/use_session.ts';

const LINES: readonly (readonly [how: string, does: string])[] = [[HELP_KEY, 'show or hide this'], ...GESTURES];

export default function Keys({ session, onClose }: { session: Session; onClose: () => void }): ReactNode {
  const phase = useSession(session, (view) => view.phase);
  const box = useRef<HTMLDialogElement>(null);
  // As a modal dialog, the browser keeps the focus inside, and gives it back when it is closed: while it is still there.
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    // The Guest behind it does not hear what is pressed here.
    event.stopPropagation();
    if (event.key === HELP_KEY) onClose();
  };
  return (
    <dialog
      ref={box}
      className="keys"
      aria-label="What you can do"
      onClose={onClose}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        // What is not in the box is on its backdrop.
        if (event.target === box.current) onClose();
      }}
    >
      <div className="keys__box">
        <p className="keys__title">Time is yours</p>
        <dl>
          {ACTIONS.map((action) => (
            <div key={action.command}>
              <dt>
                <button
                  type="button"
                  className="keys__do"
                  disabled={!canDo(action, { phase })}
                  aria-label={action.label}
                  onClick={() => {
                    onClose();
                    session.send({ type: action.command });
                  }}
                >
                  <kbd>{action.keys[0]}</kbd>
                </button>
              </dt>
              <dd>{action.does}</dd>
            </div>
          ))}
          {LINES.map(([how, does]) => (
            <div key={how}>
              <dt>
                <kbd>{how}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <p>
          Keys work while something in the Guest’s frame has the focus. The terminal keeps all of them for the Guest, until you press Esc
          and then Tab.
        </p>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
    </dialog>
  );
}
