/** A frame for what may be wider than the page: it scrolls sideways by finger and by key, and says so. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';

import { onResized } from '#live';

/** Where the view is: all is seen, or there is more to the right, on both sides, to the left. */
type View = 'whole' | 'start' | 'middle' | 'end';

export default function Sideways({ what, children }: { what: string; children: ReactNode }): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const view = useView(frame);
  return (
    <>
      <div
        ref={frame}
        className="sideways"
        data-view={view}
        {...(view === 'whole' ? {} : { tabIndex: 0, role: 'group', 'aria-label': `${what}, wider than the page: scrolls sideways` })}
      >
        {children}
      </div>
      {view !== 'whole' && (
        <p className="sideways__hint" aria-hidden="true">
          ⟷ wider than the page: move it sideways
        </p>
      )}
    </>
  );
}

function useView(frame: RefObject<HTMLElement | null>): View {
  const [view, setView] = useState<View>('whole');
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const look = (): void => {
      const { scrollWidth, clientWidth, scrollLeft } = element;
      const room = scrollWidth - clientWidth;
      if (room <= 1) setView('whole');
      else if (scrollLeft <= 1) setView('start');
      else setView(scrollLeft >= room - 1 ? 'end' : 'middle');
    };
    look();
    const off = onResized(element, look);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      off();
      element.removeEventListener('scroll', look);
    };
  }, [frame]);
  return view;
}
