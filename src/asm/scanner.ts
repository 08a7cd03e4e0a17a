import { binary, constant, constantOf, isShift, isShiftCount, reference, unary, type Expression, type Term } from './expressions.ts';
import { characterLength, escapeAt, stringEscapeAt } from './lines.ts';

/** A mistake in the source at a column of the statement (from 0). Caught by the statement loop, never seen outside. */
export class SyntaxProblem {
  readonly message: string;
  readonly column: number;
  constructor(message: string, column: number) {
    this.message = message;
    this.column = column;
  }
}

const SYMBOL_START = /[A-Za-z_.$]/;
const SYMBOL = /[A-Za-z0-9_.$]/;
const PRECEDENCE: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<>': 3,
  '<': 3,
  '>': 3,
  '<=': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '|': 5,
  '&': 5,
  '^': 5,
  '!': 5,
  '*': 6,
  '/': 6,
  '%': 6,
  '<<': 6,
  '>>': 6,
};

/** What the scanner needs to know about names while it reads an expression. */
export interface Names {
  symbol(name: string): Term;
  /** `1b`, `1f`; null when there is no such label behind. */
  local(number: string, direction: 'b' | 'f'): Term | null;
  /** A symbol for the current place (`.`). */
  dot(): Term;
  /** Hears of what is odd, at a column of the statement. */
  report(severity: 'error' | 'warning', message: string, column?: number): void;
}

/** Reads one statement from left to right. */
export class Scanner {
  readonly text: string;
  readonly names: Names;
  at: number;

  constructor(text: string, names: Names, at = 0) {
    this.text = text;
    this.names = names;
    this.at = at;
  }

  fail(message: string, column = this.at): never {
    throw new SyntaxProblem(message, column);
  }
  space(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at++;
  }
  get end(): boolean {
    this.space();
    return this.at >= this.text.length;
  }
  peek(): string {
    this.space();
    return this.text[this.at] ?? '';
  }
  rest(): string {
    this.space();
    return this.text.slice(this.at);
  }

  /** Takes `token` if it is next. */
  take(token: string): boolean {
    this.space();
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }
  expect(token: string): void {
    if (!this.take(token)) this.fail(`expected '${token}'`);
  }
  expectEnd(): void {
    if (!this.end) this.fail(`junk at end of line: '${this.rest()}'`);
  }

  /** A symbol name, plain or quoted; '' when none is next. */
  name(): string {
    this.space();
    if (this.text[this.at] === '"') return new TextDecoder('latin1').decode(Uint8Array.from(this.string()));
    if (!SYMBOL_START.test(this.text[this.at] ?? '')) return '';
    const start = this.at;
    while (this.at < this.text.length && SYMBOL.test(this.text[this.at])) this.at++;
    return this.text.slice(start, this.at);
  }

  /** A quoted string's bytes (UTF-8). */
  string(): number[] {
    const start = this.at;
    this.expect('"');
    const bytes: number[] = [];
    for (;;) {
      const point = this.text.codePointAt(this.at);
      if (point === undefined) this.fail('unterminated string', start);
      if (point === 34) {
        this.at++;
        return bytes;
      }
      if (point === 92) {
        this.at++;
        // Before a character of several bytes it says nothing.
        if (!(this.text.charCodeAt(this.at) > 127)) bytes.push(this.#escape(stringEscapeAt));
        continue;
      }
      bytes.push(...new TextEncoder().encode(String.fromCodePoint(point)));
      this.at += point > 0xffff ? 2 : 1;
    }
  }

  #escape(escape = escapeAt): number {
    const { value, length } = escape(this.text, this.at) ?? this.fail('unterminated string');
    this.at += length;
    return value;
  }

  /** An expression, or null when none is next. */
  tryExpression(): Expression | null {
    const next = this.peek();
    if (next === '' || next === ',' || next === ')') return null;
    return this.expression();
  }

  expression(minimum = 1): Expression {
    let left = this.#primary();
    for (;;) {
      const operator = this.#operator();
      const rank = operator ? PRECEDENCE[operator] : 0;
      if (!rank || rank < minimum) return left;
      this.take(operator);
      const start = this.at;
      const right = this.expression(rank + 1);
      const count = isShift(operator) ? constantOf(right) : null;
      if (count !== null && !isShiftCount(count)) this.names.report('warning', `a shift by ${count} leaves nothing`, start);
      left = binary(operator, left, right);
    }
  }

  #operator(): string {
    this.space();
    const two = this.text.slice(this.at, this.at + 2);
    if (two.length === 2 && PRECEDENCE[two]) return two;
    const one = this.text[this.at] ?? '';
    return PRECEDENCE[one] ? one : '';
  }

  #primary(): Expression {
    this.space();
    const start = this.at;
    const next = this.text[this.at] ?? '';
    if (next === '(') {
      this.at++;
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    if (next === '-' || next === '~' || next === '!' || next === '+') {
      this.at++;
      return unary(next, this.#primary());
    }
    if (next === "'") return this.#character();
    if (/[0-9]/.test(next)) return this.#number();
    if (next === '.' && !SYMBOL.test(this.text[this.at + 1] ?? '')) {
      this.at++;
      return reference(this.names.dot());
    }
    const name = this.name();
    if (name === '') this.fail(next ? `bad expression at '${this.text.slice(start)}'` : 'missing expression', start);
    return reference(this.names.symbol(name));
  }

  #character(): Expression {
    this.at++;
    let value: number;
    if (this.text[this.at] === '\\') {
      this.at++;
      if (/[0-9xX]/.test(this.text[this.at] ?? ''))
        this.names.report('warning', `no number: '\\${this.text[this.at]} is the character ${this.text[this.at]}`, this.at - 2);
      value = this.#escape();
    } else value = this.text.charCodeAt(this.at++);
    if (Number.isNaN(value)) this.fail('missing character');
    if (this.text.charCodeAt(this.at - 1) > 127) this.fail('a character of more than one byte', this.at - 1);
    if (this.text[this.at] === "'") this.at++;
    return constant(value);
  }

  /** Whether a number of 64 bits stands between `from` and here: its top bit is its own, and no sign. */
  beyondSigned(from: number): boolean {
    const numbers = this.text.slice(from, this.at).match(/\b(?:0[xX][0-9A-Fa-f]+|0[bB][01]+|[1-9][0-9]*)\b/g) ?? [];
    return numbers.some((digits) => BigInt(digits) >= 1n << 63n);
  }

  #number(): Expression {
    const start = this.at;
    const local = /^([0-9]+)([bf])(?![A-Za-z0-9_.$])/.exec(this.text.slice(this.at));
    if (local) {
      this.at += local[0].length;
      const term = this.names.local(local[1], local[2] as 'b' | 'f');
      if (!term) this.fail(`no label '${local[1]}:' before this`, start);
      return reference(term);
    }
    const match = /^(0[xX][0-9A-Fa-f]+|0[bB][01]+|[0-9]+)/.exec(this.text.slice(this.at));
    const digits = match ? match[0] : this.fail('bad number');
    this.at += digits.length;
    if (SYMBOL.test(this.text[this.at] ?? '')) this.fail(`bad number '${/^[\w.$]+/.exec(this.text.slice(start))?.[0] ?? ''}'`, start);
    const octal = /^0[0-9]+$/.test(digits);
    if (octal && /[89]/.test(digits)) this.fail(`bad octal number '${digits}'`, start);
    const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
    if (value !== BigInt.asUintN(64, value)) this.fail(`the number '${digits}' has more than 64 bits`, start);
    return constant(value);
  }

  /** Operands split at commas outside parentheses and strings: text and column of each. */
  operands(): { text: string; column: number }[] {
    const found: { text: string; column: number }[] = [];
    this.space();
    if (this.at >= this.text.length) return found;
    let depth = 0;
    let start = this.at;
    /** Behind the last character that is no blank, or a blank in quotes. */
    let solid = start;
    const push = (to: number): void => {
      const raw = this.text.slice(start, Math.max(solid, start));
      const lead = raw.length - raw.trimStart().length;
      found.push({ text: raw.trimStart(), column: start + lead });
      start = to + 1;
    };
    for (let i = this.at; i < this.text.length; i++) {
      const c = this.text[i];
      if (c === '"') {
        i++;
        while (i < this.text.length && this.text[i] !== '"') i += this.text[i] === '\\' ? 2 : 1;
      } else if (c === "'") i += characterLength(this.text, i) - 1;
      else if (c === '(') depth++;
      else if (c === ')') depth--;
      else if (c === ',' && depth === 0) {
        push(i);
        continue;
      }
      if (c !== ' ' && c !== '\t') solid = Math.min(i + 1, this.text.length);
    }
    push(this.text.length);
    this.at = this.text.length;
    return found;
  }
}
