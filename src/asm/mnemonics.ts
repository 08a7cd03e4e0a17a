import { FORMS, CONDITIONS, type InstructionForm, type OperandDescriptor } from './opcodes.ts';

/** What a written mnemonic can mean: a form, and what its spelling settles. */
export interface Candidate {
  readonly form: InstructionForm;
  /** Operand size by suffix, or null. */
  readonly operandSize: 16 | 32 | null;
  /** The spelling names the size (so that a memory operand alone is no longer ambiguous). */
  readonly suffixed: boolean;
  /** FWAIT goes before it (`fstcw`, as against `fnstcw`). */
  readonly wait: boolean;
  /** Address size the spelling asks for (`jcxz`). */
  readonly addressSize: 16 | null;
}

/** Other names of the conditions, by code. */
const CONDITION_ALIASES: readonly (readonly string[])[] = [
  [],
  [],
  ['c', 'nae'],
  ['nc', 'nb'],
  ['z'],
  ['nz'],
  ['na'],
  ['nbe'],
  [],
  [],
  ['pe'],
  ['po'],
  ['nge'],
  ['nl'],
  ['ng'],
  ['nle'],
];
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  shl: ['sal'],
  loope: ['loopz'],
  loopne: ['loopnz'],
  fwait: ['wait'],
  ud2: ['ud2a'],
  fucomip: ['fucompi'],
  fcomip: ['fcompi'],
  lret: ['retf'],
  xlat: ['xlatb'],
};

/** One for all: made of the opcode table when this module is loaded, and the same from then on. */
const table = new Map<string, Candidate[]>();

function put(name: string, form: InstructionForm, settled: Partial<Candidate> = {}): void {
  const list = table.get(name) ?? [];
  if (!list.length) table.set(name, list);
  list.push({ form, operandSize: null, suffixed: false, wait: false, addressSize: null, ...settled });
}

/** The size letter that b, w and l suffixes speak about: 'b', 'v' or ''. */
export function suffixClass(form: InstructionForm): 'b' | 'v' | '' {
  const speaks = (o: OperandDescriptor): boolean =>
    (o.size === 'b' || o.size === 'v') && !['I', 'sI', 'one', 'J'].includes(o.kind) && !(o.kind === 'reg' && o.reg !== 0);
  const found = form.operands.find(speaks);
  if (found) return found.size === 'b' ? 'b' : 'v';
  return form.sized ? 'v' : '';
}

function memorySize(form: InstructionForm): string {
  return form.operands.find((o) => o.kind === 'M')?.size ?? '';
}

/** x87 memory forms: suffixes by operand kind and size. */
function floatNames(name: string, form: InstructionForm, settled: Partial<Candidate>): void {
  const size = memorySize(form);
  const suffixed = { ...settled, suffixed: true };
  if (size === 'e' || size === 'f') {
    put(name, form, settled);
    put(`${name}l`, form, { ...suffixed, operandSize: 32 });
    put(`${name}s`, form, { ...suffixed, operandSize: 16 });
    return;
  }
  if (/cw$|sw$/.test(name) || name.startsWith('fb')) {
    put(name, form, { ...settled, suffixed: true });
    if (size === 'w') put(`${name}w`, form, suffixed);
    return;
  }
  const integer = name.startsWith('fi');
  const suffixes: Readonly<Record<string, readonly string[]>> = integer
    ? { w: ['s'], d: ['l'], q: ['ll', 'q'] }
    : { d: ['s'], q: ['l'], t: ['t'] };
  put(name, form, settled);
  for (const suffix of suffixes[size] ?? []) put(name + suffix, form, suffixed);
}

function plainNames(name: string, form: InstructionForm, settled: Partial<Candidate>): void {
  put(name, form, settled);
  const suffixed = { ...settled, suffixed: true };
  const cls = suffixClass(form);
  if (form.name === 'j' || form.operands[0]?.kind === 'J') {
    if (form.name === 'call') {
      put(`${name}w`, form, { ...suffixed, operandSize: 16 });
      put(`${name}l`, form, { ...suffixed, operandSize: 32 });
    }
    if (name.startsWith('loop')) {
      put(`${name}l`, form, suffixed);
      put(`${name}w`, form, { ...suffixed, addressSize: 16 });
    }
    return;
  }
  if (cls === 'b') put(`${name}b`, form, suffixed);
  else if (cls === 'v') {
    put(`${name}w`, form, { ...suffixed, operandSize: 16 });
    put(`${name}l`, form, { ...suffixed, operandSize: 32 });
  } else if (form.operands.some((o) => ['C', 'D'].includes(o.kind)) || form.name === 'xlat') put(`${name}l`, form, suffixed);
  else if (form.operands.some((o) => o.size === 'w' && ['E', 'M', 'S'].includes(o.kind))) put(`${name}w`, form, suffixed);
  if (form.name === 'movToSegment') put(`${name}l`, form, { ...suffixed, operandSize: 32 });
}

function extendNames(name: string, form: InstructionForm): void {
  put(name, form);
  const stem = name.slice(0, 4) + form.operands[1].size;
  put(stem, form, { suffixed: true });
  put(`${name.slice(0, 4)}x${form.operands[1].size}`, form, { suffixed: true });
  put(`${stem}l`, form, { operandSize: 32, suffixed: true });
  if (form.operands[1].size === 'b') put(`${stem}w`, form, { operandSize: 16, suffixed: true });
}

const SIGN_EXTENSIONS: Readonly<Record<string, readonly (readonly [string, 16 | 32])[]>> = {
  cbw: [
    ['cbtw', 16],
    ['cbw', 16],
    ['cwtl', 32],
    ['cwde', 32],
  ],
  cwd: [
    ['cwtd', 16],
    ['cwd', 16],
    ['cltd', 32],
    ['cdq', 32],
  ],
};

function enterForm(form: InstructionForm, name: string): void {
  const settledList: [string, Partial<Candidate>][] = [[name, {}]];
  if (form.attributes.has('wait')) settledList.push([name.replace(/^fn/, 'f'), { wait: true }]);
  for (const [spelt, settled] of settledList) {
    if (form.attributes.has('fpu') && memorySize(form)) floatNames(spelt, form, settled);
    else if (form.name === 'movzx' || form.name === 'movsx') extendNames(spelt, form);
    else plainNames(spelt, form, settled);
  }
}

for (const form of FORMS) {
  if (form.attributes.has('alias')) continue;
  const extension = SIGN_EXTENSIONS[form.name];
  if (extension) {
    for (const [name, operandSize] of extension) put(name, form, { operandSize, suffixed: true });
    continue;
  }
  if (form.mnemonic === 'salc') continue;
  enterForm(form, form.att32);
  for (const alias of ALIASES[form.att32] ?? []) enterForm(form, alias);
  if (form.cc >= 0) {
    const stem = form.mnemonic.slice(0, form.mnemonic.length - CONDITIONS[form.cc].length);
    for (const alias of CONDITION_ALIASES[form.cc]) enterForm(form, stem + alias);
  }
  if (form.name === 'jecxz') put('jcxz', form, { addressSize: 16 });
}

/** Everything a mnemonic can mean; empty when it is unknown. */
export function candidates(mnemonic: string): readonly Candidate[] {
  return table.get(mnemonic) ?? [];
}
