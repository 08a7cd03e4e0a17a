/** A Guest that is in the bay is there again after the page was loaded anew, in this tab: the run is kept as few words, and made again. */
import { useEffect } from 'react';

import { currentEdits } from '../page/edits.ts';
import { readPace } from '../page/pace.ts';
import { recall } from '../page/remembered.ts';
import { Session } from '../page/session.ts';
import { useSession } from '../page/use_session.ts';
import type { KeptRun } from '../protocol.ts';
import { house, housedGuest } from './housed.ts';
import type { Housed } from './housed.ts';
import { readLink } from './link.ts';

const NAME = 'lguest-live-run';

/** What is kept. */
interface Kept {
  readonly worker: string;
  readonly url: string;
  readonly scene: string;
  readonly title: string;
  readonly home: string;
  readonly run: KeptRun;
  /** The edits that it ran on: with others it is another run. */
  readonly edits: string;
}

/** Keeps a scene's run as long as its Guest is in the bay. */
export function useKept({ session, scene, title, home }: Housed): void {
  const run = useSession(session, (view) => view.kept);
  const loading = useSession(session, (view) => view.phase === 'loading');
  useEffect(() => {
    const { worker, order } = session;
    // What somebody's link brought is to be asked about again.
    if (session.foreign !== null) forget();
    else if (scene !== null && run !== null && order.type === 'load')
      write({ worker, url: order.url, scene, title, home, run, edits: session.editsKey });
    else if (!loading) forget();
  }, [session, scene, title, home, run, loading]);
  // Who puts the Guest away does not want it back; who leaves the page may.
  useEffect(() => () => forget(), [session]);
}

/** Has the run that this tab kept again, once, where there is one and the bay is empty. */
export function useReturn(): void {
  useEffect(() => {
    const kept = read();
    // A link in the address comes first.
    if (kept === null || housedGuest() !== null || readLink(window.location) !== null) return;
    const { worker, url, scene, title, home, run } = kept;
    const same = kept.edits === JSON.stringify(currentEdits());
    const session = new Session(
      worker,
      { type: 'load', url, ...(same && { again: run }) },
      { title, pace: readPace(recall('pace', 'rising')) },
    );
    session.boot(false);
    house({ session, scene, title, home, returned: true });
  }, []);
}

function write(kept: Kept): void {
  try {
    sessionStorage.setItem(NAME, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing, or not so much: the run is gone when the page is.
  }
}

function forget(): void {
  try {
    sessionStorage.removeItem(NAME);
  } catch {
    // Likewise.
  }
}

function read(): Kept | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(NAME) ?? 'null') as Partial<Kept> | null;
    return typeof kept?.worker === 'string' &&
      typeof kept.url === 'string' &&
      typeof kept.scene === 'string' &&
      typeof kept.title === 'string' &&
      typeof kept.home === 'string' &&
      typeof kept.edits === 'string' &&
      typeof kept.run?.at === 'number' &&
      Array.isArray(kept.run.inputs)
      ? (kept as Kept)
      : null;
  } catch {
    return null;
  }
}
