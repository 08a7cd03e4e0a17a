import { OPCODE_TABLE } from './table.ts';

/** Letters of the operand descriptors, as in {@link OPCODE_TABLE}; `reg`, `segment`, `st0`, `sti`, `one` are fixed operands. */
export type OperandKind =
  | 'E'
  | 'M'
  | 'R'
  | 'G'
  | 'Z'
  | 'I'
  | 'sI'
  | 'J'
  | 'O'
  | 'A'
  | 'S'
  | 'C'
  | 'D'
  | 'X'
  | 'Y'
  | 'reg'
  | 'segment'
  | 'st0'
  | 'sti'
  | 'one';

/**
 * Size letter of an operand: `b w d q t` 1, 2, 4, 8, 10 bytes; `v` the instruction's operand size; `p` far pointer;
 * `a` pair of v; `s` pseudo-descriptor; `e` x87 environment; `f` x87 state; '' none (an address only).
 * x87 stack registers have `t`.
 */
export type SizeLetter = 'b' | 'w' | 'd' | 'q' | 't' | 'v' | 'p' | 'a' | 's' | 'e' | 'f' | '';

/** One operand of a form. */
export interface OperandDescriptor {
  /** Where it is. */
  readonly kind: OperandKind;
  /** How wide. */
  readonly size: SizeLetter;
  /** `reg`: general register number (0 = AL/AX/EAX, 1 = CL, 2 = DX); `segment`: ES 0 … GS 5; otherwise 0. */
  readonly reg: number;
}

/** What else is known of a form, one word each: see {@link OPCODE_TABLE}. */
const ATTRIBUTES = [
  'lock',
  'rep',
  'repz',
  'fpu',
  'cpl0',
  'mod3',
  'sized',
  'system',
  'alias',
  'wait',
  'branch',
  'conditional',
  'alone',
  'exact',
  'mild',
  'interpreted',
] as const;
/** One word of what else is known of a form: see {@link OPCODE_TABLE}. */
export type Attribute = (typeof ATTRIBUTES)[number];

/** What an attribute implies: others, of which the form must have one. */
const IMPLIED: readonly [Attribute, readonly Attribute[]][] = [
  ['conditional', ['branch']],
  ['exact', ['alone']],
  ['mild', ['alone']],
  ['wait', ['fpu']],
];

/** How the ModRM byte takes part: none, reg is an operand, reg extends the opcode (`digit`), reg ignored, or the whole byte is opcode. */
export type ModrmUse = 'none' | 'reg' | 'digit' | 'ignored' | 'opcode';

/** Immediate parts that follow ModRM, SIB and displacement, in this order. */
export type ImmediatePart = 'ib' | 'iw' | 'iv' | 'jb' | 'jv' | 'a' | 'm';

/** One line of the table (a `{cc}` line gives sixteen forms). */
export interface InstructionForm {
  /** Index in {@link FORMS}: small, dense; stable for one table. */
  readonly id: number;
  /** Encoding and operands as the table has them, conditions resolved (`0f 95 /x Eb`): no two forms share it, and it stays when lines come, go or move. */
  readonly key: string;
  /** Semantic name: what back ends key on. Conditions are `j`, `set`, `cmov` plus {@link cc}. */
  readonly name: string;
  /** Intel mnemonic, conditions spelt out (`jne`). */
  readonly mnemonic: string;
  /** AT&T mnemonic without size suffix, for 16-bit operand size. */
  readonly att16: string;
  /** For 32-bit operand size; mostly the same. */
  readonly att32: string;
  /** Condition code 0-15, or -1. */
  readonly cc: number;
  /** 0 one-byte map, 1 the 0F map. */
  readonly map: 0 | 1;
  /** Opcode byte in its map (the first of the eight for `+r`). */
  readonly opcode: number;
  /** Mandatory prefix (0xF3 for PAUSE) or 0. */
  readonly mandatory: number;
  /** Register in the opcode's low three bits (`Z` operand). */
  readonly plusRegister: boolean;
  /** How the ModRM byte takes part. */
  readonly modrm: ModrmUse;
  /** ModRM.reg for `digit` (0 for `ignored`); for `opcode` the whole byte. */
  readonly digit: number;
  /** `opcode` forms: ST(i) in the byte's low three bits. */
  readonly plusStack: boolean;
  /** What follows the address, in order. */
  readonly immediates: readonly ImmediatePart[];
  /** Destination first, as the Intel manual writes them. */
  readonly operands: readonly OperandDescriptor[];
  /** What else is known of it. */
  readonly attributes: ReadonlySet<Attribute>;
  /**
   * True where the operand size (66 prefix) changes what the form does: an operand of `v`, `p`, `a`, `s`, `e`, `f` size, an immediate
   * sign-extended to it, or an implicit one.
   */
  readonly sized: boolean;
}

/** Names of the condition codes 0-15. */
export const CONDITIONS: readonly string[] = ['o', 'no', 'b', 'ae', 'e', 'ne', 'be', 'a', 's', 'ns', 'p', 'np', 'l', 'ge', 'le', 'g'];
/** Names of the segment registers 0-5. */
export const SEGMENT_NAMES: readonly string[] = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'];

const FIXED: Readonly<Record<string, OperandDescriptor>> = {
  AL: { kind: 'reg', size: 'b', reg: 0 },
  CL: { kind: 'reg', size: 'b', reg: 1 },
  AX: { kind: 'reg', size: 'w', reg: 0 },
  DX: { kind: 'reg', size: 'w', reg: 2 },
  eAX: { kind: 'reg', size: 'v', reg: 0 },
  ST0: { kind: 'st0', size: 't', reg: 0 },
  STi: { kind: 'sti', size: 't', reg: 0 },
  1: { kind: 'one', size: 'b', reg: 0 },
};

function isAttribute(word: string): word is Attribute {
  return (ATTRIBUTES as readonly string[]).includes(word);
}

/** @throws where attributes, operands and each other do not go together */
function checkAttributes(line: string, attributes: ReadonlySet<Attribute>, operands: readonly OperandDescriptor[]): void {
  const check = (ok: boolean, what: string): void => {
    if (!ok) throw new Error(`opcode table: ${what}: ${line}`);
  };
  for (const [attribute, others] of IMPLIED)
    check(!attributes.has(attribute) || others.some((other) => attributes.has(other)), `${attribute} without ${others.join(' or ')}`);
  check(!(attributes.has('exact') && attributes.has('mild')), 'exact and mild');
  check(!(attributes.has('rep') && attributes.has('repz')), 'rep and repz');
  const kinds = operands.map((o) => o.kind);
  check(!attributes.has('lock') || kinds[0] === 'E' || kinds[0] === 'M', 'lock without memory to write');
  check(
    (attributes.has('rep') || attributes.has('repz')) === (kinds.includes('X') || kinds.includes('Y')),
    'a string instruction has rep or repz',
  );
  check(!attributes.has('mod3') || kinds.includes('R'), 'mod3 without a register');
  check(!attributes.has('sized') || !operands.some(isSized), 'sized, though an operand is');
}

/** Whether an operand's size is the instruction's. */
function isSized({ kind, size }: OperandDescriptor): boolean {
  return kind === 'sI' || (size !== '' && 'vpaefs'.includes(size));
}

function parseOperand(text: string): OperandDescriptor {
  const fixed = FIXED[text];
  if (fixed) return fixed;
  const segment = SEGMENT_NAMES.indexOf(text.toLowerCase());
  if (segment >= 0) return { kind: 'segment', size: 'w', reg: segment };
  const match = /^(sI|[A-Z])([a-z]?)$/.exec(text);
  if (!match) throw new Error(`opcode table: operand ${text}`);
  return { kind: match[1] as OperandKind, size: match[2] as SizeLetter, reg: 0 };
}

type Encoding = Pick<InstructionForm, 'map' | 'mandatory' | 'plusRegister' | 'modrm' | 'digit' | 'plusStack' | 'immediates'> & {
  opcode: number;
  plusCondition: boolean;
};

function parseEncoding(text: string): Encoding {
  const bytes: number[] = [];
  const immediates: ImmediatePart[] = [];
  let modrm: ModrmUse = 'none';
  let digit = 0;
  let plus = '';
  for (const token of text.split(' ')) {
    const byte = /^([0-9A-Fa-f]{2})(?:\+(r|cc|i))?$/.exec(token);
    if (byte) {
      bytes.push(parseInt(byte[1], 16));
      plus = byte[2] ?? plus;
    } else if (token === '/r') modrm = 'reg';
    else if (token === '/x') modrm = 'ignored';
    else if (/^\/[0-7]$/.test(token)) {
      modrm = 'digit';
      digit = Number(token[1]);
    } else if (/^(ib|iw|iv|jb|jv|a|m)$/.test(token)) immediates.push(token as ImmediatePart);
    else throw new Error(`opcode table: encoding ${text}`);
  }
  const mandatory = bytes.length > 1 && bytes[0] === 0xf3 ? (bytes.shift() ?? 0) : 0;
  const map = bytes.length > 1 && bytes[0] === 0x0f ? 1 : 0;
  if (map) bytes.shift();
  if (bytes.length === 2) {
    modrm = 'opcode';
    digit = bytes[1];
  }
  return {
    map,
    mandatory,
    opcode: bytes[0],
    plusRegister: plus === 'r',
    plusCondition: plus === 'cc',
    modrm,
    digit,
    plusStack: plus === 'i',
    immediates,
  };
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Parses the table's language; throws only on a mistake in the table itself. */
export function parseTable(table: string): InstructionForm[] {
  const forms: InstructionForm[] = [];
  for (const line of table.split('\n')) {
    if (!line.trim()) continue;
    const [mnemonic, encodingText, operandText, attributeText = ''] = line.split('|').map((part) => part.trim());
    const { plusCondition, ...encoding } = parseEncoding(encodingText);
    const operands = operandText ? operandText.split(' ').map(parseOperand) : [];
    const attributes = new Set<Attribute>();
    let name = '';
    let att = '';
    for (const word of attributeText.split(' ').filter(Boolean)) {
      if (word.startsWith('sem=')) name = word.slice(4);
      else if (word.startsWith('att=')) att = word.slice(4);
      else if (isAttribute(word)) attributes.add(word);
      else throw new Error(`opcode table: what is ${word}? ${line}`);
    }
    checkAttributes(line, attributes, operands);
    for (let cc = plusCondition ? 0 : -1; cc < (plusCondition ? 16 : 0); cc++) {
      const spelt = cc < 0 ? mnemonic : mnemonic.replace('{cc}', CONDITIONS[cc]);
      const [att16, att32 = att16] = (att || spelt).split('/');
      const semantic = name || spelt;
      forms.push({
        ...encoding,
        id: forms.length,
        key: [encodingText.toLowerCase().replace(/([0-9a-f]{2})\+cc/, () => hex(encoding.opcode + cc)), operandText].join(' ').trim(),
        name: semantic,
        mnemonic: spelt,
        att16,
        att32,
        cc,
        opcode: encoding.opcode + Math.max(cc, 0),
        operands,
        attributes,
        sized: attributes.has('sized') || operands.some(isSized),
      });
    }
  }
  const keys = new Set<string>();
  for (const { key } of forms) {
    if (keys.has(key)) throw new Error(`opcode table: ${key} stands there twice`);
    keys.add(key);
  }
  return forms;
}

/** Every form, `FORMS[id].id === id`. */
export const FORMS: readonly InstructionForm[] = parseTable(OPCODE_TABLE);

/**
 * Bytes of an operand at an operand size of 16 or 32 bits. 0 for an address without access (`lea`, `invlpg`).
 * BOUND's pair counts both words; a far pointer its offset and selector.
 */
export function sizeInBytes(size: SizeLetter, operandSize: 16 | 32): number {
  const v = operandSize >> 3;
  switch (size) {
    case 'b':
      return 1;
    case 'w':
      return 2;
    case 'd':
      return 4;
    case 'q':
      return 8;
    case 't':
      return 10;
    case 'v':
      return v;
    case 'p':
      return v + 2;
    case 'a':
      return v * 2;
    case 's':
      return 6;
    case 'e':
      return v === 2 ? 14 : 28;
    case 'f':
      return v === 2 ? 94 : 108;
    case '':
      return 0;
  }
}
