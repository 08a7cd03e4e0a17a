/** Opens what is folded around, or in, the place that an address leads to. */
import { useEffect } from 'react';
import { useLocation } from '@docusaurus/router';

/** Whenever the address changes, and each time a link to where one stands is followed. */
export function useOpenTarget(): void {
  const location = useLocation();
  useEffect(() => {
    const target = document.getElementById(nameOf(location.hash));
    if (target !== null && openFolds(target)) target.scrollIntoView();
  }, [location]);
}

/** The id in a fragment; one that cannot be decoded names nothing. */
function nameOf(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return '';
  }
}

/** Returns whether something was opened that moves the target. */
function openFolds(target: HTMLElement): boolean {
  const folded = target.closest('.chunk--folded')?.querySelector('details');
  if (folded != null) folded.open = true;
  let moved = false;
  for (let around = target.closest('details'); around !== null; around = around.parentElement?.closest('details') ?? null) {
    moved ||= !around.open;
    around.open = true;
  }
  return moved;
}
