import { useEffect } from 'react';
import type { RefObject } from 'react';

import { onResized } from './on_resized.ts';

/** Draws what React does not: whenever it renders, when day turns to night, and when an element has another size. */
export function useDrawn(element: RefObject<Element | null>, draw: () => void): void {
  useEffect(draw);
  useEffect(() => {
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const off = element.current === null ? undefined : onResized(element.current, draw);
    return () => {
      off?.();
      theme.disconnect();
    };
  });
}
