/** Two texts, line by line. */

/** A line of the one, of the other, or of both. */
export interface DifferentLine {
  readonly kind: 'kept' | 'gone' | 'new';
  readonly text: string;
  /** Its number in the first text, from 0; of a new one, that of the line which follows it there. */
  readonly at: number;
}

/** The lines of two short texts, those that both have once. */
export function differences(before: string, after: string): DifferentLine[] {
  const a = before.split('\n');
  const b = after.split('\n');
  /** Lines that the rests from i and j on have in common, at most. */
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const found: DifferentLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push({ kind: 'kept', text: a[i], at: i++ });
      j++;
    } else if (i < a.length && (j === b.length || common[i + 1][j] >= common[i][j + 1])) found.push({ kind: 'gone', text: a[i], at: i++ });
    else found.push({ kind: 'new', text: b[j++], at: i });
  }
  return found;
}
