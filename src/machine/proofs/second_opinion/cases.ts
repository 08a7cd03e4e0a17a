import { descriptor } from '../testing.ts';
import {
  CODE,
  DATA,
  DIRECTORY,
  EVERY,
  FAULT_TASK,
  GDT,
  IDT,
  LANDING,
  LDT,
  TABLE0,
  TABLE1,
  TASK,
  TASK16,
  TSS,
  WINDOW,
  WINDOW_PAGE,
} from './image.ts';

/**
 * Protected mode in cases: what each does is known from the manual, and what an emulator of other hands makes of it is recorded in answers.txt.
 *
 * A case's code runs in its ring at CODE, with EBX and ESI pointing to the data, and ends with INT 30.
 */
export interface SystemCase {
  name: string;
  ring: number;
  /** Hexadecimal bytes. */
  code: string;
  flags?: number;
  /** PG, WP, NE, ET, PE by default. */
  cr0?: number;
  cr4?: number;
  /** Words to write before: address and value. */
  pokes?: [number, number][];
  /** Words to tell of after. */
  watch?: number[];
  /** In EAX. */
  parameter?: number;
  /** The case many times, EAX counting; `base + (EAX << shift)` is written at `at`. */
  /** Interrupts come in it. */
  exact?: boolean;
  sweep?: { first: number; step: number; count: number; at?: number | undefined; base?: number; shift?: number };
}

const RINGS = [0, 1, 2, 3];
const CODES = [0x08, 0x19, 0x2a, 0x3b];
const DATAS = [0x10, 0x21, 0x32, 0x43];
const bytes = (value: number, count = 4): string =>
  Array.from({ length: count }, (_, n) => ((value >>> (n * 8)) & 0xff).toString(16).padStart(2, '0')).join(' ');
const push = (value: number): string => `68 ${bytes(value)}`;
/** MOV to EAX and from there to DRn or CRn, in ring 0. */
const setDebug = (n: number, value: number): string => `b8 ${bytes(value)} 0f 23 ${(0xc0 | (n << 3)).toString(16)}`;
const setControl = (n: number, value: number): string => `b8 ${bytes(value)} 0f 22 ${(0xc0 | (n << 3)).toString(16)}`;
const poke = (at: number, text: string): [number, number][] => {
  const [low, high] = descriptor(text);
  return [
    [at, low],
    [at + 4, high],
  ];
};
const NOTE = 'cd 31';
/** Code as words to write, in full ones. */
const write = (at: number, code: string): [number, number][] => {
  const found = code.split(' ').map((byte) => parseInt(byte, 16));
  while (found.length % 4 !== 0) found.push(0x90);
  return Array.from({ length: found.length / 4 }, (_, n) => [
    at + n * 4,
    (found[n * 4] | (found[n * 4 + 1] << 8) | (found[n * 4 + 2] << 16) | (found[n * 4 + 3] << 24)) >>> 0,
  ]);
};
/** A 16-bit TSS leaves the upper halves of registers to the processor. So its task begins with MOV to SS, ESP, EAX and ECX. */
const land16 = (end: string): [number, number][] => write(LANDING, `b8 10 00 00 00 8e d0 bc 00 f7 01 00 31 c0 31 c9 ${end}`);
const LAND16 = land16('cd 30');
/** #TS, #NP, #SS and #GP go to tasks of their own: for when the stack in force is not to be trusted. */
const TASKED = [0, 1, 2, 3].flatMap((n) => poke(IDT + (10 + n) * 8, `task to=${(FAULT_TASK + n * 8).toString(16)}:0`));
/** Ends with INT 32 where ZF is clear. */
const ZERO = '74 02 cd 32';

/** Every descriptor × RPL, for one use of its selector. */
function everyDescriptor(name: string, ring: number, code: string, more: Partial<SystemCase> = {}, at?: number): SystemCase[] {
  return RINGS.map((rpl) => ({
    name: `${name} of every descriptor, RPL ${rpl}, ring ${ring}`,
    ring,
    code,
    ...more,
    sweep: { first: EVERY + rpl, step: 8, count: 256, at },
  }));
}

const SELECTORS: SystemCase[] = [
  ...RINGS.flatMap((ring) => [
    ...everyDescriptor('mov to DS', ring, '8e d8'),
    ...everyDescriptor('mov to SS', ring, '8e d0'),
    ...[
      ['lar', '0f 02 c8'],
      ['lsl', '0f 03 c8'],
      ['verr', '0f 00 e0'],
      ['verw', '0f 00 e8'],
    ].flatMap(([name, code]) => everyDescriptor(name, ring, `${code} ${ZERO}`)),
    ...everyDescriptor('jmp far', ring, 'ff 2b', { pokes: [[DATA, LANDING], ...LAND16] }, DATA + 4),
    ...everyDescriptor('call far', ring, 'ff 1b', { pokes: [[DATA, LANDING], ...LAND16] }, DATA + 4),
    ...RINGS.slice(ring).flatMap((to) => [
      ...everyDescriptor(`ret far to ring ${to}`, ring, `${push(DATAS[to])} ${push(0xb000)} 50 ${push(LANDING)} cb`).slice(to, to + 1),
      ...everyDescriptor(`iret to ring ${to}`, ring, `${push(DATAS[to])} ${push(0xb000)} 9c 50 ${push(LANDING)} cf`).slice(to, to + 1),
      ...(to === ring
        ? []
        : everyDescriptor(`SS of iret to ring ${to}`, ring, `50 ${push(0xb000)} 9c ${push(CODES[to])} ${push(LANDING)} cf`)),
    ]),
  ]),
  ...everyDescriptor('lldt', 0, '0f 00 d0'),
  ...everyDescriptor('ltr', 0, '0f 00 d8', { watch: [GDT + EVERY + 0x4c] }),
  ...everyDescriptor('SS1 of the TSS', 3, 'cd 33', { pokes: poke(IDT + 0x33 * 8, 'int32 dpl3 to=18:8800') }, TSS + 16),
  ...everyDescriptor('CS of a task', 0, 'ea 00 00 00 00 58 00', { pokes: TASKED }, TASK + 76),
  ...everyDescriptor('SS of a task', 0, 'ea 00 00 00 00 58 00', { pokes: TASKED }, TASK + 80),
  ...everyDescriptor('DS of a task', 0, 'ea 00 00 00 00 58 00', { pokes: TASKED }, TASK + 84),
  ...everyDescriptor('LDT of a task', 0, 'ea 00 00 00 00 58 00', { pokes: TASKED }, TASK + 96),
  ...everyDescriptor('task gate to', 0, 'ea 00 00 00 00 78 00', {}).map(
    (c, rpl): SystemCase => ({
      ...c,
      pokes: [...poke(GDT + 0x78, 'task dpl3 to=0:0'), ...LAND16],
      sweep: { first: EVERY + rpl, step: 8, count: 256, at: GDT + 0x78, base: 0, shift: 16 },
    }),
  ),
  ...['8e d8', '8e d0', '8e e0', '0f 00 d0', '0f 00 d8'].map(
    (code): SystemCase => ({ name: `${code} of low and high selectors`, ring: 0, code, sweep: { first: 0, step: 1, count: 8 } }),
  ),
  ...['8e d8', '8e d0', '0f 00 d0', '0f 00 d8'].map(
    (code): SystemCase => ({ name: `${code} at the tables' ends`, ring: 0, code, sweep: { first: 0xbf0, step: 4, count: 10 } }),
  ),
];

const TARGETS = [0x08, 0x18, 0x28, 0x38, 0xa0, 0x10, 0, 3, 0xd0, 0x48, 0x58, 0x0c, 0x3b, 0xc00];
const GATES: SystemCase[] = [
  ...RINGS.flatMap((ring) =>
    TARGETS.map(
      (target): SystemCase => ({
        name: `int through every gate to ${target.toString(16)}, ring ${ring}`,
        ring,
        code: 'cd 32',
        pokes: [[IDT + 0x190, (target << 16) | LANDING]],
        sweep: { first: 0, step: 1, count: 256, at: IDT + 0x194, shift: 8 },
      }),
    ),
  ),
  // As a TSS the same words have their base at the target, and the page directory is at 0.
  ...RINGS.flatMap((ring) =>
    TARGETS.filter((target) => target > 3 && target !== 0x3b).flatMap((target): SystemCase[] => [
      {
        name: `call through every gate to ${target.toString(16)}, ring ${ring}`,
        ring,
        code: '9a 00 00 00 00 80 00',
        pokes: [[GDT + 0x80, (target << 16) | LANDING], ...TASKED],
        sweep: { first: 0, step: 1, count: 256, at: GDT + 0x84, shift: 8 },
      },
      {
        name: `jmp through every gate to ${target.toString(16)}, ring ${ring}`,
        ring,
        code: 'ea 00 00 00 00 80 00',
        pokes: [[GDT + 0x80, (target << 16) | LANDING], ...TASKED],
        sweep: { first: 0, step: 1, count: 256, at: GDT + 0x84, shift: 8 },
      },
    ]),
  ),
  ...[0, 3].flatMap((ring) =>
    TARGETS.map(
      (target): SystemCase => ({
        name: `#UD through every gate to ${target.toString(16)}, ring ${ring}`,
        ring,
        code: '0f 0b',
        pokes: [[IDT + 0x30, (target << 16) | LANDING]],
        sweep: { first: 0, step: 1, count: 256, at: IDT + 0x34, shift: 8 },
      }),
    ),
  ),
  ...[0, 3].flatMap((ring) =>
    TARGETS.map(
      (target): SystemCase => ({
        name: `an interrupt through every gate to ${target.toString(16)}, ring ${ring}`,
        ring,
        flags: 0x3202,
        exact: true,
        code: `66 ba f9 03 b0 02 ee 90 90`,
        pokes: [[IDT + 0x120, (target << 16) | LANDING]],
        sweep: { first: 0, step: 1, count: 256, at: IDT + 0x124, shift: 8 },
      }),
    ),
  ),
  ...RINGS.flatMap((ring) =>
    RINGS.map(
      (rpl): SystemCase => ({
        name: `call gate, RPL ${rpl}, ring ${ring}`,
        ring,
        code: `9a 00 00 00 00 ${bytes(0x80 | rpl, 2)}`,
        sweep: { first: 0, step: 1, count: 4, at: GDT + 0x84, base: 0x8c00, shift: 13 },
      }),
    ),
  ),
];

/** The products of rights at both levels; 4 MiB pages after them. */
const ACCESSES = [
  ['read', '8b 0d'],
  ['write', '89 0d'],
  ['fetch', 'e9'],
  ['read and write', 'ff 05'],
  ['locked exchange', '87 0d'],
  ['test', '84 0d'],
];
const access = (code: string, at: number): string => (code === 'e9' ? `e9 ${bytes(at - CODE - 5)}` : `${code} ${bytes(at)}`);
const PAGES: SystemCase[] = [0, 1, 3].flatMap((ring) =>
  [0x80010033, 0x80000033].flatMap((cr0) =>
    ACCESSES.flatMap(([name, code]) => [
      ...[0, 1, 2, 3, 4, 5, 6, 7].map(
        (rights): SystemCase => ({
          name: `${name}, directory ${rights}, every page, WP ${(cr0 >> 16) & 1}, ring ${ring}`,
          ring,
          cr0,
          code: access(code, WINDOW),
          watch: [DIRECTORY + 4, TABLE1],
          pokes: [
            [DIRECTORY + 4, TABLE1 | rights],
            [WINDOW_PAGE, 0x909030cd],
          ],
          sweep: { first: 0, step: 1, count: 8, at: TABLE1, base: WINDOW_PAGE },
        }),
      ),
      ...[0, 0x10].map(
        (cr4): SystemCase => ({
          name: `${name}, 4 MiB pages, CR4 ${cr4.toString(16)}, WP ${(cr0 >> 16) & 1}, ring ${ring}`,
          ring,
          cr0,
          cr4,
          code: access(code, WINDOW + WINDOW_PAGE),
          watch: [DIRECTORY + 4],
          pokes: [[WINDOW_PAGE, 0x909030cd]],
          sweep: { first: 0, step: 1, count: 8, at: DIRECTORY + 4, base: 0x80 },
        }),
      ),
    ]),
  ),
);

const PAGING: SystemCase[] = [
  {
    name: 'a write over two pages, the second read-only',
    ring: 3,
    code: `89 05 ${bytes(WINDOW + 0xffe)}`,
    parameter: 0x12345678,
    pokes: [[TABLE1 + 4, (WINDOW_PAGE + 0x1000) | 5]],
    watch: [WINDOW_PAGE + 0xffc, TABLE1, TABLE1 + 4],
  },
  {
    name: 'a write over two pages, the first missing',
    ring: 3,
    code: `89 05 ${bytes(WINDOW + 0xffe)}`,
    parameter: 0x12345678,
    pokes: [[TABLE1, WINDOW_PAGE | 6]],
    watch: [WINDOW_PAGE + 0x1000, TABLE1, TABLE1 + 4],
  },
  {
    name: 'a write over two pages',
    ring: 3,
    code: `89 05 ${bytes(WINDOW + 0xffe)}`,
    parameter: 0x12345678,
    watch: [WINDOW_PAGE + 0xffc, WINDOW_PAGE + 0x1000, TABLE1, TABLE1 + 4],
  },
  {
    name: 'an instruction over two pages, the second missing',
    ring: 3,
    code: `e9 ${bytes(WINDOW + 0xffe - CODE - 5)}`,
    pokes: [
      [WINDOW_PAGE + 0xffc, 0x05890000],
      [TABLE1 + 4, 0],
    ],
    watch: [TABLE1],
  },
  { name: 'push to a missing page', ring: 3, code: `bc ${bytes(WINDOW + 2)} 50`, pokes: [[TABLE1, 0]] },
  { name: 'pusha over two pages, the lower missing', ring: 3, code: `bc ${bytes(WINDOW + 0x1010)} 60`, pokes: [[TABLE1, 0]] },
  {
    name: 'movs in the middle',
    ring: 3,
    code: `bf ${bytes(WINDOW + 0xff8)} b9 04 00 00 00 f3 a5`,
    pokes: [[TABLE1 + 4, 0]],
    watch: [TABLE1],
  },
  { name: 'call, its stack missing', ring: 3, code: `bc ${bytes(WINDOW)} e8 00 00 00 00`, pokes: [[DIRECTORY + 4, 0]] },
  { name: 'cmpxchg that fails still writes', ring: 3, code: `0f b1 0d ${bytes(WINDOW)}`, pokes: [[TABLE1, WINDOW_PAGE | 5]], parameter: 1 },
  {
    name: 'a page table of the supervisor below a user directory',
    ring: 3,
    code: `8b 0d ${bytes(WINDOW)}`,
    pokes: [[TABLE1, WINDOW_PAGE | 3]],
  },
  { name: "descriptor tables are the supervisor's to read from ring 3", ring: 3, code: '66 b8 43 00 8e d8' },
  { name: 'accessed bit in a read-only GDT page', ring: 0, code: '66 b8 10 00 8e d8', pokes: [[TABLE0 + 4, 0x1001]], watch: [GDT + 0x14] },
  {
    name: 'accessed bit in a read-only GDT page, WP clear',
    ring: 0,
    cr0: 0x80000033,
    code: '66 b8 10 00 8e d8',
    pokes: [[TABLE0 + 4, 0x1001]],
    watch: [GDT + 0x14, TABLE0 + 4],
  },
  { name: 'busy bit in a read-only GDT page', ring: 0, code: '66 b8 58 00 0f 00 d8', pokes: [[TABLE0 + 4, 0x1001]], watch: [GDT + 0x5c] },
  { name: 'ring 1 is the supervisor', ring: 1, code: `89 05 ${bytes(WINDOW)}`, pokes: [[TABLE1, WINDOW_PAGE | 1]] },
  { name: 'ring 2 is the supervisor', ring: 2, code: `8b 05 ${bytes(WINDOW)}`, pokes: [[TABLE1, WINDOW_PAGE | 1]] },
  {
    name: 'invlpg after a change',
    ring: 0,
    code: `8b 0d ${bytes(WINDOW)} c7 05 ${bytes(TABLE1)} 00 00 00 00 0f 01 3d ${bytes(WINDOW)} 8b 0d ${bytes(WINDOW)}`,
  },
  {
    name: 'MOV to CR3 after a change',
    ring: 0,
    code: `8b 0d ${bytes(WINDOW)} c7 05 ${bytes(TABLE1)} 00 00 00 00 0f 20 d8 0f 22 d8 8b 0d ${bytes(WINDOW)}`,
  },
  {
    name: 'a global page over MOV to CR3',
    ring: 0,
    cr4: 0x80,
    code: `8b 0d ${bytes(WINDOW)} c7 05 ${bytes(TABLE1)} 00 00 00 00 0f 20 d8 0f 22 d8 8b 0d ${bytes(WINDOW)}`,
    pokes: [[TABLE1, WINDOW_PAGE | 0x107]],
  },
  {
    name: 'a global page, PGE clear',
    ring: 0,
    code: `8b 0d ${bytes(WINDOW)} c7 05 ${bytes(TABLE1)} 00 00 00 00 0f 20 d8 0f 22 d8 8b 0d ${bytes(WINDOW)}`,
    pokes: [[TABLE1, WINDOW_PAGE | 0x107]],
  },
  {
    name: 'a global page, PGE switched off and on',
    ring: 0,
    cr4: 0x80,
    code: `8b 0d ${bytes(WINDOW)} c7 05 ${bytes(TABLE1)} 00 00 00 00 ${setControl(4, 0)} ${setControl(4, 0x80)} 8b 0d ${bytes(WINDOW)}`,
    pokes: [[TABLE1, WINDOW_PAGE | 0x107]],
  },
  { name: 'a 4 MiB page with a reserved bit', ring: 0, cr4: 0x10, code: `8b 0d ${bytes(WINDOW)}`, pokes: [[DIRECTORY + 4, 0x200087]] },
  {
    name: 'dirty by a write after a read',
    ring: 3,
    code: `8b 0d ${bytes(WINDOW)} ${NOTE} 89 0d ${bytes(WINDOW)}`,
    watch: [TABLE1, DIRECTORY + 4],
  },
  { name: 'paging switched off', ring: 0, code: `${setControl(0, 0x33)} 8b 0d 00 a0 00 00`, pokes: [[TABLE0 + 0x28, 0]], watch: [] },
];

/** Page-fault, gate and stack troubles while an exception is delivered. `missing` pages lie in the window. */
const outerStack = (esp: number): [number, number][] => [[TSS + 4, esp]];
const DOUBLE: SystemCase[] = [
  {
    name: '#PF with its gate absent',
    ring: 3,
    code: `8b 0d ${bytes(WINDOW)}`,
    pokes: [[TABLE1, 0], ...poke(IDT + 14 * 8, 'int32 np to=8:8800')],
  },
  { name: '#PF with its stack missing', ring: 3, code: `8b 0d ${bytes(WINDOW)}`, pokes: [[TABLE1, 0], ...outerStack(WINDOW + 0x800)] },
  { name: '#GP with its gate absent', ring: 3, code: 'f4', pokes: poke(IDT + 13 * 8, 'int32 np to=8:8800') },
  { name: '#GP with its stack missing', ring: 3, code: 'f4', pokes: [[TABLE1, 0], ...outerStack(WINDOW + 0x800)] },
  { name: '#GP with its stack segment wrong', ring: 3, code: 'f4', pokes: [[TSS + 8, 0x43]] },
  { name: '#UD with its gate absent', ring: 3, code: '0f 0b', pokes: poke(IDT + 6 * 8, 'int32 np to=8:8800') },
  { name: '#UD with its gate of a wrong type', ring: 3, code: '0f 0b', pokes: poke(IDT + 6 * 8, 'call32 to=8:8800') },
  { name: '#UD with its stack missing', ring: 3, code: '0f 0b', pokes: [[TABLE1, 0], ...outerStack(WINDOW + 0x800)] },
  {
    name: '#UD with its handler missing',
    ring: 3,
    code: '0f 0b',
    pokes: [
      [TABLE1, 0],
      [IDT + 48, 0x80000 | (WINDOW & 0xffff)],
      [IDT + 52, (WINDOW & 0xffff0000) | 0x8e00],
    ],
  },
  { name: '#DE with its gate absent', ring: 3, code: '31 c9 f7 f1', pokes: poke(IDT, 'int32 np to=8:8800') },
  { name: '#DE with its stack missing', ring: 3, code: '31 c9 f7 f1', pokes: [[TABLE1, 0], ...outerStack(WINDOW + 0x800)] },
  {
    name: '#NP with its gate absent',
    ring: 3,
    code: '66 b8 d3 00 8e d8 9a 00 00 00 00 bb 00',
    pokes: poke(IDT + 11 * 8, 'int32 np to=8:8800'),
  },
  {
    name: '#TS with its gate absent',
    ring: 3,
    code: 'cd 33',
    pokes: [...poke(IDT + 0x33 * 8, 'int32 dpl3 to=18:8800'), [TSS + 16, 0x43], ...poke(IDT + 10 * 8, 'int32 np to=8:8800')],
  },
  { name: '#NM with its gate absent', ring: 3, cr0: 0x8001003b, code: 'd9 e8', pokes: poke(IDT + 7 * 8, 'int32 np to=8:8800') },
  { name: '#DB with its gate absent', ring: 3, flags: 0x102, code: '90 90', pokes: poke(IDT + 8, 'int32 np to=8:8800') },
  { name: 'INT with its gate absent', ring: 3, code: 'cd 34', pokes: poke(IDT + 0x34 * 8, 'int32 dpl3 np to=8:8800') },
  { name: 'INT beyond the IDT', ring: 3, code: 'cd 80' },
  { name: 'INT 2', ring: 3, code: 'cd 02' },
  { name: 'INT 14 from ring 0', ring: 0, code: 'cd 0e' },
  { name: 'INT with its stack missing', ring: 3, code: 'cd 34', pokes: [[TABLE1, 0], ...outerStack(WINDOW + 0x800)] },
  {
    name: 'an interrupt with its gate absent',
    ring: 0,
    flags: 0x202,
    exact: true,
    code: '66 ba f9 03 b0 02 ee 90 90',
    pokes: poke(IDT + 0x24 * 8, 'int32 np to=8:8800'),
  },
  {
    name: 'an interrupt with its code absent',
    ring: 0,
    flags: 0x202,
    exact: true,
    code: '66 ba f9 03 b0 02 ee 90 90',
    pokes: poke(IDT + 0x24 * 8, 'int32 to=d0:8800'),
  },
  {
    name: 'an interrupt from ring 3 with its stack segment absent',
    ring: 3,
    flags: 0x3202,
    exact: true,
    code: '66 ba f9 03 b0 02 ee 90 90',
    pokes: [...poke(IDT + 0x24 * 8, 'int32 to=18:8800'), [TSS + 16, 0x101]],
  },
  { name: 'a stack of ring 0 gone', ring: 0, code: `bc ${bytes(WINDOW + 0x800)} 90 0f 0b`, pokes: [[TABLE1, 0]] },
  {
    name: 'the TSS too short for the ring',
    ring: 3,
    code: 'cd 33',
    pokes: [...poke(IDT + 0x33 * 8, 'int32 dpl3 to=18:8800'), ...poke(GDT + 0x48, 'tss32 base=1e80 limit=10')],
  },
  { name: "the TSS's stack pointer on a missing page", ring: 3, code: 'cd 33', pokes: poke(IDT + 0x33 * 8, 'int32 dpl3 to=18:8800') },
];

const STEPPING: SystemCase[] = [
  ...[
    ['nop', '90 90 90'],
    ['mov ss', '8c d0 8e d0 90 90'],
    ['pop ss', '16 17 90 90'],
    ['popf that sets TF', '9c 80 4c 24 01 01 9d 90 90'],
    ['popf that clears TF', '9c 80 64 24 01 fe 9d 90 90'],
    ['rep movs', 'b9 03 00 00 00 f3 a4 90'],
    ['int', 'cd 31 90 90'],
    ['a fault', '90 0f 0b'],
    ['jump', 'eb 00 90'],
    ['call and ret', 'e8 02 00 00 00 eb 02 90 c3 90'],
    ['pushf', '9c 58'],
    ['bswap', '90 0f c8 90'],
    ['lss', `c7 03 ${bytes(0xb000)} 66 c7 43 04 43 00 0f b2 23 90 90`],
    ['sti', 'fb 90 90'],
    ['loop', 'b9 03 00 00 00 e2 fe 90'],
    ['cmov', '0f 44 c1 90'],
  ].flatMap(([name, code]) =>
    [0, 3].map(
      (ring): SystemCase => ({
        name: `single step: ${name}, ring ${ring}`,
        ring,
        flags: 0x3102,
        code: ring === 0 ? code.replace('43 04 43', '43 04 10') : code,
      }),
    ),
  ),
  { name: 'single step: iret that sets TF', ring: 0, code: `${push(0x102)} ${push(8)} ${push(CODE + 16)} cf 90 90 90` },
  {
    name: 'single step: into another ring',
    ring: 0,
    code: `${push(0x43)} ${push(0xb000)} ${push(0x102)} ${push(0x3b)} ${push(LANDING)} cf`,
    pokes: write(LANDING, '90 90 cd 30'),
  },
  { name: 'single step through a call gate', ring: 3, flags: 0x102, code: '9a 00 00 00 00 83 00', pokes: [] },
  { name: 'single step: a task switch', ring: 0, flags: 0x102, code: 'ea 00 00 00 00 58 00' },
  { name: 'an instruction breakpoint', ring: 0, code: `${setDebug(0, CODE + 18)} ${setDebug(7, 1)} 90 90 90 90` },
  { name: 'an instruction breakpoint after mov ss', ring: 0, code: `${setDebug(0, CODE + 22)} ${setDebug(7, 1)} 90 90 8c d0 8e d0 90 90` },
  ...[
    ['write of 4, write', 0xd0001, '89 03'],
    ['write of 4, read', 0xd0001, '8b 0b'],
    ['read or write of 4, read', 0xf0001, '8b 0b'],
    ['write of 1 beside it', 0x10001, '88 43 01'],
    ['write of 2 over it', 0x10001, '66 89 43 ff'],
    ['global', 0xd0002, '89 03'],
    ['disabled', 0xd0000, '89 03'],
    ['two of them', 0xdd0005, '89 03'],
    ['push', 0xd0001, 'bc 04 90 00 00 50'],
    ['string', 0xd0001, 'bf fc 8f 00 00 b9 03 00 00 00 f3 ab'],
    ['read-modify-write', 0xf0001, 'ff 03'],
    ['a fault after it', 0xd0001, '89 03 0f 0b'],
    ['fld of 8', 0xf0001, 'dd 03'],
    ['fst of 8 over it', 0xd0001, 'd9 e8 dd 5b fc'],
    ['pop ss and a read', 0xf0001, '16 17 8b 0b 90'],
  ].map(
    ([name, control, code]): SystemCase => ({
      name: `a data breakpoint: ${name}`,
      ring: 0,
      code: `${setDebug(0, DATA)} ${setDebug(1, DATA)} ${setDebug(7, control as number)} ${code} 90`,
    }),
  ),
  { name: 'general detect', ring: 0, code: `${setDebug(7, 0x2000)} 0f 21 c0 0f 21 f9` },
  ...[0, 1, 2, 3, 4, 5, 6, 7].map(
    (n): SystemCase => ({
      name: `MOV to and from DR${n}`,
      ring: 0,
      code: `b8 ${bytes(0xffff0fff & ~0x20ff)} 0f 23 ${(0xc0 | (n << 3)).toString(16)} 31 c0 0f 21 ${(0xc0 | (n << 3)).toString(16)} 89 c1 ${setDebug(7, 0)} ${setDebug(6, 0)}`,
    }),
  ),
  { name: 'MOV from DR4 in ring 3', ring: 3, code: '0f 21 e0' },
];

const RETURNS: SystemCase[] = [
  ...[1, 2, 3].flatMap((to) =>
    [0x102, 0x202, 0x3202, 0x4002, 0x10002, 0x40002, 0x200002, 0x1002, 0x246dd5, 0x8000].map(
      (flags): SystemCase => ({
        name: `iret to ring ${to} with flags ${flags.toString(16)}`,
        ring: 0,
        code: `${push(DATAS[to])} ${push(0xb000)} ${push(flags)} ${push(CODES[to])} ${push(LANDING)} cf`,
      }),
    ),
  ),
  ...[1, 2, 3].flatMap((ring) =>
    [2, 0x1002, 0x3002, 0x3202].flatMap((flags) =>
      [0x202, 0x3002, 0x247fd5].map(
        (image): SystemCase => ({
          name: `iret in ring ${ring}, flags ${flags.toString(16)}, image ${image.toString(16)}`,
          ring,
          flags,
          code: `${push(image & ~0x4100)} ${push(CODES[ring])} ${push(CODE + 16)} cf`,
        }),
      ),
    ),
  ),
  ...[0, 1, 3].flatMap((ring) =>
    [2, 0x1002, 0x3002, 0x3202].flatMap((flags) =>
      [0x202, 0x2, 0x3002, 0x47ed5 & ~0x4100, 0x210002].flatMap((image): SystemCase[] => [
        {
          name: `popf in ring ${ring}, flags ${flags.toString(16)}, image ${image.toString(16)}`,
          ring,
          flags,
          code: `${push(image)} 9d 9c 58`,
        },
        {
          name: `popf of a word in ring ${ring}, flags ${flags.toString(16)}, image ${image.toString(16)}`,
          ring,
          flags,
          code: `${push(image)} 66 9d 9c 58`,
        },
      ]),
    ),
  ),
  ...[0, 1, 3].flatMap((ring) =>
    [2, 0x1002, 0x3002, 0x3202].flatMap((flags) =>
      ['fa', 'fb', 'e4 80', 'ef', '6c', 'f3 6e'].map(
        (code): SystemCase => ({
          name: `${code} in ring ${ring}, flags ${flags.toString(16)}`,
          ring,
          flags,
          code: `31 c9 66 ba 80 00 ${code}`,
        }),
      ),
    ),
  ),
  {
    name: 'iret nulls inner data segments',
    ring: 0,
    code: `b8 10 00 00 00 8e d8 8e c0 b8 20 00 00 00 8e e0 b8 43 00 00 00 8e e8 ${push(0x43)} ${push(0xb000)} ${push(2)} ${push(0x3b)} ${push(LANDING)} cf`,
  },
  {
    name: 'ret far nulls inner data segments',
    ring: 0,
    code: `b8 10 00 00 00 8e d8 8e c0 b8 20 00 00 00 8e e0 b8 a0 00 00 00 8e e8 ${push(0x32)} ${push(0xb000)} ${push(0x2a)} ${push(LANDING)} cb`,
  },
  { name: 'ret far n to another ring', ring: 0, code: `${push(0x43)} ${push(0xb000)} 6a 11 6a 12 ${push(0x3b)} ${push(LANDING)} ca 08 00` },
  { name: 'iret of words', ring: 0, code: '66 9c 66 6a 08 66 68 12 80 66 cf 90 90 90 90 90 90 90 90' },
  { name: 'iret to 16-bit code', ring: 0, code: `${push(0x43)} ${push(0xb000)} ${push(2)} ${push(0xfb)} ${push(LANDING)} cf` },
  {
    name: 'iret to a missing page',
    ring: 0,
    code: `${push(0x43)} ${push(0xb000)} ${push(2)} ${push(0x3b)} ${push(WINDOW)} cf`,
    pokes: [[TABLE1, 0]],
  },
  { name: 'iret from a missing stack', ring: 0, code: `bc ${bytes(WINDOW + 0xff8)} cf`, pokes: [[TABLE1 + 4, 0]] },
  {
    name: 'iret from a stack half missing',
    ring: 0,
    code: `bc ${bytes(WINDOW + 0xff4)} cf`,
    pokes: [
      [WINDOW_PAGE + 0xff4, LANDING],
      [WINDOW_PAGE + 0xff8, 0x3b],
      [WINDOW_PAGE + 0xffc, 2],
      [TABLE1 + 4, 0],
    ],
  },
  { name: 'iret with NT and no link', ring: 0, flags: 0x4002, code: 'cf' },
  { name: 'iret with NT in ring 3', ring: 3, flags: 0x4002, code: 'cf' },
  {
    name: 'iret with NT to a busy task',
    ring: 0,
    flags: 0x4002,
    code: 'cf',
    pokes: [[TSS, 0x58], ...poke(GDT + 0x58, 'tss32busy base=1f00 limit=67')],
    watch: [GDT + 0x4c, GDT + 0x5c, TSS + 32, TSS + 36],
  },
  { name: 'iret with NT to a task that is not busy', ring: 0, flags: 0x4002, code: 'cf', pokes: [[TSS, 0x58]] },
  { name: 'iret with NT to the LDT', ring: 0, flags: 0x4002, code: 'cf', pokes: [[TSS, 0x0c]] },
  {
    name: 'iret with NT to an absent task',
    ring: 0,
    flags: 0x4002,
    code: 'cf',
    pokes: [[TSS, 0x58], ...poke(GDT + 0x58, 'tss32busy np base=1f00 limit=67')],
  },
  ...[0, 2, 3, 31].map(
    (parameters): SystemCase => ({
      name: `a call gate with ${parameters} parameters`,
      ring: 3,
      code: '6a 11 6a 12 6a 13 9a 00 00 00 00 83 00',
      pokes: poke(GDT + 0x80, `call32 dpl3 to=8:8800 params=${parameters.toString(16)}`),
      watch: [0xf7ec, 0xf7f0, 0xf7f4, 0xf7f8, 0xf7fc],
    }),
  ),
  {
    name: 'a call gate of 16 bits with parameters',
    ring: 3,
    code: '66 6a 11 66 6a 12 9a 00 00 00 00 93 00',
    watch: [0xf7f0, 0xf7f4, 0xf7f8, 0xf7fc],
  },
  { name: 'a call gate and back', ring: 3, code: '9a 00 00 00 00 83 00 90', pokes: [[LANDING, 0xcb31cd]] },
  ...[0x83, 0x9b, 0xab, 0xb3, 0xbb, 0xc3, 0xcb, 0xdb, 0x1f, 0x80].map(
    (gate): SystemCase => ({ name: `call of gate ${gate.toString(16)} from ring 3`, ring: 3, code: `9a 00 00 00 00 ${bytes(gate, 2)}` }),
  ),
];

const taskWatch = [GDT + 0x4c, GDT + 0x5c, TASK, TASK + 32, TASK + 36, TSS, TSS + 32, TSS + 36, TSS + 40, TSS + 56, TSS + 76];
const TASKS: SystemCase[] = [
  { name: 'jmp to a task', ring: 0, code: 'ea 00 00 00 00 58 00', watch: taskWatch },
  { name: 'call of a task', ring: 0, code: '9a 00 00 00 00 58 00', watch: taskWatch },
  { name: 'jmp to a task from ring 3', ring: 3, code: 'ea 00 00 00 00 5b 00', watch: taskWatch },
  { name: 'call of a task from ring 3', ring: 3, code: '9a 00 00 00 00 5b 00', watch: taskWatch },
  { name: 'jmp to a 16-bit task', ring: 0, code: 'ea 00 00 00 00 60 00', pokes: LAND16, watch: [TASK16, TASK16 + 12, GDT + 0x64] },
  { name: 'call of a 16-bit task', ring: 0, code: '9a 00 00 00 00 60 00', pokes: LAND16, watch: [TASK16, TASK16 + 12, GDT + 0x64] },
  { name: 'jmp through a task gate', ring: 3, code: 'ea 00 00 00 00 7b 00', watch: taskWatch },
  { name: 'call through a task gate to 16 bits', ring: 3, code: '9a 00 00 00 00 e3 00', pokes: LAND16, watch: [TASK16] },
  { name: 'call of a task and iret', ring: 0, code: '9a 00 00 00 00 58 00 90', pokes: [[LANDING, 0xcf31cd]], watch: taskWatch },
  { name: 'call of a task and iret, ring 3', ring: 3, code: '9a 00 00 00 00 5b 00 90', pokes: [[LANDING, 0xcf31cd]], watch: taskWatch },
  {
    name: 'call of a 16-bit task and iret',
    ring: 0,
    code: '9a 00 00 00 00 60 00 90',
    pokes: land16('cd 31 cf'),
    watch: [TASK16, TASK16 + 12, GDT + 0x64],
  },
  { name: 'int through a task gate', ring: 3, code: 'cd 34 90', pokes: poke(IDT + 0x34 * 8, 'task dpl3 to=58:0'), watch: taskWatch },
  { name: 'int through a task gate of ring 0', ring: 3, code: 'cd 34 90', pokes: poke(IDT + 0x34 * 8, 'task dpl0 to=58:0') },
  { name: 'an exception through a task gate', ring: 3, code: '0f 0b', pokes: poke(IDT + 48, 'task to=58:0'), watch: taskWatch },
  {
    name: 'an exception with an error code through a task gate',
    ring: 3,
    code: 'f4',
    pokes: poke(IDT + 13 * 8, 'task to=58:0'),
    watch: [0x1f7fc, ...taskWatch],
  },
  {
    name: 'an exception with an error code through a task gate to 16 bits',
    ring: 3,
    code: '66 b8 d3 00 8e d8',
    pokes: [...poke(IDT + 13 * 8, 'task to=60:0'), ...poke(GDT + 0x920, 'data dpl0 w 16'), [TASK16 + 36, 0x09200008], ...LAND16],
    watch: [0xf6fc],
  },
  {
    name: 'an interrupt through a task gate',
    ring: 0,
    flags: 0x202,
    exact: true,
    code: '66 ba f9 03 b0 02 ee 90 90',
    pokes: poke(IDT + 0x24 * 8, 'task to=58:0'),
    watch: taskWatch,
  },
  { name: 'jmp to the task in force', ring: 0, code: 'ea 00 00 00 00 48 00' },
  { name: 'jmp to a task too short', ring: 0, code: 'ea 00 00 00 00 70 00' },
  { name: 'jmp through an absent task gate', ring: 0, code: 'ea 00 00 00 00 f0 00' },
  { name: 'jmp to a task from ring 3, DPL 0', ring: 3, code: 'ea 00 00 00 00 6b 00' },
  { name: 'jmp to the task in force through a gate', ring: 0, code: 'ea 00 00 00 00 e8 00' },
  {
    name: 'a task in ring 3',
    ring: 0,
    code: 'ea 00 00 00 00 58 00',
    pokes: [
      [TASK + 72, 0x43],
      [TASK + 76, 0x3b],
      [TASK + 80, 0x43],
      [TASK + 84, 0x43],
      [TASK + 56, 0xb000],
    ],
    watch: taskWatch,
  },
  { name: 'a task with its T bit', ring: 0, code: 'ea 00 00 00 00 58 00', pokes: [[TASK + 100, (104 << 16) | 1]] },
  { name: 'a task sets TS', ring: 0, code: 'ea 00 00 00 00 58 00', pokes: [[LANDING, 0x30cde8d9]] },
  { name: 'a task with flags', ring: 0, code: 'ea 00 00 00 00 58 00', pokes: [[TASK + 36, 0x246ed7]] },
  {
    name: 'a task with page tables of its own',
    ring: 0,
    code: 'ea 00 00 00 00 58 00',
    pokes: [
      [TASK + 28, 0xc000],
      [0xc000, TABLE0 | 7],
      [0xc004, 0],
      [LANDING, 0x400000a1],
      [LANDING + 4, 0x909000],
    ],
  },
  { name: 'a task with a null LDT', ring: 0, code: 'ea 00 00 00 00 58 00', pokes: [[TASK + 96, 0]] },
  {
    name: 'a task with segments of the LDT',
    ring: 0,
    code: 'ea 00 00 00 00 58 00',
    pokes: [
      [TASK + 84, 0x14],
      [TASK + 88, 0x17],
    ],
  },
  { name: 'a task with a null CS', ring: 0, code: 'ea 00 00 00 00 58 00', pokes: [[TASK + 76, 0], ...TASKED] },
  { name: 'a task with a null SS', ring: 0, code: 'ea 00 00 00 00 58 00', pokes: [[TASK + 80, 0], ...TASKED] },
  {
    name: 'a task on a missing page',
    ring: 0,
    code: 'ea 00 00 00 00 58 00',
    pokes: [...poke(GDT + 0x58, `tss32 base=${(WINDOW + 0xfc0).toString(16)} limit=67`), [TABLE1 + 4, 0]],
    watch: [GDT + 0x4c, GDT + 0x5c],
  },
  { name: 'a task in the LDT', ring: 0, code: 'ea 00 00 00 00 24 00', pokes: poke(LDT + 0x20, 'tss32 base=1f00 limit=67') },
  {
    name: 'two tasks deep',
    ring: 0,
    code: '9a 00 00 00 00 58 00 90',
    pokes: [
      [LANDING, 0x0000009a],
      [LANDING + 4, 0xcf006000],
      ...poke(GDT + 0x60, 'tss32 base=1fc0 limit=67'),
      [0x1fe0, LANDING + 7],
      [0x1ff8, 0x1e000],
    ],
    watch: [GDT + 0x4c, GDT + 0x5c, GDT + 0x64],
  },
];

const CONTROL: SystemCase[] = [
  ...[
    0x80010033, 0x80000013, 0x80010032, 0x00000032, 0xa0010033, 0xe0010033, 0x20000033, 0x80050033, 0x8005003f, 0x80010011, 0xffffffff,
  ].map(
    (value): SystemCase => ({
      name: `MOV ${value.toString(16)} to CR0`,
      ring: 0,
      code: `${setControl(0, value)} 0f 20 c0 89 c1 ${setControl(0, 0x80010033)}`,
    }),
  ),
  ...[0, 4, 0x10, 0x80, 0x94, 0x20000000].map(
    (value): SystemCase => ({
      name: `MOV ${value.toString(16)} to CR4`,
      ring: 0,
      code: `${setControl(4, value)} 0f 20 e0 89 c1 ${setControl(4, 0)}`,
    }),
  ),
  ...[0, 0x18, 0xfff].map(
    (value): SystemCase => ({ name: `MOV ${value.toString(16)} to CR3`, ring: 0, code: `${setControl(3, value)} 0f 20 d8` }),
  ),
  { name: 'MOV to CR2', ring: 0, code: `${setControl(2, 0x12345678)} 0f 20 d1 31 c0 0f 22 d0` },
  ...[1, 5, 6, 7].flatMap((n): SystemCase[] => [
    { name: `MOV to CR${n}`, ring: 0, code: `0f 22 ${(0xc0 | (n << 3)).toString(16)}` },
    { name: `MOV from CR${n}`, ring: 0, code: `0f 20 ${(0xc0 | (n << 3)).toString(16)}` },
  ]),
  { name: 'MOV from CR0 takes mod as 3', ring: 0, code: '0f 20 00' },
  ...[0, 1, 2, 4, 8, 0xf, 0xfff0].map(
    (value): SystemCase => ({ name: `LMSW ${value.toString(16)}`, ring: 0, parameter: value, code: '0f 01 f0 0f 20 c0 89 c1 31 c0' }),
  ),
  { name: 'SMSW and CLTS', ring: 0, cr0: 0x8001003b, code: '0f 01 e1 cd 31 0f 06 0f 01 e1' },
  { name: 'SMSW in ring 3', ring: 3, code: '66 0f 01 e1' },
  { name: 'SLDT in ring 3', ring: 3, code: '0f 00 c1' },
  { name: 'STR in ring 3', ring: 3, code: '0f 00 c9' },
  { name: 'SGDT', ring: 3, code: '0f 01 03', watch: [DATA, DATA + 4] },
  { name: 'SIDT', ring: 3, code: '0f 01 0b', watch: [DATA, DATA + 4] },
  {
    name: 'LGDT of 16 bits',
    ring: 0,
    code: '66 0f 01 13 0f 01 43 10',
    pokes: [
      [DATA, 0x10000bff],
      [DATA + 4, 0xff00],
    ],
    watch: [DATA + 16, DATA + 20],
  },
  ...[
    '0f 01 13',
    '0f 01 1b',
    '0f 00 d0',
    '0f 00 d8',
    '0f 01 f0',
    '0f 06',
    '0f 08',
    '0f 09',
    '0f 20 c0',
    '0f 22 d8',
    '0f 21 c0',
    '0f 23 c0',
    '0f 01 3b',
    'f4',
    '0f 30',
    '0f 32',
  ].flatMap((code) => [1, 2, 3].map((ring): SystemCase => ({ name: `${code} in ring ${ring}`, ring, flags: 0x3002, code }))),
  { name: 'LLDT from memory that is missing, in ring 3', ring: 3, code: `0f 00 15 ${bytes(WINDOW)}`, pokes: [[TABLE1, 0]] },
  { name: 'LGDT from memory that is missing', ring: 0, code: `0f 01 15 ${bytes(WINDOW)}`, pokes: [[TABLE1, 0]] },
  { name: 'RDTSC with TSD in ring 3', ring: 3, cr4: 4, code: '0f 31' },
  { name: 'RDTSC with TSD in ring 0', ring: 0, cr4: 4, code: '0f 31 31 c0' },
  ...[0x33, 0x3b, 0x37, 0x3f, 0x39, 0x31, 0x35].flatMap((low) =>
    ['d9 e8', '9b', 'db e3', 'df e0'].map(
      (code): SystemCase => ({ name: `${code} with CR0 ${low.toString(16)}`, ring: 3, cr0: 0x80010000 | low, code: `${code} 31 c0` }),
    ),
  ),
  { name: 'an x87 exception that is not masked', ring: 3, code: 'db e3 66 c7 03 7b 03 d9 2b d9 e8 d9 ee de f9 90 9b' },
  {
    name: 'bound',
    ring: 3,
    parameter: 5,
    code: '62 03',
    pokes: [
      [DATA, 1],
      [DATA + 4, 4],
    ],
  },
  { name: 'into', ring: 3, code: 'b0 7f 04 01 ce' },
  { name: 'int3', ring: 3, code: 'cc' },
  { name: 'int3 through a gate of ring 0', ring: 3, code: 'cc', pokes: poke(IDT + 24, 'int32 dpl0 to=8:8800') },
  { name: 'int1 through a gate of ring 0', ring: 3, code: 'f1 90' },
  ...[
    'f0 90',
    'f0 01 c0',
    'f0 8b 03',
    '0f ff',
    '0f 0a',
    '8e c8',
    '8c f0',
    '0f c7 c8',
    'c4 c0',
    '8d c0',
    '62 c0',
    'ff f8',
    'fe d0',
    '0f 00 f0',
    '0f 01 e8',
    '0f b8 c0',
    'd9 d1',
    'df f8',
    'c6 c8 00',
  ].map((code): SystemCase => ({ name: `${code} is no instruction`, ring: 3, code })),
  { name: 'more than fifteen bytes', ring: 3, code: '66 66 66 66 66 66 66 66 66 66 66 66 66 66 66 90' },
  { name: '#UD before a privilege check', ring: 3, code: 'f0 0f 22 c0' },
  { name: 'LOCK and #PF', ring: 3, code: `f0 8b 0d ${bytes(WINDOW)}`, pokes: [[TABLE1, 0]] },
  { name: '#NM before #PF', ring: 3, cr0: 0x8001003b, code: `d9 05 ${bytes(WINDOW)}`, pokes: [[TABLE1, 0]] },
  { name: 'privilege before #PF', ring: 3, code: `0f 01 15 ${bytes(WINDOW)}`, pokes: [[TABLE1, 0]] },
  { name: 'port permission before #PF', ring: 3, code: `bf ${bytes(WINDOW)} 6c`, pokes: [[TABLE1, 0]] },
  { name: 'bad pointer before bad selector', ring: 3, code: `ff 2d ${bytes(WINDOW)}`, pokes: [[TABLE1, 0]] },
  ...[0, 7, 8, 0x90, 0x97, 0x98, 0x3ff].flatMap((port) =>
    ['ec', '66 ed', 'ed'].map(
      (code): SystemCase => ({
        name: `port ${port.toString(16)} by the bitmap, ${code}`,
        ring: 3,
        code: `66 ba ${bytes(port, 2)} ${code} 31 c0`,
        pokes: [...poke(GDT + 0x48, 'tss32 base=1e80 limit=7b'), [TSS + 100, 104 << 16], [TSS + 104, 0xffffff80], [TSS + 120, 0xff81ff]],
      }),
    ),
  ),
  ...[0, 1].map(
    (type): SystemCase => ({
      name: `ports under a ${type === 0 ? '16' : '32'}-bit TSS`,
      ring: 3,
      code: 'e4 10',
      pokes: poke(GDT + 0x48, type === 0 ? 'tss16 base=1e80 limit=ff' : 'tss32 base=1e80 limit=66'),
    }),
  ),
];

/** The interrupt of the serial line, raised by the case itself; it is taken where it may be. */
const RAISE = '66 ba f9 03 b0 02 ee';
const LOWER = 'b0 00 ee';
const WINDOWS = (
  [
    { name: 'an interrupt at once', ring: 0, flags: 0x202, code: `${RAISE} 90 90` },
    { name: 'an interrupt held back', ring: 0, code: `${RAISE} 90 90 ${LOWER}` },
    { name: 'an interrupt after sti', ring: 0, code: `${RAISE} 90 fb 90 90` },
    { name: 'an interrupt after sti and cli', ring: 0, code: `${RAISE} 90 fb fa 90 ${LOWER}` },
    { name: 'an interrupt after sti and sti', ring: 0, code: `${RAISE} 90 fb fb 90` },
    { name: 'an interrupt after popf', ring: 0, code: `${RAISE} ${push(0x202)} 9d 90` },
    { name: 'an interrupt after mov ss', ring: 0, code: `${RAISE} 8c d1 fb 8e d1 90 90` },
    { name: 'an interrupt after pop ss', ring: 0, code: `${RAISE} 16 fb 17 90 90` },
    { name: 'an interrupt after iret', ring: 0, code: `${RAISE} ${push(0x202)} ${push(8)} ${push(CODE + 23)} cf 90 90` },
    {
      name: 'an interrupt after iret to ring 3',
      ring: 0,
      code: `${RAISE} ${push(0x43)} ${push(0xb000)} ${push(0x202)} ${push(0x3b)} ${push(LANDING)} cf`,
    },
    { name: 'an interrupt ends hlt', ring: 0, code: `${RAISE} fb f4 90` },
    { name: 'an interrupt after sti and a fault', ring: 0, code: `${RAISE} fb 0f 0b` },
    { name: 'an interrupt between rep movs', ring: 0, code: `b9 02 00 00 00 ${RAISE} fb f3 a4 90` },
    { name: 'an interrupt and a single step', ring: 0, flags: 0x102, code: `${RAISE} fb 90 90` },
    { name: 'an interrupt from ring 3', ring: 3, flags: 0x3202, code: `${RAISE} 90 90` },
    { name: 'an interrupt from ring 1', ring: 1, flags: 0x1202, code: `${RAISE} 90 90` },
  ] as SystemCase[]
).map((c) => ({ ...c, exact: true }));

/** The end: the processor shuts down. */
const FATAL: SystemCase[] = [
  { name: 'no IDT', ring: 0, code: `66 c7 03 00 00 0f 01 1b 0f 0b` },
  { name: 'a double fault without a task', ring: 3, code: 'f4', pokes: [[TSS + 8, 0x43], ...poke(IDT + 64, 'int32 to=8:8800')] },
  {
    name: "a double fault's task that is busy",
    ring: 3,
    code: 'f4',
    pokes: [[TSS + 8, 0x43], ...poke(GDT + 0x68, 'tss32busy base=1fc0 limit=67')],
  },
];

export const CASES: readonly SystemCase[] = [
  ...SELECTORS,
  ...GATES,
  ...PAGES,
  ...PAGING,
  ...DOUBLE,
  ...STEPPING,
  ...RETURNS,
  ...TASKS,
  ...CONTROL,
  ...WINDOWS,
  ...FATAL,
];
