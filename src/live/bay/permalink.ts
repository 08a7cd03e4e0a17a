/** Who opens the address of a moment finds the Guest there; where the address brings code that somebody changed, once the reader has seen that, and agreed. */
import { currentEdits } from '../page/edits.ts';
import { keepInPlace } from '../page/keep_in_place.ts';
import { housedGuest } from './housed.ts';
import type { Linked } from './link.ts';
import { moveIn } from './move_in.ts';
import type { Grounds } from './move_in.ts';
import type { LiveSite } from './open_world.ts';
import { ask, sameEdits } from './question.ts';

/** How one came to the address. */
interface Way {
  /** The page, within the site. */
  readonly home: string;
  /** The reader has just clicked: what is in the bay makes way, and what comes has the keys. */
  readonly clicked: boolean;
}

/** Opens what the address of a page holds, where the bay is empty or a click asks for it; where it brings code that somebody changed, the reader is asked first. */
export function openLink(linked: Linked, { home, clicked }: Way, site: Pick<LiveSite, 'worker' | 'scenes'>): void {
  if (housedGuest() !== null && !clicked) return;
  const { title, edits } = linked;
  const at = (path: string): string => new URL(path, window.location.href).href;
  const where = { worker: at(site.worker), url: at(`${site.scenes}${linked.scene}.json`), home, clicked };
  // A reader's own link is no news to the reader.
  if (Object.keys(edits).length === 0 || sameEdits(edits, currentEdits())) {
    open(linked, where, {});
    return;
  }
  ask({
    from: 'link',
    title,
    edits,
    answer: (what) => {
      if (what === 'run') open(linked, where, { foreign: edits, brought: 'link' });
      // Another program makes another run: it begins at its beginning.
      else if (what === 'book')
        open({ ...linked, inputs: [], where: { at: 0, step: 0, time: 0, line: 0 }, midway: false, notes: [] }, where, { plain: true });
    },
  });
}

function open(linked: Linked, { worker, url, home, clicked }: Way & { worker: string; url: string }, on: Grounds): void {
  const { scene, title, inputs, where, midway, panels, breakpoints, notes, runs } = linked;
  const order = { type: 'load', url, again: { where, midway, inputs } } as const;
  const run = runs === undefined ? { byHand: midway } : { runs: true, pace: runs };
  // What the address leads to on the page stays where it is.
  const from = (): HTMLElement | null => document.getElementById(window.location.hash.slice(1));
  keepInPlace(from, () => moveIn({ worker, order, on, scene, title, home, panels, breakpoints, notes, returned: !clicked, ...run }));
}
