import type { AssemblerContext } from './context.ts';
import type { Handler } from './directives.ts';
import type { Scanner } from './scanner.ts';

/** The two formats of IEEE 754 that directives write: bits of the significand (the hidden one included), largest exponent, and the least that GNU as still takes for a zero. */
interface Format {
  readonly bytes: 4 | 8;
  readonly precision: bigint;
  readonly largest: bigint;
  readonly vanishing: bigint;
}
const FORMATS: Readonly<Record<4 | 8, Format>> = {
  4: { bytes: 4, precision: 24n, largest: 127n, vanishing: -157n },
  8: { bytes: 8, precision: 53n, largest: 1023n, vanishing: -1079n },
};

/** More digits or powers than this decide nothing: what they say is far beyond a double. */
const MOST_DIGITS = 5000;

type Rounded = { readonly bits: bigint; readonly lost: '' | 'infinity' | 'zero' } | 'too large' | 'too small';

/** Largest `e` with 2^e <= n/d. */
function exponentOf(n: bigint, d: bigint): bigint {
  const guess = BigInt(n.toString(2).length - d.toString(2).length);
  const reached = guess >= 0n ? n >= d << guess : n << -guess >= d;
  return reached ? guess : guess - 1n;
}

/** A decimal number's magnitude, rounded: a half goes up, as GNU as has it (and not to even). */
function round(digits: string, format: Format): Rounded {
  const [, whole, fraction = '', power = '0'] = /^(\d*)\.?(\d*)(?:e([-+]?\d+))?$/.exec(digits) ?? [];
  const significand = BigInt(whole + fraction || '0');
  if (significand === 0n) return { bits: 0n, lost: '' };
  if (Number(power) > MOST_DIGITS) return 'too large';
  if (Number(power) < -MOST_DIGITS) return 'too small';
  const scale = BigInt(power) - BigInt(fraction.length);
  const n = scale > 0n ? significand * 10n ** scale : significand;
  const d = scale < 0n ? 10n ** -scale : 1n;
  const exponent = exponentOf(n, d);
  if (exponent > format.largest) return 'too large';
  if (exponent < format.vanishing) return 'too small';
  const normal = exponent > -format.largest ? exponent : 1n - format.largest;
  // The significand as a whole number of units in the last place, and half a unit more.
  const unit = normal - format.precision + 1n;
  const [over, under] = unit > 0n ? [n, d << unit] : [n << -unit, d];
  const units = (2n * over + under) / (2n * under);
  // A carry out of the significand counts the exponent up by itself.
  const bits = ((normal + format.largest - 1n) << (format.precision - 1n)) + units;
  const infinite = bits >= (2n * format.largest + 1n) << (format.precision - 1n);
  return { bits, lost: infinite ? 'infinity' : bits === 0n ? 'zero' : '' };
}

/** `inf`, `nan`, or digits without a sign, as bits without one; says what is lost. */
function magnitude(assembler: AssemblerContext, rest: Scanner, text: string, format: Format, at: number): bigint {
  const { bytes, precision, largest } = format;
  if (text.startsWith('inf')) return (2n * largest + 1n) << (precision - 1n);
  if (text === 'nan') return (1n << BigInt(8 * bytes - 1)) - 1n;
  const rounded = round(text, format);
  if (typeof rounded === 'string') rest.fail(`${rest.text.slice(at, rest.at)} is ${rounded} for ${bytes * 8} bits`, at);
  if (rounded.lost) assembler.report('warning', `${rest.text.slice(at, rest.at)} is rounded to ${rounded.lost} in ${bytes * 8} bits`, at);
  return rounded.bits;
}

/** `.float` and `.double`. A zero and a letter before a number only say that one follows: `0e9` is nine (GNU as, "Flonums"). */
export const floats =
  (size: 4 | 8): Handler =>
  (assembler, rest) => {
    if (rest.end) return;
    do {
      rest.space();
      const match =
        /^(0[a-z])?([-+]?)(\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|inf(?:inity)?|nan)/i.exec(rest.text.slice(rest.at)) ??
        rest.fail('missing number');
      const [whole, prefix = '', sign, text] = match;
      const at = rest.at + prefix.length;
      rest.at += whole.length;
      const bits = magnitude(assembler, rest, text.toLowerCase(), FORMATS[size], at) | (sign === '-' ? 1n << BigInt(8 * size - 1) : 0n);
      assembler.emit(Array.from({ length: size }, (_, i) => Number(BigInt.asUintN(8, bits >> BigInt(8 * i)))));
    } while (rest.take(','));
    rest.expectEnd();
  };
