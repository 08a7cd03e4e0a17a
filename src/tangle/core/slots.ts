/** Slots: the lines of a chunk that take pieces. */
import type { Lang } from './types.ts';

/** A line of a chunk that takes pieces. */
export interface Slot {
  name: string;
  /** Index of the line in the chunk. */
  index: number;
  indent: string;
}

const SLOT: Record<Lang, RegExp | null> = {
  ts: /^([ \t]*)\/\/\s*<<([A-Za-z0-9-]+)>>\s*$/,
  asm: /^([ \t]*)#\s*<<([A-Za-z0-9-]+)>>\s*$/,
  json: null,
};

/** The slots of a chunk, in order. */
export function findSlots(lines: readonly string[], lang: Lang): Slot[] {
  const pattern = SLOT[lang];
  if (!pattern) return [];
  const slots: Slot[] = [];
  for (const [index, line] of lines.entries()) {
    const match = line.includes('<<') ? pattern.exec(line) : null;
    if (match) slots.push({ name: match[2], index, indent: match[1] });
  }
  return slots;
}
