/** The edge between the text and the bay: dragged, or moved by the arrow keys; a double click gives it back its own size. */
import { useRef } from 'react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';

import { STEP } from './layout.ts';
import type { BayLayout } from './layout.ts';

export default function Handle({ layout: { side, size, least, most, resize } }: { layout: BayLayout }): ReactNode {
  const grabbed = useRef<{ readonly at: number; readonly size: number } | null>(null);
  const along = ({ clientX, clientY }: PointerEvent): number => (side === 'beside' ? clientX : clientY);
  const clamped = (wanted: number): number => Math.max(least, Math.min(most, wanted));
  const follow = (event: PointerEvent): void => {
    if (grabbed.current === null) return;
    const next = clamped(grabbed.current.size + grabbed.current.at - along(event));
    if (next !== size) resize(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const [more, less] = side === 'beside' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    if (event.key === more) resize(clamped(size + STEP));
    else if (event.key === less) resize(clamped(size - STEP));
    else if (event.key === 'Home') resize(least);
    else if (event.key === 'End') resize(most);
    else return;
    event.preventDefault();
  };
  return (
    <div
      className="bay__handle"
      role="separator"
      tabIndex={0}
      aria-label="Size of the Guest’s bay"
      aria-orientation={side === 'beside' ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={least}
      aria-valuemax={most}
      onKeyDown={onKeyDown}
      onDoubleClick={() => resize(0)}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        grabbed.current = { at: along(event), size };
      }}
      onPointerMove={follow}
      onPointerUp={(event) => {
        // Where it is let go, it stays, though that may be beyond the last move that was told.
        follow(event);
        grabbed.current = null;
      }}
      onPointerCancel={() => (grabbed.current = null)}
    />
  );
}
