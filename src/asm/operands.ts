import { constant, constantOf, type Expression } from './expressions.ts';
import { Scanner, SyntaxProblem, type Names } from './scanner.ts';

/** Register classes of AT&T names. */
export type RegisterClass = 'b' | 'w' | 'd' | 'segment' | 'control' | 'debug' | 'st';
export interface Register {
  readonly class: RegisterClass;
  readonly number: number;
}

export interface MemoryOperand {
  readonly kind: 'memory';
  /** ES 0 … GS 5, or -1 for none written. */
  readonly segment: number;
  readonly disp: Expression | null;
  readonly base: number;
  readonly index: number;
  readonly scale: 1 | 2 | 4 | 8;
  readonly addressSize: 16 | 32 | null;
  /** `(%dx)`, the port of IN and OUT. */
  readonly port: boolean;
}
/** An instruction operand as written. `indirect`: a `*` stood before it. */
export type Operand = (
  | { readonly kind: 'register'; readonly register: Register }
  | { readonly kind: 'immediate'; readonly value: Expression }
  | MemoryOperand
) & { readonly indirect: boolean; readonly column: number };

/** One for all: filled right here. */
const REGISTERS = new Map<string, Register>();
const add = (names: string, cls: RegisterClass): void =>
  names.split(' ').forEach((name, number) => REGISTERS.set(name, { class: cls, number }));
add('al cl dl bl ah ch dh bh', 'b');
add('ax cx dx bx sp bp si di', 'w');
add('eax ecx edx ebx esp ebp esi edi', 'd');
add('es cs ss ds fs gs', 'segment');
add('cr0 cr1 cr2 cr3 cr4 cr5 cr6 cr7', 'control');
add('dr0 dr1 dr2 dr3 dr4 dr5 dr6 dr7', 'debug');
add('db0 db1 db2 db3 db4 db5 db6 db7', 'debug');
add('st(0) st(1) st(2) st(3) st(4) st(5) st(6) st(7)', 'st');
REGISTERS.set('st', { class: 'st', number: 0 });

/** Reads `%name`, or returns null when no `%` is next. */
function register(scanner: Scanner): Register | null {
  if (scanner.peek() !== '%') return null;
  const match = /^%\s*(st\s*\(\s*[0-7]\s*\)|[a-zA-Z0-9]+)/i.exec(scanner.rest());
  const name = match?.[1].replace(/\s/g, '').toLowerCase() ?? '';
  const found = REGISTERS.get(name) ?? scanner.fail(`unknown register '%${name}'`);
  scanner.at += match?.[0].length ?? 0;
  return found;
}

/** Base and index pairs that 16-bit addressing knows, by register number. */
const PAIRS_16 = ['3,6', '3,7', '5,6', '5,7', '6,-1', '7,-1', '5,-1', '3,-1'];

/** ModRM.rm of a 16-bit base and index. */
export function rm16(base: number, index: number): number {
  return PAIRS_16.indexOf(`${base},${index}`);
}

/** The parenthesis that would be `(base,index,scale)`, if that is what is next (and not an expression's). */
function addressAhead(scanner: Scanner): boolean {
  return /^\(\s*(%|,)/.test(scanner.rest());
}

function address(scanner: Scanner, segment: number, disp: Expression | null): MemoryOperand {
  const start = scanner.at;
  const plain = { kind: 'memory', segment, disp, base: -1, index: -1, scale: 1, addressSize: null, port: false } as const;
  if (!scanner.take('(')) return plain;
  const base = register(scanner);
  let index: Register | null = null;
  let scale = 1;
  if (scanner.take(',')) {
    index = register(scanner);
    if (index ? scanner.take(',') : true) {
      scanner.space();
      const here = scanner.at;
      const value = scanner.peek() === ')' || scanner.peek() === ',' ? 1 : Number(constantOf(scanner.expression()) ?? 0n);
      if (![1, 2, 4, 8].includes(value)) scanner.fail('scale must be 1, 2, 4 or 8', here);
      scale = value;
    }
  }
  scanner.expect(')');
  const cls = base?.class ?? index?.class ?? 'd';
  if (cls === 'w' && base?.number === 2 && !index && !disp) return { ...plain, port: true };
  const fits = (r: Register | null): boolean => r === null || r.class === cls;
  if ((cls !== 'd' && cls !== 'w') || !fits(base) || !fits(index)) scanner.fail('not a valid base and index', start);
  const numbers = { base: base?.number ?? -1, index: index?.number ?? -1 };
  if (cls === 'w' && (rm16(numbers.base, numbers.index) < 0 || scale !== 1)) scanner.fail('not a valid 16-bit base and index', start);
  if (cls === 'd' && numbers.index === 4) scanner.fail('%esp cannot be an index', start);
  return { ...plain, ...numbers, scale: scale as 1 | 2 | 4 | 8, addressSize: cls === 'd' ? 32 : 16 };
}

/** Parses one operand's text, which starts at `column` of its statement. Throws SyntaxProblem. */
export function parseOperand(text: string, column: number, names: Names): Operand {
  try {
    const scanner = new Scanner(text, names);
    const indirect = scanner.take('*');
    const operand = parseInner(scanner);
    scanner.expectEnd();
    return { ...operand, indirect, column };
  } catch (problem) {
    throw problem instanceof SyntaxProblem ? new SyntaxProblem(problem.message, problem.column + column) : problem;
  }
}

function parseInner(scanner: Scanner): { kind: 'register'; register: Register } | { kind: 'immediate'; value: Expression } | MemoryOperand {
  if (scanner.take('$')) return { kind: 'immediate', value: scanner.expression() };
  const first = register(scanner);
  if (first && !(first.class === 'segment' && scanner.peek() === ':')) return { kind: 'register', register: first };
  if (first) scanner.expect(':');
  const segment = first ? first.number : -1;
  let disp: Expression | null = null;
  if (!addressAhead(scanner)) {
    disp = scanner.expression();
    const here = scanner.peek();
    if (here !== '' && here !== '(') scanner.fail(`junk after operand: '${scanner.rest()}'`);
  }
  if (disp && scanner.end) return address(scanner, segment, disp);
  const operand = address(scanner, segment, disp);
  return operand.disp === null && operand.base < 0 && operand.index < 0 && !operand.port ? { ...operand, disp: constant(0) } : operand;
}
