/**
 * A line of code as a place to stop at and to go to: a click at its left makes all runs stop there, another offers more, and so does a tap; by Alt and a click, or by a key in the Guest's frame, from
 * where the arrow keys lead to any other line. Before there is a Guest one can only say where the next is to stop. Works on the rows themselves, as the light does.
 */
import { canRunTo, runTo } from './line_hits.ts';
import { markOf, onMarks, toggleStop } from './line_stops.ts';
import type { Place } from '../protocol.ts';
import { lineOf, ROW, SOURCE } from '../rows.ts';
import { bringIntoSight } from './into_sight.ts';

/** Marks the row that has been chosen. */
const CHOSEN = 'data-chosen';

/** Sets a breakpoint at the chosen line, or takes it away. */
const STOP_KEY = '.';

/** A chosen row with its menu. */
interface Cursor {
  readonly row: HTMLElement;
  readonly menu: HTMLElement;
  /** What had the focus before; null: nothing is to be given back. */
  readonly before: HTMLElement | null;
  /** The way out of hearing that lines are marked otherwise, or for another Guest: then the menu says what is no more. */
  readonly deafen: () => void;
}

/** One for all: a page has one cursor. */
let cursor: Cursor | null = null;

/** Makes the rows of a block places to go to. Returns the way out. */
export function attachLineCursor(block: HTMLElement): () => void {
  const rowOf = (target: EventTarget | null): HTMLElement | null => (target as Element).closest<HTMLElement>(ROW);
  const down = (event: MouseEvent): void => {
    // With ⇧ the browser would select all text up to here.
    if (event.altKey && canRunTo() && rowOf(event.target) !== null) event.preventDefault();
  };
  const click = (event: MouseEvent): void => {
    const row = rowOf(event.target);
    if (row === null || (event.target as Element).closest('a') !== null) return;
    if (event.altKey) {
      if (!canRunTo()) return;
      event.preventDefault();
      go(row, event.shiftKey);
    } else if (canRunTo() && (event as PointerEvent).pointerType === 'touch') {
      offer(row);
    } else if (isAtLeft(event, row)) {
      const place = placeOf(row);
      if (place === null && !canRunTo()) return;
      if (place === null || markOf(place) !== undefined) {
        offer(row);
      } else {
        stop(row);
        // Nothing runs that could show what that means.
        if (!canRunTo()) offer(row);
      }
    }
  };
  block.addEventListener('mousedown', down);
  block.addEventListener('click', click);
  return () => {
    if (cursor !== null && block.contains(cursor.row)) close();
    block.removeEventListener('mousedown', down);
    block.removeEventListener('click', click);
  };
}

/** The menu of a line; of the one that has it, no more. */
function offer(row: HTMLElement): void {
  if (row === cursor?.row) close();
  else choose(row, null);
}

/** Chooses a line by keyboard: where the processor stands, or else the first line in sight that has run, or any. Returns whether there is one. */
export function chooseLine(): boolean {
  const rows = allRows();
  const inSight = rows.filter(isInSight);
  const start =
    rows.find((row) => row.hasAttribute('data-current')) ??
    inSight.find((row) => row.hasAttribute('data-hits')) ??
    rows.find((row) => row.hasAttribute('data-hits')) ??
    inSight[0];
  if (!canRunTo() || start === undefined) return false;
  choose(start, document.activeElement as HTMLElement | null);
  return true;
}

function choose(row: HTMLElement, before: HTMLElement | null): void {
  close();
  const block = row.closest<HTMLElement>(`[${SOURCE}]`);
  if (block === null) return;
  const menu = makeMenu(row);
  cursor = { row, menu, before, deafen: onMarks(close) };
  row.setAttribute(CHOSEN, '');
  row.closest('pre')?.after(menu);
  menu.style.top = `${row.getBoundingClientRect().bottom - block.getBoundingClientRect().top}px`;
  document.addEventListener('pointerdown', closeElsewhere);
  if (before === null) return;
  menu.querySelector('button')?.focus({ preventScroll: true });
  bringIntoSight(row);
}

function close(): void {
  document.removeEventListener('pointerdown', closeElsewhere);
  cursor?.row.removeAttribute(CHOSEN);
  cursor?.menu.remove();
  cursor?.deafen();
  cursor = null;
}

function closeElsewhere({ target }: Event): void {
  if (cursor?.menu.contains(target as Node) === false && !cursor.row.contains(target as Node)) close();
}

function placeOf(row: Element): Place | null {
  const source = row.closest(`[${SOURCE}]`)?.getAttribute(SOURCE);
  return source ? { source, line: lineOf(row) } : null;
}

function go(row: Element, backwards: boolean): void {
  const place = placeOf(row);
  if (place !== null) runTo(place, backwards);
}

/** Sets a breakpoint, or takes it away. */
function stop(row: Element): void {
  const place = placeOf(row);
  if (place !== null) toggleStop(place);
  close();
}

/** The keys of the menu: along the lines, and away. */
function onKey(event: KeyboardEvent): void {
  if (cursor === null) return;
  const { row, before } = cursor;
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (event.key === 'Escape') {
    close();
    before?.focus({ preventScroll: true });
  } else if (event.key === STOP_KEY) {
    stop(row);
    before?.focus({ preventScroll: true });
  } else if (event.key === 'Enter' && event.shiftKey) {
    go(row, true);
  } else if (step !== 0) {
    const rows = allRows();
    const next = rows[rows.indexOf(row) + step];
    if (next !== undefined) choose(next, before ?? (document.activeElement as HTMLElement));
  } else return;
  event.preventDefault();
}

/** The page's rows that can be seen, in their order. */
function allRows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(`[${SOURCE}] ${ROW}`)].filter((row) => row.offsetParent !== null);
}

/** Whether a click was left of the text, where the counts stand. */
function isAtLeft({ clientX }: MouseEvent, row: HTMLElement): boolean {
  return clientX - row.getBoundingClientRect().left < parseFloat(getComputedStyle(row).paddingLeft);
}

function isInSight(row: HTMLElement): boolean {
  const { top, bottom } = row.getBoundingClientRect();
  return top >= 0 && bottom <= window.innerHeight;
}

/** Three buttons, below the row; before there is a Guest, one, and what it is about. */
function makeMenu(row: HTMLElement): HTMLElement {
  const menu = document.createElement('div');
  const what = `line ${lineOf(row)}: ${row.textContent.trim()}`;
  menu.className = 'line-menu';
  menu.setAttribute('role', 'group');
  menu.setAttribute('aria-label', what);
  menu.addEventListener('keydown', onKey);
  const button = (sign: string, words: string, keys: string, does: () => void): void => {
    const one = document.createElement('button');
    one.type = 'button';
    one.textContent = `${sign} ${words}`;
    one.setAttribute('aria-label', `${words}, ${what}`);
    one.setAttribute('aria-keyshortcuts', keys);
    one.addEventListener('click', (event) => {
      event.stopPropagation();
      does();
    });
    menu.append(one);
  };
  const place = placeOf(row);
  if (canRunTo()) {
    button('▶', 'Run to here', 'Enter', () => go(row, false));
    button('◀', 'Back to when it last ran', 'Shift+Enter', () => go(row, true));
  } else if (place !== null && markOf(place) !== undefined) {
    const words = document.createElement('span');
    words.textContent = 'The next Guest that you boot stops here.';
    menu.append(words);
  }
  if (place !== null && markOf(place) === undefined) button('●', 'Stop here', STOP_KEY, () => stop(row));
  else button('○', 'Stop here no more', STOP_KEY, () => stop(row));
  return menu;
}
