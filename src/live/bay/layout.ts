/** Where the bay is, and how large: beside the text where there is room, below it where there is not; folded to its controls, if the reader likes. */
import { useCallback, useInsertionEffect, useState, useSyncExternalStore } from 'react';

import { recall, remember } from '../page/remembered.ts';

/** Beside the text, or below it. */
export type Side = 'beside' | 'below';

/** Widths of the window, in pixels, from which on there is room beside the text. */
const ROOM_BESIDE = 1180;
/** What the text keeps, and the least that the bay needs, in pixels. */
const TEXT = { beside: 480, below: 160 } as const;
const LEAST = { beside: 380, below: 170 } as const;
/** What the bay takes of the window unless the reader has said otherwise. */
const SHARE = { beside: 0.42, below: 0.46 } as const;
const MOST_BY_ITSELF = { beside: 760, below: 520 } as const;
/** Pixels of a key's step. */
export const STEP = 24;

/** How the bay lies. */
export interface BayLayout {
  readonly side: Side;
  readonly folded: boolean;
  /** Pixels: its width beside the text, its height below. */
  readonly size: number;
  readonly least: number;
  readonly most: number;
  readonly fold: (folded: boolean) => void;
  readonly resize: (size: number) => void;
}

/** Where there is room for it in a window. */
function sideIn(width: number): Side {
  return width >= ROOM_BESIDE ? 'beside' : 'below';
}

/** The bounds of its size in a window so large (in the direction in which it is sized), and the size that comes nearest to what is wanted; 0: nothing is. */
function sizeIn(side: Side, window: number, wanted: number): { readonly size: number; readonly least: number; readonly most: number } {
  const least = Math.min(LEAST[side], Math.round(window * 0.6));
  const most = Math.max(least, window - TEXT[side]);
  const own = wanted > 0 ? wanted : Math.min(MOST_BY_ITSELF[side], Math.round(window * SHARE[side]));
  return { size: Math.max(least, Math.min(most, own)), least, most };
}

function onResize(listener: () => void): () => void {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
}
const windowSize = (): string => `${window.innerWidth} ${window.innerHeight}`;

/**
 * The bay's place, kept for the next visit. While it is there, the page makes room for it (`data-bay` and `--bay-size` of the root element).
 * @param guest whose bay it is: that of another is not folded
 */
export function useBayLayout(guest: string): BayLayout {
  const [width, height] = useSyncExternalStore(onResize, windowSize, () => '0 0')
    .split(' ')
    .map(Number);
  const side = sideIn(width);
  const [wanted, setWanted] = useState(() => ({ beside: Number(recall('bay-beside', '0')), below: Number(recall('bay-below', '0')) }));
  const [foldedFor, setFoldedFor] = useState<string | null>(null);
  const folded = foldedFor === guest;
  const fold = useCallback((down: boolean) => setFoldedFor(down ? guest : null), [guest]);
  const { size, least, most } = sizeIn(side, side === 'beside' ? width : height, wanted[side]);
  // Before anything in it measures itself, or the whole page would be laid out twice.
  useInsertionEffect(() => {
    const root = document.documentElement;
    root.dataset.bay = folded ? 'folded' : side;
    root.style.setProperty('--bay-size', `${size}px`);
  }, [side, folded, size]);
  useInsertionEffect(() => {
    const root = document.documentElement;
    return () => {
      delete root.dataset.bay;
      root.style.removeProperty('--bay-size');
    };
  }, []);
  const resize = useCallback(
    (next: number) => {
      remember(`bay-${side}`, String(Math.round(next)));
      setWanted((old) => ({ ...old, [side]: next }));
    },
    [side],
  );
  return { side, folded, size, least, most, fold, resize };
}
