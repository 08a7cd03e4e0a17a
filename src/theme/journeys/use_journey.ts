/** Where on a journey the Guest stands, and how to go to a step. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { RefObject } from 'react';

import { bringIntoSight, untilElsewhere, useMoment, useStandsAt } from '#live';

import { usePageMoments } from '../moments.ts';

interface Options {
  readonly scene: string;
  readonly title: string | undefined;
  readonly panels: string | undefined;
  /** The steps' keys among the page's moments. */
  readonly keys: readonly string[];
  /** The list of the steps. */
  readonly list: RefObject<HTMLOListElement | null>;
}

/** Which step the bay's Guest stands at, from 0, and the way to any of them. */
export function useJourney({ scene, title, panels, keys, list }: Options): { current: number | null; go: (step: number) => void } {
  const moments = usePageMoments();
  const all = keys.join('\n');
  const known = useMemo(() => all.split('\n').map((key) => moments[key]), [all, moments]);
  const current = useStandsAt(scene, known);
  const open = useMoment(scene, title);
  /** The step that was wanted last, until the Guest is there. */
  const [wanted, want] = useState<number | null>(null);
  /** Whether the reader has turned elsewhere since then: he is not fetched back when the Guest arrives. */
  const away = useRef<AbortSignal | null>(null);
  const go = (step: number): void => {
    const moment = known[step];
    if (moment === undefined) return;
    want(step);
    away.current = untilElsewhere();
    // All steps are moments of one run: that to which the last belongs.
    const inputs = known.at(-1)?.inputs ?? [];
    open(moment, { inputs, keepsFocus: true, ...(panels !== undefined && { panels: panels.split(' ') }) });
  };
  useEffect(() => {
    if (wanted === current) want(null);
  }, [wanted, current]);
  const shown = wanted ?? current;
  const isThere = shown === current;
  useEffect(() => {
    if (shown === null) return undefined;
    const show = (): void => {
      if (away.current?.aborted !== true) showStep(list.current?.children[shown]);
    };
    show();
    if (isThere) away.current = null;
    // The bay takes room when it comes, and gives some back when it is folded.
    const bay = new MutationObserver(show);
    bay.observe(document.documentElement, { attributeFilter: ['data-bay'] });
    return () => bay.disconnect();
    // When the Guest arrives, too: the text has found its new width by then.
  }, [shown, isThere, list]);
  return { current, go };
}

/** Brings a step into sight: where the bay takes the lower part of the window, right below the journey's bar, which then stands clear of it. */
function showStep(step: Element | undefined): void {
  if (step !== undefined) bringIntoSight(step, document.documentElement.dataset.bay === 'below' ? 'start' : 'center');
}
