/**
 * Expressions as GNU as has them: 64-bit signed arithmetic, its own precedence (shifts bind like `*`, `|` tighter than
 * `+`), comparisons yield -1. A linear sum of symbols is kept as such, so that differences within one run of fixed
 * bytes are constants at once, as in as.
 */

/** Where a symbol stands: an offset in the fixed bytes of one fragment; distances within one cannot change. */
export interface Position {
  readonly fragment: object;
  readonly offset: number;
}

/** What an expression refers to. Owned by the symbol table; only these parts matter here. */
export interface Term {
  readonly name: string;
  /** Set for a label whose place is known. */
  position: Position | null;
  /** Set for `.set` symbols: what they stand for. */
  value: Expression | null;
}

export type Expression =
  | { readonly kind: 'sum'; readonly constant: bigint; readonly terms: readonly SignedTerm[] }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression };
interface SignedTerm {
  readonly symbol: Term;
  readonly sign: 1 | -1;
}

export const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);

/** Whether `bits` bits hold a value, with its sign or without: GNU as lets a sign bit go that does not fit, and no more. */
export const fitsBits = (value: bigint, bits: number): boolean => value > -(1n << BigInt(bits)) && value < 1n << BigInt(bits);

/** A constant expression. */
export function constant(value: bigint | number): Expression {
  return { kind: 'sum', constant: wrap(BigInt(value)), terms: [] };
}

/** A reference to a symbol; one already `.set` is replaced by what it stands for now. */
export function reference(symbol: Term): Expression {
  return symbol.value ?? { kind: 'sum', constant: 0n, terms: [{ symbol, sign: 1 }] };
}

/** The value of an expression without symbols, or null. */
export function constantOf(expression: Expression | null): bigint | null {
  return expression?.kind === 'sum' && expression.terms.length === 0 ? expression.constant : null;
}

/** The symbol and addend of `symbol + constant`, or null. */
export function symbolPlus(expression: Expression): { symbol: Term; addend: bigint } | null {
  if (expression.kind !== 'sum' || expression.terms.length !== 1 || expression.terms[0].sign !== 1) return null;
  return { symbol: expression.terms[0].symbol, addend: expression.constant };
}

function sum(constantPart: bigint, terms: readonly SignedTerm[]): Expression {
  const kept = [...terms];
  let total = constantPart;
  for (let i = 0; i < kept.length; i++) {
    const j = kept.findIndex((other, k) => k > i && other.sign !== kept[i].sign && fixedDistance(kept[i], other) !== null);
    if (j < 0) continue;
    total += fixedDistance(kept[i], kept[j]) ?? 0n;
    kept.splice(j, 1);
    kept.splice(i, 1);
    i = -1;
  }
  return { kind: 'sum', constant: wrap(total), terms: kept };
}

function fixedDistance(a: SignedTerm, b: SignedTerm): bigint | null {
  if (a.symbol === b.symbol) return 0n;
  const p = a.symbol.position;
  const q = b.symbol.position;
  if (!p || !q || p.fragment !== q.fragment) return null;
  return BigInt(a.sign * (p.offset - q.offset));
}

export function unary(operator: string, operand: Expression): Expression {
  if (operator === '+') return operand;
  if (operator === '-' && operand.kind === 'sum') {
    return sum(
      -operand.constant,
      operand.terms.map((t) => ({ symbol: t.symbol, sign: t.sign === 1 ? -1 : 1 })),
    );
  }
  const value = constantOf(operand);
  return value === null ? { kind: 'unary', operator, operand } : constant(applyUnary(operator, value));
}

export function binary(operator: string, left: Expression, right: Expression): Expression {
  if (left.kind === 'sum' && right.kind === 'sum') {
    if (operator === '+') return sum(left.constant + right.constant, [...left.terms, ...right.terms]);
    if (operator === '-') {
      const negated = right.terms.map((t): SignedTerm => ({ symbol: t.symbol, sign: t.sign === 1 ? -1 : 1 }));
      return sum(left.constant - right.constant, [...left.terms, ...negated]);
    }
  }
  let a = constantOf(left);
  let b = constantOf(right);
  if (COMPARISONS.has(operator) && left.kind === 'sum' && right.kind === 'sum' && (a === null || b === null)) {
    a = constantOf(binary('-', left, right));
    b = 0n;
  }
  if (a === null || b === null) return { kind: 'binary', operator, left, right };
  const value = applyBinary(operator, a, b);
  return value === null ? { kind: 'binary', operator, left, right } : constant(value);
}

export const isShift = (operator: string): boolean => operator === '<<' || operator === '>>';

/** Whether a shift so far leaves anything: by more, it is zero, and somebody should be told. */
export const isShiftCount = (count: bigint): boolean => count >= 0n && count <= 63n;

const COMPARISONS = new Set(['==', '!=', '<>', '<', '>', '<=', '>=']);

function applyUnary(operator: string, a: bigint): bigint {
  switch (operator) {
    case '-':
      return wrap(-a);
    case '~':
      return wrap(~a);
    default:
      return a === 0n ? 1n : 0n;
  }
}

/** null: division by zero. */
function applyBinary(operator: string, a: bigint, b: bigint): bigint | null {
  const truth = (condition: boolean): bigint => (condition ? -1n : 0n);
  switch (operator) {
    case '+':
      return wrap(a + b);
    case '-':
      return wrap(a - b);
    case '*':
      return wrap(a * b);
    case '/':
      return b === 0n ? null : wrap(a / b);
    case '%':
      return b === 0n ? null : wrap(a % b);
    case '<<':
      return isShiftCount(b) ? wrap(a << b) : 0n;
    case '>>':
      return isShiftCount(b) ? wrap(BigInt.asUintN(64, a) >> b) : 0n;
    case '|':
      return a | b;
    case '&':
      return a & b;
    case '^':
      return a ^ b;
    case '!':
      return wrap(a | ~b);
    case '==':
      return truth(a === b);
    case '!=':
    case '<>':
      return truth(a !== b);
    case '<':
      return truth(a < b);
    case '>':
      return truth(a > b);
    case '<=':
      return truth(a <= b);
    case '>=':
      return truth(a >= b);
    case '&&':
      return a !== 0n && b !== 0n ? 1n : 0n;
    default:
      return a !== 0n || b !== 0n ? 1n : 0n;
  }
}

/** What a symbol is worth at the end: its address, or a message why it has none. */
export type Resolve = (symbol: Term) => bigint | string;

/** The value of any expression, or a message why there is none. */
export function evaluate(expression: Expression, resolve: Resolve, depth = 0): bigint | string {
  if (depth > 200) return 'expression refers to itself';
  switch (expression.kind) {
    case 'sum': {
      let total = expression.constant;
      for (const { symbol, sign } of expression.terms) {
        const value = symbol.value ? evaluate(symbol.value, resolve, depth + 1) : resolve(symbol);
        if (typeof value === 'string') return value;
        total += sign === 1 ? value : -value;
      }
      return wrap(total);
    }
    case 'unary': {
      const value = evaluate(expression.operand, resolve, depth + 1);
      return typeof value === 'string' ? value : applyUnary(expression.operator, value);
    }
    case 'binary': {
      const a = evaluate(expression.left, resolve, depth + 1);
      if (typeof a === 'string') return a;
      const b = evaluate(expression.right, resolve, depth + 1);
      if (typeof b === 'string') return b;
      if (isShift(expression.operator) && !isShiftCount(b)) return `cannot shift by ${b}`;
      return applyBinary(expression.operator, a, b) ?? 'division by zero';
    }
  }
}
