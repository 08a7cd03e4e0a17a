import { FORMS, type InstructionForm } from './parse.ts';

/** Why an instruction cannot execute: '' it can, `ud` #UD (unknown, or a wrong LOCK), `long` over 15 bytes: #GP(0). */
export type DecodeFault = '' | 'ud' | 'long';

/**
 * One decoded instruction. Registers are encoding numbers; everything 32 bits wide is a signed integer (`| 0`).
 *
 * Operands are found through `form.operands[k].kind`:
 * - `E`, `M`, `R`: memory when `mod !== 3` (base + index * scale + disp, in `segment`), else register `rm`;
 * - `G`, `S`, `C`, `D`: `reg`; `Z`: `rm`; `sti`: `rm`;
 * - `O`: the memory operand with neither base nor index, address in `disp`;
 * - `I`, `sI`: `imm` (a second one: `imm2`); `J`: `rel`; `A`: `selector`:`imm`;
 * - `X` (and XLAT): in `segment`, which is DS or the override; `Y`: always ES.
 */
export interface Instruction {
  /** null: no such instruction (`fault` is then `ud` or `long`). */
  form: InstructionForm | null;
  /** Why the bytes are no instruction; empty where they are one. */
  fault: DecodeFault;
  /** Bytes, prefixes included; for a fault, the bytes looked at. */
  length: number;
  /** In bits, prefix applied. */
  operandSize: 16 | 32;
  /** In bits, prefix applied. */
  addressSize: 16 | 32;
  /** Segment override prefix: ES 0 … GS 5, or -1. */
  override: number;
  /** Last REP prefix: 0, 0xF2 or 0xF3 (also set where it has no meaning). */
  rep: number;
  /** Under LOCK. */
  lock: boolean;
  /** ModRM's upper two bits; 3 without a ModRM byte. */
  mod: number;
  /** ModRM's middle three bits; 0 without a ModRM byte. */
  reg: number;
  /** ModRM's low three bits; without a ModRM byte the opcode's, where `+r` and `+i` forms have a register. */
  rm: number;
  /** Memory operand: the base, a general register or -1. For 16-bit addresses the sum wraps at 64 KiB. */
  base: number;
  /** The index, a general register or -1. */
  index: number;
  /** By what the index is multiplied. */
  scale: 1 | 2 | 4 | 8;
  /** The displacement. */
  disp: number;
  /** Segment of the memory operand: override, else SS (2) for an EBP or ESP base, else DS (3). */
  segment: number;
  /** Immediate: `I` zero-extended from its bytes, `sI` sign-extended; 32 bits wide always `| 0`. */
  imm: number;
  /** The second immediate, where there are two. */
  imm2: number;
  /** Displacement from the next instruction; at operand size 16 the target is taken modulo 64 KiB. */
  rel: number;
  /** Far pointer's selector. */
  selector: number;
}

const NO_FORM = -1;
/** Nobody has asked yet. */
const UNASKED = -2;
/** The byte of a mandatory prefix, and how far behind an opcode's own place is the one that it has behind that prefix. */
const F3 = 0xf3;
const AFTER_F3 = 512;

/** What an opcode may be: forms that its ModRM byte chooses among, in their order, and the choice for each byte as far as it has been asked for. */
interface Choice {
  readonly forms: InstructionForm[];
  readonly ids: Int16Array;
}

/** Forms by opcode: at map * 256 + byte, and again {@link AFTER_F3} further on, for opcodes that F3 makes something else of. */
interface Index {
  readonly forms: readonly InstructionForm[];
  /** The form's id, or NO_FORM, where no ModRM byte is needed to know. */
  readonly direct: Int16Array;
  /** Of an opcode with a ModRM byte. */
  readonly byModrm: (Choice | null)[];
}

/** @param forms each at the index that is its `id` */
function indexOf(forms: readonly InstructionForm[]): Index {
  const direct = new Int16Array(2 * AFTER_F3).fill(NO_FORM);
  const byModrm = new Array<Choice | null>(2 * AFTER_F3).fill(null);
  const choiceOf = (slot: number): Choice => (byModrm[slot] ??= { forms: [], ids: new Int16Array(256).fill(UNASKED) });
  for (const form of forms) {
    const slot = form.map * 256 + form.opcode + (form.mandatory ? AFTER_F3 : 0);
    if (form.modrm === 'none') {
      for (let r = 0; r < (form.plusRegister ? 8 : 1); r++) if (direct[slot + r] === NO_FORM) direct[slot + r] = form.id;
    } else choiceOf(slot).forms.push(form);
  }
  // Where no form of its own fits the ModRM byte, F3 says nothing, as with all other opcodes.
  for (let slot = 0; slot < AFTER_F3; slot++) byModrm[slot + AFTER_F3]?.forms.push(...(byModrm[slot]?.forms ?? []));
  return { forms, direct, byModrm };
}

/** Whether a form of an opcode is what a ModRM byte chooses. */
function matches(form: InstructionForm, byte: number): boolean {
  if (form.modrm === 'opcode') return form.plusStack ? (byte & 0xf8) === (form.digit & 0xf8) : byte === form.digit;
  if (form.modrm === 'digit' && ((byte >> 3) & 7) !== form.digit) return false;
  if (byte >= 0xc0) return !form.operands.some((o) => o.kind === 'M');
  return form.attributes.has('mod3') || !form.operands.some((o) => o.kind === 'R');
}

/** The longest an instruction may be; a longer one is #GP(0) (Intel SDM vol. 3, 6.15, interrupt 13). */
export const MAX_LENGTH = 15;

const TOO_LONG = new RangeError('instruction over 15 bytes');

type Fetch = (index: number) => number;

/** Reads the bytes of one instruction in order, each at most once, never one that is not part of it. */
class Bytes {
  at = 0;
  readonly fetch: Fetch;
  constructor(fetch: Fetch) {
    this.fetch = fetch;
  }
  u8(): number {
    if (this.at >= MAX_LENGTH) throw TOO_LONG;
    const value = this.fetch(this.at);
    this.at++;
    return value;
  }
  s8(): number {
    return (this.u8() << 24) >> 24;
  }
  u16(): number {
    const low = this.u8();
    return low | (this.u8() << 8);
  }
  s16(): number {
    return (this.u16() << 16) >> 16;
  }
  s32(): number {
    const low = this.u16();
    return low | (this.u16() << 16);
  }
}

const BASE_16 = [3, 3, 5, 5, 6, 7, 5, 3];
const INDEX_16 = [6, 7, 6, 7, -1, -1, -1, -1];
const DS = 3;
const SS = 2;
const ESP = 4;
const EBP = 5;

function memory16(insn: Instruction, bytes: Bytes): void {
  insn.base = BASE_16[insn.rm];
  insn.index = INDEX_16[insn.rm];
  if (insn.mod === 0 && insn.rm === 6) {
    insn.base = -1;
    insn.disp = bytes.u16();
  } else if (insn.mod === 1) insn.disp = bytes.s8();
  else if (insn.mod === 2) insn.disp = bytes.s16();
}

function memory32(insn: Instruction, bytes: Bytes): void {
  insn.base = insn.rm;
  if (insn.rm === 4) {
    const sib = bytes.u8();
    insn.base = sib & 7;
    const index = (sib >> 3) & 7;
    insn.index = index === 4 ? -1 : index;
    insn.scale = (1 << (sib >> 6)) as 1 | 2 | 4 | 8;
  }
  if (insn.mod === 0) {
    if (insn.base === 5) {
      insn.base = -1;
      insn.disp = bytes.s32();
    }
  } else insn.disp = insn.mod === 1 ? bytes.s8() : bytes.s32();
}

function immediates(insn: Instruction, form: InstructionForm, bytes: Bytes): void {
  const wide = insn.operandSize === 32;
  let count = 0;
  for (const part of form.immediates) {
    let value = 0;
    switch (part) {
      case 'ib':
        value = form.operands.some((o) => o.kind === 'sI') ? bytes.s8() : bytes.u8();
        break;
      case 'iw':
        value = bytes.u16();
        break;
      case 'iv':
        value = wide ? bytes.s32() : bytes.u16();
        break;
      case 'jb':
        insn.rel = bytes.s8();
        continue;
      case 'jv':
        insn.rel = wide ? bytes.s32() : bytes.s16();
        continue;
      case 'a':
        insn.imm = wide ? bytes.s32() : bytes.u16();
        insn.selector = bytes.u16();
        continue;
      case 'm':
        insn.disp = insn.addressSize === 32 ? bytes.s32() : bytes.u16();
        continue;
    }
    if (count++ === 0) insn.imm = value;
    else insn.imm2 = value;
  }
}

function prefixes(insn: Instruction, bytes: Bytes, other: 16 | 32): number {
  for (;;) {
    const byte = bytes.u8();
    switch (byte) {
      case 0x26:
      case 0x2e:
      case 0x36:
      case 0x3e:
        insn.override = (byte >> 3) & 3;
        break;
      case 0x64:
      case 0x65:
        insn.override = byte - 0x60;
        break;
      case 0x66:
        insn.operandSize = other;
        break;
      case 0x67:
        insn.addressSize = other;
        break;
      case 0xf0:
        insn.lock = true;
        break;
      case 0xf2:
      case 0xf3:
        insn.rep = byte;
        break;
      default:
        return byte;
    }
  }
}

function decodeInto(insn: Instruction, bytes: Bytes, other: 16 | 32, { forms, direct, byModrm }: Index): void {
  let slot = prefixes(insn, bytes, other);
  if (slot === 0x0f) slot = 256 + bytes.u8();
  const after = slot + AFTER_F3;
  if (insn.rep === F3 && (direct[after] !== NO_FORM || byModrm[after] !== null)) slot = after;
  const table = byModrm[slot];
  let id = direct[slot];
  if (table) {
    const modrm = bytes.u8();
    insn.mod = modrm >> 6;
    insn.reg = (modrm >> 3) & 7;
    insn.rm = modrm & 7;
    id = table.ids[modrm];
    if (id === UNASKED) id = table.ids[modrm] = table.forms.find((form) => matches(form, modrm))?.id ?? NO_FORM;
  } else insn.rm = slot & 7;
  if (id === NO_FORM) {
    insn.fault = 'ud';
    return;
  }
  const form = forms[id];
  insn.form = form;
  if (form.attributes.has('mod3')) insn.mod = 3;
  if (table && insn.mod !== 3) {
    if (insn.addressSize === 32) memory32(insn, bytes);
    else memory16(insn, bytes);
  }
  insn.segment = insn.override >= 0 ? insn.override : insn.base === ESP || insn.base === EBP ? SS : DS;
  immediates(insn, form, bytes);
  if (insn.lock && !(form.attributes.has('lock') && insn.mod !== 3)) insn.fault = 'ud';
  if (form.operands.some((o) => o.kind === 'S') && undefinedSegment(insn, form)) insn.fault = 'ud';
}

/** MOV to CS, and segment register numbers 6 and 7, do not exist (Intel SDM vol. 2, MOV). */
function undefinedSegment(insn: Instruction, form: InstructionForm): boolean {
  return insn.reg > 5 || (form.name === 'movToSegment' && insn.reg === 1);
}

/**
 * Decodes one instruction.
 *
 * @param fetch byte `index` of the instruction. Called for 0, 1, 2 … in order, once each, and only for bytes that are
 *   part of the instruction; whatever it throws (a page fault, a segment limit) passes through.
 * @param codeSize32 the D bit of the code segment: default operand and address size 32 or 16.
 */
export type Decode = (fetch: Fetch, codeSize32: boolean) => Instruction;

/** A decoder of other forms than the machine's. */
export function decoderOf(forms: readonly InstructionForm[]): Decode {
  const index = indexOf(forms);
  return (fetch, codeSize32) => decodeBy(index, fetch, codeSize32);
}

/** Decodes one instruction of the machine's. */
export const decode: Decode = decoderOf(FORMS);

function decodeBy(index: Index, fetch: Fetch, codeSize32: boolean): Instruction {
  const own = codeSize32 ? 32 : 16;
  const insn: Instruction = {
    form: null,
    fault: '',
    length: 0,
    operandSize: own,
    addressSize: own,
    override: -1,
    rep: 0,
    lock: false,
    mod: 3,
    reg: 0,
    rm: 0,
    base: -1,
    index: -1,
    scale: 1,
    disp: 0,
    segment: DS,
    imm: 0,
    imm2: 0,
    rel: 0,
    selector: 0,
  };
  const bytes = new Bytes(fetch);
  try {
    decodeInto(insn, bytes, codeSize32 ? 16 : 32, index);
  } catch (error) {
    if (error !== TOO_LONG) throw error;
    insn.form = null;
    insn.fault = 'long';
  }
  insn.length = bytes.at;
  return insn;
}

/** Whether the ModRM operand (`E`, `M`) is in memory; also true for a moffs operand. */
export function hasMemory(insn: Instruction): boolean {
  return insn.form !== null && (insn.mod !== 3 || insn.form.immediates[0] === 'm');
}
