/**
 * Elementary functions of fixed-point numbers.
 *
 * A number is an integer times 2^-P for a precision P of the caller's choice; results are good to a few units of 2^-P.
 * Integers without bound make them the same on every engine, where Math.sin and its like are not.
 */

/** Fraction bits of the constants. */
const CONSTANT_BITS = 400;

/** Pi at {@link CONSTANT_BITS}, by Machin's formula. */
export const PI = 16n * inverseArcTangent(5n, CONSTANT_BITS) - 4n * inverseArcTangent(239n, CONSTANT_BITS);
/** ln 2 at {@link CONSTANT_BITS}: twice the area tangent of a third. */
export const LN2 = 2n * areaTangent((1n << BigInt(CONSTANT_BITS)) / 3n, CONSTANT_BITS);
/** log2 e at {@link CONSTANT_BITS}. */
export const LOG2E = (1n << BigInt(2 * CONSTANT_BITS)) / LN2;

/** A constant of {@link CONSTANT_BITS} at `bits` fraction bits. */
export function constantAt(value: bigint, bits: number): bigint {
  return value >> BigInt(CONSTANT_BITS - bits);
}

/** arctan(1/n). */
function inverseArcTangent(n: bigint, bits: number): bigint {
  let power = (1n << BigInt(bits)) / n;
  let total = power;
  const square = n * n;
  for (let k = 3n, negative = true; power !== 0n; k += 2n, negative = !negative) {
    power /= square;
    total += negative ? -(power / k) : power / k;
  }
  return total;
}

/** artanh z = z + z^3/3 + z^5/5 … */
export function areaTangent(z: bigint, bits: number): bigint {
  const shift = BigInt(bits);
  const square = (z * z) >> shift;
  let power = z;
  let total = z;
  for (let k = 3n; ; k += 2n) {
    power = (power * square) >> shift;
    const term = power / k;
    if (term === 0n || term === -1n) return total;
    total += term;
  }
}

/** arctan t = t - t^3/3 + …, for small t. */
function arcTangentSeries(t: bigint, bits: number): bigint {
  const shift = BigInt(bits);
  const square = (t * t) >> shift;
  let power = t;
  let total = t;
  for (let k = 3n, negative = true; ; k += 2n, negative = !negative) {
    power = (power * square) >> shift;
    const term = power / k;
    if (term === 0n) return total;
    total += negative ? -term : term;
  }
}

/** arctan(k/16), k = 0 … 16, at {@link CONSTANT_BITS}; made when first used. One for all: they are constants. */
const STEPS: bigint[] = [];

/** arctan t for 0 <= t <= 1. */
export function arcTangentOf(t: bigint, bits: number): bigint {
  const k = (t + (1n << BigInt(bits - 5))) >> BigInt(bits - 4);
  if (k === 0n) return arcTangentSeries(t, bits);
  if (STEPS.length === 0) {
    for (let i = 0n; i <= 16n; i++) {
      // Halve the angle twice: tan(a/2) = t / (1 + sqrt(1 + t^2)).
      let u = (i << BigInt(CONSTANT_BITS)) >> 4n;
      for (let n = 0; n < 2; n++) u = halfTangent(u, CONSTANT_BITS);
      STEPS.push(4n * arcTangentSeries(u, CONSTANT_BITS));
    }
  }
  // arctan t = arctan c + arctan((t - c) / (1 + t c)), c = k/16.
  const one = 1n << BigInt(bits);
  const c = (k << BigInt(bits)) >> 4n;
  const rest = ((t - c) << BigInt(bits)) / (one + ((t * k) >> 4n));
  return constantAt(STEPS[Number(k)], bits) + arcTangentSeries(rest, bits);
}

function halfTangent(t: bigint, bits: number): bigint {
  const one = 1n << BigInt(bits);
  const root = integerRoot((one << BigInt(bits)) + t * t);
  return (t << BigInt(bits)) / (one + root);
}

/** floor(sqrt(n)) by Newton's iteration. */
function integerRoot(n: bigint): bigint {
  let root = 1n << BigInt(((n.toString(16).length * 4) >> 1) + 1);
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** sin r for |r| <= pi/4. */
export function sineOf(r: bigint, bits: number): bigint {
  const shift = BigInt(bits);
  const square = (r * r) >> shift;
  let term = r;
  let total = r;
  for (let k = 2n; ; k += 2n) {
    term = -((term * square) >> shift) / (k * (k + 1n));
    if (term === 0n) return total;
    total += term;
  }
}

/** cos r for |r| <= pi/4. */
export function cosineOf(r: bigint, bits: number): bigint {
  const shift = BigInt(bits);
  const square = (r * r) >> shift;
  let term = 1n << shift;
  let total = term;
  for (let k = 1n; ; k += 2n) {
    term = -((term * square) >> shift) / (k * (k + 1n));
    if (term === 0n) return total;
    total += term;
  }
}

/** e^t - 1 for |t| < 1. */
export function exponentialOf(t: bigint, bits: number): bigint {
  // (e^u - 1) of u = t/64, then six times e^2u - 1 = w (w + 2).
  const wide = bits + 12;
  const shift = BigInt(wide);
  const u = t << 6n;
  let term = u;
  let total = u;
  for (let k = 2n; ; k++) {
    term = ((term * u) >> shift) / k;
    if (term === 0n || term === -1n) break;
    total += term;
  }
  for (let i = 0; i < 6; i++) total = 2n * total + ((total * total) >> shift);
  return total >> 12n;
}
