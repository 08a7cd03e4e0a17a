/** What a hostile Guest says. */
import { LHCALL } from '#tangled/host/lg.ts';
import type { Dice } from '#testing';
import { KERNEL, LAYOUT, PAGE, poke } from './stage.ts';
import type { Puppet } from './stage.ts';

const END = LAYOUT.pages * PAGE;
/** Words at which something begins, ends, or turns negative. */
const CORNERS = [
  0,
  1,
  2,
  3,
  4,
  7,
  8,
  31,
  32,
  33,
  127,
  128,
  255,
  256,
  0x3fe,
  0x3ff,
  0x400,
  0x401,
  0xfff,
  0x1000,
  END - 128,
  END - 8,
  END - 4,
  END - 1,
  END,
  END + PAGE,
  0x7fffffff,
  0x80000000,
  KERNEL - 1,
  KERNEL,
  KERNEL + END,
  0xffbfefff,
  0xffbff000,
  0xffbfffff,
  0xffc00000,
  0xffc01000,
  0xffc01fb8,
  0xffc02000,
  0xffc02888,
  0xfffff000,
  0xfffffff8,
  0xfffffffc,
  0xffffffff,
];

export function randomWord(dice: Dice): number {
  switch (dice.below(4)) {
    case 0:
      return dice.word();
    case 1:
      return dice.below(END);
    case 2:
      return dice.below(LAYOUT.pages) * PAGE;
    default:
      return dice.pick(CORNERS);
  }
}

/** Now and then, anything at all instead of something sensible. */
function mostly(dice: Dice, sensible: number): number {
  return dice.oneIn(150) ? randomWord(dice) : sensible >>> 0;
}

const inside = (dice: Dice): number => dice.below(END);
const directory = (dice: Dice): number => (LAYOUT.directory + (dice.oneIn(2) ? 0 : 0x30 + dice.below(5))) * PAGE;

/** An address that a page table of the Guest may cover. */
export function mapped(dice: Dice): number {
  return (dice.oneIn(40) ? dice.pick([0x400000, 0x80000000, 0xff800000]) : dice.pick([0, KERNEL])) + inside(dice);
}

/** A page table entry: mostly of a page that exists, now and then of one right behind the last; flags at random. */
function entry(dice: Dice): number {
  return mostly(
    dice,
    ((dice.oneIn(200) ? LAYOUT.pages + dice.below(8) : dice.below(LAYOUT.pages)) * PAGE) | (dice.word() & 0xf7f) | (dice.oneIn(3) ? 0 : 3),
  );
}

const SENSIBLE: readonly (readonly [number, number, (dice: Dice) => [number, number, number]])[] = [
  [1, LHCALL.FLUSH_ASYNC, () => [0, 0, 0]],
  [
    4,
    LHCALL.LOAD_GDT,
    (dice) => [mostly(dice, dice.oneIn(2) ? LAYOUT.gdt * PAGE : inside(dice) & ~7 & 0xfbfff), mostly(dice, dice.below(33)), dice.word()],
  ],
  [8, LHCALL.NEW_PGTABLE, (dice) => [mostly(dice, directory(dice)), dice.word(), dice.word()]],
  [5, LHCALL.FLUSH_TLB, (dice) => [dice.oneIn(10) ? randomWord(dice) : 0, 0, 0]],
  [
    10,
    LHCALL.LOAD_IDT_ENTRY,
    (dice) => [
      mostly(dice, dice.below(256)),
      dice.word(),
      dice.oneIn(100) ? dice.word() : (dice.word() & 0xffff60ff) | dice.pick([0x8e00, 0x8f00, 0x0e00]),
    ],
  ],
  [6, LHCALL.SET_STACK, (dice) => [mostly(dice, (dice.below(64) << 2) | 1), mostly(dice, mapped(dice)), mostly(dice, dice.below(3))]],
  [2, LHCALL.TS, (dice) => [dice.pick([0, 8, 1]), 0, 0]],
  [3, LHCALL.SET_CLOCKEVENT, (dice) => [randomWord(dice), 0, 0]],
  [2, LHCALL.HALT, () => [0, 0, 0]],
  [24, LHCALL.SET_PTE, (dice) => [mostly(dice, directory(dice)), mostly(dice, mapped(dice)), entry(dice)]],
  [8, LHCALL.SET_PMD, (dice) => [mostly(dice, directory(dice)), dice.oneIn(3) ? randomWord(dice) : dice.below(1025), dice.word()]],
  [6, LHCALL.LOAD_TLS, (dice) => [mostly(dice, inside(dice) & 0xfefff), dice.word(), 0]],
  [3, LHCALL.NOTIFY, (dice) => [randomWord(dice), 0, 0]],
];
const TOTAL = SENSIBLE.reduce((sum, [weight]) => sum + weight, 0);

/** Number and arguments: EAX, EDX, EBX, ECX. */
export function randomCall(dice: Dice): [number, number, number, number] {
  if (dice.oneIn(400)) return [dice.oneIn(2) ? dice.below(24) : randomWord(dice), randomWord(dice), randomWord(dice), randomWord(dice)];
  if (dice.oneIn(600)) return [LHCALL.SHUTDOWN, randomWord(dice), dice.below(4), 0];
  let at = dice.below(TOTAL);
  for (const [weight, nr, draw] of SENSIBLE) {
    if (at < weight) return [nr, ...draw(dice)];
    at -= weight;
  }
  return [0, 0, 0, 0];
}

/** Noise in a page of the Guest, of the kind that hurts there: entries of page tables, descriptors, the shared structure. */
export function scribble(puppet: Puppet, dice: Dice, page: number): void {
  for (let n = dice.below(12); n > 0; n--) {
    const at = page * PAGE + 4 * dice.below(1024);
    if (page === LAYOUT.directory)
      poke(puppet, page * PAGE + 4 * dice.pick([0, 1, 2, 0x200, 0x300, 0x301, 0x3fe, 0x3ff, dice.below(1024)]), [tableEntry(dice)]);
    else if (page === LAYOUT.identity || page === LAYOUT.kernel) poke(puppet, page * PAGE + 4 * dice.below(LAYOUT.pages), [entry(dice)]);
    else if (page === LAYOUT.gdt)
      poke(puppet, page * PAGE + 4 * dice.below(64), [
        dice.oneIn(2) ? dice.word() : dice.pick([0xffff, 0xcf9b00, 0xcf9300, 0x8900, 0x8c00, 0xec00, 0x500000]),
      ]);
    else if (page === LAYOUT.data)
      poke(puppet, page * PAGE + 4 * dice.pick([0, 1, 0x118, 0x119, 0x11a, 0x11b, dice.below(4)]), [
        dice.oneIn(2) ? KERNEL : randomWord(dice),
      ]);
    else poke(puppet, at, [dice.oneIn(2) ? entry(dice) : dice.word()]);
  }
}

/** An entry of a directory, mostly plain. */
function tableEntry(dice: Dice): number {
  return mostly(dice, (dice.pick([LAYOUT.identity, LAYOUT.kernel, dice.below(LAYOUT.pages)]) * PAGE) | dice.pick([7, 0x67, 0x63, 0x65, 0]));
}
