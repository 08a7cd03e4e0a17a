/** Other lives from a life: what a hostile Guest might do differently. */
import type { Dice } from '#testing';
import { BASE, DATA, DEVICES, GDT, STACK, TABLE } from './code.ts';
import type { Act, Descriptor } from './code.ts';
import type { Life } from './life.ts';

const MEMORY = 0x200000;
const KERNEL = 0xc0000000;
/** Where the Launcher has put its tables in 2 MB: the directory, and one page table. */
const DIRECTORY = MEMORY - 0x1000;
const IDENTITY = MEMORY - 0x2000;
const SPARE = 0x120000;
/** First address above what three devices have. */
const LIMIT = MEMORY + 0x1000 + 5 * 0x2000;

/** Words at which something begins, ends, or turns negative. */
const CORNERS: readonly number[] = [
  0,
  1,
  2,
  3,
  7,
  8,
  15,
  16,
  31,
  32,
  33,
  63,
  64,
  127,
  128,
  129,
  255,
  256,
  1022,
  1023,
  1024,
  4095,
  4096,
  0xffff,
  0x10000,
  0x7fffffff,
  0x80000000,
  0xfffffffc,
  0xffffffff,
  0x50,
  0x58,
  0x61,
  0x69,
  0x73,
  0x7b,
  0x80,
  0x8500,
  0x8e00,
  0x8f00,
  0xee00,
  0x100,
  0x200,
  0x40000007,
  0x87,
  0xe7,
  0x1000,
  BASE,
  DATA,
  GDT,
  TABLE,
  STACK,
  DEVICES,
  DIRECTORY,
  IDENTITY,
  SPARE,
  MEMORY,
  LIMIT,
  LIMIT - 4,
  LIMIT - 0x1000,
  KERNEL,
  0xffbff000,
  0xffc00000,
  0xffc01000,
  0xffc02000,
  0xfffff000,
];
const PAGES: readonly number[] = [
  BASE,
  DATA,
  GDT,
  TABLE,
  STACK - 0x1000,
  DIRECTORY,
  IDENTITY,
  SPARE,
  SPARE + 0x1000,
  MEMORY,
  MEMORY + 0x1000,
  0x40000000,
];
/** Flags of page table entries. */
const FLAGS: readonly number[] = [0, 1, 3, 5, 7, 0x21, 0x23, 0x25, 0x27, 0x63, 0x65, 0x67, 0x87, 0x107, 0x0f];

/** Instructions that matter here, in hexadecimal. */
const CODE: readonly string[] = [
  '0f0b',
  'f4',
  'fa',
  'cc',
  'ce',
  'cd80',
  'cd1f',
  'cd20',
  '9b',
  'd9e8',
  'ddd8',
  'e460',
  'e561',
  '66ed',
  'ec',
  'e680',
  'ef',
  '66ef',
  '6c',
  '0f21f0',
  '0f21f8',
  '0f21c0',
  '0f20c0',
  '0f22d8',
  '0f32',
  '0f30',
  '0f06',
  '0f08',
  '6802010000' + '9d' + '90',
  '6802410000' + '9d' + '0f0b',
  '6802000400' + '9d' + '8b05010000' + '00',
  'bc00000010' + '0f0b',
  'bc0000c0ff' + '0f0b',
  'bcf8ff2000' + '0f0b',
  'b850000000' + '8ed8',
  'b869000000' + '8ee8',
  'b883000000' + '8ee0',
  '9a00000000a300',
  'ea0000c0ff5000',
  '6a006a50680000c0ffcf',
  'a10000c0ff',
  'a30000c0ff',
  'a3b81fc0ff',
  '31d2f7f2',
  '0f01c1',
  '0f0100',
  'ebfe',
  'a100000040',
  'c7050000004000000000',
  'f3a4',
  '8b0424',
  'ff3500000040',
];

export function randomWord(dice: Dice): number {
  switch (dice.below(5)) {
    case 0:
      return dice.word();
    case 1:
      return dice.below(LIMIT);
    case 2:
      return dice.pick(PAGES) | dice.pick(FLAGS);
    case 3:
      return (dice.pick(PAGES) + 4 * dice.below(1024)) >>> 0;
    default:
      return dice.pick(CORNERS);
  }
}

const entry = (dice: Dice): number => (dice.oneIn(8) ? randomWord(dice) : (dice.pick(PAGES) | dice.pick(FLAGS)) >>> 0);
const address = (dice: Dice): number =>
  dice.oneIn(8)
    ? randomWord(dice)
    : (dice.pick([0, KERNEL]) + dice.pick([SPARE, SPARE + 0x1000, 0x180000, BASE, STACK - 0x1000, 0x400000])) >>> 0;

/** By number: what a call's arguments mostly are. */
const CALLS: Readonly<Record<number, (dice: Dice) => [number, number, number]>> = {
  0: () => [0, 0, 0],
  1: (dice) => [dice.pick([DATA, randomWord(dice)]), 0, 0],
  2: (dice) => [dice.pick([DATA + 0x780, randomWord(dice)]), dice.below(3), 0],
  3: (dice) => [dice.pick([GDT, SPARE, randomWord(dice)]), dice.pick([32, 33, dice.below(40)]), 0],
  4: (dice) => [dice.pick([DIRECTORY, SPARE, SPARE + 0x1000, randomWord(dice)]), 0, 0],
  5: (dice) => [dice.below(2), 0, 0],
  6: (dice) => [
    dice.pick([dice.below(256), randomWord(dice)]),
    0x610000 | dice.below(0x10000),
    (BASE | dice.pick([0x8e00, 0x8f00, 0xee00, 0xef00, 0x8500, 0])) >>> 0,
  ],
  7: (dice) => [dice.pick([0x69, 0x69, 0x68, randomWord(dice)]), dice.pick([STACK, SPARE, address(dice)]), dice.below(4)],
  8: (dice) => [dice.pick([0, 8]), 0, 0],
  9: (dice) => [dice.pick([0, 100, 1000, 20000, randomWord(dice)]), 0, 0],
  10: () => [0, 0, 0],
  14: (dice) => [dice.pick([DIRECTORY, SPARE, randomWord(dice)]), address(dice), entry(dice)],
  15: (dice) => [dice.pick([DIRECTORY, SPARE]), dice.pick([0, 2, 768, 1022, 1023, randomWord(dice)]), 0],
  16: (dice) => [dice.pick([GDT, SPARE, randomWord(dice)]), 0, 0],
  17: (dice) => [
    dice.pick([DATA + 0x780, MEMORY, MEMORY + 31, MEMORY + 60, MEMORY + 0x1000 + dice.below(10) * 0x1000, randomWord(dice)]),
    0,
    0,
  ],
  18: (dice) => [dice.below(40), 0xffff, dice.pick([0xcfb300, 0xcf9b00, randomWord(dice)])],
  19: () => [0, 0, 0],
};
const NUMBERS = Object.keys(CALLS).map(Number);

function randomCall(dice: Dice): [number, number, number, number] {
  if (dice.oneIn(40)) return [randomWord(dice), randomWord(dice), randomWord(dice), randomWord(dice)];
  const nr = dice.pick(NUMBERS);
  return [nr, ...CALLS[nr](dice)];
}

function descriptor(dice: Dice, last: boolean, index: number): Descriptor {
  const wild = dice.oneIn(10);
  return [
    wild ? randomWord(dice) : SPARE + 16 * dice.below(200),
    wild ? randomWord(dice) : dice.pick([1, 10, 16, 16, 64, 512, 1524, 4096, 70000]),
    wild ? dice.word() & 7 : (last ? 0 : 1) | (dice.oneIn(2) ? 2 : 0),
    wild ? dice.below(300) : index + 1,
  ];
}

function randomAct(dice: Dice): Act {
  switch (dice.below(12)) {
    case 0:
    case 1:
    case 2:
      return ['call', ...randomCall(dice)];
    case 3:
      return ['ring', ...randomCall(dice)];
    case 4:
    case 5: {
      const at = dice.pick<() => number>([
        () => DIRECTORY + 4 * dice.pick([0, 2, 3, 768, 769, 1022, 1023]),
        () => IDENTITY + 4 * dice.pick([0x120, 0x121, 0x180, 0x100, 0x10f, dice.below(1024)]),
        () => DATA + 4 * dice.below(0x11d),
        () => GDT + 4 * dice.below(64),
        () => DEVICES + dice.below(0xb000),
        () => SPARE + 4 * dice.below(16),
        () => randomWord(dice),
      ])();
      return ['store', at, entry(dice)];
    }
    case 6:
      return ['load', address(dice)];
    case 7:
      return ['run', dice.pick(CODE)];
    case 8:
      return ['user', dice.pick(CODE)];
    case 9:
    case 10: {
      const head = dice.below(8);
      const length = 1 + dice.below(4);
      return [
        'chain',
        dice.below(5),
        dice.oneIn(20) ? randomWord(dice) & 0xffff : head,
        Array.from({ length }, (_, i) => descriptor(dice, i === length - 1, head + i)),
      ];
    }
    default:
      return ['spin', dice.pick([10, 500, 3000])];
  }
}

/** Changes one number somewhere in an act. */
function tweak(dice: Dice, act: Act): Act {
  const copy = structuredClone(act) as unknown[];
  const at = 1 + dice.below(copy.length - 1);
  const old = copy[at];
  if (typeof old === 'number') copy[at] = dice.oneIn(2) ? randomWord(dice) : (old + dice.pick([-4096, -4, -1, 1, 4, 4096])) >>> 0;
  else if (typeof old === 'string') copy[at] = dice.pick(CODE) + (dice.oneIn(3) ? dice.pick(CODE) : '');
  else if (Array.isArray(old)) {
    const list = old as Descriptor[];
    if (list.length > 0) list[dice.below(list.length)][dice.below(4)] = randomWord(dice);
  }
  return copy as unknown as Act;
}

const OPTIONS: readonly string[] = [
  'disk',
  'net',
  '--verbose',
  '-v',
  '--turbo',
  '--block=nowhere',
  '--block=',
  '--tunnet=1.2.3.4',
  '--tunnet=300.1.1.1',
  '--tunnet=bridge:none',
  '--tunnet=bridge:',
  '--initrd=nowhere',
  'disk',
  'net',
];
const MEMORIES: readonly string[] = ['2', '2', '3', '16', '1', '0', 'x', '961', '2.5', '-v'];

function changeSurroundings(dice: Dice, life: Life): void {
  switch (dice.below(10)) {
    case 0:
      life.dialect = dice.pick([25, 30, 31]);
      break;
    case 1:
    case 2:
      life.options = Array.from({ length: dice.below(dice.oneIn(30) ? 40 : 4) }, () => dice.pick(OPTIONS));
      break;
    case 3:
      life.memory = dice.pick(MEMORIES);
      break;
    case 4:
      life.hostPages = dice.oneIn(3) ? undefined : dice.below(700);
      break;
    case 5:
      life.wrap = !life.wrap;
      break;
    case 6:
      life.edits = Array.from({ length: 1 + dice.below(3) }, () => [
        dice.pick([dice.below(84), 0x1f1, 0x202, 0x214 + dice.below(4), dice.below(2000)]),
        dice.pick([0, 1, 255, dice.below(256)]),
      ]);
      break;
    case 7:
      life.cut = dice.oneIn(2) ? undefined : dice.pick([0, 1, 51, 52, 83, 84, 511, 1024, 1025, 5000]);
      break;
    case 8:
      life.initrd = dice.pick([undefined, 0, 1, 4096, 5000, 900_000, 1_100_000, 3_000_000]);
      break;
    default:
      life.outside = Array.from({ length: dice.below(5) }, () =>
        dice.pick<() => NonNullable<Life['outside']>[number]>([
          () => ['keys', dice.pick(['a', '\x03', '\x03\x03\x03', 'x'.repeat(100)])],
          () => ['frame', 'ff'.repeat(dice.pick([0, 1, 14, 60, 1514, 2000]))],
          () => ['end'],
          () => ['disk-error'],
        ])(),
      );
  }
}

/** A life like this one, with a few changes; now and then, a part of another. */
export function mutate(dice: Dice, life: Life, other: Life): Life {
  const next = structuredClone(life);
  for (let changes = 1 + dice.below(4); changes > 0; changes--) {
    const { acts } = next;
    const at = dice.below(acts.length + 1);
    const action = dice.below(12);
    if (action < 5) acts.splice(at, 0, randomAct(dice));
    else if (action < 7 && acts.length > 0) acts[at % acts.length] = tweak(dice, acts[at % acts.length]);
    else if (action === 7 && acts.length > 0) acts.splice(at % acts.length, 1 + dice.below(3));
    else if (action === 8 && acts.length > 0) acts.splice(at, 0, structuredClone(dice.pick(acts)));
    else if (action === 9 && other.acts.length > 0) {
      const from = dice.below(other.acts.length);
      acts.splice(at, 0, ...structuredClone(other.acts.slice(from, from + 1 + dice.below(6))));
    } else if (action === 10) Object.assign(next, { options: other.options, outside: other.outside, dialect: other.dialect });
    else changeSurroundings(dice, next);
  }
  if (next.acts.length > 60) next.acts.splice(dice.below(20), next.acts.length - 60);
  for (const key of Object.keys(next) as (keyof Life)[]) if (next[key] === undefined) delete next[key];
  return next;
}
