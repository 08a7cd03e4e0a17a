import { FORMS, type InstructionForm } from '../opcodes/index.ts';

/**
 * Instructions with operands for comparison with a processor: made from a seed, so that only the processor's answers need recording
 * (native.txt, by record.mjs on an AMD EPYC).
 */
export type Case = {
  name: string;
  form: InstructionForm;
  operandSize: 16 | 32;
  code: number[];
  /** EAX, ECX, EDX, EBX, EBP, ESI, EDI. */
  registers: number[];
  flags: number;
  esp: number;
  /** Four words at {@link DATA}. */
  memory: number[];
};

/** Where the memory operand lies, the end of what is compared after it (it starts 8 bytes before), and the code. */
export const DATA = 0x100040, DATA_END = 0x100058, CODE = 0x110000;

/** Left out: what leaves the code's place, or looks at or changes the system under it. */
const SKIPPED = new Set(['int3', 'int1', 'int', 'into', 'iret', 'ret', 'retFar', 'jmpFar', 'callFar', 'jmpIndirect', 'callIndirect', 'jmp', 'pushSegment', 'popSegment',
  'movFromSegment', 'movToSegment', 'cpuid', 'rdtsc', 'ud2', 'sldt', 'str', 'sgdt', 'sidt', 'smsw', 'verr', 'verw', 'lar', 'lsl', 'arpl', 'les', 'lds', 'lss', 'lfs', 'lgs', 'fwait']);

/** These read the stack at DATA; others have it at the compared memory's end, to write downwards. */
const POPS = new Set(['pop', 'popa', 'popf', 'leave']);

const POOL = [0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe, 0x12345678, 0x9abcdef0, 0x55aa55aa];

function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.imul(state ^ (state >>> 15), 0x9e3779b1) >>> 0;
  };
}

/** Every form that a user program can run without leaving its place, in its sizes and shapes. */
export function makeCases(perShape = 36): Case[] {
  const next = generator(1);
  const pick = (): number => (next() % 3 === 0 ? next() : POOL[next() % POOL.length]) >>> 0;
  const cases: Case[] = [];
  for (const form of FORMS) {
    const a = form.attributes;
    if (a.has('fpu') || a.has('cpl0') || a.has('io') || a.has('iopl') || (a.has('branch') && form.operands[0]?.kind !== 'J') || SKIPPED.has(form.name) || form.mandatory) continue;
    const modrm = form.modrm !== 'none';
    const registerForm = !form.operands.some((o) => o.kind === 'M'), memoryForm = form.operands.some((o) => o.kind === 'E' || o.kind === 'M');
    const string = a.has('rep') || a.has('repz');
    for (const operandSize of form.sized && !a.has('branch') ? [32, 16] as const : [32] as const) {
      for (const memory of modrm ? [...(registerForm ? [false] : []), ...(memoryForm ? [true] : [])] : [false]) {
        for (let n = 0; n < perShape; n++) {
          const registers = Array.from({ length: 7 }, pick);
          const code = operandSize === 16 ? [0x66] : [];
          if (string && n % 2 === 1) {
            code.push(n % 4 === 1 ? 0xf3 : 0xf2);
            registers[1] = next() % 4;
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
            // A memory operand is 4(%esi); a register operand any but ESP.
            let rm = next() & 7;
            if (rm === 4 && !form.operands.some((o) => o.kind === 'E' && o.size === 'b')) rm = 7;
            if (form.name === 'lea') address(code, safe, next, pick);
            else code.push((memory ? 0x46 : 0xc0 | rm) | safe << 3);
            if (memory && form.name !== 'lea') code.push(4);
            if (memory && form.name.startsWith('bt') && form.modrm === 'reg') {
              const offset = (next() % 64) - 32;
              registers[[0, 1, 2, 3, -1, 4, 5, 6][safe]] = offset >>> 0;
            }
          }
          if (memory || string) registers[5] = DATA;
          if (string) registers[6] = DATA + 4 + (next() & 4);
          for (const part of form.immediates) {
            // A branch leads over one instruction, INC EAX.
            const value = a.has('branch') ? 1 : form.name === 'enter' ? next() % (part === 'iw' ? 9 : 4) : pick();
            const bytes = part === 'ib' || part === 'jb' ? 1 : part === 'iw' || (part === 'iv' && operandSize === 16) ? 2 : 4;
            if (part === 'm') code.push(DATA & 0xff, (DATA >> 8) & 0xff, DATA >> 16, 0);
            else for (let i = 0; i < bytes; i++) code.push((value >>> (i * 8)) & 0xff);
          }
          if (/^(i?div)$/.test(form.name) && n % 2 === 0) registers[2] = n % 4 === 0 ? 0 : 0xffffffff;
          if (a.has('branch')) {
            code.push(0x40);
            if (n % 2 === 0) registers[1] = next() % 3;
          }
          if (form.name === 'leave') registers[4] = DATA + (next() & 4);
          if (form.name === 'enter') registers[4] = DATA + 8 + (next() & 12);
          if (form.name === 'xlat') registers[3] = (DATA - (registers[0] & 0xff) + next() % 16) >>> 0;
          const words = [pick(), pick(), pick(), pick()];
          // No trap flag, nothing that a user program may not or should not change.
          if (form.name === 'popf') words[0] &= 0xcd5;
          if (form.name === 'bound' && n % 3 !== 0) {
            words[0] = (words[1] & 0x8000ffff) >>> 0;
            words[1] = (words[2] | 0x7000) >>> 0;
          }
          const esp = POPS.has(form.name) ? DATA + (form.name === 'popf' ? 0 : form.name === 'popa' ? next() & 4 : next() & 12) : DATA_END;
          const flags = 0x202 | (next() & 0x8d5) | (string && n > 2 ? 0x400 : 0);
          cases.push({ name: `${form.mnemonic}${operandSize === 16 ? '/16' : ''} ${code.map((b) => b.toString(16).padStart(2, '0')).join(' ')}`,
            form, operandSize, code, registers, flags, esp, memory: words });
        }
      }
    }
  }
  return cases;
}

/** ModRM, SIB and displacement of any 32-bit address. */
function address(code: number[], reg: number, next: () => number, pick: () => number): void {
  const mod = next() % 3, rm = next() & 7, sib = next() & 0xff;
  code.push(mod << 6 | reg << 3 | rm);
  if (rm === 4) code.push(sib);
  const disp = pick(), bytes = mod === 1 ? 1 : mod === 2 || rm === 5 || (rm === 4 && (sib & 7) === 5) ? 4 : 0;
  for (let i = 0; i < bytes; i++) code.push((disp >>> (i * 8)) & 0xff);
}
