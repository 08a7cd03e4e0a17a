/** Line differences between two texts, and where three versions meet. */

/** Lines `aFrom` up to (not including) `aTo` of one text became `bFrom` up to `bTo` of the other; counted from 0. */
export interface Hunk {
  aFrom: number;
  aTo: number;
  bFrom: number;
  bTo: number;
}

/**
 * The changed stretches from `a` to `b`, few rather than fewest: lines that each text has once are anchors (as in "patience" diffs),
 * and what lies between them is split in the middle of a shortest way (E. W. Myers, "An O(ND) difference algorithm", 1986, section 4b), or
 * at the furthest point found when that takes too long. Memory grows with the lines, time hardly faster.
 */
export function diffLines(a: readonly string[], b: readonly string[]): Hunk[] {
  const numbers = new Map<string, number>();
  const numbered = (lines: readonly string[]): Int32Array =>
    Int32Array.from(lines, (line) => {
      const known = numbers.get(line);
      if (known !== undefined) return known;
      numbers.set(line, numbers.size);
      return numbers.size - 1;
    });
  const allA = numbered(a);
  const allB = numbered(b);
  const inA = new Uint8Array(numbers.size);
  const inB = new Uint8Array(numbers.size);
  for (const line of allA) inA[line] = 1;
  for (const line of allB) inB[line] = 1;
  // What one text alone has is changed, however the rest pairs up.
  const keptA = Int32Array.from(allA.keys()).filter((index) => inB[allA[index]] === 1);
  const keptB = Int32Array.from(allB.keys()).filter((index) => inA[allB[index]] === 1);
  const same = new Matcher(
    keptA.map((index) => allA[index]),
    keptB.map((index) => allB[index]),
    numbers.size,
  ).pairs();
  const hunks: Hunk[] = [];
  let atA = 0;
  let atB = 0;
  const upTo = (x: number, y: number): void => {
    if (x > atA || y > atB) hunks.push({ aFrom: atA, aTo: x, bFrom: atB, bTo: y });
    atA = x + 1;
    atB = y + 1;
  };
  for (const [x, y] of same) upTo(keptA[x], keptB[y]);
  upTo(a.length, b.length);
  return hunks;
}

/** A stretch of each text. */
interface Box {
  aFrom: number;
  aTo: number;
  bFrom: number;
  bTo: number;
  /** How often anchors have cut it out of a larger one. */
  depth: number;
}

/** Beyond this many differences a way need not be the shortest. */
const PATIENCE = 256;
/** How often anchors are looked for between anchors. */
const DEPTH = 16;

/** Pairs equal lines of two texts, in order. Lines are numbers below `distinct`. */
class Matcher {
  readonly #a: Int32Array;
  readonly #b: Int32Array;
  /** For each line of `a` its partner in `b`, or -1. */
  readonly #partner: Int32Array;
  readonly #countA: Int32Array;
  readonly #countB: Int32Array;
  readonly #whereB: Int32Array;
  /** How far each diagonal was followed, from the beginning and from the end. */
  readonly #forwards: Int32Array;
  readonly #backwards: Int32Array;

  constructor(a: Int32Array, b: Int32Array, distinct: number) {
    this.#a = a;
    this.#b = b;
    this.#partner = new Int32Array(a.length).fill(-1);
    this.#countA = new Int32Array(distinct);
    this.#countB = new Int32Array(distinct);
    this.#whereB = new Int32Array(distinct);
    this.#forwards = new Int32Array(a.length + b.length + 3);
    this.#backwards = new Int32Array(a.length + b.length + 3);
  }

  pairs(): [number, number][] {
    const boxes: Box[] = [{ aFrom: 0, aTo: this.#a.length, bFrom: 0, bTo: this.#b.length, depth: 0 }];
    for (let box = boxes.pop(); box; box = boxes.pop()) {
      this.#trim(box);
      if (box.aFrom === box.aTo || box.bFrom === box.bTo) continue;
      for (const part of (box.depth < DEPTH ? this.#anchored(box) : null) ?? this.#halved(box)) boxes.push(part);
    }
    return Array.from(this.#partner.entries()).filter(([, partner]) => partner >= 0);
  }

  /** Pairs what is equal at both ends of a box, and takes it off. */
  #trim(box: Box): void {
    while (box.aFrom < box.aTo && box.bFrom < box.bTo && this.#a[box.aFrom] === this.#b[box.bFrom]) {
      this.#partner[box.aFrom++] = box.bFrom++;
    }
    while (box.aFrom < box.aTo && box.bFrom < box.bTo && this.#a[box.aTo - 1] === this.#b[box.bTo - 1]) {
      this.#partner[--box.aTo] = --box.bTo;
    }
  }

  /**
   * The boxes between the lines that both sides have once, in the longest run that keeps their order. Null when most of them are out of
   * order, or there are none: then they would lead astray.
   */
  #anchored({ aFrom, aTo, bFrom, bTo, depth }: Box): Box[] | null {
    for (let x = aFrom; x < aTo; x++) this.#countA[this.#a[x]]++;
    for (let y = bFrom; y < bTo; y++) {
      this.#countB[this.#b[y]]++;
      this.#whereB[this.#b[y]] = y;
    }
    /** Where the best run of each length ends, and what stands before each end. */
    const ends: number[] = [];
    const before = new Map<number, number>();
    let candidates = 0;
    for (let x = aFrom; x < aTo; x++) {
      const line = this.#a[x];
      if (this.#countA[line] !== 1 || this.#countB[line] !== 1) continue;
      candidates++;
      let low = 0;
      for (let high = ends.length; low < high; ) {
        const middle = (low + high) >> 1;
        if (this.#whereB[this.#a[ends[middle]]] < this.#whereB[line]) low = middle + 1;
        else high = middle;
      }
      before.set(x, ends[low - 1] ?? -1);
      ends[low] = x;
    }
    for (let x = aFrom; x < aTo; x++) this.#countA[this.#a[x]] = 0;
    for (let y = bFrom; y < bTo; y++) this.#countB[this.#b[y]] = 0;
    if (candidates === 0 || ends.length * 2 < candidates) return null;
    const boxes: Box[] = [];
    let last = { aTo, bTo };
    for (let x = ends.at(-1) ?? -1; x >= 0; x = before.get(x) ?? -1) {
      const y = this.#whereB[this.#a[x]];
      this.#partner[x] = y;
      boxes.push({ aFrom: x + 1, aTo: last.aTo, bFrom: y + 1, bTo: last.bTo, depth: depth + 1 });
      last = { aTo: x, bTo: y };
    }
    boxes.push({ aFrom, bFrom, ...last, depth: depth + 1 });
    return boxes;
  }

  /**
   * The two boxes before and after a point that a short way through the box goes through. A point is `x` lines of `a` and `y` of `b`, a
   * diagonal all points with the same `x - y`, a step a line of one text alone. From both corners the furthest points after so many
   * steps are followed until they meet. The box begins and ends with lines that differ, so neither half is the whole.
   */
  #halved(box: Box): Box[] {
    const { aFrom, aTo, bFrom, bTo } = box;
    const start = aFrom - bFrom;
    const goal = aTo - bTo;
    const lowest = aFrom - bTo;
    const highest = aTo - bFrom;
    const forwards = this.#forwards;
    const backwards = this.#backwards;
    const at = this.#b.length + 1; // where diagonal 0 is kept
    const meetsForwards = (goal - start) % 2 !== 0;
    forwards[start + at] = aFrom;
    backwards[goal + at] = aTo;
    for (let steps = 1; ; steps++) {
      for (let k = ascend(start, steps, lowest); k <= Math.min(start + steps, highest); k += 2) {
        const right = k - 1 >= Math.max(start - steps + 1, lowest) ? forwards[k - 1 + at] : DEAD;
        const down = k + 1 <= Math.min(start + steps - 1, highest) ? forwards[k + 1 + at] : DEAD;
        let x = Math.max(right === DEAD ? DEAD : right + 1, down);
        if (x > aTo || x - k > bTo) x = DEAD;
        else if (x !== DEAD) while (x < aTo && x - k < bTo && this.#a[x] === this.#b[x - k]) x++;
        forwards[k + at] = x;
        if (meetsForwards && x !== DEAD && Math.abs(k - goal) < steps && x >= backwards[k + at]) return split(box, x, x - k);
      }
      for (let k = ascend(goal, steps, lowest); k <= Math.min(goal + steps, highest); k += 2) {
        const left = k + 1 <= Math.min(goal + steps - 1, highest) ? backwards[k + 1 + at] : FAR;
        const up = k - 1 >= Math.max(goal - steps + 1, lowest) ? backwards[k - 1 + at] : FAR;
        let x = Math.min(left === FAR ? FAR : left - 1, up);
        if (x < aFrom || x - k < bFrom) x = FAR;
        else if (x !== FAR) while (x > aFrom && x - k > bFrom && this.#a[x - 1] === this.#b[x - k - 1]) x--;
        backwards[k + at] = x;
        if (!meetsForwards && x !== FAR && Math.abs(k - start) <= steps && x <= forwards[k + at]) return split(box, x, x - k);
      }
      if (steps < PATIENCE) continue;
      let best = DEAD;
      let most = -1;
      for (let k = ascend(start, steps, lowest); k <= Math.min(start + steps, highest); k += 2) {
        const x = forwards[k + at];
        if (x !== DEAD && x + x - k > most) [best, most] = [x, x + x - k];
      }
      return split(box, best, most - best);
    }
  }
}

/** A diagonal that nothing has reached, from the beginning and from the end. */
const DEAD = -1;
const FAR = 0x7fffffff;

/** The first diagonal not below `lowest` that `steps` steps from `origin` can reach. */
function ascend(origin: number, steps: number, lowest: number): number {
  const first = origin - steps;
  return first >= lowest ? first : lowest + ((lowest - first) & 1);
}

/** Anchors could only lengthen a way that is found. */
function split({ aFrom, aTo, bFrom, bTo }: Box, x: number, y: number): Box[] {
  return [
    { aFrom, aTo: x, bFrom, bTo: y, depth: DEPTH },
    { aFrom: x, aTo, bFrom: y, bTo, depth: DEPTH },
  ];
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
