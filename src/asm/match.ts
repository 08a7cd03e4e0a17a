import { constant, constantOf, type Expression } from './expressions.ts';
import { suffixClass, type Candidate } from './mnemonics.ts';
import type { InstructionForm, OperandDescriptor } from './opcodes.ts';
import type { MemoryOperand, Operand, RegisterClass } from './operands.ts';

/** A form that fits the operands, with what goes into its fields. */
export interface Match {
  readonly candidate: Candidate;
  readonly form: InstructionForm;
  readonly operandSize: 16 | 32;
  /** ModRM.reg, and ModRM.rm or the opcode's low bits; -1 where not used. */
  readonly reg: number;
  readonly rm: number;
  readonly memory: MemoryOperand | null;
  /** Immediates in encoding order; a far pointer's offset. */
  readonly immediates: readonly Expression[];
  readonly selector: Expression | null;
  readonly target: Expression | null;
  /** Segment written on a string operand or XLAT, -1 for none. */
  readonly segment: number;
  readonly addressSize: 16 | 32 | null;
}

interface Fields {
  reg: number;
  rm: number;
  memory: MemoryOperand | null;
  immediates: Expression[];
  selector: Expression | null;
  target: Expression | null;
  segment: number;
  addressSize: 16 | 32 | null;
}

const CLASS_OF: Readonly<Record<string, string>> = { b: 'b', w: 'w', d: 'd' };

function isRegister(operand: Operand, cls: string): boolean {
  return operand.kind === 'register' && operand.register.class === cls;
}

/**
 * How long an immediate may be written: to fields from this size on it is cut, and that told; in shorter ones it must fit. So GNU as takes `movb $256, %al`
 * and refuses `int $256`. 64: nothing but the code says that it has 32 bits.
 */
type Lenience = 8 | 16 | 32 | 64;

/**
 * The suffix's size, else the last register's, else what the code implies.
 * @param implied the size of operands where neither suffix nor register tells
 */
export function lenienceOf({ form, suffixed, operandSize }: Candidate, written: readonly Operand[], implied: 16 | 32): Lenience {
  if (suffixed) return suffixClass(form) === 'b' ? 8 : (operandSize ?? 32);
  const sizes: Readonly<Partial<Record<RegisterClass, Lenience>>> = { b: 8, w: 16, d: 32 };
  const told = written.flatMap((operand) => (operand.kind === 'register' ? (sizes[operand.register.class] ?? []) : []));
  return told.at(-1) ?? (implied === 16 ? 16 : 64);
}

function isSignedByte(value: Expression): boolean {
  const known = constantOf(value);
  return known !== null && known === BigInt.asIntN(8, known);
}

/** A value as a field of `bits` bits takes it: with the sign of the size that it may have. null: it does not go there. */
function immediateFor(value: Expression, bits: number, lenience: Lenience): Expression | null {
  const known = constantOf(value);
  if (known === null) return value;
  const taken = ([16, 32] as const).reduce(
    (value, size) => (lenience <= size && value === BigInt.asUintN(size, value) ? BigInt.asIntN(size, value) : value),
    known,
  );
  const fits = lenience <= bits || taken === BigInt.asIntN(bits, taken) || taken === BigInt.asUintN(bits, taken);
  return fits ? constant(taken) : null;
}

/** Whether `operand` can stand for `wanted`; if so its values go into `fields`. */
function fit(
  wanted: OperandDescriptor,
  operand: Operand,
  form: InstructionForm,
  size: 16 | 32,
  lenience: Lenience,
  fields: Fields,
): boolean {
  const cls = wanted.size === 'v' ? (size === 16 ? 'w' : 'd') : (CLASS_OF[wanted.size] ?? '');
  const number = operand.kind === 'register' ? operand.register.number : -1;
  switch (wanted.kind) {
    case 'E':
    case 'M':
    case 'R': {
      if (operand.kind === 'register') {
        const wide = wanted.size === 'w' && ['lar', 'lsl', 'movToSegment'].includes(form.name) && isRegister(operand, 'd');
        if (wanted.kind === 'M' || !(isRegister(operand, cls) || wide)) return false;
        fields.rm = number;
        return true;
      }
      if (operand.kind !== 'memory' || wanted.kind === 'R' || operand.port) return false;
      fields.memory = operand;
      return true;
    }
    case 'G':
      if (!isRegister(operand, cls)) return false;
      fields.reg = number;
      return true;
    case 'Z':
      if (!isRegister(operand, cls)) return false;
      fields.rm = number;
      return true;
    case 'S':
      if (!isRegister(operand, 'segment') || (form.name === 'movToSegment' && number === 1)) return false;
      fields.reg = number;
      return true;
    case 'C':
      if (!isRegister(operand, 'control')) return false;
      fields.reg = number;
      return true;
    case 'D':
      if (!isRegister(operand, 'debug')) return false;
      fields.reg = number;
      return true;
    case 'st0':
      return isRegister(operand, 'st') && number === 0;
    case 'sti':
      if (!isRegister(operand, 'st')) return false;
      fields.rm = number;
      return true;
    case 'segment':
      return isRegister(operand, 'segment') && number === wanted.reg;
    case 'reg':
      if (operand.kind === 'memory') return wanted.reg === 2 && wanted.size === 'w' && operand.port;
      return isRegister(operand, cls) && number === wanted.reg;
    case 'one':
      return operand.kind === 'immediate' && constantOf(operand.value) === 1n;
    case 'I':
    case 'sI': {
      const bits = wanted.size === 'b' ? 8 : wanted.size === 'w' ? 16 : size;
      const value = operand.kind === 'immediate' ? immediateFor(operand.value, bits, lenience) : null;
      if (value === null || (wanted.kind === 'sI' && !isSignedByte(value))) return false;
      fields.immediates.push(value);
      return true;
    }
    case 'J':
      if (operand.kind !== 'memory' || operand.indirect || operand.base >= 0 || operand.index >= 0 || operand.segment >= 0) return false;
      fields.target = operand.disp;
      return true;
    case 'O':
      if (operand.kind !== 'memory' || operand.base >= 0 || operand.index >= 0 || operand.addressSize) return false;
      fields.memory = operand;
      return true;
    case 'X':
    case 'Y': {
      if (operand.kind !== 'memory' || operand.base !== (wanted.kind === 'X' ? 6 : 7) || operand.index >= 0) return false;
      if (operand.disp && constantOf(operand.disp) !== 0n) return false;
      if (wanted.kind === 'Y') {
        if (operand.segment > 0) return false;
      } else fields.segment = operand.segment === 3 ? -1 : operand.segment;
      fields.addressSize = operand.addressSize;
      return true;
    }
    case 'A':
      return false;
  }
}

const register = (cls: 'b' | 'w' | 'd' | 'st', number: number): Operand => ({
  kind: 'register',
  register: { class: cls, number },
  indirect: false,
  column: 0,
});
const immediate = (value: bigint): Operand => ({ kind: 'immediate', value: constant(value), indirect: false, column: 0 });

/** The operand lists (Intel order) that the written operands can stand for in this form, most literal first. */
function readings(form: InstructionForm, written: readonly Operand[], size: 16 | 32): Operand[][] {
  const wanted = form.operands;
  const keepsOrder = form.name === 'bound' || form.name === 'enter';
  const given = keepsOrder ? [...written] : [...written].reverse();
  const lists: Operand[][] = [];
  if (given.length === wanted.length) {
    lists.push(given);
    if ((form.name === 'test' || form.name === 'xchg') && given.length === 2) lists.push([given[1], given[0]]);
    return lists;
  }
  const accumulator = register(wanted.some((o) => o.kind === 'reg' && o.size === 'b' && o.reg === 0) ? 'b' : size === 16 ? 'w' : 'd', 0);
  const last = wanted[wanted.length - 1];
  // `div %cl, %al` names the accumulator that is meant anyway.
  if ((form.name === 'div' || form.name === 'idiv') && given.length === 2) {
    const letter = wanted[0].size === 'b' ? 'b' : size === 16 ? 'w' : 'd';
    if (isRegister(given[0], letter) && given[0].kind === 'register' && given[0].register.number === 0) lists.push([given[1]]);
  }
  if (given.length === wanted.length - 1) {
    if (last?.kind === 'one') lists.push([...given, immediate(1n)]);
    if (last?.kind === 'reg' && last.reg === 1) lists.push([...given, register('b', 1)]);
    if (form.name === 'imul' && wanted.length === 3) lists.push([given[0], given[0], given[1]]);
    if (form.name === 'in' || form.name === 'lods' || form.name === 'scas') lists.push([accumulator, ...given]);
    if (form.name === 'out' || form.name === 'stos') lists.push([...given, accumulator]);
    if (form.name === 'fnstsw') lists.push([register('w', 0)]);
    if (form.name === 'aam' || form.name === 'aad') lists.push([immediate(10n)]);
  }
  if (form.attributes.has('fpu') && wanted.some((o) => o.kind === 'sti') && given.length < wanted.length) {
    const sti = given[0] ?? register('st', 1);
    const needsOperand = ['fld', 'fst', 'fstp', 'ffree', 'ffreep'].includes(form.name) || form.name.startsWith('fcmov');
    const arithmetic = /^f(add|mul|subr?|divr?)$/.test(form.att32);
    if (given.length || (!needsOperand && !arithmetic)) lists.push(wanted.map((o) => (o.kind === 'st0' ? register('st', 0) : sti)));
  }
  return lists;
}

function stringDefaults(form: InstructionForm, written: readonly Operand[]): boolean {
  return written.length === 0 && form.operands.some((o) => o.kind === 'X' || o.kind === 'Y');
}

const EMPTY = (): Fields => ({
  reg: -1,
  rm: -1,
  memory: null,
  immediates: [],
  selector: null,
  target: null,
  segment: -1,
  addressSize: null,
});

function matchOne(candidate: Candidate, written: readonly Operand[], size: 16 | 32, lenience: Lenience): Match[] {
  const { form } = candidate;
  const whole = (fields: Fields): Match => ({ candidate, form, operandSize: size, ...fields });
  if (form.operands[0]?.kind === 'A') {
    const [selector, offset] = written;
    if (written.length !== 2 || selector.kind !== 'immediate' || offset.kind !== 'immediate') return [];
    const segment = immediateFor(selector.value, 16, lenience);
    if (!candidate.suffixed && lenience > 8 && (lenience === 16) !== (size === 16)) return [];
    // An offset is never cut.
    const target = immediateFor(offset.value, size, 32);
    return segment && target ? [whole({ ...EMPTY(), selector: segment, immediates: [target] })] : [];
  }
  if (stringDefaults(form, written)) return [whole(EMPTY())];
  if (form.name === 'xlat' && written.length === 1) {
    const [operand] = written;
    if (operand.kind !== 'memory' || operand.base !== 3 || operand.index >= 0) return [];
    return [whole({ ...EMPTY(), segment: operand.segment === 3 ? -1 : operand.segment, addressSize: operand.addressSize })];
  }
  const throughPointer = /Indirect$/.test(form.name) || (/Far$/.test(form.name) && form.operands[0]?.kind === 'M');
  // A register, or an address with registers, is plainly no target: GNU as takes it for one without its star, and warns.
  const starless =
    /Indirect$/.test(form.name) &&
    (written[0]?.kind === 'register' || (written[0]?.kind === 'memory' && written[0].base + written[0].index > -2));
  if (written.some((o) => o.indirect) !== throughPointer && !starless) return [];
  // BSWAP of a 16-bit register is undefined, and not to be written.
  if (form.name === 'bswap' && size === 16) return [];
  const found: Match[] = [];
  for (const list of readings(form, written, size)) {
    const fields = EMPTY();
    const fits = form.operands.every((wanted, k) => fit(wanted, list[k], form, size, lenience, fields));
    // A segment register is loaded from 16 bits of memory, whatever the suffix.
    if (fits && !(form.name === 'movToSegment' && candidate.operandSize && fields.memory)) found.push(whole(fields));
  }
  return found;
}

/** All ways to read `written` (AT&T order) as one of the candidates, whose immediates may be as long as `lenience` says. */
export function matches(
  list: readonly Candidate[],
  written: readonly Operand[],
  lenience: (candidate: Candidate) => Lenience = () => 8,
): Match[] {
  const found: Match[] = [];
  for (const candidate of list) {
    const { form } = candidate;
    const sizes: readonly (16 | 32)[] = !form.sized ? [32] : candidate.operandSize ? [candidate.operandSize] : [32, 16];
    for (const size of sizes) found.push(...matchOne(candidate, written, size, lenience(candidate)));
  }
  return found;
}

/** Size class of a match as a suffix letter, '' where a suffix has no say. */
export function suffixOf(match: Match): string {
  if (match.form.name === 'movzx' || match.form.name === 'movsx') return match.form.operands[1].size;
  if (match.form.attributes.has('fpu')) return match.memory ? match.form.operands[0].size : '';
  const cls = suffixClass(match.form);
  return cls === 'b' ? 'b' : cls === 'v' ? (match.operandSize === 16 ? 'w' : 'l') : '';
}
