/** Lets the rows of a code block light up. Touches the rows themselves: a page has hundreds, and they change thirty times a second. */
import { useEffect } from 'react';
import type { RefObject } from 'react';

import { grouped } from './grouped.ts';
import { attachLineCursor } from './line_cursor.ts';
import { currentPlace, heat, hitsOf, onCurrent, onHits, shortCount } from './line_hits.ts';
import type { LineNews } from './line_hits.ts';
import { markOf, onMarks } from './line_stops.ts';
import { forgetRows, paintRow } from './row_painter.ts';
import type { Place } from '../protocol.ts';
import { calm, lineOfHash, rowsIn } from '../rows.ts';
import { reveal } from './into_sight.ts';

const FLASH: Keyframe[] = [{ filter: 'brightness(1.25) saturate(1.8)' }, { filter: 'none' }];
const FLASH_MS = 700;

/** Shows how often a row has run. */
function light(row: HTMLElement, count: number, flash: boolean): void {
  if (count === 0) {
    delete row.dataset.hits;
    row.removeAttribute('title');
    return;
  }
  row.dataset.hits = shortCount(count);
  row.title = `${grouped(count)} ${count === 1 ? 'time' : 'times'} in this run`;
  row.style.setProperty('--heat', heat(count).toFixed(3));
  if (flash) row.animate(FLASH, FLASH_MS);
}

/**
 * Connects a block to the page's counts.
 * @param block the element that holds the rows (see `rows.ts`)
 * @param source the chapter that the lines are of; empty: the rows are nobody's now
 * @param version another one when there are other rows
 */
export function useLineLight(block: RefObject<HTMLElement | null>, source: string, version = ''): void {
  useEffect(() => {
    const element = block.current;
    if (element === null || source === '') return undefined;
    const rows = rowsIn(element);
    const still = calm();

    let near = true;
    const sight = new IntersectionObserver((entries) => {
      near = entries.at(-1)?.isIntersecting ?? near;
    });
    sight.observe(element);
    const show = ({ counts, fresh }: LineNews): void => {
      for (const [line, count] of counts) {
        const row = rows.get(line);
        if (row !== undefined) paintRow(row, near, () => light(row, count, fresh && !still));
      }
    };
    let marked: HTMLElement | undefined;
    const stand = (place: Place | null): void => {
      if (marked !== undefined) delete marked.dataset.current;
      marked = place !== null && place.source === source ? rows.get(place.line) : undefined;
      if (marked !== undefined) marked.dataset.current = '';
    };

    const mark = (): void => {
      for (const [line, row] of rows) {
        const what = markOf({ source, line });
        if (what !== undefined) row.dataset.stop = what;
        else if (row.dataset.stop !== undefined) delete row.dataset.stop;
      }
    };

    show({ counts: hitsOf(source), fresh: false });
    mark();
    stand(currentPlace());
    const offHits = onHits(source, show);
    const offCurrent = onCurrent(stand);
    const offMarks = onMarks(mark);
    // Who comes by an address that leads to one of these lines is brought there.
    const sought = rows.get(lineOfHash(window.location.hash) ?? 0);
    if (sought !== undefined) {
      sought.dataset.sought = '';
      requestAnimationFrame(() => reveal(sought));
    }
    const offCursor = attachLineCursor(element);
    return () => {
      sight.disconnect();
      forgetRows(rows.values());
      offCursor();
      offMarks();
      offHits();
      offCurrent();
    };
  }, [block, source, version]);
}
