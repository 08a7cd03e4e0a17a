import { FORMS, type InstructionForm, type OperandDescriptor } from '../opcodes.ts';
import { seedOf } from '#testing';
import { suffixClass } from '../mnemonics.ts';

/** Memory operands of every shape: each ModRM and SIB case, both displacement sizes and their edges, segments, 16-bit. */
const MEMORY = [
  '(%eax)',
  '4(%ebp)',
  '-128(%esp)',
  '0x12345678(%ebx,%esi,4)',
  '(,%edi,8)',
  '0x1000',
  '(%ebp)',
  '%fs:16(%ecx)',
  '(%esp)',
  '(%ebp,%eax,2)',
  '127(%edx)',
  '128(%edx)',
  '-129(%esi)',
  '(%edi,%ebp)',
  '-4(%ebp,%ecx,8)',
  '%gs:0',
  '%es:(%ebx)',
  '%ss:(%eax)',
  '%ds:(%esp)',
  '0x80000000(%eax)',
  '-1(%esp,%edx)',
  '8(,%ebp)',
  '4(%bx,%si)',
  '(%bp)',
  '0x1234(%di)',
  '%cs:-128(%bp,%di)',
  '(%si)',
];
const REGISTERS: Readonly<Record<string, readonly string[]>> = {
  b: ['al', 'cl', 'dl', 'bl', 'ah', 'ch', 'dh', 'bh'],
  w: ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'],
  d: ['eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi'],
};
const SEGMENTS = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'];
const IMMEDIATES: Readonly<Record<string, readonly string[]>> = {
  b: ['0', '1', '0x7f', '0x80', '-1', '-128', '0xff'],
  w: ['0', '2', '0x7f', '0x80', '0x7fff', '-1', '0xffff', '-129'],
  d: ['0', '3', '0x7f', '0x80', '-1', '-129', '0x12345678', '0xffffffff', '0x80000000'],
};

/** Picks from a list in turn, differently for each form, so that all combinations turn up over the table. */
class Turn {
  #n: number;
  constructor(start: number) {
    this.#n = start;
  }
  of(list: readonly string[]): string {
    return list[this.#n++ % list.length];
  }
}

function operandText(operand: OperandDescriptor, form: InstructionForm, size: 16 | 32, inMemory: boolean, turn: Turn): string {
  const letter = operand.size === 'v' ? (size === 16 ? 'w' : 'd') : operand.size;
  switch (operand.kind) {
    case 'E':
      return inMemory ? turn.of(MEMORY) : `%${turn.of(REGISTERS[letter])}`;
    case 'M':
      return turn.of(MEMORY);
    case 'R':
    case 'G':
    case 'Z':
      return `%${turn.of(REGISTERS[letter])}`;
    case 'S':
      return `%${form.name === 'movToSegment' ? turn.of(['es', 'ss', 'ds', 'fs', 'gs']) : turn.of(SEGMENTS)}`;
    case 'C':
      return `%cr${turn.of(['0', '2', '3', '4'])}`;
    case 'D':
      return `%db${turn.of(['0', '1', '2', '3', '6', '7'])}`;
    case 'I':
      return `$${turn.of(form.name === 'int' ? ['0x80', '0', '31', '255'] : form.name === 'enter' && letter === 'b' ? ['0', '1', '31'] : IMMEDIATES[letter])}`;
    case 'sI':
      return `$${turn.of(['0', '1', '0x7f', '-1', '-128'])}`;
    case 'J':
      return turn.of(form.immediates[0] === 'jv' ? ['.+200', '.-0x1234', '.+131'] : ['.', '.+40', '.-40', '.+2']);
    case 'O':
      return turn.of(['0x1000', '%fs:0x10', '4', '%es:0xfffffff0']);
    case 'A':
      return `$${turn.of(['8', '0x60', '0x1b'])},$${turn.of(size === 16 ? ['0x1000', '0xffff'] : ['0x1000', '0xc0100000'])}`;
    case 'X':
      return turn.of(['(%esi)', '%fs:(%esi)', '%ds:(%esi)']);
    case 'Y':
      return turn.of(['(%edi)', '%es:(%edi)']);
    case 'reg':
      return operand.reg === 2 && letter === 'w' ? turn.of(['%dx', '(%dx)']) : `%${REGISTERS[letter][operand.reg]}`;
    case 'segment':
      return `%${SEGMENTS[operand.reg]}`;
    case 'st0':
      return '%st';
    case 'sti':
      return `%st(${turn.of(['1', '0', '7', '3'])})`;
    case 'one':
      return turn.of(['$1', '']);
  }
}

function mnemonicText(form: InstructionForm, size: 16 | 32): string {
  const name = size === 16 ? form.att16 : form.att32;
  const memory = form.operands.find((o) => o.kind === 'M')?.size ?? '';
  if (form.name === 'cbw' || form.name === 'cwd') return name;
  if (form.attributes.has('fpu')) {
    if (memory === 'e' || memory === 'f') return name + (size === 16 ? 's' : '');
    if (/[cs]w$/.test(name) || name.startsWith('fb') || !memory) return name;
    return (
      name + (name.startsWith('fi') ? { w: 's', d: 'l', q: 'll' } : ({ d: 's', q: 'l', t: 't' } as Record<string, string>))[memory as 'd']
    );
  }
  if (form.name === 'movzx' || form.name === 'movsx') return `${name.slice(0, 4)}${form.operands[1].size}${size === 16 ? 'w' : 'l'}`;
  if (['j', 'jmp', 'set'].includes(form.name) || memory === 's' || form.operands[0]?.kind === 'J' || form.operands[0]?.kind === 'C')
    return name;
  const cls = suffixClass(form);
  return name + (cls === 'b' ? 'b' : cls === 'v' ? (size === 16 ? 'w' : 'l') : '');
}

function shapeLine(form: InstructionForm, size: 16 | 32, inMemory: boolean, turn: Turn, mnemonic = mnemonicText(form, size)): string {
  const through = /Indirect$/.test(form.name) || (/Far$/.test(form.name) && form.operands[0]?.kind === 'M') ? '*' : '';
  const texts = form.operands.map((o) => operandText(o, form, size, inMemory, turn)).filter(Boolean);
  if (form.name !== 'bound' && form.name !== 'enter') texts.reverse();
  return `${mnemonic} ${through}${texts.join(',')}`.trim();
}

/** The name without its suffix, where registers or custom tell the size; '' where they do not. */
function unsuffixed(form: InstructionForm, size: 16 | 32): string {
  if (form.attributes.has('fpu') || ['cbw', 'cwd', 'movzx', 'movsx'].includes(form.name)) return '';
  const told = form.operands.some((o) => ['E', 'G', 'Z', 'R'].includes(o.kind) || (o.kind === 'reg' && o.reg === 0));
  const moves = form.operands.some((o) => o.kind === 'X' || o.kind === 'Y');
  return told || (size === 32 && !moves) ? form.att32 : '';
}

/** Forms whose every written shape GNU as takes as something else, or not at all. */
function writable(form: InstructionForm, size: 16 | 32): boolean {
  if (form.attributes.has('alias') || form.mnemonic === 'salc') return false;
  // `movzww` and `movsww` would do nothing, and cannot be said.
  if (size === 16 && (['bswap', 'j', 'jmp', 'call'].includes(form.name) || !form.sized)) return false;
  return !(size === 16 && (form.name === 'movzx' || form.name === 'movsx') && form.operands[1].size === 'w');
}

/** How many lines a shape of a form gets: enough for every register, immediate edge or address to turn up somewhere. */
function rounds(form: InstructionForm, inMemory: boolean): number {
  if (inMemory) return ['mov', 'lea', 'add', 'fld'].includes(form.name) ? MEMORY.length : 4;
  return form.operands.length ? 3 : 1;
}

/**
 * Lines of assembly from the opcode table, operands varied systematically. A form's lines hang on that form alone: one more in the table adds its own
 * and moves none.
 */
export function instructionLines(forms: readonly InstructionForm[] = FORMS): string[] {
  const lines = new Set<string>();
  for (const form of forms) {
    for (const size of [32, 16] as const) {
      if (!writable(form, size)) continue;
      const turn = new Turn(seedOf(`${form.key} ${size}`));
      const hasE = form.operands.some((o) => o.kind === 'E');
      const hasM = form.operands.some((o) => o.kind === 'M');
      for (const inMemory of hasE ? [false, true] : [hasM]) {
        for (let i = 0; i < rounds(form, inMemory); i++) lines.add(shapeLine(form, size, inMemory, turn));
      }
      const plain = unsuffixed(form, size);
      if (plain && !hasE && !hasM) lines.add(shapeLine(form, size, false, turn, plain));
      if (plain && hasE) lines.add(shapeLine(form, size, false, turn, plain));
      if (plain && hasE && form.operands.some((o) => o.kind === 'G')) lines.add(shapeLine(form, size, true, turn, plain));
      if (form.attributes.has('lock') && form.operands[0].kind === 'E') lines.add(`lock ${shapeLine(form, size, true, turn)}`);
      if (form.attributes.has('rep')) lines.add(`rep ${mnemonicText(form, size)}`);
      if (form.attributes.has('repz')) for (const rep of ['repz', 'repnz']) lines.add(`${rep} ${mnemonicText(form, size)}`);
      if (form.attributes.has('wait')) lines.add(shapeLine(form, size, false, turn).replace(/^fn/, 'f'));
    }
  }
  return [...lines];
}
