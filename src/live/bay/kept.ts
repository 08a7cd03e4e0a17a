/** A Guest that is in the bay is there again after the page was loaded anew, in this tab: the run is kept as few words, and made again. */
import { useEffect } from 'react';

import { useSession } from '../page/use_session.ts';
import type { KeptRun } from '../protocol.ts';
import type { Housed } from './housed.ts';
import { keepWord, keptWord } from './kept_word.ts';

/** What is kept. */
export interface Kept {
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

function write(kept: Kept): void {
  keepWord(JSON.stringify(kept));
}

function forget(): void {
  keepWord(null);
}

/** What this tab kept; null: nothing that is whole. */
export function readKept(): Kept | null {
  try {
    const kept = JSON.parse(keptWord() ?? 'null') as Partial<Kept> | null;
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
