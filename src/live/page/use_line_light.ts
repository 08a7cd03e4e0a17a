/** Lets the rows of a code block light up. Touches the rows themselves: a page has hundreds, and they change thirty times a second. */
import { useEffect } from 'react';
import type { RefObject } from 'react';

import { currentPlace, heat, hitsOf, onCurrent, onHits, runTo, shortCount } from './line_hits.ts';
import type { LineNews } from './line_hits.ts';
import type { Place } from '../protocol.ts';
import { calm, lineOf, ROW, rowsIn } from '../rows.ts';

const FLASH: Keyframe[] = [{ filter: 'brightness(1.25) saturate(1.8)' }, { filter: 'none' }];
const FLASH_MS = 700;

/**
 * Connects a block to the page's counts.
 * @param block the element that holds the rows (see `rows.ts`)
 * @param source the chapter that the lines are of
 */
export function useLineLight(block: RefObject<HTMLElement | null>, source: string): void {
  useEffect(() => {
    const element = block.current;
    if (element === null || source === '') return undefined;
    const rows = rowsIn(element);
    const still = calm();

    const show = ({ counts, fresh }: LineNews): void => {
      for (const [line, count] of counts) {
        const row = rows.get(line);
        if (row === undefined) continue;
        if (count === 0) {
          delete row.dataset.hits;
          row.removeAttribute('title');
          continue;
        }
        row.dataset.hits = shortCount(count);
        row.title = `${count.toLocaleString('en')} ${count === 1 ? 'time' : 'times'} in this run`;
        row.style.setProperty('--heat', heat(count).toFixed(3));
        if (fresh && !still) row.animate(FLASH, FLASH_MS);
      }
    };
    let marked: HTMLElement | undefined;
    const stand = (place: Place | null): void => {
      if (marked !== undefined) delete marked.dataset.current;
      marked = place !== null && place.source === source ? rows.get(place.line) : undefined;
      if (marked !== undefined) marked.dataset.current = '';
    };

    show({ counts: hitsOf(source), fresh: false });
    stand(currentPlace());
    const offHits = onHits(source, show);
    const offCurrent = onCurrent(stand);
    const click = (event: MouseEvent): void => {
      const row = event.altKey ? (event.target as HTMLElement).closest<HTMLElement>(ROW) : null;
      if (row !== null && runTo({ source, line: lineOf(row) }, event.shiftKey)) event.preventDefault();
    };
    element.addEventListener('click', click);
    return () => {
      element.removeEventListener('click', click);
      offHits();
      offCurrent();
    };
  }, [block, source]);
}
