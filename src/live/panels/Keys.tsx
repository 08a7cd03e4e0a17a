/** The keyboard's map. */
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

import { ACTIONS, GESTURES, HELP_KEY } from '../page/commands.ts';

const LINES: readonly (readonly [key: string, does: string])[] = [
  ...ACTIONS.map(({ keys, does }) => [keys[0], does] as const),
  ...GESTURES,
  [HELP_KEY, 'show or hide this'],
  ['Esc', 'close this'],
];

export default function Keys({ onClose }: { onClose: () => void }): ReactNode {
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    close.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <div className="keys" role="dialog" aria-label="Keyboard shortcuts">
      <dl>
        {LINES.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p>They work while something in this frame has the focus. The terminal keeps all keys for the Guest.</p>
      <button ref={close} type="button" onClick={onClose}>
        Close
      </button>
    </div>
  );
}
