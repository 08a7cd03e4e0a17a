/** The keyboard's map. */
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

const KEYS = [
  ['p', 'run or pause'],
  ['s', 'one instruction'],
  ['b', 'one instruction back'],
  ['n', 'on to the next event'],
  ['N', 'back to the event before'],
  ['Alt-click', 'on a line of code: run to it'],
  ['⇧ Alt-click', 'back to when it last ran'],
  ['0', 'back to the beginning'],
  ['?', 'show or hide this'],
  ['Esc', 'close this'],
] as const;

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
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
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
