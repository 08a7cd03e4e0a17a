/**
 * Expressions that a reader writes about a moment of a run: names, numbers, texts, parts of things (`cpu.lg.pgdirs[0].gpgdir`), arithmetic, comparison, `&&`, `||`, `!`, `? :`, and
 * calls of the few functions that are offered. They look and change nothing: there is no assignment, and nothing is found but what data has of its own.
 */

/** A fault in an expression, and where. */
export class ExpressionFault extends Error {
  /** First character of it, from 0. */
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** What a name stands for; undefined, as a value, for one that is known. */
export interface Scope {
  /** Whether there is such a name. */
  has(name: string): boolean;
  /** Its value; undefined where there is no such name. */
  get(name: string): unknown;
}

/** An expression that has been read. */
export type Expression = (scope: Scope) => unknown;

interface Token {
  readonly kind: 'number' | 'name' | 'text' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

const TOKEN =
  /\s*(?:(0x[0-9a-f_]+|\d[\d_]*(?:\.\d+)?)|([a-z_$][\w$]*)|("[^"]*"|'[^']*')|(>>>|===|!==|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^~!<>?:.,()[\]]))/iy;

/** From the loosest to the tightest. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!=', '===', '!=='],
  ['<', '>', '<=', '>='],
  ['<<', '>>', '>>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** All words on 32 bits come out without a sign, as the machine shows them. */
const BINARY: Readonly<Record<string, (a: never, b: never) => unknown>> = {
  '|': (a: number, b: number) => (a | b) >>> 0,
  '^': (a: number, b: number) => (a ^ b) >>> 0,
  '&': (a: number, b: number) => (a & b) >>> 0,
  '==': (a: unknown, b: unknown) => a === b,
  '===': (a: unknown, b: unknown) => a === b,
  '!=': (a: unknown, b: unknown) => a !== b,
  '!==': (a: unknown, b: unknown) => a !== b,
  '<': (a: number, b: number) => a < b,
  '>': (a: number, b: number) => a > b,
  '<=': (a: number, b: number) => a <= b,
  '>=': (a: number, b: number) => a >= b,
  '<<': (a: number, b: number) => (a << b) >>> 0,
  '>>': (a: number, b: number) => a >> b,
  '>>>': (a: number, b: number) => a >>> b,
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => a % b,
};

/**
 * Reads an expression.
 * @throws ExpressionFault where it is none
 */
export function parseExpression(text: string): Expression {
  const parser = new Parser(tokensOf(text));
  return parser.whole();
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; text.slice(at).trim() !== ''; at = TOKEN.lastIndex) {
    const found = TOKEN.exec(text);
    const begin = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
    if (found === null) throw new ExpressionFault(`“${text[begin]}” means nothing here`, begin);
    const [, number, name, quoted, sign] = found;
    const kind = number !== undefined ? 'number' : name !== undefined ? 'name' : quoted !== undefined ? 'text' : 'sign';
    tokens.push({ kind, text: number ?? name ?? quoted ?? sign, at: begin });
  }
  tokens.push({ kind: 'end', text: '', at: text.length });
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const expression = this.#choice();
    const { kind, text, at } = this.#token;
    if (kind !== 'end') throw new ExpressionFault(`“${text}” is not expected here`, at);
    return expression;
  }

  get #token(): Token {
    return this.#tokens[this.#next];
  }

  #takes(...signs: readonly string[]): Token | null {
    const token = this.#token;
    if (token.kind !== 'sign' || !signs.includes(token.text)) return null;
    this.#next++;
    return token;
  }

  #must(sign: string): void {
    if (this.#takes(sign) === null) throw new ExpressionFault(`a “${sign}” is missing`, this.#token.at);
  }

  #choice(): Expression {
    const condition = this.#level(0);
    if (this.#takes('?') === null) return condition;
    const yes = this.#choice();
    this.#must(':');
    const no = this.#choice();
    return (scope) => (condition(scope) ? yes(scope) : no(scope));
  }

  #level(n: number): Expression {
    if (n === LEVELS.length) return this.#unary();
    let left = this.#level(n + 1);
    for (let sign = this.#takes(...LEVELS[n]); sign !== null; sign = this.#takes(...LEVELS[n])) {
      const [before, right, { text }] = [left, this.#level(n + 1), sign];
      if (text === '&&') left = (scope) => before(scope) && right(scope);
      else if (text === '||') left = (scope) => before(scope) || right(scope);
      else left = (scope) => BINARY[text](before(scope) as never, right(scope) as never);
    }
    return left;
  }

  #unary(): Expression {
    const sign = this.#takes('-', '!', '~');
    if (sign === null) return this.#postfix();
    const of = this.#unary();
    if (sign.text === '-') return (scope) => -(of(scope) as number);
    return sign.text === '!' ? (scope) => !of(scope) : (scope) => ~(of(scope) as number) >>> 0;
  }

  #postfix(): Expression {
    let value = this.#primary();
    for (;;) {
      const whole = value;
      const { at } = this.#token;
      if (this.#takes('.') !== null) {
        const { kind, text } = this.#token;
        if (kind !== 'name') throw new ExpressionFault('a name is missing behind the point', this.#token.at);
        this.#next++;
        value = (scope) => partOf(whole(scope), text, at);
      } else if (this.#takes('[') !== null) {
        const index = this.#choice();
        this.#must(']');
        value = (scope) => partOf(whole(scope), index(scope), at);
      } else return value;
    }
  }

  #primary(): Expression {
    const { kind, text, at } = this.#token;
    this.#next++;
    if (kind === 'number') {
      const value = Number(text.replaceAll('_', ''));
      return () => value;
    }
    if (kind === 'text') return () => text.slice(1, -1);
    if (kind === 'name') return this.#takes('(') === null ? nameAt(text, at) : this.#call(text, at);
    if (kind === 'sign' && text === '(') {
      const inner = this.#choice();
      this.#must(')');
      return inner;
    }
    throw new ExpressionFault(kind === 'end' ? 'something is missing here' : `“${text}” is not expected here`, at);
  }

  #call(name: string, at: number): Expression {
    const given: Expression[] = [];
    if (this.#takes(')') === null) {
      do given.push(this.#choice());
      while (this.#takes(',') !== null);
      this.#must(')');
    }
    return (scope) => {
      const called = scope.has(name) ? scope.get(name) : undefined;
      if (!(called instanceof Offered)) throw new ExpressionFault(`${name} cannot be called`, at);
      return called.call(given.map((one) => one(scope)));
    };
  }
}

/** A function that expressions may call. */
export class Offered {
  readonly call: (given: readonly unknown[]) => unknown;
  constructor(call: (given: readonly unknown[]) => unknown) {
    this.call = call;
  }
}

const WORDS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null, undefined };

function nameAt(name: string, at: number): Expression {
  if (Object.hasOwn(WORDS, name)) return () => WORDS[name];
  return (scope) => {
    if (!scope.has(name)) throw new ExpressionFault(`there is no ${name} here`, at);
    return scope.get(name);
  };
}

/** A part that a thing has of its own. */
function partOf(whole: unknown, key: unknown, at: number): unknown {
  if (whole instanceof Map) return whole.get(key);
  if (typeof whole === 'string' && key === 'length') return whole.length;
  if (typeof whole !== 'object' || whole === null) throw new ExpressionFault(`${String(whole)} has no parts`, at);
  if (ArrayBuffer.isView(whole) && key === 'length') return (whole as unknown as ArrayLike<unknown>).length;
  if (typeof key !== 'string' && typeof key !== 'number') throw new ExpressionFault('a part has a name or a number', at);
  if (!Object.hasOwn(whole, key)) {
    if (Array.isArray(whole) || ArrayBuffer.isView(whole)) return undefined;
    throw new ExpressionFault(`it has no ${String(key)}`, at);
  }
  return (whole as Record<string, unknown>)[key];
}
