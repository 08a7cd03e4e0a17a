import type { InstructionForm } from '../../opcodes/index.ts';
import { generator, picker, type Case } from './case.ts';
import { FLAT, STACK16_BASE, type Place } from './places.ts';

/** Below it lies what is pushed: so far behind the data. */
const STACK_TOP = 24;

/** These read the stack at the data; others have it at {@link STACK_TOP}, to write downwards. */
export const POPS: ReadonlySet<string> = new Set(['pop', 'popa', 'popf', 'leave']);

/** One form in one place, size and kind of operand. */
export interface DrawnShape {
  readonly form: InstructionForm;
  readonly place: Place;
  readonly operandSize: 16 | 32;
  /** The operand that ModRM names is in memory. */
  readonly memory: boolean;
}

export const isString = (form: InstructionForm): boolean => form.attributes.has('rep') || form.attributes.has('repz');

/**
 * Cases of a shape, by a seed. Which numbers are drawn, and in which order, is part of what was recorded: a change here makes the cases others, and needs the
 * processor again.
 */
export function drawCases(shape: DrawnShape, times: number, seed: number): Case[] {
  const next = generator(seed);
  return Array.from({ length: times }, (_, n) => drawCase(shape, n, next));
}

function drawCase(shape: DrawnShape, n: number, next: () => number): Case {
  const { form, place, operandSize, memory } = shape;
  const { data, code16 } = place;
  const { attributes } = form;
  const pick = picker(next);
  const string = isString(form);
  const branch = attributes.has('branch');
  // In 16-bit code every third address is a 32-bit one.
  const address16 = place.address16 && !(code16 && n % 3 === 2);
  /** A register's low half, as far as an address of this size looks. */
  const pointer = (value: number): number => (address16 ? (next() & 0xffff0000) | (value & 0xffff) : value) >>> 0;
  const registers = Array.from({ length: 7 }, pick);
  const code = (operandSize === 16) !== code16 ? [0x66] : [];
  if (address16 !== code16) code.push(0x67);
  if (string && n % 2 === 1) {
    code.push(n % 4 === 1 ? 0xf3 : 0xf2);
    registers[1] = pointer(next() % 4);
  }
  if (memory && attributes.has('lock') && n % 6 === 5) code.push(0xf0);
  if (form.mandatory) code.push(form.mandatory);
  if (form.map === 1) code.push(0x0f);
  let low = next() & 7;
  if (low === 4) low = 3;
  code.push(form.opcode + (form.plusRegister ? low : 0));
  if (form.modrm !== 'none') drawModrm(shape, address16, code, registers, next);
  if (memory || string) registers[5] = pointer(data);
  if (string) registers[6] = pointer(data + 4 + (next() & 4));
  for (const part of form.immediates) {
    // A branch leads over one instruction, INC EAX.
    const drawn = branch ? 1 : form.name === 'enter' ? next() % (part === 'iw' ? 9 : 4) : pick();
    const value = part === 'm' ? data : drawn;
    const narrow = part === 'm' ? address16 : operandSize === 16;
    append(code, value, part === 'ib' || part === 'jb' ? 1 : part === 'iw' || narrow ? 2 : 4);
  }
  if (/^(i?div)$/.test(form.name) && n % 2 === 0) registers[2] = n % 4 === 0 ? 0 : 0xffffffff;
  if (branch) {
    code.push(0x40);
    if (n % 2 === 0) registers[1] = pointer(next() % 3);
  }
  const stack16 = place.ss !== FLAT.ss;
  const inStack = (at: number): number => (stack16 ? ((next() & 0xffff0000) | (at - STACK16_BASE)) >>> 0 : at);
  if (form.name === 'leave') registers[4] = inStack(data + (next() & 4));
  if (form.name === 'enter') registers[4] = inStack(data + 8 + (next() & 12));
  if (form.name === 'xlat') registers[3] = pointer((data - (registers[0] & 0xff) + (next() % 16)) >>> 0);
  const words = [pick(), pick(), pick(), pick()];
  // No trap flag, nothing that a user program may not or should not change.
  if (form.name === 'popf') words[0] &= 0xcd5;
  if (form.name === 'bound' && n % 3 !== 0) {
    words[0] = (words[1] & 0x8000ffff) >>> 0;
    words[1] = (words[2] | 0x7000) >>> 0;
  }
  const esp = inStack(
    POPS.has(form.name) ? data + (form.name === 'popf' ? 0 : form.name === 'popa' ? next() & 4 : next() & 12) : data + STACK_TOP,
  );
  const flags = 0x202 | (next() & 0x8d5) | (string && n > 2 ? 0x400 : 0);
  const name = `${form.mnemonic}${operandSize === 16 ? '/16' : ''} ${code.map((b) => b.toString(16).padStart(2, '0')).join(' ')}`;
  return { name, place, form, operandSize, code, registers, flags, esp, memory: words };
}

/** ModRM byte and what follows it; a bit offset, where there is one, goes into its register. */
function drawModrm({ form, memory }: DrawnShape, address16: boolean, code: number[], registers: number[], next: () => number): void {
  const byBit = form.modrm === 'reg' && form.name.startsWith('bt');
  const reg = form.modrm === 'digit' ? form.digit : form.modrm === 'ignored' ? 0 : next() & 7;
  let safe = form.modrm === 'reg' && reg === 4 && !form.operands.some((o) => o.kind === 'G' && o.size === 'b') ? 5 : reg;
  if (safe === 6 && byBit) safe = 7;
  // A memory operand is 4(%esi) or 4(%si); a register operand any but ESP.
  let rm = next() & 7;
  if (rm === 4 && !form.operands.some((o) => o.kind === 'E' && o.size === 'b')) rm = 7;
  if (form.name === 'lea') {
    (address16 ? drawShortAddress : drawAddress)(code, safe, next);
    return;
  }
  code.push((memory ? (address16 ? 0x44 : 0x46) : 0xc0 | rm) | (safe << 3));
  if (!memory) return;
  code.push(4);
  if (byBit) registers[[0, 1, 2, 3, -1, 4, 5, 6][safe]] = ((next() % 64) - 32) >>> 0;
}

/** ModRM and displacement of any 16-bit address. */
function drawShortAddress(code: number[], reg: number, next: () => number): void {
  const mod = next() % 3;
  const rm = next() & 7;
  code.push((mod << 6) | (reg << 3) | rm);
  append(code, picker(next)(), mod === 1 ? 1 : mod === 2 || rm === 6 ? 2 : 0);
}

/** ModRM, SIB and displacement of any 32-bit address. */
function drawAddress(code: number[], reg: number, next: () => number): void {
  const mod = next() % 3;
  const rm = next() & 7;
  const sib = next() & 0xff;
  code.push((mod << 6) | (reg << 3) | rm);
  if (rm === 4) code.push(sib);
  append(code, picker(next)(), mod === 1 ? 1 : mod === 2 || rm === 5 || (rm === 4 && (sib & 7) === 5) ? 4 : 0);
}

function append(code: number[], value: number, bytes: number): void {
  for (let i = 0; i < bytes; i++) code.push((value >>> (i * 8)) & 0xff);
}
