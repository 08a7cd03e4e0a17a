import { type Sequence } from './sequence.ts';

/** Instructions and operand for a state that the x87's environment shows. */
const FPU_STATES = [
  'db e3',
  'db e3 d9 e8 d9 eb',
  'db e3 d9 e8 d9 ee de f1',
  'db e3 d9 e8 d9 ee d8 d1 dd c1',
  'db e3 d9 ee d9 fa d9 f7 d9 f6',
  'db e3 dd d8',
  'db e3 d9 e8 d9 e8 d9 e8 d9 e8 d9 e8 d9 e8 d9 e8 d9 e8 d9 e8',
];
export const FPU: Sequence[] = [
  ...FPU_STATES.flatMap((state): Sequence[] => [
    { name: 'fnstenv', code: `${state} d9 36`, undefined: [12, 28] },
    { name: 'fnstenv/16', code: `${state} 66 d9 36`, undefined: [6, 14] },
    { name: 'fnsave', code: `${state} dd 36`, undefined: [12, 28] },
    { name: 'fnsave and frstor', code: `${state} dd 36 dd 26 d9 e0 dd 36`, undefined: [12, 28] },
    { name: 'fnstenv and fldenv', code: `${state} d9 36 db e3 d9 26 df e0 dd 36`, undefined: [12, 28] },
    { name: 'fnstenv/16 and fldenv/16', code: `${state} 66 d9 36 db e3 66 d9 26 df e0 dd 36`, undefined: [12, 28] },
    { name: 'fnstsw', code: `${state} df e0` },
    { name: 'fnstsw memory', code: `${state} dd 3e` },
    { name: 'fnstcw', code: `${state} d9 3e` },
    { name: 'fnclex', code: `${state} db e2 df e0` },
    { name: 'fninit', code: `${state} db e3 df e0 d9 3e` },
    ...['db e0', 'db e1', 'db e4'].map((code): Sequence => ({ name: 'no operation any more', code: `${state} ${code} df e0` })),
    ...[
      'd9 d0',
      'd9 f6',
      'd9 f7',
      'dd c0',
      'dd c1',
      'df c0',
      'df c1',
      'd9 d9',
      'dd c9',
      'df c9',
      'df d1',
      'df d9',
      'de d1',
      'dc d1',
      'dc d9',
    ].map((code): Sequence => ({ name: 'on the stack', code: `${state} ${code} dd 36`, undefined: [12, 28] })),
  ]),
  { name: 'fldcw', code: 'db e3 66 c7 06 7f 0c d9 2e d9 3e df e0' },
  { name: 'fldcw of all ones', code: 'db e3 66 c7 06 ff ff d9 2e d9 3e' },
  ...['9b', 'd9 e8', 'd9 c0', 'df e0', 'd9 3e', 'd9 36', 'db e3', 'd8 0e', 'dd 1e', 'd9 26'].flatMap((after): Sequence[] => [
    { name: 'zero divide unmasked, then', code: `db e3 66 c7 06 7b 03 d9 2e d9 e8 d9 ee de f9 ${after}`, undefined: [12, 28] },
    { name: 'stack fault unmasked, then', code: `db e3 66 c7 06 7e 03 d9 2e d9 e0 ${after}`, undefined: [12, 28] },
    { name: 'inexact unmasked, then', code: `db e3 66 c7 06 5f 03 d9 2e d9 e8 d9 eb de f9 ${after}`, undefined: [12, 28] },
    { name: 'an unmasked exception loaded, then', code: `db e3 d9 36 80 66 00 fe 80 4e 04 01 d9 26 ${after}`, undefined: [12, 28] },
  ]),
];
