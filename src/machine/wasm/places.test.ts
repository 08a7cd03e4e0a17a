import { describe, expect, it } from 'vitest';
import { Builder, EAX, EBP, EBX, ESP, AH, type Shape } from '../ir/builder.ts';
import { FORMS } from '../opcodes/index.ts';
import { Code } from './encoder.ts';
import { LocalPool } from './lower.ts';
import { placesOf, type Homes } from './places.ts';

/** Where the locals of a definition are, where registers and the flags' result have homes of their own. */

const RESULT = 50;
/** EAX is in local 10, and so on. */
const homes: Homes = { register: (register) => 10 + ('at' in register ? register.at >> 2 : 7), result: RESULT };
const form = FORMS.find(({ name }) => name === 'nop');

/** Names of places: registers, `flags`, `own` for a local of the definition's own, `-` for what is written where it is used. */
function places(define: (b: Builder) => void): string {
  if (!form) throw new Error('no form');
  const shape: Shape = { form, operandSize: 32, addressSize: 32, stack32: true, memory: false, repeated: false };
  const b = new Builder(shape);
  define(b);
  const names = ['eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi'];
  return placesOf(b.done(), homes, new LocalPool(new Code(0)))
    .map((at) => (at === null ? '-' : at === RESULT ? 'flags' : (names[at - 10] ?? 'own')))
    .join(' ');
}

describe('places of locals', () => {
  it.each<[string, (b: Builder) => void, string]>([
    ['a register is read where it is', (b) => b.set(EAX, b.get(EBX)), 'ebx'],
    [
      'unless it changes before',
      (b) => {
        const old = b.get(EBX);
        b.set(EBX, b.const(1));
        b.set(EAX, old);
      },
      'own',
    ],
    [
      'in part, too',
      (b) => {
        const old = b.get(EAX);
        b.set(AH, b.const(1), 1);
        b.set(EBX, old);
      },
      'own',
    ],
    [
      'or a helper may change it',
      (b) => {
        const old = b.get(EAX);
        b.call('cpuid');
        b.set(EBX, old);
      },
      'own own',
    ],
    [
      'what is used once is written there, its registers being read then',
      (b) => {
        const sum = b.let(b.add(b.get(EAX), 1));
        b.set(EAX, b.const(0));
        b.set(EBX, sum);
      },
      'own -',
    ],
    [
      'a result is the flags’',
      (b) => {
        const left = b.get(EAX);
        const result = b.let(b.sub(left, b.get(EBX)));
        b.lazyFlags(0, 4, result, b.const(1));
        b.set(EAX, result);
      },
      'eax ebx flags',
    ],
    ['a value from memory goes to its register', (b) => b.set(EAX, b.load(3, b.get(EBX), 4)), 'ebx eax'],
    [
      'past others’ changes',
      (b) => {
        const { value, pointer } = b.top(4);
        b.drop(pointer, 4);
        b.set(EAX, value);
      },
      'esp eax',
    ],
    [
      'unless what was there is read behind it',
      (b) => {
        const pointer = b.get(EBP);
        const value = b.load(2, pointer, 4);
        b.set(ESP, b.add(pointer, 4));
        b.set(EBP, value);
      },
      'ebp own',
    ],
  ])('%s', (_what, define, wanted) => {
    expect(places(define)).toBe(wanted);
  });
});
