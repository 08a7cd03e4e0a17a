/** Where on a journey the Guest stands, and how to go to a step. */
import { useEffect, useMemo } from 'react';
import type { RefObject } from 'react';

import { useMoment, useStandsAt } from '#live';

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
  const go = (step: number): void => {
    const moment = known[step];
    if (moment === undefined) return;
    const row = (): HTMLElement | null => (list.current?.children[step] as HTMLElement | undefined) ?? null;
    // All steps are moments of one run: that to which the last belongs.
    const inputs = known.at(-1)?.inputs ?? [];
    open(moment, { inputs, from: row, keepsFocus: true, ...(panels !== undefined && { panels: panels.split(' ') }) });
  };
  useEffect(() => {
    if (current === null) return;
    const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    list.current?.children[current]?.scrollIntoView({ block: 'center', behavior: calm ? 'instant' : 'smooth' });
  }, [current, list]);
  return { current, go };
}
