/** Which Guest is in the bay. It lives there, above the pages: a reader may go on to another chapter, and it goes on, too. */
import { useSyncExternalStore } from 'react';

import type { Session } from '../page/session.ts';

/** A Guest in the bay. */
export interface Housed {
  readonly session: Session;
  /** The chapter's scene; null: the reader's own kernel. */
  readonly scene: string | null;
  readonly title: string;
  /** Address, within the site, of the page where it was booted. */
  readonly home: string;
  /** It is there again after the page was loaded anew; nobody has just asked for it. */
  readonly returned?: boolean;
  /** The keys stay where they are. */
  readonly keepsFocus?: boolean;
  /** The instruments that are to be open, if that is known. */
  readonly panels?: readonly string[];
}

/** One for all: a page has one bay, with one Guest in it. */
let housed: Housed | null = null;
let leave: (() => void) | null = null;
const listeners = new Set<() => void>();

/** The Guest in the bay, if there is one. */
export function housedGuest(): Housed | null {
  return housed;
}

/** A Guest moves in; another that was there is put to sleep. It moves out when its session sleeps. */
export function house(guest: Housed): void {
  if (housed?.session === guest.session) return;
  const before = housed;
  leave?.();
  const off = guest.session.subscribe(() => {
    if (!guest.session.view().open) settle(null, null);
  });
  settle(guest, off);
  before?.session.sleep();
}

function settle(guest: Housed | null, off: (() => void) | null): void {
  leave?.();
  leave = off;
  housed = guest;
  for (const listener of listeners) listener();
}

/** Hears of Guests that move in or out. Returns the way out. */
export function onHoused(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The Guest in the bay, as it changes. */
export function useHoused(): Housed | null {
  return useSyncExternalStore(onHoused, housedGuest, () => null);
}
