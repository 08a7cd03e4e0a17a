import { decode, FORMS } from '../../opcodes/index.ts';
import { generator, picker, type Case } from './cases.ts';
import {
  ABSENT,
  BLIND,
  BOTH_16,
  CODE,
  CODE16,
  CODE_16,
  CONFORMING,
  DOWN,
  DOWN16,
  FIXED,
  FLAT,
  KERNEL_CODE,
  KERNEL_DATA,
  SMALL,
  SMALL_CODE,
  STACK16,
  STACK_16,
  USER_CODE,
  USER_DATA,
  type Place,
} from './places.ts';

/**
 * What needs more than one instruction, or a certain one: transfers, segment registers, limits, traps, what user programs may not do, the x87's
 * environment. Recorded as the cases of cases.ts are.
 *
 * A sequence is a line of hexadecimal bytes. `>` and `>>` are labels, `@` and `@@` their linear addresses, `&` and `%` the first one's offset in the code as
 * four and as two bytes.
 */

/** ESI and EDI point to the data, EBP 8 bytes on; ESP 16 below the end of what is recorded as the case's memory. */
interface Sequence {
  place?: Place;
  name: string;
  code: string;
  times?: number;
  memory?: number[];
  esp?: number;
  entry?: number;
  eflags?: number;
  undefined?: readonly [number, number];
}

const hex = (value: number, bytes: number): string =>
  Array.from({ length: bytes }, (_, n) => ((value >>> (n * 8)) & 0xff).toString(16).padStart(2, '0')).join(' ');
const SELECTORS = [
  0,
  1,
  3,
  USER_CODE,
  0x20,
  USER_DATA,
  0x28,
  KERNEL_CODE,
  KERNEL_DATA | 3,
  CODE16,
  SMALL_CODE,
  STACK16,
  STACK16 & ~3,
  SMALL,
  DOWN,
  FIXED,
  BLIND,
  ABSENT,
  DOWN16,
  CONFORMING,
  0x57,
  0xffff,
];

/** Control transfers; each lands on an INC of another register than the ones it passes over. */
const TRANSFERS: Sequence[] = [
  { name: 'jmp short', code: 'eb 01 40 41' },
  { name: 'jmp back', code: 'eb 03 40 eb 03 eb fb 40 41' },
  { name: 'jmp near', code: 'e9 01 00 00 00 40 41' },
  { name: 'jmp register', code: 'b8 @ ff e0 40 40 > 41' },
  { name: 'jmp memory', code: 'c7 46 04 @ ff 66 04 40 > 41' },
  { name: 'call register', code: 'b8 @ ff d0 40 40 > 41' },
  { name: 'call memory', code: 'c7 46 04 @ ff 56 04 40 > 41' },
  { name: 'call through ESP', code: 'c7 04 24 @ ff 14 24 40 > 41 59' },
  { name: 'ret', code: 'e8 03 00 00 00 41 eb 02 42 c3' },
  { name: 'ret n', code: '6a 11 6a 12 e8 03 00 00 00 41 eb 04 42 c2 08 00' },
  { name: 'jmp far', code: 'ea @ 23 00 40 > 41' },
  { name: 'jmp far memory', code: 'c7 46 04 @ 66 c7 46 08 23 00 ff 6e 04 40 40 > 41' },
  { name: 'call far', code: '9a @ 23 00 41 eb 02 > 42 cb' },
  { name: 'call far memory', code: 'c7 46 04 @ 66 c7 46 08 23 00 ff 5e 04 41 eb 02 > 42 cb' },
  { name: 'ret far n', code: '6a 11 6a 12 9a @ 23 00 41 eb 04 > 42 ca 08 00' },
  { name: 'iret', code: '9c 6a 23 68 @ cf 40 40 > 41' },
  { name: 'iret takes flags', code: '68 d5 0c 00 00 6a 23 68 @ cf 40 > 41' },
  { name: 'iret cannot take IF and IOPL', code: '68 02 30 00 00 6a 23 68 @ cf 40 > 41 9c 59' },
  { name: 'ret far to ring 0', code: '6a 10 68 @ cb >' },
  { name: 'iret to ring 0', code: '9c 6a 10 68 @ cf >' },
  { name: 'ret far to null', code: '6a 00 68 @ cb >' },
  { name: 'ret far to data', code: '6a 2b 68 @ cb >' },
  { name: 'far to 16-bit code', code: 'ea & 07 00 40 40 > 40 40 66 ea @@ 23 00 40 >> 41 42' },
  { name: 'call far to 16-bit code', code: '66 9a % 07 00 41 eb 04 90 > 42 cb' },
  { name: 'far to conforming code', code: 'ea & 4f 00 40 > 41 8c c8' },
  { name: 'far to a limit', code: 'ea 00 10 00 00 0f 00' },
  { name: 'far to the last byte', code: 'c6 05 ff 0f 11 00 41 ea ff 0f 00 00 0f 00' },
  { place: { ...FLAT, cs: SMALL_CODE }, name: 'jmp beyond the limit', code: 'e9 00 10 00 00' },
  { place: { ...FLAT, cs: SMALL_CODE }, name: 'off the end', code: '40 e9 f8 0f 00 00' },
  { place: { ...FLAT, cs: BLIND }, name: 'execute-only', code: '40 2e 8b 06' },
  { name: 'write through CS', code: '2e 89 06' },
  { name: 'read through CS', code: '2e 8b 06' },
  { place: CODE_16, name: 'jmp wraps', code: 'e9 00 80' },
  { place: CODE_16, name: 'call and ret', code: 'e8 03 00 41 eb 02 42 c3' },
  { place: CODE_16, name: 'jmp register', code: 'b8 07 00 ff e0 40 40 41' },
  { place: BOTH_16, name: 'call and ret', code: 'e8 03 00 41 eb 02 42 c3' },
  { place: BOTH_16, name: 'call far and ret', code: '9a 08 00 07 00 41 eb 02 42 cb' },
  { place: BOTH_16, name: 'iret', code: '9c 6a 07 6a 08 cf 40 40 41' },
  { place: BOTH_16, name: 'call of 32 bits', code: '66 e8 03 00 00 00 41 eb 03 42 66 c3' },
  ...[0, 1, 2, 3, 4, 6].flatMap((sp): Sequence[] => [
    { place: STACK_16, name: `push and pop at SP ${sp}`, code: '50 5b', esp: 0x12340000 + sp },
    { place: STACK_16, name: `push and pop of a word at SP ${sp}`, code: '66 50 66 5b', esp: 0x12340000 + sp },
    { place: STACK_16, name: `pop at SP fff${8 + sp}`, code: '5b', esp: 0x1234fff8 + sp },
    { place: BOTH_16, name: `pusha at SP ${sp * 4}`, code: '60 61', esp: 0x12340000 + sp * 4 },
  ]),
];

/** Segment registers: MOV and POP to each of every selector, far loads, what LAR and the like say of it. */
const SEGMENTS: Sequence[] = [
  ...SELECTORS.flatMap((selector): Sequence[] => {
    const s = hex(selector, 2);
    const name = selector.toString(16);
    return [
      ...[
        ['es', 'c0', 'c1'],
        ['ss', 'd0', 'd1'],
        ['ds', 'd8', 'd9'],
        ['fs', 'e0', 'e1'],
        ['gs', 'e8', 'e9'],
      ].map(([register, to, from]): Sequence => ({ name: `mov ${name} to ${register}`, code: `66 b8 ${s} 8e ${to} 8c ${from}`, times: 1 })),
      ...[
        ['es', '07'],
        ['ss', '17'],
        ['ds', '1f'],
        ['fs', '0f a1'],
        ['gs', '0f a9'],
      ].map(([register, pop]): Sequence => ({ name: `pop ${name} to ${register}`, code: `68 ${s} 00 00 ${pop}`, times: 1 })),
      ...[
        ['es', 'c4'],
        ['ds', 'c5'],
        ['ss', '0f b2'],
        ['fs', '0f b4'],
        ['gs', '0f b5'],
      ].map(([register, load]): Sequence => ({ name: `l${register} of ${name}`, code: `66 c7 46 08 ${s} ${load} 4e 04`, times: 1 })),
      ...['02', '03'].flatMap((ask): Sequence[] => [
        { name: `${ask === '02' ? 'lar' : 'lsl'} ${name}`, code: `66 ba ${s} 0f ${ask} ca`, times: 1 },
        { name: `${ask === '02' ? 'lar' : 'lsl'}/16 ${name} in memory`, code: `66 c7 46 04 ${s} 66 0f ${ask} 4e 04`, times: 1 },
      ]),
      ...['e0', 'e8'].map(
        (ask): Sequence => ({ name: `${ask === 'e0' ? 'verr' : 'verw'} ${name}`, code: `66 b8 ${s} 0f 00 ${ask}`, times: 1 }),
      ),
      { name: `verr ${name} in memory`, code: `66 c7 06 ${s} 0f 00 26`, times: 1 },
      { name: `jmp far to ${name}`, code: `ea & ${s} 40 40 > 41`, times: 1 },
      { name: `call far to ${name}`, code: `9a & ${s} 40 40 > 41`, times: 1 },
      { name: `ret far to ${name}`, code: `68 ${s} 00 00 68 & cb 40 40 > 41`, times: 1 },
      { name: `iret to ${name}`, code: `9c 68 ${s} 00 00 68 & cf 40 40 > 41`, times: 1 },
    ];
  }),
  { name: 'les of 16 bits', code: '66 c7 46 06 2b 00 66 c4 4e 04' },
  { name: 'lfs', code: '66 c7 46 08 1f 00 0f b4 4e 04 64 8b 11' },
  ...[
    ['es', '06', '07'],
    ['cs', '0e', '0f a1'],
    ['ss', '16', '17'],
    ['ds', '1e', '1f'],
    ['fs', '0f a0', '0f a1'],
    ['gs', '0f a8', '0f a9'],
  ].flatMap(([register, push, pop]): Sequence[] => [
    { name: `push and pop ${register}`, code: `66 b8 1f 00 8e e8 66 b8 27 00 8e e0 c7 44 24 fc 78 56 34 12 ${push} 8b 0c 24 ${pop}` },
    { name: `push and pop ${register}, words`, code: `66 ${push} 66 ${pop}` },
  ]),
  ...['c0', 'c8', 'd0', 'd8', 'e0', 'e8'].flatMap((rm): Sequence[] => [
    { name: 'mov from segment', code: `8c ${rm}` },
    { name: 'mov from segment, word', code: `66 8c ${rm}` },
    { name: 'mov from segment to memory', code: `8c ${hex((parseInt(rm, 16) & 0x38) | 0x46, 1)} 04` },
  ]),
  { name: 'mov to segment from memory', code: '66 c7 46 04 17 00 8e 66 04 8c e0' },
  { name: 'mov to CS', code: '8e c8' },
  { name: 'mov to segment 6', code: '8e f0' },
  { name: 'mov from segment 7', code: '8c f8' },
  { name: 'arpl', code: '63 d8', times: 16 },
  { name: 'arpl memory', code: '63 4e 04', times: 16 },
];

/** Reads and writes of one, two and four bytes at the edges of segments of every kind, through FS. */
const LIMITS: Sequence[] = [SMALL, DOWN, FIXED, STACK16, DOWN16, CODE16, BLIND, 0].flatMap((selector) =>
  [0, 1, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f, 0x40, 0xfffc, 0xfffd, 0xfffe, 0xffff, 0x10000, 0x110000].flatMap(
    (offset) =>
      ['8a 0b', '66 8b 0b', '8b 0b', '88 0b', '66 89 0b', '89 0b', 'ff 33', 'dd 03'].map(
        (access): Sequence => ({
          name: `${access} at ${offset.toString(16)} of ${selector.toString(16)}`,
          code: `66 b8 ${hex(selector, 2)} 8e e0 bb ${hex(offset, 4)} 64 ${access}`,
          times: 1,
        }),
      ),
  ),
);

const TRAPS: Sequence[] = [
  { name: 'int3', code: 'cc' },
  { name: 'int 3', code: 'cd 03' },
  { name: 'int 4', code: 'cd 04' },
  ...[0, 1, 6, 8, 13, 14, 0x20, 0x30, 0xff].map((vector): Sequence => ({ name: `int ${vector}`, code: `cd ${hex(vector, 1)}` })),
  { name: 'into', code: 'ce', times: 8 },
  { name: 'ud2', code: '0f 0b' },
  { name: 'ud2 under a prefix', code: '66 f3 0f 0b' },
  { name: 'bound', code: '62 46 04', times: 12 },
  { name: 'cli', code: 'fa' },
  { name: 'sti', code: 'fb' },
  { name: 'hlt', code: 'f4' },
  ...['e4 60', 'e5 60', 'ec', 'ed', 'e6 60', 'e7 60', 'ee', 'ef', '66 ed', '66 ef', '6c', '6d', '6e', '6f', 'f3 6c', 'f3 6f'].map(
    (code): Sequence => ({ name: 'port', code }),
  ),
  ...[
    '0f 06',
    '0f 08',
    '0f 09',
    '0f 30',
    '0f 32',
    '0f 20 c0',
    '0f 22 c0',
    '0f 20 d8',
    '0f 22 d8',
    '0f 20 e0',
    '0f 21 c0',
    '0f 23 f8',
    '0f 00 d0',
    '0f 00 d8',
    '0f 00 16',
    '0f 00 1e',
    '0f 01 16',
    '0f 01 1e',
    '0f 01 f0',
    '0f 01 36',
    '0f 01 3e',
  ].map((code): Sequence => ({ name: 'ring 0 only', code })),
  { name: 'pause', code: 'f3 90' },
  { name: 'fwait', code: '9b' },
  { name: 'page fault: read', code: '8b 0d 00 00 20 00' },
  { name: 'page fault: write', code: '89 0d 00 00 20 00' },
  { name: 'page fault: fetch', code: 'e9 fb ff 0e 00' },
  ...[
    'ff 05',
    '87 0d',
    '0f b1 0d',
    '0f ab 0d',
    '0f a3 0d',
    '84 0d',
    '01 0d',
    '39 0d',
    '8f 05',
    'ff 35',
    'd1 25',
    '0f c1 0d',
    '0f c7 0d',
    'ff 2d',
    'ff 1d',
    'c4 0d',
    '62 0d',
    'd9 05',
    'dd 05',
    'db 2d',
    'dd 15',
    'db 3d',
    'dd 35',
    'dd 25',
    'd9 2d',
    '0f 92 05',
    'f6 15',
    '0f 94 05',
    '8c 1d',
  ].flatMap((code): Sequence[] => [
    { name: 'page fault of everything', code: `${code} 00 00 20 00`, times: 1 },
    { name: 'page fault of what begins before the page', code: `${code} ff 1f 12 00`, times: 1 },
  ]),
  ...['f3 a4', 'f3 ab', 'f2 ae'].flatMap((code) =>
    [1, 2].map(
      (count): Sequence => ({
        name: 'single step over a repeat',
        code: `bf 00 01 10 00 b9 ${hex(count, 4)} 9c 80 4c 24 01 01 9d ${code} 40`,
      }),
    ),
  ),
  ...['f3 6c', 'f3 6d', 'f3 6e', 'f3 a4', 'f3 ac', 'f3 ae'].map((code): Sequence => ({ name: 'a count of zero', code: `31 c9 ${code}` })),
  { name: 'single step over LSS', code: '9c 80 4c 24 01 01 9d c7 46 04 00 00 10 00 66 c7 46 08 2b 00 0f b2 66 04 40 41' },
  ...[
    'c6 c8 00',
    'c7 c8 00 00 00 00',
    'fe d0',
    'ff f8',
    '0f ba c0 00',
    'f6 c8 01',
    'd0 f0',
    '0f 00 f0',
    '0f b9 c0',
    '0f ff c0',
    '0f 0a',
    '0f a6',
    'df f8',
    'd9 d1',
    'dd f8',
    'de d8',
    'db e5',
    'c4 c0',
    'c5 c0',
  ].map((code): Sequence => ({ name: 'no instruction', code })),
  { name: 'page fault half way', code: 'bb fd ff 11 00 89 03' },
  { name: 'page fault in the middle of a repeat', code: 'bf f8 ff 11 00 b9 04 00 00 00 f3 ab' },
  { name: 'push to nowhere', code: 'bc 04 00 20 00 50' },
  { name: 'enter to nowhere', code: 'bc 04 00 12 00 c8 10 00 02' },
  { name: 'pop to its own stack pointer', code: '8f 04 24' },
  { name: 'pop by ESP', code: '54 5c' },
  { name: 'push ESP', code: '54 59' },
  { name: 'push by ESP', code: '68 11 11 00 00 68 22 22 00 00 ff 74 24 04 59' },
  { name: 'pop by ESP + 4', code: '6a 07 8f 44 24 04' },
  { name: 'fifteen bytes', code: '66 66 66 66 66 66 66 66 66 66 66 66 66 66 40' },
  { name: 'sixteen bytes', code: '66 66 66 66 66 66 66 66 66 66 66 66 66 66 66 40' },
  { name: 'single step', code: '9c 80 4c 24 01 01 9d 40 41' },
  { name: 'single step over POP SS', code: '16 9c 80 4c 24 01 01 9d 17 40 41' },
  { name: 'alignment check', code: '9c 80 4c 24 02 04 9d 8b 4e 01' },
  { name: 'ID can be changed', code: '9c 58 89 c1 35 00 00 20 00 50 9d 9c 58 31 c8 31 c9 6a 00' },
  ...[
    '83 c8 01',
    '89 c0',
    '0f a3 06',
    '38 06',
    '8b 06',
    '0f bc 06',
    '0f c8',
    '90',
    '8d 06',
    '50',
    'ff 36',
    'a4',
    'c3',
    'eb 00',
    '0f a2',
    '0f 40 06',
    '84 06',
    '0f c7 c8',
    'd1 06',
    '0f af 06',
  ].map((code): Sequence => ({ name: 'lock where there is none', code: `f0 ${code}` })),
];

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
const FPU: Sequence[] = [
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

/** How many bytes the words of a sequence make. */
function widthOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + (word[0] === '>' ? 0 : '@&'.includes(word[0]) ? 4 : word === '%' ? 2 : 1), 0);
}

export function makeSequences(): Case[] {
  const next = generator(2);
  const pick = picker(next);
  const cases: Case[] = [];
  for (const sequence of [...TRANSFERS, ...SEGMENTS, ...LIMITS, ...TRAPS, ...FPU]) {
    const place = sequence.place ?? FLAT;
    const code: number[] = [];
    const words = sequence.code.split(' ');
    const label = (name: string): number => widthOf(words.slice(0, words.indexOf(name)));
    for (const word of words) {
      const value =
        word === '@'
          ? CODE + label('>')
          : word === '@@'
            ? CODE + label('>>')
            : word === '&' || word === '%'
              ? label('>')
              : parseInt(word, 16);
      for (let i = 0; i < widthOf([word]); i++) code.push((value >>> (i * 8)) & 0xff);
    }
    const { form, operandSize } = decode((n) => code[n] ?? 0x90, !place.code16);
    for (let n = 0; n < (sequence.times ?? 2); n++) {
      const registers = Array.from({ length: 7 }, pick);
      const data = place.data;
      registers[4] = data + 8;
      registers[5] = data;
      registers[6] = data + 4;
      cases.push({
        name: `${place.name}: ${sequence.name}: ${sequence.code}`,
        place,
        form: form ?? FORMS[0],
        operandSize,
        code,
        registers,
        flags: 0x202 | (next() & 0x8d5),
        esp: sequence.esp ?? (place.ss === STACK16 ? 0x9abc0060 : place.data + 0x20),
        memory: Array.from({ length: 4 }, pick),
        entry: sequence.entry,
        undefined: sequence.undefined,
      });
    }
  }
  return cases;
}
