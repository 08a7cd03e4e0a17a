import type { AssemblerContext } from './context.ts';
import type { Handler } from './directives.ts';
import { constant, constantOf, type Expression } from './expressions.ts';
import { leb128 } from './leb128.ts';
import type { Scanner } from './scanner.ts';

/** The most that one directive may fill: a slip of the keyboard should be a message, not a dead machine. */
const MAX_FILL = 1 << 26;

function littleEndian(value: bigint, size: number): number[] {
  return Array.from({ length: size }, (_, i) => Number(BigInt.asUintN(8, value >> BigInt(8 * i))));
}

function emitValue(assembler: AssemblerContext, value: Expression, size: 1 | 2 | 4 | 8): void {
  const known = constantOf(value);
  if (known !== null) {
    const bits = BigInt(size * 8);
    if (size < 4 && (known < -(1n << bits) || known >= 1n << bits))
      assembler.report('warning', `value ${known} truncated to ${size * 8} bits`);
    assembler.emit(littleEndian(known, size));
    return;
  }
  const fragment = assembler.fragment();
  const offset = fragment.bytes.length;
  assembler.emit(new Array<number>(size).fill(0));
  fragment.fixups.push({ offset, size, relative: false, trailing: 0, expression: value, location: assembler.location });
}

const integers =
  (size: 1 | 2 | 4 | 8): Handler =>
  (assembler, rest) => {
    if (rest.end) return;
    do {
      let value = rest.tryExpression();
      if (!value) {
        assembler.report('warning', 'nothing stands here: taken as zero', rest.at);
        value = constant(0n);
      }
      emitValue(assembler, value, size);
    } while (rest.take(','));
    rest.expectEnd();
  };

/** Numbers of sixteen bytes: too long for an expression, which has 64 bits. */
const octa: Handler = (assembler, rest) => {
  if (rest.end) return;
  do {
    const match = /^([-+]?)\s*(0[xX][0-9A-Fa-f]+|0[bB][01]+|[0-9]+)(?![\w.$])/.exec(rest.rest()) ?? rest.fail('.octa takes numbers only');
    rest.at += match[0].length;
    const digits = /^0[0-7]+$/.test(match[2]) ? `0o${match[2].slice(1)}` : match[2];
    const value = match[1] === '-' ? -BigInt(digits) : BigInt(digits);
    if (value !== BigInt.asUintN(128, value) && value !== BigInt.asIntN(128, value))
      assembler.report('warning', `${value} truncated to 128 bits`);
    assembler.emit(littleEndian(value, 16));
  } while (rest.take(','));
  rest.expectEnd();
};

const strings =
  (terminated: boolean): Handler =>
  (assembler, rest) => {
    if (rest.end) return;
    do {
      const bytes = rest.string();
      while (rest.peek() === '"') bytes.push(...rest.string());
      assembler.emit(terminated ? [...bytes, 0] : bytes);
    } while (rest.take(','));
    rest.expectEnd();
  };

const floats =
  (size: 4 | 8): Handler =>
  (assembler, rest) => {
    do {
      rest.space();
      const match = /^(0[fFdD])?([-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|inf(?:inity)?|nan))/i.exec(
        rest.text.slice(rest.at),
      );
      const digits = match ? match[2].toLowerCase() : rest.fail('missing number');
      rest.at += match?.[0].length ?? 0;
      const value = digits.includes('inf') ? (digits[0] === '-' ? -Infinity : Infinity) : digits.includes('nan') ? NaN : Number(digits);
      const view = new DataView(new ArrayBuffer(size));
      if (size === 4) view.setFloat32(0, value, true);
      else view.setFloat64(0, value, true);
      if (digits.includes('nan')) view.setUint32(size - 4, size === 4 ? 0x7fffffff : 0x7fffffff, true);
      if (digits.includes('nan') && size === 8) view.setUint32(0, 0xffffffff, true);
      assembler.emit([...new Uint8Array(view.buffer)]);
    } while (rest.take(','));
    rest.expectEnd();
  };

function constantArgument(rest: Scanner, what: string): bigint {
  return constantOf(rest.expression()) ?? rest.fail(`${what} must be a constant`);
}

/** `, fill` and the like: a constant after a comma, or the default. Empty places count as absent. */
function optional(rest: Scanner, fallback: bigint | null, what: string): bigint | null {
  if (!rest.take(',')) return fallback;
  if (rest.end || rest.peek() === ',') return fallback;
  return constantArgument(rest, what);
}

const space: Handler = (assembler, rest) => {
  const count = rest.expression();
  const fill = Number(BigInt.asUintN(8, optional(rest, 0n, 'fill') ?? 0n));
  rest.expectEnd();
  const known = constantOf(count);
  if (known === null || (assembler.section.nobits && known > 0x10000n)) {
    if (known !== null && known > BigInt(MAX_FILL) * 16n) rest.fail(`${known} bytes are too many`, 0);
    assembler.mark();
    assembler.fragment().tail = { kind: 'space', count, unit: [fill], location: assembler.location };
    return;
  }
  if (known < 0n || known > BigInt(MAX_FILL)) rest.fail(`cannot leave a space of ${known} bytes`, 0);
  assembler.emit(new Array<number>(Number(known)).fill(fill));
};

const fill: Handler = (assembler, rest) => {
  const count = rest.expression();
  const size = Number(optional(rest, 1n, 'size') ?? 1n);
  const value = optional(rest, 0n, 'value') ?? 0n;
  rest.expectEnd();
  if (size < 0 || size > 8) rest.fail('.fill size must be 0 to 8', 0);
  const repeat = constantOf(count);
  // Only four bytes of the value count; those above are zero (GNU as, "Fill").
  const unit = littleEndian(BigInt.asUintN(32, value), size);
  if (repeat === null) {
    assembler.mark();
    if (size > 0) assembler.fragment().tail = { kind: 'space', count, unit, location: assembler.location };
    return;
  }
  if (repeat < 0n || repeat * BigInt(size) > BigInt(MAX_FILL)) rest.fail(`cannot fill ${repeat} times`, 0);
  const bytes: number[] = [];
  for (let i = 0n; i < repeat; i++) bytes.push(...unit);
  assembler.emit(bytes);
};

/** `.align` family: `power` where the argument is an exponent; `fillSize` bytes a fill value. */
const align =
  (power: boolean, fillSize: 1 | 2 | 4): Handler =>
  (assembler, rest) => {
    const value = rest.end ? 0n : constantArgument(rest, 'alignment');
    const pattern = optional(rest, null, 'fill');
    const most = Number(optional(rest, 0n, 'limit') ?? 0n);
    rest.expectEnd();
    if (power ? value < 0n || value > 24n : value < 0n || value > 1n << 24n || (value & (value - 1n)) !== 0n) {
      rest.fail(power ? `alignment 2^${value} is out of range` : `alignment ${value} is not a power of two`, 0);
    }
    const alignment = power ? 1 << Number(value) : Math.max(1, Number(value));
    if (alignment === 1) return;
    assembler.mark();
    const { section } = assembler;
    section.alignment = Math.max(section.alignment, alignment);
    const asCode = section.executable && (pattern === null || (pattern === 0x90n && fillSize === 1));
    const limit = most > 0 ? most : alignment;
    assembler.fragment().tail = {
      kind: 'align',
      alignment,
      fill: asCode ? null : Number(BigInt.asUintN(32, pattern ?? 0n)),
      fillSize,
      most: limit,
      code16: assembler.code16,
    };
  };

const leb =
  (signed: boolean): Handler =>
  (assembler, rest) => {
    do {
      const value = rest.expression();
      const known = constantOf(value);
      if (known !== null && known < 0n && !signed) rest.fail(`.uleb128 takes no negative number: ${known}`, 0);
      if (known !== null) assembler.emit(leb128(known, signed));
      else {
        assembler.mark();
        assembler.fragment().tail = { kind: 'leb128', value, signed, location: assembler.location };
      }
    } while (rest.take(','));
    rest.expectEnd();
  };

/** `"name" [, skip [, count]]`: bytes of a file as they are. */
const incbin: Handler = (assembler, rest) => {
  const name = new TextDecoder().decode(Uint8Array.from(rest.string()));
  const skip = Number(optional(rest, 0n, 'skip') ?? 0n);
  const count = optional(rest, null, 'count');
  rest.expectEnd();
  const bytes = assembler.options.includeBytes?.(name, assembler.location.source) ?? rest.fail(`cannot find '${name}'`, 0);
  const length = count === null ? bytes.length - skip : Number(count);
  if (skip < 0 || length < 0 || skip + length > bytes.length) {
    rest.fail(`'${name}' has ${bytes.length} bytes: it cannot give ${length} of them from ${skip} on`, 0);
  }
  assembler.emit([...bytes.subarray(skip, skip + length)]);
};

const origin: Handler = (assembler, rest) => {
  const target = rest.expression();
  const value = Number(BigInt.asUintN(8, optional(rest, 0n, 'fill') ?? 0n));
  rest.expectEnd();
  assembler.setOrigin(target, value);
};

export const DATA_DIRECTIVES: Readonly<Record<string, Handler>> = {
  '.byte': integers(1),
  '.word': integers(2),
  '.short': integers(2),
  '.value': integers(2),
  '.hword': integers(2),
  '.2byte': integers(2),
  '.long': integers(4),
  '.int': integers(4),
  '.4byte': integers(4),
  '.quad': integers(8),
  '.8byte': integers(8),
  '.ascii': strings(false),
  '.asciz': strings(true),
  '.string': strings(true),
  '.string8': strings(true),
  '.float': floats(4),
  '.single': floats(4),
  '.double': floats(8),
  '.space': space,
  '.skip': space,
  '.zero': space,
  '.fill': fill,
  '.octa': octa,
  '.uleb128': leb(false),
  '.sleb128': leb(true),
  '.incbin': incbin,
  '.org': origin,
  '.align': align(false, 1),
  '.balign': align(false, 1),
  '.balignw': align(false, 2),
  '.balignl': align(false, 4),
  '.p2align': align(true, 1),
  '.p2alignw': align(true, 2),
  '.p2alignl': align(true, 4),
};
