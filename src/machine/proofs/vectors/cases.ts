import { FORMS, type InstructionForm } from '../../opcodes/index.ts';
import { ADDRESS16, BOTH_16, CODE_16, FLAT, STACK16_BASE, STACK_16, type Place } from './places.ts';

/**
 * Instructions with operands for comparison with a processor: made from a seed, so that only the processor's answers need recording
 * (native.txt, by record.mjs on an AMD EPYC).
 */
export interface Case {
  name: string;
  place: Place;
  form: InstructionForm;
  operandSize: 16 | 32;
  code: number[];
  /** EAX, ECX, EDX, EBX, EBP, ESI, EDI. */
  registers: number[];
  flags: number;
  esp: number;
  /** Four words at the place's data. */
  memory: number[];
  /** EIP at the start, where it is not the code's. */
  entry?: number;
  /** Bytes of memory, from the data on, whose contents the manual leaves to the processor. */
  undefined?: readonly [number, number];
}

/** Below it lies what is pushed: so far behind the data. */
const STACK_TOP = 24;

/** Not made here: what leaves the code's place, or looks at the system under it. sequences.ts has those. */
const SKIPPED = new Set([
  'int3',
  'int1',
  'int',
  'into',
  'iret',
  'ret',
  'retFar',
  'jmpFar',
  'callFar',
  'jmpIndirect',
  'callIndirect',
  'jmp',
  'pushSegment',
  'popSegment',
  'movFromSegment',
  'movToSegment',
  'cpuid',
  'rdtsc',
  'ud2',
  'sldt',
  'str',
  'sgdt',
  'sidt',
  'smsw',
  'verr',
  'verw',
  'lar',
  'lsl',
  'arpl',
  'les',
  'lds',
  'lss',
  'lfs',
  'lgs',
  'fwait',
]);

/** These read the stack at the data; others have it at {@link STACK_TOP}, to write downwards. */
const POPS = new Set(['pop', 'popa', 'popf', 'leave']);
const USES_STACK = new Set([...POPS, 'push', 'pusha', 'pushf', 'enter', 'call']);
/** Besides memory operands, these count or index with as many bits as an address has. */
const USES_ADDRESS = new Set(['xlat', 'loop', 'loope', 'loopne', 'jecxz']);

const POOL = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe, 0x12345678, 0x9abcdef0,
  0x55aa55aa,
];

export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.imul(state ^ (state >>> 15), 0x9e3779b1) >>> 0;
  };
}

/** A number with an edge more often than not. */
export function picker(next: () => number): () => number {
  return () => (next() % 3 === 0 ? next() : POOL[next() % POOL.length]) >>> 0;
}

const isString = (form: InstructionForm): boolean => form.attributes.has('rep') || form.attributes.has('repz');
const hasMemoryForm = (form: InstructionForm): boolean => form.operands.some((o) => o.kind === 'E' || o.kind === 'M');

/** Every form that a user program can run without leaving its place, in its sizes and shapes, then those that meet 16-bit code, addresses and stacks. */
export function makeCases(): Case[] {
  const next = generator(1);
  const forms = FORMS.filter((form) => {
    const a = form.attributes;
    return !(
      a.has('fpu') ||
      a.has('cpl0') ||
      a.has('io') ||
      a.has('iopl') ||
      (a.has('branch') && form.operands[0]?.kind !== 'J') ||
      SKIPPED.has(form.name) ||
      form.mandatory
    );
  });
  const addressed = forms.filter(
    (form) => hasMemoryForm(form) || isString(form) || form.immediates[0] === 'm' || USES_ADDRESS.has(form.name),
  );
  const stack = forms.filter((form) => USES_STACK.has(form.name));
  return [
    [FLAT, forms, 36],
    [ADDRESS16, addressed, 8],
    [CODE_16, forms, 8],
    [STACK_16, stack, 12],
    [BOTH_16, stack, 12],
  ].flatMap(([place, those, times]) =>
    (those as InstructionForm[]).flatMap((form) => casesOf(form, place as Place, times as number, next)),
  );
}

function casesOf(form: InstructionForm, place: Place, times: number, next: () => number): Case[] {
  const cases: Case[] = [];
  const pick = picker(next);
  const a = form.attributes;
  const { data, code16 } = place;
  const modrm = form.modrm !== 'none';
  const string = isString(form);
  const branch = a.has('branch');
  const registerForm = !form.operands.some((o) => o.kind === 'M');
  const reachable = place.ss === FLAT.ss || !place.address16;
  const memoryForm = hasMemoryForm(form) && reachable;
  const sizes = code16 ? ([16, 32] as const) : ([32, 16] as const);
  for (const operandSize of form.sized && (code16 || !branch) ? sizes : sizes.slice(0, 1)) {
    for (const memory of modrm ? [...(registerForm ? [false] : []), ...(memoryForm ? [true] : [])] : [false]) {
      for (let n = 0; n < times; n++) {
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
        if (memory && a.has('lock') && n % 6 === 5) code.push(0xf0);
        if (form.map === 1) code.push(0x0f);
        let low = next() & 7;
        if (low === 4) low = 3;
        code.push(form.opcode + (form.plusRegister ? low : 0));
        if (modrm) {
          const reg = form.modrm === 'digit' ? form.digit : form.modrm === 'ignored' ? 0 : next() & 7;
          let safe = form.modrm === 'reg' && reg === 4 && !form.operands.some((o) => o.kind === 'G' && o.size === 'b') ? 5 : reg;
          if (safe === 6 && form.modrm === 'reg' && form.name.startsWith('bt')) safe = 7;
          // A memory operand is 4(%esi) or 4(%si); a register operand any but ESP.
          let rm = next() & 7;
          if (rm === 4 && !form.operands.some((o) => o.kind === 'E' && o.size === 'b')) rm = 7;
          if (form.name === 'lea') (address16 ? shortAddress : address)(code, safe, next, pick);
          else code.push((memory ? (address16 ? 0x44 : 0x46) : 0xc0 | rm) | (safe << 3));
          if (memory && form.name !== 'lea') code.push(4);
          if (memory && form.name.startsWith('bt') && form.modrm === 'reg') {
            const offset = (next() % 64) - 32;
            registers[[0, 1, 2, 3, -1, 4, 5, 6][safe]] = offset >>> 0;
          }
        }
        if (memory || string) registers[5] = pointer(data);
        if (string) registers[6] = pointer(data + 4 + (next() & 4));
        for (const part of form.immediates) {
          // A branch leads over one instruction, INC EAX.
          const drawn = branch ? 1 : form.name === 'enter' ? next() % (part === 'iw' ? 9 : 4) : pick();
          const value = part === 'm' ? data : drawn;
          const narrow = part === 'm' ? address16 : operandSize === 16;
          const bytes = part === 'ib' || part === 'jb' ? 1 : part === 'iw' || narrow ? 2 : 4;
          for (let i = 0; i < bytes; i++) code.push((value >>> (i * 8)) & 0xff);
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
        cases.push({
          name: `${form.mnemonic}${operandSize === 16 ? '/16' : ''} ${code.map((b) => b.toString(16).padStart(2, '0')).join(' ')}`,
          place,
          form,
          operandSize,
          code,
          registers,
          flags,
          esp,
          memory: words,
        });
      }
    }
  }
  return cases;
}

/** ModRM and displacement of any 16-bit address. */
function shortAddress(code: number[], reg: number, next: () => number, pick: () => number): void {
  const mod = next() % 3;
  const rm = next() & 7;
  const disp = pick();
  code.push((mod << 6) | (reg << 3) | rm);
  for (let i = 0; i < (mod === 1 ? 1 : mod === 2 || rm === 6 ? 2 : 0); i++) code.push((disp >>> (i * 8)) & 0xff);
}

/** ModRM, SIB and displacement of any 32-bit address. */
function address(code: number[], reg: number, next: () => number, pick: () => number): void {
  const mod = next() % 3;
  const rm = next() & 7;
  const sib = next() & 0xff;
  code.push((mod << 6) | (reg << 3) | rm);
  if (rm === 4) code.push(sib);
  const disp = pick();
  const bytes = mod === 1 ? 1 : mod === 2 || rm === 5 || (rm === 4 && (sib & 7) === 5) ? 4 : 0;
  for (let i = 0; i < bytes; i++) code.push((disp >>> (i * 8)) & 0xff);
}
