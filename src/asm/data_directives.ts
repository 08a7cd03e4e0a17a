import type { AssemblerContext } from './context.ts';
import type { Handler } from './directives.ts';
import { constant, constantOf, fitsBits, type Expression } from './expressions.ts';
import { floats } from './floats.ts';
import { leb128 } from './leb128.ts';
import type { Scanner } from './scanner.ts';

/** The most that one directive may fill: a slip of the keyboard should be a message, not a dead machine. */
const MAX_FILL = 1 << 26;
/** The same of values that are known late, each of which is remembered. */
const MAX_VALUES = 1n << 16n;

function littleEndian(value: bigint, size: number): number[] {
  return Array.from({ length: size }, (_, i) => Number(BigInt.asUintN(8, value >> BigInt(8 * i))));
}

/** Says so where `bytes` bytes do not hold a value, with its sign or without; a sign bit itself may go. */
function tellCut(assembler: AssemblerContext, value: bigint, bytes: number): void {
  if (!fitsBits(value, bytes * 8)) assembler.report('warning', `value ${value} truncated to ${bytes * 8} bits`);
}

function emitValue(assembler: AssemblerContext, value: Expression, size: 1 | 2 | 4 | 8): void {
  const known = constantOf(value);
  if (known !== null) {
    tellCut(assembler, known, size);
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

/** A number that stands alone, of any length, where an expression would have 64 bits; null: something else is next. */
function lone(rest: Scanner): bigint | null {
  const match = /^([-+]?)\s*(0[xX][0-9A-Fa-f]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)\s*(?=,|$)/.exec(rest.rest());
  if (!match) return null;
  rest.at += match[0].length;
  const value = BigInt(/^0[0-7]+$/.test(match[2]) ? `0o${match[2].slice(1)}` : match[2]);
  return match[1] === '-' ? -value : value;
}

/** Numbers of sixteen bytes. */
const octa: Handler = (assembler, rest) => {
  if (rest.end) return;
  do {
    const value = lone(rest) ?? rest.fail('.octa takes numbers only');
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
  const value = rest.take(',') && !rest.end ? rest.expression() : constant(0n);
  rest.expectEnd();
  const known = constantOf(count);
  const filled = constantOf(value);
  if (filled === null) {
    const times = known ?? -1n;
    if (times < 0n || times > MAX_VALUES) rest.fail('what to fill with must be a constant here', 0);
    for (let i = 0n; i < times; i++) emitValue(assembler, value, 1);
    return;
  }
  const unit = Number(BigInt.asUintN(8, filled));
  tellCut(assembler, filled, 1);
  if (known === null || (assembler.section.nobits && known > 0x10000n)) {
    if (known !== null && known > BigInt(MAX_FILL) * 16n) rest.fail(`${known} bytes are too many`, 0);
    assembler.mark();
    assembler.fragment().tail = { kind: 'space', count, unit: [unit], location: assembler.location };
    return;
  }
  if (known < 0n || known > BigInt(MAX_FILL)) rest.fail(`cannot leave a space of ${known} bytes`, 0);
  assembler.emit(new Array<number>(Number(known)).fill(unit));
};

/** `, size`: one byte without a comma; with a comma and nothing behind it none, as GNU as has it. */
function sizeOfFilling(rest: Scanner): bigint {
  if (!rest.take(',')) return 1n;
  if (!rest.end && rest.peek() !== ',') return constantArgument(rest, 'size');
  rest.names.report('warning', 'no size stands here: taken as zero, which fills nothing', rest.at);
  return 0n;
}

const fill: Handler = (assembler, rest) => {
  const count = rest.expression();
  const size = Number(sizeOfFilling(rest));
  const value = optional(rest, 0n, 'value') ?? 0n;
  rest.expectEnd();
  if (size < 0 || size > 8) rest.fail('.fill size must be 0 to 8', 0);
  const repeat = constantOf(count);
  // Only four bytes of the value count; those above are zero (GNU as, "Fill").
  if (size <= 4) tellCut(assembler, value, size);
  else if (value !== BigInt.asUintN(32, value)) assembler.report('warning', `of the value ${value} only 32 bits are filled in`);
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

/** What to fill with: null only where nothing or a further comma is next, as GNU as has it; `.balign 4,` fills with zero. */
function fillOfAlignment(rest: Scanner): bigint | null {
  if (!rest.take(',') || rest.peek() === ',') return null;
  return rest.end ? 0n : constantArgument(rest, 'fill');
}

/** `.align` family: `power` where the argument is an exponent; `fillSize` bytes a fill value. */
const align =
  (power: boolean, fillSize: 1 | 2 | 4): Handler =>
  (assembler, rest) => {
    const value = rest.end ? 0n : constantArgument(rest, 'alignment');
    const given = fillOfAlignment(rest);
    if (given !== null) tellCut(assembler, given, fillSize);
    else if (fillSize > 1) assembler.report('warning', 'says not what to fill with');
    const pattern = given === null ? null : BigInt.asUintN(8 * fillSize, given);
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
      fill: asCode ? null : Number(pattern ?? 0n),
      fillSize: pattern === null ? 1 : fillSize,
      most: limit,
      code16: assembler.code16,
      location: assembler.location,
    };
  };

/** A number alone may be of any length. In an expression the sign of 64 bits and more is lost: .uleb128 takes it for none, as GNU as does. */
const leb =
  (signed: boolean): Handler =>
  (assembler, rest) => {
    do {
      const from = rest.at;
      const literal = lone(rest);
      const value = literal === null ? rest.expression() : constant(literal);
      const known = literal ?? constantOf(value);
      if (known === null) {
        assembler.mark();
        assembler.fragment().tail = { kind: 'leb128', value, signed, location: assembler.location };
        continue;
      }
      if (signed && literal === null && rest.beyondSigned(from)) rest.fail('a number of 64 bits must stand alone in .sleb128', from);
      if (!signed && known < -(1n << 63n)) rest.fail(`.uleb128 takes no negative number: ${known}`, from);
      assembler.emit(leb128(known, signed));
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
  const value = optional(rest, 0n, 'fill') ?? 0n;
  tellCut(assembler, value, 1);
  rest.expectEnd();
  assembler.setOrigin(target, Number(BigInt.asUintN(8, value)));
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
