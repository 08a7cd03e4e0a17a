/** Who opens the address of a moment finds the Guest there; where the address brings code that somebody changed, once the reader has seen that, and agreed. */
import { useEffect, useState } from 'react';
import { useLocation } from '@docusaurus/router';

import { currentEdits } from '../page/edits.ts';
import { readPace } from '../page/pace.ts';
import { recall } from '../page/remembered.ts';
import { Session } from '../page/session.ts';
import { useLiveUrl } from '../page/use_live_url.ts';
import type { Edits } from '../protocol.ts';
import { house, housedGuest } from './housed.ts';
import { readLink } from './link.ts';
import type { Linked } from './link.ts';

/** Somebody's code waits to be looked at. */
export interface LinkQuestion {
  readonly title: string;
  readonly edits: Edits;
  /** What becomes of it: it runs; the Guest runs as the book has it; nothing runs. */
  readonly answer: (what: 'run' | 'book' | 'nothing') => void;
}

/** Opens what the address of this page holds, once, when the bay is empty. Returns what the reader has to say to it first, if anything. */
export function useLink(): LinkQuestion | null {
  const { pathname, search, hash } = useLocation();
  const worker = useLiveUrl('worker.js');
  const scenes = useLiveUrl('scenes/');
  const [question, setQuestion] = useState<LinkQuestion | null>(null);
  useEffect(() => {
    const linked = readLink({ search, hash });
    if (linked === null || housedGuest() !== null) return;
    const { title, edits } = linked;
    const at = (path: string): string => new URL(path, window.location.href).href;
    const where = { worker: at(worker), url: at(`${scenes}${linked.scene}.json`), home: pathname };
    // A reader's own link is no news to the reader.
    if (Object.keys(edits).length === 0 || sameEdits(edits, currentEdits())) {
      open(linked, where, {});
      return;
    }
    setQuestion({
      title,
      edits,
      answer: (what) => {
        setQuestion(null);
        if (what === 'run') open(linked, where, { foreign: edits });
        // Another program makes another run: it begins at its beginning.
        else if (what === 'book')
          open({ ...linked, inputs: [], where: { at: 0, step: 0, time: 0, line: 0 }, midway: false }, where, { plain: true });
      },
    });
  }, []);
  return question;
}

const sameEdits = (one: Edits, other: Edits): boolean =>
  Object.keys(one).length === Object.keys(other).length && Object.entries(one).every(([chunk, text]) => other[chunk] === text);

/** @param on what it runs on: on what somebody else edited, on the book's own code, or else on the reader's edits */
function open(
  linked: Linked,
  { worker, url, home }: { worker: string; url: string; home: string },
  on: { readonly foreign?: Edits; readonly plain?: boolean },
): void {
  const { scene, title, inputs, where, midway, panels, breakpoints } = linked;
  const session = new Session(
    worker,
    { type: 'load', url, again: { at: where.at, inputs } },
    { title, pace: readPace(recall('pace', 'rising')), ...on },
  );
  session.boot(false);
  session.send({ type: 'breakpoints', breakpoints });
  house({ session, scene, title, home, returned: true, panels });
  if (!midway) return;
  // The last of the way is within what the Host does.
  const off = session.subscribe(() => {
    const { phase, instructions } = session.view();
    if (phase !== 'paused' || instructions < where.at) return;
    off();
    session.send({ type: 'to-exact', where, midway });
  });
}
