/** Line differences between two texts, and where three versions meet. */

/** Lines `aFrom` up to (not including) `aTo` of one text became `bFrom` up to `bTo` of the other; counted from 0. */
export interface Hunk {
  aFrom: number;
  aTo: number;
  bFrom: number;
  bTo: number;
}

/** The shortest list of changed stretches from `a` to `b` (E. W. Myers, "An O(ND) difference algorithm", 1986). */
export function diffLines(a: readonly string[], b: readonly string[]): Hunk[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const kept = commonLines(a.slice(start, endA), b.slice(start, endB));
  const hunks: Hunk[] = [];
  let atA = start;
  let atB = start;
  for (const [x, y] of [...kept, [endA - start, endB - start] as const]) {
    if (x + start > atA || y + start > atB) hunks.push({ aFrom: atA, aTo: x + start, bFrom: atB, bTo: y + start });
    atA = x + start + 1;
    atB = y + start + 1;
  }
  return hunks;
}

/** Pairs of indexes of a longest common subsequence. */
function commonLines(a: readonly string[], b: readonly string[]): [number, number][] {
  const furthest = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  const reach = (distance: number): boolean => {
    for (let k = -distance; k <= distance; k += 2) {
      const down = k === -distance || (k !== distance && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
      let x = down ? (furthest.get(k + 1) ?? 0) : (furthest.get(k - 1) ?? 0) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++;
        y++;
      }
      furthest.set(k, x);
      if (x >= a.length && y >= b.length) return true;
    }
    return false;
  };
  for (let distance = 0; ; distance++) {
    trace.push(new Map(furthest));
    if (reach(distance)) break;
  }
  const pairs: [number, number][] = [];
  let x = a.length;
  let y = b.length;
  for (let distance = trace.length - 1; distance >= 0; distance--) {
    const before = trace[distance];
    const k = x - y;
    const down = k === -distance || (k !== distance && (before.get(k - 1) ?? -1) < (before.get(k + 1) ?? -1));
    const previousK = down ? k + 1 : k - 1;
    const previousX = distance === 0 ? 0 : (before.get(previousK) ?? 0);
    const previousY = distance === 0 ? 0 : previousX - previousK;
    while (x > previousX && y > previousY && x > 0 && y > 0) {
      if (distance > 0 && x - 1 < previousX + (down ? 0 : 1)) break;
      if (distance > 0 && y - 1 < previousY + (down ? 1 : 0)) break;
      pairs.push([--x, --y]);
    }
    x = previousX;
    y = previousY;
  }
  return pairs.reverse();
}

/** Whether two changes of the same text overlap or touch. */
export function meet(a: Hunk, b: Hunk): boolean {
  return a.aFrom <= b.aTo && b.aFrom <= a.aTo;
}

/** One version's stretch in a three-way diff. */
export interface Side {
  name: string;
  lines: readonly string[];
}

/** Three versions of a stretch in the usual form of a conflict. */
export function formatConflict(mine: Side, base: Side, theirs: Side): string {
  return [
    `<<<<<<< ${mine.name}`,
    ...mine.lines,
    `||||||| ${base.name}`,
    ...base.lines,
    '=======',
    ...theirs.lines,
    `>>>>>>> ${theirs.name}`,
  ].join('\n');
}
