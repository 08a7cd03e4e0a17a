/** What each verb and register of an assembly block does, in a line: the cards of the page. Sizes are left out: `movl`, `movw` and `movb` are `mov`. */

/** Verb -> what it does. */
export const verbs: Readonly<Record<string, string>> = {
  adc: 'add, and one more if the last addition carried',
  add: 'destination = destination + source',
  and: 'destination = destination & source, bit by bit',
  bsf: 'find the lowest bit that is set',
  bsr: 'find the highest bit that is set',
  bswap: 'turn the four bytes of a register round',
  bt: 'look at one bit: it goes into the carry flag',
  btr: 'look at one bit and clear it',
  bts: 'look at one bit and set it',
  call: 'push the address of the next instruction and go there; ret comes back',
  clc: 'clear the carry flag',
  cld: 'string instructions go upwards from now on',
  cli: 'no more interrupts, please. Ring 0 only',
  clts: 'clear TS, so that floating point no longer traps. Ring 0 only',
  cmc: 'turn the carry flag over',
  cmp: 'compare: subtract the source from the destination, keep the flags only',
  cmps: 'compare what ESI and EDI point to, and move both on',
  cpuid: 'ask the processor what it is: the question is in EAX',
  dec: 'one less',
  div: 'divide EDX:EAX; the quotient goes to EAX, the rest to EDX',
  faddp: 'floating point: add the two on top of the stack',
  fild: 'floating point: push an integer',
  fimul: 'floating point: multiply by an integer',
  fistp: 'floating point: pop, and store as an integer',
  fld1: 'floating point: push a one',
  fninit: 'floating point: begin afresh',
  fnsave: 'store all of the floating-point state, and begin afresh',
  frstor: 'load all of the floating-point state',
  hlt: 'stop until something happens. Ring 0 only',
  imul: 'multiply, with signs',
  in: 'read from a port',
  inc: 'one more',
  int: 'a trap on purpose, with this number',
  int3: 'breakpoint: trap 3, in one byte',
  invlpg: 'let the TLB forget one address. Ring 0 only',
  iret: 'the way back from a trap or interrupt: pop EIP, CS and flags, and the outer stack if there is one',
  ja: 'jump if above (no signs)',
  jae: 'jump if above or equal (no signs)',
  jb: 'jump if below (no signs)',
  jbe: 'jump if below or equal (no signs)',
  jc: 'jump if the carry flag is set',
  je: 'jump if equal',
  jecxz: 'jump if ECX is zero',
  jg: 'jump if greater (signed)',
  jge: 'jump if greater or equal (signed)',
  jl: 'jump if less (signed)',
  jle: 'jump if less or equal (signed)',
  jmp: 'go there',
  jnc: 'jump if the carry flag is clear',
  jne: 'jump if not equal',
  jns: 'jump if not negative',
  jnz: 'jump if the last result was not zero',
  js: 'jump if negative',
  jz: 'jump if the last result was zero',
  lar: 'what may be done with this selector? Its rights, if one may know',
  lcall: 'a far call: to another segment, or through a call gate',
  lea: 'compute an address, and do not go there',
  lgdt: 'load the address of the table of segments. Ring 0 only',
  lidt: 'load the address of the table of gates. Ring 0 only',
  ljmp: 'a far jump: to another segment',
  lldt: 'load the register of the local table of segments. Ring 0 only',
  lods: 'fetch what ESI points to, and move ESI on',
  loop: 'one off ECX, and jump unless that made it zero',
  loopnz: 'one off ECX, and jump unless that, or the last result, was zero',
  ltr: 'load the task register: this is our TSS. Ring 0 only',
  mov: 'copy the source to the destination',
  movs: 'copy from where ESI points to where EDI points, and move both on',
  movsb: 'copy a byte from where ESI points to where EDI points, and move both on',
  movsbl: 'copy one byte and widen it to four, with its sign',
  movzb: 'copy one byte and widen it with zeros',
  movzbl: 'copy one byte and widen it to four with zeros',
  movzwl: 'copy two bytes and widen them to four with zeros',
  mul: 'multiply EAX, without signs; the result fills EDX:EAX',
  neg: 'turn the sign',
  nop: 'do nothing',
  not: 'turn every bit',
  or: 'destination = destination | source, bit by bit',
  out: 'write to a port',
  pop: 'take the top word off the stack',
  popa: 'take all eight registers off the stack',
  popf: 'take the flags off the stack; outside ring 0 the interrupt flag keeps its mind, and says nothing',
  push: 'put a word onto the stack',
  pusha: 'put all eight registers onto the stack',
  pushf: 'put the flags onto the stack',
  rdtsc: 'read the time stamp counter into EDX:EAX',
  rep: 'do the next string instruction ECX times',
  repe: 'repeat while equal, at most ECX times',
  repne: 'repeat while not equal, at most ECX times',
  lock: 'nobody else touches that memory meanwhile',
  ret: 'pop an address and go there: back from a call',
  rol: 'rotate to the left',
  ror: 'rotate to the right',
  sbb: 'subtract, and one more if the last subtraction borrowed',
  scas: 'compare EAX with what EDI points to, and move EDI on',
  setc: 'one if the carry flag is set, else zero',
  sete: 'one if equal, else zero',
  setnc: 'one if the carry flag is clear, else zero',
  sgdt: 'store where the table of segments is. Allowed to everyone',
  shl: 'shift to the left: times two for each place',
  shr: 'shift to the right: halves, without signs',
  stc: 'set the carry flag',
  sti: 'interrupts are welcome again. Ring 0 only',
  stos: 'store EAX where EDI points, and move EDI on',
  sub: 'destination = destination − source',
  test: 'an and that keeps the flags only: is any of these bits set?',
  ud2: 'no instruction: trap 6, on purpose',
  vmcall: 'ask the hypervisor, in the way of later processors',
  wbinvd: 'write back and empty the caches. Ring 0 only',
  xadd: 'add, and hand back what was there before',
  xchg: 'exchange the two',
  xor: 'destination = destination ^ source; of a register with itself: zero',
};

/** Register, or the stem of its names -> what it is for. */
export const registers: Readonly<Record<string, string>> = {
  eax: 'a general register; results and the numbers of requests tend to be in it',
  ebx: 'a general register; here the second argument of a hypercall',
  ecx: 'a general register; loop and rep count in it, and it is the third argument of a hypercall',
  edx: 'a general register; here the first argument of a hypercall',
  esi: 'a general register; string instructions read where it points',
  edi: 'a general register; string instructions write where it points',
  ebp: 'a general register',
  esp: 'points to the last word on the stack',
  cs: 'code segment; its lowest two bits are the ring',
  ds: 'data segment, used where no other is named',
  es: 'a data segment; string instructions write through it',
  ss: 'stack segment',
  fs: 'a spare data segment',
  gs: 'a spare data segment, a thread’s own',
  cr0: 'the processor’s switches: protection, paging, TS',
  cr2: 'the address of the last page fault',
  cr3: 'where the page directory is',
  cr4: 'switches of later years: large and global pages',
  st: 'the floating-point stack',
};

/** Names of the lower halves and of single bytes. */
const PARTS: readonly (readonly [RegExp, (m: string) => string, string])[] = [
  [/^([abcd])l$/, (m) => `e${m}x`, 'the lowest byte of '],
  [/^([abcd])h$/, (m) => `e${m}x`, 'the second byte of '],
  [/^([abcd]x|[sd]i|[sb]p)$/, (m) => `e${m}`, 'the lower half of '],
];

/** A verb as it is written: with its size, and perhaps a prefix. */
export function tellVerb(written: string): string | undefined {
  const [first, second] = written.toLowerCase().trim().split(/\s+/);
  if (second !== undefined) {
    const [a, b] = [tellVerb(first), tellVerb(second)];
    return a === undefined || b === undefined ? (a ?? b) : `${a}: ${b}`;
  }
  return own(verbs, first) ?? (/[bwl]$/.test(first) ? own(verbs, first.slice(0, -1)) : undefined);
}

/** A register as it is written: `%eax`, `%st(1)`. */
export function tellRegister(written: string): string | undefined {
  const name = written
    .toLowerCase()
    .replace(/^%/, '')
    .replace(/\(\d\)$/, '');
  const whole = own(registers, name);
  if (whole !== undefined) return whole;
  for (const [pattern, of, what] of PARTS) {
    const match = pattern.exec(name);
    if (match !== null) return what + of(match[1]).toUpperCase();
  }
  return undefined;
}

function own(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
