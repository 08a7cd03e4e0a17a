import { FORMS, type InstructionForm } from '../../opcodes/index.ts';
import type { CaseGroup } from './case.ts';
import { drawCases, isString, POPS } from './draw.ts';
import { ADDRESS16, BOTH_16, CODE_16, FLAT, STACK_16, type Place } from './places.ts';

const USES_STACK = new Set([...POPS, 'push', 'pusha', 'pushf', 'enter', 'call']);
/** Besides memory operands, these count or index with as many bits as an address has. */
const USES_ADDRESS = new Set(['xlat', 'loop', 'loope', 'loopne', 'jecxz']);

const hasMemoryForm = (form: InstructionForm): boolean => form.operands.some((o) => o.kind === 'E' || o.kind === 'M');

/** A form's operands as the cases have them. */
function groupsOf(form: InstructionForm, place: Place, times: number): CaseGroup[] {
  const { code16 } = place;
  const sizes = code16 ? ([16, 32] as const) : ([32, 16] as const);
  const both = form.sized && (code16 || !form.attributes.has('branch'));
  const reachable = place.ss === FLAT.ss || !place.address16;
  const kinds: (readonly [boolean, string])[] = [];
  if (form.modrm === 'none') kinds.push([false, '']);
  else {
    if (!form.operands.some((o) => o.kind === 'M')) kinds.push([false, ' register']);
    if (hasMemoryForm(form) && reachable) kinds.push([true, ' memory']);
  }
  return (both ? sizes : sizes.slice(0, 1)).flatMap((operandSize) =>
    kinds.map(([memory, kind]) => ({
      key: `${form.key} | ${place.name} | ${operandSize}${kind}`,
      draw: (seed) => drawCases({ form, place, operandSize, memory }, times, seed),
    })),
  );
}

/**
 * Every form that a user program can run without leaving its place, in its sizes and shapes, then those that meet 16-bit code, addresses and stacks. The
 * answers are in native.txt.
 */
export function formGroups(forms: readonly InstructionForm[] = FORMS): CaseGroup[] {
  const asked = forms.filter(isAsked);
  const addressed = asked.filter(
    (form) => hasMemoryForm(form) || isString(form) || form.immediates[0] === 'm' || USES_ADDRESS.has(form.name),
  );
  const stack = asked.filter((form) => USES_STACK.has(form.name));
  const places: [Place, InstructionForm[], number][] = [
    [FLAT, asked, 36],
    [ADDRESS16, addressed, 8],
    [CODE_16, asked, 8],
    [STACK_16, stack, 12],
    [BOTH_16, stack, 12],
  ];
  return places.flatMap(([place, those, times]) => those.flatMap((form) => groupsOf(form, place, times)));
}

/** Not what leaves the code's place, nor what looks at the system under it: sequences/ has those. */
function isAsked({ attributes, operands }: InstructionForm): boolean {
  const leaves = attributes.has('branch') && operands[0]?.kind !== 'J';
  return !leaves && !(['fpu', 'cpl0', 'system'] as const).some((attribute) => attributes.has(attribute));
}
