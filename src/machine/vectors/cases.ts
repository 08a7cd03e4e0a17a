import { FORMS, type InstructionForm } from '../opcodes/index.ts';

/**
 * Instructions with operands for comparison with a processor: made from a seed, so that only the processor's answers need recording
 * (native.txt, by native.c on an AMD Zen 5).
 */
export type Case = {
  name: string;
  form: InstructionForm;
  operandSize: 16 | 32;
  code: number[];
  /** EAX, ECX, EDX, EBX, EBP, ESI, EDI. */
  registers: number[];
  flags: number;
  /** Four words at {@link DATA}. */
  memory: number[];
};

/** Where the memory operand lies, where the stack pointer starts, and the code. */
export const DATA = 0x100040, STACK = 0x100f00, CODE = 0x110000;

const SKIPPED = new Set(['int3', 'int1', 'int', 'pushf', 'popf', 'pushSegment', 'popSegment', 'movFromSegment', 'movToSegment', 'cpuid', 'rdtsc', 'ud2', 'sldt', 'str',
  'sgdt', 'sidt', 'smsw', 'verr', 'verw', 'lar', 'lsl', 'arpl', 'bound', 'xlat', 'leave', 'enter', 'pop', 'salc', 'aaa', 'les', 'lds', 'lss', 'lfs', 'lgs', 'lahf', 'fwait']);

const POOL = [0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe, 0x12345678, 0x9abcdef0, 0x55aa55aa];

function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.imul(state ^ (state >>> 15), 0x9e3779b1) >>> 0;
  };
}

/** Every form that a user program can run without leaving its place, in its sizes and shapes. */
export function makeCases(perShape = 6): Case[] {
  const next = generator(1);
  const pick = (): number => (next() % 3 === 0 ? next() : POOL[next() % POOL.length]) >>> 0;
  const cases: Case[] = [];
  for (const form of FORMS) {
    const a = form.attributes;
    if (a.has('fpu') || a.has('cpl0') || a.has('io') || a.has('iopl') || a.has('branch') || SKIPPED.has(form.name) || form.mandatory) continue;
    const modrm = form.modrm !== 'none';
    const registerForm = !form.operands.some((o) => o.kind === 'M'), memoryForm = form.operands.some((o) => o.kind === 'E' || o.kind === 'M');
    const string = a.has('rep') || a.has('repz');
    for (const operandSize of form.sized ? [32, 16] as const : [32] as const) {
      for (const memory of modrm ? [...(registerForm ? [false] : []), ...(memoryForm ? [true] : [])] : [false]) {
        for (let n = 0; n < perShape; n++) {
          const registers = Array.from({ length: 7 }, pick);
          const code = operandSize === 16 ? [0x66] : [];
          if (string && n % 2 === 1) {
            code.push(n % 4 === 1 ? 0xf3 : 0xf2);
            registers[1] = next() % 4;
          }
          if (form.map === 1) code.push(0x0f);
          let low = next() & 7;
          if (low === 4) low = 3;
          code.push(form.opcode + (form.plusRegister ? low : 0));
          if (modrm) {
            const reg = form.modrm === 'digit' ? form.digit : form.modrm === 'ignored' ? 0 : next() & 7;
            let safe = form.modrm === 'reg' && reg === 4 && !form.operands.some((o) => o.kind === 'G' && o.size === 'b') ? 5 : reg;
            if (safe === 6 && form.modrm === 'reg' && form.name.startsWith('bt')) safe = 7;
            // A memory operand is 4(%esi); a register operand any but ESP.
            let rm = next() & 7;
            if (rm === 4 && !form.operands.some((o) => o.kind === 'E' && o.size === 'b')) rm = 7;
            code.push((memory ? 0x46 : 0xc0 | rm) | safe << 3);
            if (memory) code.push(4);
            if (memory && form.name.startsWith('bt') && form.modrm === 'reg') {
              const offset = (next() % 64) - 32;
              registers[[0, 1, 2, 3, -1, 4, 5, 6][safe]] = offset >>> 0;
            }
          }
          if (memory || string) registers[5] = DATA;
          if (string) registers[6] = DATA + 4 + (next() & 4);
          for (const part of form.immediates) {
            const value = pick();
            const bytes = part === 'ib' ? 1 : part === 'iw' || (part === 'iv' && operandSize === 16) ? 2 : 4;
            if (part === 'm') code.push(DATA & 0xff, (DATA >> 8) & 0xff, DATA >> 16, 0);
            else for (let i = 0; i < bytes; i++) code.push((value >>> (i * 8)) & 0xff);
          }
          if (/^(i?div)$/.test(form.name) && n % 2 === 0) registers[2] = n % 4 === 0 ? 0 : 0xffffffff;
          const flags = 0x202 | (next() & 0x8d5) | (string && n > 2 ? 0x400 : 0);
          cases.push({ name: `${form.mnemonic}${operandSize === 16 ? '/16' : ''} ${code.map((b) => b.toString(16).padStart(2, '0')).join(' ')}`,
            form, operandSize, code, registers, flags, memory: [pick(), pick(), pick(), pick()] });
        }
      }
    }
  }
  return cases;
}
