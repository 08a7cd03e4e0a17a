/**
 * The seed that belongs to a name, 32 bits: what is drawn for a name hangs on nothing else, whatever is drawn before it or beside it
 * (FNV-1a over the UTF-16 code units, then the finalizer of Austin Appleby's MurmurHash3, so that names that differ in their last letter have nothing
 * in common).
 */
export function seedOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Chance for the proofs: a seed names a run, and a failure is repeated by its seed. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;
    for (let i = 0; i < 4; i++) this.word();
  }

  /** 32 random bits, unsigned (George Marsaglia, "Xorshift RNGs", 2003). */
  word(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (this.#state = x >>> 0);
  }

  /** A number from 0 to `end` - 1. */
  below(end: number): number {
    return this.word() % end;
  }

  /** True once in `n` times. */
  oneIn(n: number): boolean {
    return this.word() % n === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.word() % list.length];
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.word() >>> 11);
  }
}

/** How much longer than usual the proofs that draw at random are to take: environment variable LGUEST_FUZZ, 1 if unset. */
export function effort(): number {
  const asked = Number(process.env.LGUEST_FUZZ ?? 1);
  return asked > 0 ? asked : 1;
}
