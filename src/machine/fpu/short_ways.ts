/**
 * The x87 instructions that have a short way in WebAssembly (x87_forms.ts of routines/), by the keys of their forms in the opcode table: the name under which
 * generated code calls it.
 */

const ARITHMETIC: readonly (readonly [string, number])[] = [
  ['Add', 0],
  ['Multiply', 1],
  ['Subtract', 4],
  ['SubtractReversed', 5],
  ['Divide', 6],
  ['DivideReversed', 7],
];

const hex = (opcode: number): string => opcode.toString(16).padStart(2, '0');

function* keys(): Generator<readonly [string, string]> {
  for (const [name, n] of ARITHMETIC) {
    yield [`d8 /${n} Md`, `x87${name}Single`];
    yield [`dc /${n} Mq`, `x87${name}Double`];
    yield [`da /${n} Md`, `x87${name}Integer`];
    yield [`d8 ${hex(0xc0 + n * 8)}+i ST0 STi`, `x87${name}`];
    for (const opcode of ['dc', 'de']) yield [`${opcode} ${hex(0xc0 + n * 8)}+i STi ST0`, `x87${name}`];
  }
  for (const n of [2, 3]) {
    yield [`d8 /${n} Md`, 'x87CompareSingle'];
    yield [`dc /${n} Mq`, 'x87CompareDouble'];
    yield [`d8 ${hex(0xc0 + n * 8)}+i STi`, 'x87Compare'];
    yield [`dd ${hex(0xd0 + n * 8)}+i STi`, 'x87Compare'];
    yield [`d9 /${n} Md`, 'x87StoreSingle'];
    yield [`dd /${n} Mq`, 'x87StoreDouble'];
    yield [`db /${n} Md`, 'x87StoreInteger32'];
    yield [`dd ${hex(0xc0 + n * 8)}+i STi`, 'x87StoreRegister'];
  }
  yield* [
    ['de d9', 'x87ComparePopTwo'],
    ['da e9', 'x87ComparePopTwo'],
    ['d9 e4', 'x87Test'],
    ['df /7 Mq', 'x87StoreInteger64'],
    ['db /7 Mt', 'x87StoreExtended'],
    ['d9 /0 Md', 'x87LoadSingle'],
    ['dd /0 Mq', 'x87LoadDouble'],
    ['db /5 Mt', 'x87LoadExtended'],
    ['df /0 Mw', 'x87LoadInteger16'],
    ['db /0 Md', 'x87LoadInteger32'],
    ['df /5 Mq', 'x87LoadInteger64'],
    ['d9 c0+i STi', 'x87LoadRegister'],
    ['d9 c8+i STi', 'x87Exchange'],
    ['d9 e8', 'x87LoadOne'],
    ['d9 ee', 'x87LoadZero'],
    ['d9 e0', 'x87ChangeSign'],
    ['d9 e1', 'x87Absolute'],
    ['d9 fa', 'x87SquareRoot'],
    ['d9 /5 Mw', 'x87LoadControl'],
  ] as const;
}

const WAYS: ReadonlyMap<string, string> = new Map(keys());

/** The name of an x87 form's short way, or of the long one. @param key of the form, see InstructionForm */
export function fpuWay(key: string): string {
  return WAYS.get(key) ?? 'fpu';
}

/** All names of short ways. */
export const FPU_WAYS: readonly string[] = [...new Set(WAYS.values())];
