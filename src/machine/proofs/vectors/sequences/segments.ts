import {
  ABSENT,
  BLIND,
  CODE16,
  CONFORMING,
  DOWN,
  DOWN16,
  FIXED,
  KERNEL_CODE,
  KERNEL_DATA,
  SMALL,
  SMALL_CODE,
  STACK16,
  USER_CODE,
  USER_DATA,
} from '../places.ts';
import { hex, type Sequence } from './sequence.ts';

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

/** Segment registers: MOV and POP to each of every selector, far loads, what LAR and the like say of it. */
export const SEGMENTS: Sequence[] = [
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
export const LIMITS: Sequence[] = [SMALL, DOWN, FIXED, STACK16, DOWN16, CODE16, BLIND, 0].flatMap((selector) =>
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
