import { Values } from '../ir/values.ts';
import type { Expr, Local, Size, Type } from '../ir/nodes.ts';
import { Code, I32, I64 } from '../wasm/encoder.ts';
import { pushExpr } from '../wasm/expressions.ts';
import { LOADS, STORES } from '../wasm/lower.ts';

/** Memory offset: known, or computed, to which a constant is added. */
type Place = number | Expr;

/** Writes the body of one routine: a WebAssembly function of i32 parameters that returns an i32. Values within may be i64. */
export class Routine extends Values {
  readonly code: Code;
  readonly #parameters: number;
  readonly #function: (name: string) => number;
  readonly #slow: string | null;

  /**
   * @param find index of a function by its name
   * @param slow what takes the same arguments and knows every case; null: the routine returns 0
   */
  constructor(parameters: number, find: (name: string) => number, slow: string | null) {
    super();
    this.code = new Code(parameters);
    this.#parameters = parameters;
    this.#function = find;
    this.#slow = slow;
  }

  parameter(n: number): Local {
    return { k: 'local', type: 'i32', id: n };
  }
  #push(e: Expr | number): void {
    pushExpr(
      this.code,
      this.value(e, 'i32'),
      (id) => void this.code.get(id),
      (name) => {
        throw new Error(`a routine has no ${name}`);
      },
    );
  }
  #local(type: Type = 'i32'): Local {
    return { k: 'local', type, id: this.code.local(type === 'i64' ? I64 : I32) };
  }

  let(value: Expr | number): Local {
    const local = this.#local(typeof value === 'number' ? 'i32' : value.type);
    this.#push(value);
    this.code.set(local.id);
    return local;
  }
  assign(local: Local, value: Expr | number): void {
    this.#push(this.value(value, local.type));
    this.code.set(local.id);
  }

  /** Reads `size` bytes, zero-extended; eight are an i64. */
  read(at: Place, offset = 0, size: Size = 4): Local {
    const local = this.#local(size === 8 ? 'i64' : 'i32');
    this.#push(typeof at === 'number' ? 0 : at);
    this.code.memory(LOADS[size], typeof at === 'number' ? at + offset : offset).set(local.id);
    return local;
  }
  write(at: Place, value: Expr | number, offset = 0, size: Size = 4): void {
    this.#push(typeof at === 'number' ? 0 : at);
    this.#push(this.value(value, size === 8 ? 'i64' : 'i32'));
    this.code.memory(STORES[size], typeof at === 'number' ? at + offset : offset);
  }

  if(condition: Expr, then: () => void, otherwise?: () => void): void {
    this.#push(condition);
    this.code.if();
    then();
    if (otherwise) {
      this.code.else();
      otherwise();
    }
    this.code.end();
  }
  while(condition: Expr, body: () => void): void {
    this.code.loop();
    const again = this.code.depth;
    this.if(condition, () => {
      body();
      this.code.br(this.code.depth - again);
    });
    this.code.end();
  }
  /** The square root of an i64 without sign, at least 2^62 and below 2^64, by the processor at hand: too large or too small by one perhaps. Below 2^32. */
  squareRoot(value: Expr): Local {
    const local = this.#local('i64');
    this.#push(value);
    this.code.op('f64.convert_i64_u').op('f64.sqrt').op('i64.trunc_f64_u').set(local.id);
    this.assign(local, this.select(this.ne(this.shr(local, 32), 0), this.const64(2 ** 32 - 1), local));
    return local;
  }
  call(name: string, ...args: (Expr | number)[]): Local {
    const local = this.#local();
    for (const arg of args) this.#push(arg);
    this.code.call(this.#function(name)).set(local.id);
    return local;
  }
  return(value: Expr | number): void {
    this.#push(value);
    this.code.return();
  }

  /** Leaves everything to the slow way where a condition holds. Nothing may have been changed before. */
  giveUpIf(condition: Expr): void {
    this.if(condition, () => this.giveUp());
  }
  giveUp(): void {
    if (this.#slow === null) this.code.i32(0);
    else {
      for (let n = 0; n < this.#parameters; n++) this.code.get(n);
      this.code.call(this.#function(this.#slow));
    }
    this.code.return();
  }
  /** A memory offset that is 0 where the slow way must find it. */
  must(offset: Local): Local {
    this.giveUpIf(this.not(offset));
    return offset;
  }
}
