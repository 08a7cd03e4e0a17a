import { decode, type Instruction, type InstructionForm, type OperandDescriptor, SEGMENT_NAMES } from './opcodes.ts';
import { suffixClass } from './mnemonics.ts';

/** One disassembled instruction. */
export interface Disassembly {
  /** AT&T syntax, as `objdump -d` writes it: mnemonic padded to six characters, then operands. `(bad)` for no instruction. */
  readonly text: string;
  /** Bytes taken; at least 1. */
  readonly length: number;
  /** Where a direct jump or call goes, or null. */
  readonly target: number | null;
}

/** Names for addresses; null where there is none. */
export type Symbolize = (address: number) => string | null;

const BYTE_REGISTERS = ['al', 'cl', 'dl', 'bl', 'ah', 'ch', 'dh', 'bh'];
const WORD_REGISTERS = ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'];
const general = (size: string, n: number): string =>
  `%${size === 'b' ? BYTE_REGISTERS[n] : size === 'w' ? WORD_REGISTERS[n] : `e${WORD_REGISTERS[n]}`}`;
const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;
const signedHex = (value: number): string => (value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`);

/** b, w or d for an operand's register names. */
function registerSize(operand: OperandDescriptor, insn: Instruction): string {
  const wide = insn.form?.name === 'movToSegment' || insn.form?.name === 'lar' || insn.form?.name === 'lsl';
  if (wide && operand.kind === 'E') return insn.operandSize === 16 ? 'w' : 'd';
  return operand.size === 'v' ? (insn.operandSize === 16 ? 'w' : 'd') : operand.size;
}

function memory(insn: Instruction, emptySib: boolean): string {
  const { base, index, scale, disp, override } = insn;
  const segment = override >= 0 ? `%${SEGMENT_NAMES[override]}:` : '';
  const size = insn.addressSize === 32 ? 'd' : 'w';
  if (base < 0 && index < 0 && !emptySib) return segment + hex(insn.addressSize === 32 ? disp : disp & 0xffff);
  const inside = base < 0 ? '' : general(size, base);
  const wide = insn.addressSize === 32;
  const scaled = index >= 0 ? `,${general(size, index)}${wide ? `,${scale}` : ''}` : emptySib ? `,%eiz,${scale}` : '';
  const offset = base < 0 || insn.mod !== 0 ? signedHexOrAbsolute(disp, base) : '';
  return `${segment}${offset}(${inside}${scaled})`;
}

function signedHexOrAbsolute(disp: number, base: number): string {
  return base < 0 ? hex(disp) : signedHex(disp);
}

/** A SIB byte that names no index where none was needed: written with the %eiz pseudo-register. */
function hasEmptySib(insn: Instruction, bytes: readonly number[]): boolean {
  if (insn.addressSize !== 32 || insn.mod === 3 || insn.rm !== 4 || insn.index >= 0) return false;
  return insn.base !== 4 || insn.scale !== 1 || bytes.length === 0;
}

function immediate(insn: Instruction, operand: OperandDescriptor, value: number): string {
  const form = insn.form;
  if (operand.kind === 'sI') return `$${hex(insn.operandSize === 16 ? value & 0xffff : value)}`;
  const byte = form?.immediates[0] === 'ib' && operand.size === 'b';
  return `$${hex(byte ? value & 0xff : value)}`;
}

function operandText(
  operand: OperandDescriptor,
  insn: Instruction,
  form: InstructionForm,
  next: number,
  emptySib: boolean,
  symbolize: Symbolize,
): string {
  const size = registerSize(operand, insn);
  switch (operand.kind) {
    case 'E':
    case 'M':
    case 'R':
      return insn.mod === 3 ? general(size, insn.rm) : memory(insn, emptySib);
    case 'G':
      return general(size, insn.reg);
    case 'Z':
      return general(size, insn.rm);
    case 'reg':
      if (operand.reg === 2 && operand.size === 'w') return '(%dx)';
      return general(size, operand.reg);
    case 'S':
      return `%${SEGMENT_NAMES[insn.reg] ?? '?'}`;
    case 'segment':
      return `%${SEGMENT_NAMES[operand.reg]}`;
    case 'C':
      return `%cr${insn.reg}`;
    case 'D':
      return `%db${insn.reg}`;
    case 'st0':
      return '%st';
    case 'sti':
      return `%st(${insn.rm})`;
    case 'one':
      return '$1';
    case 'O':
      return memory(insn, false);
    case 'I':
    case 'sI':
      return immediate(insn, operand, form.name === 'enter' && operand.size === 'b' ? insn.imm2 : insn.imm);
    case 'J': {
      const target = branchTarget(insn, next);
      const name = symbolize(target);
      return name ? `${hex(target)} <${name}>` : hex(target);
    }
    case 'A':
      return `$${hex(insn.selector)},$${hex(insn.imm)}`;
    case 'X':
      return `%${SEGMENT_NAMES[insn.segment]}:(${general(insn.addressSize === 32 ? 'd' : 'w', 6)})`;
    case 'Y':
      return `%es:(${general(insn.addressSize === 32 ? 'd' : 'w', 7)})`;
  }
}

function branchTarget(insn: Instruction, next: number): number {
  const target = (next + insn.rel) >>> 0;
  return insn.operandSize === 16 ? target & 0xffff : target;
}

/** Mnemonics whose 16-bit form alone is marked, their usual size going without saying. */
const UNMARKED = new Set([
  'push',
  'pop',
  'callIndirect',
  'jmpIndirect',
  'call',
  'jmp',
  'j',
  'ret',
  'retFar',
  'iret',
  'pusha',
  'popa',
  'pushf',
  'popf',
  'leave',
  'enter',
  'pushSegment',
  'popSegment',
  'callFar',
  'jmpFar',
  'lgdt',
  'lidt',
]);

/** The mnemonic with the suffix that the operands do not already tell. */
function mnemonic(insn: Instruction, form: InstructionForm): string {
  const name = insn.operandSize === 16 ? form.att16 : form.att32;
  if (form.attributes.has('fpu')) return floatMnemonic(insn, form, name);
  if (form.name === 'movzx' || form.name === 'movsx') {
    const from = form.operands[1].size === 'b' ? 'b' : 'w';
    return `${name.slice(0, 4)}${from}${insn.operandSize === 16 ? 'w' : 'l'}`;
  }
  if (form.name === 'set') return name;
  if (form.name === 'jecxz' && insn.addressSize === 16) return 'jcxz';
  const cls = suffixClass(form);
  if (UNMARKED.has(form.name))
    return name + (insn.operandSize === 16 && !toldByRegister(insn, form) ? 'w' : form.operands[0]?.size === 's' ? 'l' : '');
  if (form.operands.some((o) => o.kind === 'X' || o.kind === 'Y')) {
    const told = form.operands.some((o) => o.kind === 'reg' && o.reg === 0);
    return told ? name : name + (cls === 'b' ? 'b' : insn.operandSize === 16 ? 'w' : 'l');
  }
  if (insn.mod === 3 || cls === '' || toldByRegister(insn, form)) return name;
  return name + (cls === 'b' ? 'b' : insn.operandSize === 16 ? 'w' : 'l');
}

function toldByRegister(insn: Instruction, form: InstructionForm): boolean {
  return form.operands.some(
    (o) => ['G', 'Z', 'R', 'S'].includes(o.kind) || (o.kind === 'E' && insn.mod === 3) || (o.kind === 'reg' && o.reg === 0),
  );
}

function floatMnemonic(insn: Instruction, form: InstructionForm, name: string): string {
  const size = insn.mod === 3 ? '' : (form.operands[0]?.size ?? '');
  if (size === 'e' || size === 'f') return insn.operandSize === 16 ? `${name}s` : name;
  if (size === '' || form.modrm === 'opcode' || /cw$|sw$/.test(name) || name.startsWith('fb')) return name;
  if (name.startsWith('fi')) return name + (size === 'w' ? 's' : size === 'd' ? 'l' : 'll');
  return name + (size === 'd' ? 's' : size === 'q' ? 'l' : 't');
}

function prefixText(insn: Instruction, form: InstructionForm): string {
  let text = '';
  if (insn.lock) text += 'lock ';
  if (insn.rep && !form.mandatory) {
    const comparing = form.attributes.has('repz');
    text += insn.rep === 0xf2 ? 'repnz ' : comparing || !form.attributes.has('rep') ? 'repz ' : 'rep ';
  }
  const usesMemory = insn.mod !== 3 || form.immediates[0] === 'm' || form.operands.some((o) => o.kind === 'X') || form.name === 'xlat';
  if (insn.override >= 0 && !usesMemory) text += `${SEGMENT_NAMES[insn.override]} `;
  if (insn.operandSize === 16 && !form.sized) text += 'data16 ';
  return text;
}

function operandsText(insn: Instruction, form: InstructionForm, next: number, emptySib: boolean, symbolize: Symbolize): string {
  const texts = form.operands.map((o) => operandText(o, insn, form, next, emptySib, symbolize));
  if (form.name === 'xlat') return `%${SEGMENT_NAMES[insn.segment]}:(${general(insn.addressSize === 32 ? 'd' : 'w', 3)})`;
  if (form.operands[form.operands.length - 1]?.kind === 'one') texts.pop();
  const keepsOrder = form.name === 'bound' || form.name === 'enter' || (form.name === 'xchg' && form.plusRegister);
  if (!keepsOrder) texts.reverse();
  const through = /Indirect$/.test(form.name) || (/Far$/.test(form.name) && form.operands[0]?.kind === 'M');
  return (through ? '*' : '') + texts.join(',');
}

/**
 * Disassembles the instruction at the start of `bytes`.
 *
 * @param address of the first byte, for jump targets.
 * @param codeSize32 false for a 16-bit code segment.
 */
export function disassemble(bytes: Uint8Array, address: number, symbolize: Symbolize = () => null, codeSize32 = true): Disassembly {
  let short = false;
  const insn = decode((i) => {
    if (i >= bytes.length) short = true;
    return bytes[i] ?? 0;
  }, codeSize32);
  const { form } = insn;
  if (!form || short || (insn.fault && !insn.lock)) return { text: '(bad)', length: 1, target: null };
  // 66 90 is XCHG AX, AX, which does nothing too.
  if (form.name === 'nop' && form.opcode === 0x90 && insn.operandSize === 16 && !insn.rep)
    return { text: 'xchg   %ax,%ax', length: insn.length, target: null };
  const next = (address + insn.length) >>> 0;
  const operands = operandsText(insn, form, next, hasEmptySib(insn, [...bytes.subarray(0, insn.length)]), symbolize);
  const head = prefixText(insn, form) + mnemonic(insn, form);
  return {
    text: operands ? `${head.padEnd(6)} ${operands}` : head,
    length: insn.length,
    target: form.operands[0]?.kind === 'J' ? branchTarget(insn, next) : null,
  };
}
