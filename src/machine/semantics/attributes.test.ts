import { describe, expect, it } from 'vitest';
import type { Shape } from '../ir/builder.ts';
import type { Statement } from '../ir/nodes.ts';
import { FORMS, type InstructionForm } from '../opcodes/index.ts';
import { build } from './index.ts';

/** What the opcode table says of a form for the engine's sake is what its semantics does. */

/** All statements of a form, in every size and shape. */
function statements(form: InstructionForm): Statement[] {
  const found: Statement[] = [];
  const collect = (list: readonly Statement[]): void => {
    for (const s of list) {
      found.push(s);
      if (s.k !== 'if') continue;
      collect(s.then);
      collect(s.otherwise);
    }
  };
  const kinds = form.operands.map((o) => o.kind);
  const memories = kinds.some((kind) => 'MOXY'.includes(kind)) ? [true] : kinds.includes('E') ? [false, true] : [false];
  const isString = form.attributes.has('rep') || form.attributes.has('repz');
  for (const operandSize of [16, 32] as const)
    for (const addressSize of [16, 32] as const)
      for (const stack32 of [false, true])
        for (const memory of memories)
          for (const repeated of isString ? [false, true] : [false]) {
            const shape: Shape = { form, operandSize, addressSize, stack32, memory, repeated };
            collect(build(shape).statements);
          }
  return found;
}

const named = (forms: readonly InstructionForm[]): string[] => [...new Set(forms.map((form) => `${form.mnemonic} ${form.key}`))];
const known = FORMS.map((form) => ({ form, done: statements(form) }));
const having = (test: (s: Statement) => boolean): InstructionForm[] => known.filter(({ done }) => done.some(test)).map(({ form }) => form);

describe('attributes and semantics', () => {
  it('a helper that ends the instruction makes it a block of its own', () => {
    const ending = having((s) => s.k === 'finish' || (s.k === 'call' && s.jumps));
    const repeated = (form: InstructionForm): boolean => form.attributes.has('rep') || form.attributes.has('repz');
    expect(named(ending.filter((form) => !form.attributes.has('alone') && !repeated(form)))).toEqual([]);
  });

  it('mild ones do end', () => {
    const ending = new Set(having((s) => s.k === 'finish'));
    expect(named(FORMS.filter((form) => form.attributes.has('mild') && !ending.has(form)))).toEqual([]);
  });

  it('exact ones do not', () => {
    const ending = new Set(having((s) => s.k === 'finish' || s.k === 'jump'));
    expect(named(FORMS.filter((form) => form.attributes.has('exact') && ending.has(form)))).toEqual([]);
  });

  it('whatever sets EIP is a branch', () => {
    const jumping = having((s) => s.k === 'jump');
    expect(named(jumping.filter((form) => !form.attributes.has('branch')))).toEqual([]);
  });

  it('a branch chooses between two targets where it is conditional', () => {
    const choosing = known.filter(({ form, done }) => form.attributes.has('branch') && JSON.stringify(done).includes('"select"'));
    expect(named(choosing.map(({ form }) => form))).toEqual(named(FORMS.filter((form) => form.attributes.has('conditional'))));
  });

  it('only ring 0 instructions ask for the ring', () => {
    const asking = having((s) => s.k === 'raise' && s.vector === 13);
    expect(named(asking)).toEqual(named(FORMS.filter((form) => form.attributes.has('cpl0'))));
  });

  it('the operand size changes what is sized, and nothing else', () => {
    const differs = (form: InstructionForm): boolean => {
      const memory = form.operands.some((o) => 'EMOXY'.includes(o.kind) && o.kind !== 'E');
      const text = (operandSize: 16 | 32): string =>
        [memory, memory || form.operands.some((o) => o.kind === 'E')]
          .map((m) => JSON.stringify(build({ form, operandSize, addressSize: 32, stack32: true, memory: m, repeated: false }).statements))
          .join();
      return text(16) !== text(32);
    };
    // What works through a field, or not at all, cannot be seen here; that a short jump under 66 loses the upper half of EIP is no size to ask for.
    const hidden = (form: InstructionForm): boolean =>
      form.attributes.has('fpu') || ['ins', 'outs', 'nop'].includes(form.name) || form.immediates[0] === 'jb';
    expect(named(FORMS.filter((form) => !hidden(form) && differs(form) && !form.sized))).toEqual([]);
    expect(named(FORMS.filter((form) => !hidden(form) && form.sized && !differs(form)))).toEqual([]);
  });
});
