/** Moments of a scene's run, known by their places: the bay's Guest is taken there, or one is booted there. */
import { useCallback, useSyncExternalStore } from 'react';
import { useLocation } from '@docusaurus/router';

import { keepInPlace } from '../page/keep_in_place.ts';
import type { Session } from '../page/session.ts';
import { isAway } from '../page/state.ts';
import { useLiveUrl } from '../page/use_live_url.ts';
import type { RunPlace } from '../protocol.ts';
import { housedGuest, onHoused } from './housed.ts';
import { moveIn } from './move_in.ts';

/** A moment, as the build has found it. */
export interface KnownMoment {
  readonly where: RunPlace;
  /** In the middle of what the Host or the Launcher does. */
  readonly midway: boolean;
  /** What had come from outside until then. */
  readonly inputs: readonly string[];
}

/** How it is opened. */
export interface MomentOptions {
  /** What is to stay where it is in the window when the bay appears. */
  readonly from?: () => HTMLElement | null;
  /** The instruments, if not the scene's own. */
  readonly panels?: readonly string[];
  /** The keys stay with whoever asked. */
  readonly keepsFocus?: boolean;
  /** What comes from outside in the whole run, if this is one of several moments of the same: then the next is reached without beginning anew. */
  readonly inputs?: readonly string[];
}

/** Opens moments of a scene, on the book's own code. */
export function useMoment(scene: string, title = 'A live Guest'): (moment: KnownMoment, options?: MomentOptions) => void {
  const workerUrl = useLiveUrl('worker.js');
  const sceneUrl = useLiveUrl(`scenes/${scene}.json`);
  const { pathname } = useLocation();
  return useCallback(
    (moment, options = {}) => {
      const inputs = options.inputs ?? moment.inputs;
      const running = housedGuest();
      if (running?.scene === scene && isSameRun(running.session, inputs)) {
        running.session.send({ type: 'to-exact', where: moment.where, midway: moment.midway });
        return;
      }
      const absolute = (path: string): string => new URL(path, window.location.href).href;
      const { from = () => null, panels, keepsFocus = false } = options;
      const { where, midway } = moment;
      const order = { type: 'load', url: absolute(sceneUrl), again: { where, midway, inputs } } as const;
      const guest = { scene, title, home: pathname, keepsFocus, byHand: true, ...(panels && { panels }) };
      keepInPlace(from, () => moveIn({ worker: absolute(workerUrl), order, on: { plain: true }, ...guest }));
    },
    [scene, title, workerUrl, sceneUrl, pathname],
  );
}

/** Whether it is the book's own run of its scene, with this input and no other. */
function isSameRun(session: Session, inputs: readonly string[]): boolean {
  const view = session.view();
  return !isAway(view) && session.editsKey === '{}' && JSON.stringify(view.kept?.inputs) === JSON.stringify(inputs);
}

/** At which of some moments of a scene the bay's Guest stands; null: at none of them. */
export function useStandsAt(scene: string, moments: readonly (KnownMoment | undefined)[]): number | null {
  const now = useCallback((): number | null => {
    const housed = housedGuest();
    if (housed?.scene !== scene) return null;
    const { phase, where, midway, search } = housed.session.view();
    if (phase === 'running' || search !== null || where === null) return null;
    const found = moments.findIndex((one) => one !== undefined && one.midway === midway && isSame(one.where, where));
    return found < 0 ? null : found;
  }, [scene, moments]);
  return useSyncExternalStore(subscribe, now, () => null);
}

const isSame = (a: RunPlace, b: RunPlace): boolean => a.at === b.at && a.step === b.step && a.time === b.time && a.line === b.line;

/** Hears of the bay's Guest, whichever it is. */
function subscribe(listener: () => void): () => void {
  let off = housedGuest()?.session.subscribe(listener);
  const offHoused = onHoused(() => {
    off?.();
    off = housedGuest()?.session.subscribe(listener);
    listener();
  });
  return () => {
    off?.();
    offHoused();
  };
}
