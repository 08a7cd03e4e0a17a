/** What a reader looks for among events: words, and exact numbers. */
import type { ListedEvent } from './protocol.ts';

/** A search, taken apart. */
export interface EventQuery {
  /** Each must stand in the event's line, in small letters. */
  readonly words: readonly string[];
  /** None of them may. */
  readonly without: readonly string[];
  /** Error codes and vectors, one of which it must have; empty: any. */
  readonly errors: readonly number[];
  readonly vectors: readonly number[];
}

const EXACT = /^(error|vector)[=:](0x[0-9a-f]+|\d+)$/;

/** Takes a search apart: `fault error=2 -mended`. */
export function parseEventQuery(text: string): EventQuery {
  const words: string[] = [];
  const without: string[] = [];
  const numbers: Record<string, number[]> = { error: [], vector: [] };
  for (const word of text.toLowerCase().split(/\s+/)) {
    const exact = EXACT.exec(word);
    if (exact !== null) numbers[exact[1]].push(Number(exact[2]));
    else if (word.length > 1 && word.startsWith('-')) without.push(word.slice(1));
    else if (word !== '') words.push(word);
  }
  return { words, without, errors: numbers.error, vectors: numbers.vector };
}

/** Whether an event is what is looked for. */
export function matchesEvent({ words, without, errors, vectors }: EventQuery, event: ListedEvent): boolean {
  if (errors.length > 0 && !errors.includes(event.error ?? -1)) return false;
  if (vectors.length > 0 && !vectors.includes(event.vector ?? -1)) return false;
  if (words.length + without.length === 0) return true;
  const line = `${event.kind} ${event.text}`.toLowerCase();
  return words.every((word) => line.includes(word)) && !without.some((word) => line.includes(word));
}
