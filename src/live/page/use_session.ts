import { useEffect, useSyncExternalStore } from 'react';

import type { StreamName, ViewName, Views } from '../protocol.ts';
import type { Session } from './session.ts';
import type { SessionView } from './state.ts';

/**
 * Shows a part of what a session has, and draws anew only when that part is another one.
 * @param select takes a part that is replaced when it changes: a field, or a plain value
 */
export function useSession<T>(session: Session, select: (view: SessionView) => T): T {
  const get = (): T => select(session.view());
  return useSyncExternalStore(session.subscribe, get, get);
}

/** A view of the world, computed as long as somebody shows it; null until it comes. */
export function useView<Name extends ViewName>(session: Session, name: Name): Views[Name] | null {
  useEffect(() => session.watch([name]), [session, name]);
  return useSession(session, ({ views }) => views[name] ?? null);
}

/** What that view showed in the report before, as long as somebody can follow; else null. */
export function useViewBefore<Name extends ViewName>(session: Session, name: Name): Views[Name] | null {
  return useSession(session, ({ before }) => before[name] ?? null);
}

/** Has a stream sent as long as somebody shows it. */
export function useStream(session: Session, name: StreamName): void {
  useEffect(() => session.watch([name]), [session, name]);
}
