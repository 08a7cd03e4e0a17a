import type { Expr, FieldName } from '../ir/nodes.ts';
import type { Code, Opcode } from './encoder.ts';

/**
 * Pushes a value.
 *
 * @param local pushes a local, by its id
 * @param field pushes a field of the instruction
 */
export function pushExpr(code: Code, e: Expr, local: (id: number) => void, field: (name: FieldName) => void): void {
  const push = (inner: Expr): void => pushExpr(code, inner, local, field);
  switch (e.k) {
    case 'local':
      local(e.id);
      return;
    case 'const':
      if (e.type === 'i32') code.i32(e.value);
      else code.i64(e.value);
      return;
    case 'field':
      field(e.name);
      return;
    case 'select':
      push(e.a);
      push(e.b);
      push(e.condition);
      code.op('select');
      return;
    case 'binary':
      push(e.a);
      push(e.b);
      code.op(`${e.a.type}.${e.op}` as Opcode);
      return;
    case 'unary':
      push(e.a);
      if (e.op === 'wrap') code.op('i32.wrap_i64');
      else if (e.op === 'extend_u') code.op('i64.extend_i32_u');
      else if (e.op === 'extend_s') code.op('i64.extend_i32_s');
      else code.op(`${e.a.type}.${e.op}` as Opcode);
  }
}
