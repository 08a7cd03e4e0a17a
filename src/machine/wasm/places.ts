import type { Definition, Expr, Register, Statement } from '../ir/nodes.ts';
import type { LocalPool } from './lower.ts';

/** What a back end keeps in locals of the function, so that a definition's locals need none beside them. */
export interface Homes {
  /** The general register that has it, or a part of it. */
  register(register: Register): number;
  /** The result of the lazy flags. */
  readonly result: number;
}

/** What a definition says of its locals, whatever its operands are. */
interface Uses {
  /** All statements, those within others behind them. */
  readonly order: readonly Statement[];
  /** Of each local: where it is set, -1: more than once; how often code for it is written; and where last. */
  readonly at: readonly number[];
  readonly count: readonly number[];
  readonly last: readonly number[];
  /** Locals that are written where they are used, instead of being set. */
  readonly pending: ReadonlySet<number>;
}

/** One for all: what definitions say, found out once. */
const known = new WeakMap<Definition, Uses>();

/**
 * Where the locals of one instruction's definition are, or null for what is written where it is used: a register's value that is used before the register changes needs no copy, what is
 * used but once is computed there, and a result goes where the flags or the register want it. Code that engines compile in one pass is as long as it has locals.
 */
export function placesOf(definition: Definition, homes: Homes, pool: LocalPool): readonly (number | null)[] {
  const { order, at, count, last, pending } = usesOf(definition);
  const places: (number | null)[] = pool.take(definition).map((local, id) => (pending.has(id) ? null : local));
  for (const [n, s] of order.entries()) {
    if (s.k === 'getRegister' && s.size === 4 && at[s.local.id] === n) {
      const home = homes.register(s.register);
      if (!clobbered(order, n, last[s.local.id], (r) => homes.register(r) === home)) places[s.local.id] = home;
    } else if (s.k === 'load' && s.size !== 8 && at[s.local.id] === n && count[s.local.id] === 1) {
      const home = destination(order, n, s.local.id, last[s.local.id], homes);
      // Nothing that it replaces is read behind it.
      const read = (place: number | null, id: number): boolean => last[id] > n && (place === home || place === null);
      if (home !== null && !places.some(read)) places[s.local.id] = home;
    } else if (s.k === 'lazyFlags' && s.result.k === 'local' && at[s.result.id] === n - 1 && order[n - 1].k === 'set') {
      if (!order.slice(n + 1, last[s.result.id] + 1).some(changesFlags)) places[s.result.id] = homes.result;
    }
  }
  return places;
}

function usesOf(definition: Definition): Uses {
  const before = known.get(definition);
  if (before) return before;
  const order: Statement[] = [];
  const flatten = (statements: readonly Statement[]): void => {
    for (const s of statements) {
      order.push(s);
      if (s.k !== 'if') continue;
      flatten(s.then);
      flatten(s.otherwise);
    }
  };
  flatten(definition.statements);
  const at = definition.locals.map(() => Number.NaN);
  const count = definition.locals.map(() => 0);
  const last = definition.locals.map(() => -1);
  const values = new Map<number, Expr>();
  const use = (e: Expr, n: number, times = 1): void => {
    if (e.k === 'local') {
      count[e.id] += times;
      last[e.id] = n;
    } else for (const inner of operands(e)) use(inner, n, times);
  };
  for (const [n, s] of order.entries()) {
    if ('local' in s && s.local) at[s.local.id] = Number.isNaN(at[s.local.id]) ? n : -1;
    if (s.k === 'set') values.set(s.local.id, s.value);
    for (const [e, times] of used(s)) use(e, n, times);
    // The left operand may be kept, too.
    const value = s.k === 'lazyFlags' && s.result.k === 'local' ? values.get(s.result.id) : undefined;
    if (value?.k === 'binary') use(value.a, n);
  }
  const pending = new Set<number>();
  for (let n = order.length - 1; n >= 0; n--) {
    const s = order[n];
    if ((s.k !== 'set' && s.k !== 'address') || at[s.local.id] !== n || count[s.local.id] > 1) continue;
    if (s.k === 'address' && clobbered(order, n, last[s.local.id], () => true)) continue;
    pending.add(s.local.id);
    if (s.k === 'set') later(s.value, last[s.local.id], last);
  }
  const uses = { order, at, count, last, pending };
  known.set(definition, uses);
  return uses;
}

/** What an expression reads is read at a later place. */
function later(e: Expr, n: number, last: number[]): void {
  if (e.k === 'local') last[e.id] = Math.max(last[e.id], n);
  else for (const inner of operands(e)) later(inner, n, last);
}

function operands(e: Expr): readonly Expr[] {
  if (e.k === 'binary') return [e.a, e.b];
  if (e.k === 'unary') return [e.a];
  return e.k === 'select' ? [e.a, e.b, e.condition] : [];
}

/** The expressions of a statement, and how often each is written. */
function used(s: Statement): readonly (readonly [Expr, number])[] {
  switch (s.k) {
    case 'set':
    case 'setRegister':
    case 'setState':
    case 'setFlags':
      return [[s.value, 1]];
    case 'load':
    case 'access':
      return [[s.offset, 1]];
    case 'store':
      return [
        [s.offset, 1],
        [s.value, 2],
      ];
    case 'peek':
      return [[s.access, 1]];
    case 'poke':
      return [
        [s.access, 2],
        [s.value, 1],
      ];
    case 'lazyFlags':
      return [[s.result, 2], [s.source, 1], ...(s.carry ? [[s.carry, 1] as const] : [])];
    case 'carryOverflow':
      return [
        [s.carry, 2],
        [s.overflow, 2],
      ];
    case 'if':
      return [[s.condition, 1]];
    case 'checkTarget':
    case 'jump':
      return [[s.target, 1]];
    case 'call':
      return [
        [s.a, 1],
        [s.b, 1],
      ];
    default:
      return [];
  }
}

/** Whether a register changes behind a statement and before another. */
function clobbered(order: readonly Statement[], after: number, before: number, which: (register: Register) => boolean): boolean {
  for (let n = after + 1; n < before; n++) {
    const s = order[n];
    if ((s.k === 'setRegister' && which(s.register)) || (s.k === 'call' && !s.apart)) return true;
  }
  return false;
}

function changesFlags(s: Statement): boolean {
  return s.k === 'lazyFlags' || s.k === 'setFlags' || s.k === 'carryOverflow' || s.k === 'call';
}

/** The register that a value from memory is read for, where it may go there at once. */
function destination(order: readonly Statement[], from: number, id: number, to: number, homes: Homes): number | null {
  const end = order[to];
  if (end.k !== 'setRegister' || end.size !== 4 || end.value.k !== 'local' || end.value.id !== id) return null;
  const home = homes.register(end.register);
  const between = order.slice(from + 1, to);
  return between.every((s) => s.k === 'setRegister' && homes.register(s.register) !== home) ? home : null;
}
