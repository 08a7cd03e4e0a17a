/** Gives the reader the address of this moment. */
import { useState } from 'react';
import type { ReactNode } from 'react';

import type { Session } from '../page/session.ts';
import { useSession } from '../page/use_session.ts';
import { areNotes } from '../whole.ts';
import { linkTo } from './link.ts';

interface Props {
  session: Session;
  scene: string;
  /** The Guest's page. */
  home: string;
  panels: readonly string[];
}

export default function Share({ session, scene, home, panels }: Props): ReactNode {
  const still = useSession(session, (view) => view.phase !== 'running' && view.where !== null && view.kept !== null);
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    const { title, where, midway, kept, breakpoints, notes } = session.view();
    if (where === null || kept === null) return;
    const noted = Object.values(notes);
    const link = linkTo(new URL(home, window.location.href).href, {
      scene,
      title,
      inputs: kept.inputs,
      where,
      midway,
      panels,
      breakpoints,
      // What code from a link has told may be anything.
      notes: areNotes(noted) ? noted : [],
      edits: session.edits,
    });
    window.history.replaceState(window.history.state, '', window.location.pathname === home ? link : window.location.href);
    void navigator.clipboard.writeText(link).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    });
  };
  return (
    <button
      type="button"
      className="bay__share"
      disabled={!still}
      onClick={copy}
      title="Copy a link to this moment: place, instruments, breakpoints, notes, edited code"
      aria-label={copied ? 'The link is copied' : 'Copy a link to this moment'}
    >
      {copied ? (
        '✓'
      ) : (
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path
            d="M6.500 9.500l3-3M7 4.500l1.500-1.500a3 3 0 0 1 4.500 4.500L11.500 9M9 11.500L7.500 13A3 3 0 0 1 3 8.500L4.500 7"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.6"
          />
        </svg>
      )}
    </button>
  );
}
