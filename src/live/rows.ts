/** The rows of the book's code blocks: how a page marks them, and how to find them. The theme writes the marks, the live Guest reads them. */
import type { Place } from './protocol.ts';

/** Marks a block with its chapter (`docs/host/traps.mdx`), and each of its rows with the line there, from 1. */
export const SOURCE = 'data-mdx';
export const LINE = 'data-line';

/** Selects a row, or what is in it. */
export const ROW = `[${LINE}]`;

/** The rows of a block by line. */
export function rowsIn(block: Element): Map<number, HTMLElement> {
  return new Map(Array.from(block.querySelectorAll<HTMLElement>(ROW), (row) => [lineOf(row), row]));
}

/** The line of a row. */
export function lineOf(row: Element): number {
  return Number(row.getAttribute(LINE));
}

/** The blocks on this page that show lines of a chapter. */
function blocksOf(source: string): Element[] {
  return [...document.querySelectorAll(`[${SOURCE}="${CSS.escape(source)}"]`)];
}

/** The block on this page that shows a line; null where none does. */
export function blockOf({ source, line }: Place): Element | null {
  return blocksOf(source).find((block) => block.querySelector(`[${LINE}="${line}"]`) !== null) ?? null;
}

/** The row that shows a line; null where none on this page does. */
export function rowOf(place: Place): HTMLElement | null {
  return blockOf(place)?.querySelector<HTMLElement>(`[${LINE}="${place.line}"]`) ?? null;
}

/** The end of an address that leads to a line of a chapter. */
export function hashOf(line: number): string {
  return `#line-${line}`;
}

/** The line that an address leads to; null where it leads to none. */
export function lineOfHash(hash: string): number | null {
  const line = /^#line-(\d+)$/.exec(hash)?.[1];
  return line === undefined ? null : Number(line);
}

/** Whether the reader wants nothing to move. */
export function calm(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}
