import { Builder, type Shape } from '../ir/builder.ts';
import type { Definition } from '../ir/nodes.ts';
import { CPL } from '../state/layout.ts';
import { GP } from '../state/fault.ts';

/** Semantics of an instruction: emits its micro-operations. */
export type Semantics = (b: Builder) => void;

/** One for all: filled when the modules of this folder are loaded, and the same from then on. */
const definitions = new Map<string, Semantics>();

/** Defines the semantics of one name of the opcode table, or of several alike. */
export function define(names: string, semantics: Semantics): void {
  for (const name of names.split(' ')) {
    if (definitions.has(name)) throw new Error(`semantics of ${name} defined twice`);
    definitions.set(name, semantics);
  }
}

/** Name under which a form's semantics is defined: x87 instructions share one, as do repeated string instructions. */
function semanticName(shape: Shape): string {
  const { attributes, name } = shape.form;
  if (attributes.has('fpu')) return name === 'fwait' ? 'fwait' : 'fpu';
  if (shape.repeated || name === 'ins' || name === 'outs') return 'repeat';
  return name;
}

/** The micro-operations of one shape. */
export function build(shape: Shape): Definition {
  const semantics = definitions.get(semanticName(shape));
  if (!semantics) throw new Error(`no semantics for ${shape.form.name}`);
  const b = new Builder(shape);
  if (shape.form.attributes.has('cpl0')) b.if(b.getState(CPL), () => b.raise(GP, 0));
  semantics(b);
  return b.done();
}
