/** A Guest that is in the bay is there again after the page was loaded anew, in this tab: the run is kept as few words, and made again. */
import { useEffect, useMemo } from 'react';

import { useSession } from '../page/use_session.ts';
import type { Breakpoint, KeptRun, Notes } from '../protocol.ts';
import { areBreakpoints, areNotes, isKeptRun, isTexts } from '../whole.ts';
import type { Housed } from './housed.ts';
import { keepWord, keptWord } from './kept_word.ts';

/** Characters of notes: more are not kept. */
const MOST = 1_000_000;

/** What is kept. */
export interface Kept {
  readonly worker: string;
  readonly url: string;
  readonly scene: string;
  readonly title: string;
  readonly home: string;
  readonly run: KeptRun;
  /** The instruments that the reader has chosen; null: those with which the Guest opens. */
  readonly panels: readonly string[] | null;
  readonly breakpoints: readonly Breakpoint[];
  /** What was noted at the hits of lines. */
  readonly notes: readonly Notes[];
  /** The reader goes from line to line. */
  readonly byHand: boolean;
  /** The edits that it ran on: with others it is another run. */
  readonly edits: string;
}

/** Keeps a scene's run as long as its Guest is in the bay. @param panels the instruments that the reader has chosen */
export function useKept({ session, scene, title, home }: Housed, panels: readonly string[] | null): void {
  const run = useSession(session, (view) => view.kept);
  const breakpoints = useSession(session, (view) => view.breakpoints);
  const noted = useSession(session, (view) => view.notes);
  const byHand = useSession(session, (view) => view.byHand);
  const loading = useSession(session, (view) => view.phase === 'loading');
  const notes = useMemo(() => {
    // What somebody else's code tells may be anything; and it is not kept.
    const all = session.foreign === null ? Object.values(noted) : [];
    return JSON.stringify(all).length > MOST ? [] : all;
  }, [session, noted]);
  useEffect(() => {
    const { worker, order } = session;
    // What somebody's link brought is to be asked about again.
    if (session.foreign !== null) forget();
    else if (scene !== null && run !== null && order.type === 'load')
      write({ worker, url: order.url, scene, title, home, run, panels, breakpoints, notes, byHand, edits: session.editsKey });
    else if (!loading) forget();
  }, [session, scene, title, home, run, panels, breakpoints, notes, byHand, loading]);
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
      isKeptRun(kept.run) &&
      (kept.panels === null || isTexts(kept.panels)) &&
      areBreakpoints(kept.breakpoints) &&
      areNotes(kept.notes)
      ? (kept as Kept)
      : null;
  } catch {
    return null;
  }
}
