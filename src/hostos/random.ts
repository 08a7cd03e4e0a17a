import { current } from './kernel.ts';
import type { RandomData } from './data.ts';

/** A generator from a seed; the same seed gives the same world. */
export function createRandom(seed: number): RandomData {
  return { state: seed >>> 0 || 0x2545f491 };
}

/** The next 32 random bits, unsigned (George Marsaglia, "Xorshift RNGs", 2003: shifts 13, 17, 5). */
export function random32(): number {
  const { random } = current.data;
  let x = random.state;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  return (random.state = x >>> 0);
}
