import { constant, constantOf, fitsBits, type Expression } from './expressions.ts';
import { lenienceOf, matches, suffixOf, type Match } from './match.ts';
import { candidates, type Candidate } from './mnemonics.ts';
import type { MemoryOperand, Operand } from './operands.ts';
import { rm16 } from './operands.ts';

/** Where a symbolic value goes in an encoded instruction. */
export interface Hole {
  readonly offset: number;
  readonly size: 1 | 2 | 4;
  readonly relative: boolean;
  readonly expression: Expression;
}

/** An instruction as bytes; `jump` when its size depends on the distance (bytes then hold the prefixes only). */
export interface Encoded {
  readonly bytes: number[];
  readonly holes: Hole[];
  readonly jump: { readonly short: number; readonly near: readonly number[]; readonly wide: 2 | 4; readonly target: Expression } | null;
  readonly warnings: string[];
}

/** Prefixes written before the mnemonic on the same line. */
export interface Prefixes {
  rep: number;
  lock: boolean;
  segment: number;
  address: 16 | 32 | null;
  data: 16 | 32 | null;
}

/** Words that are prefixes: what they settle for the instruction behind them, and their byte where none follows. */
export const PREFIX_WORDS: Readonly<Record<string, Partial<Prefixes> & { byte: number }>> = {
  rep: { rep: 0xf3, byte: 0xf3 },
  repe: { rep: 0xf3, byte: 0xf3 },
  repz: { rep: 0xf3, byte: 0xf3 },
  repne: { rep: 0xf2, byte: 0xf2 },
  repnz: { rep: 0xf2, byte: 0xf2 },
  lock: { lock: true, byte: 0xf0 },
  addr16: { address: 16, byte: 0x67 },
  addr32: { address: 32, byte: 0x67 },
  data16: { data: 16, byte: 0x66 },
  data32: { data: 32, byte: 0x66 },
  es: { segment: 0, byte: 0x26 },
  cs: { segment: 1, byte: 0x2e },
  ss: { segment: 2, byte: 0x36 },
  ds: { segment: 3, byte: 0x3e },
  fs: { segment: 4, byte: 0x64 },
  gs: { segment: 5, byte: 0x65 },
};

/** A refusal, with the reason. */
export interface Refusal {
  readonly error: string;
}

const SEGMENT_BYTES = [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65];
/** Mnemonics that mean 32 bits when nothing says otherwise. */
const DEFAULT_WIDE = new Set([
  'push',
  'pop',
  'pushSegment',
  'popSegment',
  'callIndirect',
  'jmpIndirect',
  'callFar',
  'jmpFar',
  'call',
  'jmp',
  'j',
  'ret',
  'retFar',
  'enter',
  'fldenv',
  'fnstenv',
  'frstor',
  'fnsave',
  'lgdt',
  'lidt',
  'sgdt',
  'sidt',
]);

/** Collects the bytes and holes of one instruction. */
class Emitter {
  readonly bytes: number[] = [];
  readonly holes: Hole[] = [];
  readonly warnings: string[] = [];

  value(expression: Expression, size: 1 | 2 | 4, relative = false): void {
    const known = relative ? null : constantOf(expression);
    if (known === null) {
      this.holes.push({ offset: this.bytes.length, size, relative, expression });
      for (let i = 0; i < size; i++) this.bytes.push(0);
      return;
    }
    if (!fitsBits(known, size * 8)) this.warnings.push(`value ${known} does not fit in ${size * 8} bits`);
    for (let i = 0; i < size; i++) this.bytes.push(Number(BigInt.asUintN(8, known >> BigInt(8 * i))));
  }
}

/** The size of addresses where registers do not tell: the spelling's (`jcxz`, `jecxz`), a prefix's, or that of the code. */
function addressSizeOf(match: Match, prefixes: Prefixes, code: 16 | 32): 16 | 32 {
  if (match.candidate.addressSize) return match.candidate.addressSize;
  return match.memory?.addressSize ?? match.addressSize ?? prefixes.address ?? (match.form.name === 'jecxz' ? 32 : code);
}

const fitsS8 = (value: bigint): boolean => value >= -128n && value <= 127n;

function memory16(out: Emitter, reg: number, memory: MemoryOperand): void {
  const known = memory.disp ? constantOf(memory.disp) : 0n;
  // What 16 bits hold wraps; what is longer is cut where it is written, which tells.
  const disp = known === null ? null : known === BigInt.asUintN(16, known) ? BigInt.asIntN(16, known) : known;
  if (memory.base < 0) {
    out.bytes.push((reg << 3) | 6);
    out.value(memory.disp ?? ZERO, 2);
    return;
  }
  const rm = rm16(memory.base, memory.index);
  if (disp === null) {
    out.bytes.push(0x80 | (reg << 3) | rm);
    if (memory.disp) out.value(memory.disp, 2);
    return;
  }
  if (disp === 0n && rm !== 6) {
    out.bytes.push((reg << 3) | rm);
    return;
  }
  const byte = fitsS8(disp);
  out.bytes.push((byte ? 0x40 : 0x80) | (reg << 3) | rm);
  out.value({ kind: 'sum', constant: disp, terms: [] }, byte ? 1 : 2);
}

const ZERO: Expression = { kind: 'sum', constant: 0n, terms: [] };

function memory32(out: Emitter, reg: number, memory: MemoryOperand): void {
  const { base, index, scale } = memory;
  const field = reg << 3;
  const sib = (base & 7) | ((index < 0 ? 4 : index) << 3) | (Math.log2(scale) << 6);
  if (base < 0) {
    if (index < 0) out.bytes.push(field | 5);
    else out.bytes.push(field | 4, (sib & 0xf8) | 5);
    out.value(memory.disp ?? ZERO, 4);
    return;
  }
  const known = memory.disp ? constantOf(memory.disp) : 0n;
  const disp = known === null ? null : BigInt.asIntN(32, known);
  const mod = disp === null ? 0x80 : disp === 0n && base !== 5 ? 0 : fitsS8(disp) ? 0x40 : 0x80;
  if (index >= 0 || base === 4) out.bytes.push(mod | field | 4, sib);
  else out.bytes.push(mod | field | base);
  if (mod === 0) return;
  out.value(disp === null ? (memory.disp ?? ZERO) : { kind: 'sum', constant: disp, terms: [] }, mod === 0x40 ? 1 : 4);
}

function prefixBytes(match: Match, prefixes: Prefixes, code: 16 | 32): number[] {
  const bytes: number[] = [];
  if (match.candidate.wait) bytes.push(0x9b);
  const memory = match.memory;
  let segment = prefixes.segment;
  if (memory && memory.segment >= 0) {
    const byDefault = memory.base === 4 || memory.base === 5 ? 2 : 3;
    if (memory.segment !== byDefault) segment = memory.segment;
  }
  if (match.segment >= 0) segment = match.segment;
  if (segment >= 0) bytes.push(SEGMENT_BYTES[segment]);
  if ((prefixes.address ?? code) !== code || addressSizeOf(match, prefixes, code) !== code) bytes.push(0x67);
  if ((prefixes.data ?? code) !== code || (match.form.sized && match.operandSize !== code)) bytes.push(0x66);
  if (prefixes.rep) bytes.push(prefixes.rep);
  if (prefixes.lock) bytes.push(0xf0);
  return bytes;
}

function opcodeBytes(match: Match): number[] {
  const { form } = match;
  const bytes: number[] = [];
  if (form.mandatory) bytes.push(form.mandatory);
  if (form.map) bytes.push(0x0f);
  bytes.push(form.opcode + (form.plusRegister ? match.rm : 0));
  if (form.modrm === 'opcode') bytes.push(form.digit + (form.plusStack ? match.rm : 0));
  return bytes;
}

/** The encoding of one match. */
function encodeMatch(match: Match, prefixes: Prefixes, code: 16 | 32): Encoded {
  const { form } = match;
  const out = new Emitter();
  out.bytes.push(...prefixBytes(match, prefixes, code));
  const jump = relaxable(match, code);
  if (jump) return { bytes: out.bytes, holes: [], jump, warnings: [] };
  out.bytes.push(...opcodeBytes(match));
  if (form.modrm !== 'none' && form.modrm !== 'opcode') {
    const reg = form.modrm === 'reg' ? match.reg : form.digit;
    if (!match.memory) out.bytes.push(0xc0 | (reg << 3) | match.rm);
    else if (addressSizeOf(match, prefixes, code) === 16) memory16(out, reg, match.memory);
    else memory32(out, reg, match.memory);
  }
  immediates(match, out, addressSizeOf(match, prefixes, code));
  return { bytes: out.bytes, holes: out.holes, jump: null, warnings: out.warnings };
}

function immediates(match: Match, out: Emitter, addressSize: 16 | 32): void {
  const wide = match.operandSize === 32 ? 4 : 2;
  let next = 0;
  for (const part of match.form.immediates) {
    switch (part) {
      case 'm':
        out.value(match.memory?.disp ?? ZERO, addressSize === 32 ? 4 : 2);
        break;
      case 'jb':
        out.value(match.target ?? ZERO, 1, true);
        break;
      case 'jv':
        out.value(match.target ?? ZERO, wide, true);
        break;
      case 'a':
        out.value(match.immediates[0], wide);
        out.value(match.selector ?? ZERO, 2);
        break;
      case 'ib':
        out.value(match.immediates[next++], 1);
        break;
      case 'iw':
        out.value(match.immediates[next++], 2);
        break;
      case 'iv':
        out.value(match.immediates[next++], wide);
        break;
    }
  }
}

function relaxable(match: Match, code: 16 | 32): Encoded['jump'] {
  const { form, target } = match;
  if (!target || (form.name !== 'j' && form.name !== 'jmp') || constantOf(target) !== null) return null;
  const wide = code === 16 ? 2 : 4;
  return form.name === 'j'
    ? { short: 0x70 + form.cc, near: [0x0f, 0x80 + form.cc], wide, target }
    : { short: 0xeb, near: [0xe9], wide, target };
}

/** Whether a match of a `jb`/`jv` pair is the one to keep: an unknown distance is left to relaxation, a constant is near. */
function wellSized(match: Match): boolean {
  if (match.form.name !== 'j' && match.form.name !== 'jmp') return true;
  return match.form.immediates[0] === 'jv';
}

/** The matches of the one operand size that operands, suffix or custom tell; null when nothing does. */
function settleSize(found: readonly Match[], code: 16 | 32): readonly Match[] | null {
  if (found.every((m) => DEFAULT_WIDE.has(m.form.name) || m.form.operands.length === 0)) {
    const wide = found.filter((m) => m.operandSize === code);
    return wide.length ? wide : found;
  }
  return new Set(found.map(suffixOf)).size > 1 ? null : found;
}

/** Where nothing tells the size GNU as takes that of the code, of integers and floats of the x87 the shortest, and warns. */
function assumeSize(found: readonly Match[], code: 16 | 32): readonly Match[] {
  const float = found.some((m) => m.form.attributes.has('fpu'));
  const letter = code === 16 ? 'w' : 'l';
  const order = float ? ['w', 'd', 'q', 't'] : [letter, 'b'];
  const assumed = order.find((size) => found.some((m) => suffixOf(m) === size));
  return found.filter((m) => suffixOf(m) === assumed);
}

/** What is wrong with a prefix that was written: it says nothing, or its addresses are not the operand's. */
function misplaced({ address, data }: Prefixes, written: readonly Operand[], code: 16 | 32): string | null {
  if (address === code) return `prefix 'addr${code}' is redundant here`;
  if (data === code) return `prefix 'data${code}' is redundant here`;
  const other = address && written.some((o) => o.kind === 'memory' && o.addressSize === code);
  return other ? `prefix 'addr${address}', and registers that address by ${code} bits` : null;
}

/** Why nothing can be made of the operands: their kinds, or a value that is out of range. */
function misfit(mnemonic: string, list: readonly Candidate[], written: readonly Operand[]): string {
  if (!matches(list, written).length) return `operands do not fit '${mnemonic}'`;
  const values = written.flatMap((o) => (o.kind === 'immediate' ? (constantOf(o.value) ?? []) : []));
  return `'${mnemonic}' has no place for the value ${values.join(' or ')}`;
}

/** Operands with their constants as the processor has them, 32 bits; what is more than that is told. */
function within32(operands: readonly Operand[], warnings: string[]): Operand[] {
  const wrapped = <T extends Expression | null>(value: T): T | Expression => {
    const known = constantOf(value);
    if (known === null) return value;
    if (fitsBits(known, 32)) return constant(BigInt.asIntN(32, known));
    warnings.push(`value ${known} does not fit in 32 bits`);
    return constant(BigInt.asUintN(32, known));
  };
  return operands.map((operand) => {
    if (operand.kind === 'immediate') return { ...operand, value: wrapped(operand.value) };
    return operand.kind === 'memory' ? { ...operand, disp: wrapped(operand.disp) } : operand;
  });
}

/** Encodes an instruction in its shortest form; of equal ones, the first in the table, as GNU as does. */
export function encode(mnemonic: string, operands: readonly Operand[], prefixes: Prefixes, code16 = false): Encoded | Refusal {
  const long: string[] = [];
  const done = encodeWithin(mnemonic, within32(operands, long), prefixes, code16 ? 16 : 32);
  return 'error' in done ? done : { ...done, warnings: [...long, ...done.warnings] };
}

function encodeWithin(mnemonic: string, written: readonly Operand[], prefixes: Prefixes, code: 16 | 32): Encoded | Refusal {
  if (mnemonic === 'int' && written.length === 1 && written[0].kind === 'immediate' && constantOf(written[0].value) === 3n) {
    return encodeWithin('int3', [], prefixes, code);
  }
  if (written.length === 0 && /^f(add|mul|subr?|divr?)$/.test(mnemonic)) return encodeWithin(`${mnemonic}p`, [], prefixes, code);
  const stray = misplaced(prefixes, written, code);
  if (stray) return { error: stray };
  const list = candidates(mnemonic);
  if (!list.length) return { error: `no such instruction: '${mnemonic}'` };
  const all = matches(list, written, (candidate) => lenienceOf(candidate, written, prefixes.data ?? code)).filter(wellSized);
  if (!all.length) return { error: misfit(mnemonic, list, written) };
  const told = settleSize(all, prefixes.data ?? code);
  const settled = told ?? assumeSize(all, code);
  if (!settled.length) return { error: `operand size of '${mnemonic}' is not clear: no register tells it, add a suffix` };
  const found = prefixes.lock ? settled.filter((m) => m.form.attributes.has('lock') && m.memory) : settled;
  if (!found.length) return { error: `'${mnemonic}' cannot be locked` };
  const [first, ...others] = found.map((match) => encodeMatch(match, prefixes, code));
  const best = others.reduce((shortest, other) => (other.bytes.length < shortest.bytes.length ? other : shortest), first);
  if (/Indirect$/.test(settled[0].form.name) && !written.some((o) => o.indirect)) best.warnings.push(`indirect ${mnemonic} without '*'`);
  if (told) return best;
  return {
    ...best,
    warnings: [...best.warnings, `operand size of '${mnemonic}' is not clear: taken as '${suffixOf(settled[0])}', add a suffix`],
  };
}
