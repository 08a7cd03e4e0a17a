import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

import { onResized } from './on_resized.ts';

/** Draws what React does not: whenever it renders, when day turns to night, and when an element (that is there from the beginning) has another size. */
export function useDrawn(element: RefObject<Element | null>, draw: () => void): void {
  const latest = useRef(draw);
  useEffect(() => {
    latest.current = draw;
    draw();
  });
  useEffect(() => {
    const again = (): void => latest.current();
    const theme = new MutationObserver(again);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const off = element.current === null ? undefined : onResized(element.current, again);
    return () => {
      off?.();
      theme.disconnect();
    };
  }, [element]);
}
