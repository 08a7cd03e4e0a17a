/**
 * Rights and marks of both levels of a page table, as x86 has them: each combination of present, writable, user, accessed and dirty, for ring 1 and ring 3,
 * for reads and writes. The same tables are walked by a processor without lguest (CR0.WP set, as the Host has it) and by a Guest, whose entries come into the
 * shadow in each way there is. Both must see the same faults with the same error codes and the same bytes, and leave the same marks in the tables.
 */
import { expect, test } from 'vitest';
import { LHCALL } from '#tangled/host/lg.ts';
import { access, HANDLER_GATE, pokeAccessCode, STACK_AT } from './access.ts';
import type { Access } from './access.ts';
import { BareMachine } from './bare.ts';
import { checkInvariants, watch } from './invariants.ts';
import { buildStage, closeGuest, hypercall, KERNEL, LAYOUT, openGuest, PAGE, peek, poke } from './stage.ts';
import type { Puppet } from './stage.ts';

const BITS = { P: 1, W: 2, U: 4, A: 0x20, D: 0x40 } as const;
const ALL = 0x67;
const TABLE = 0x30;
const DATA = 0x31;
const OLD_DATA = 0x32;
/** The page looked at: one of the user half, one of the kernel's. */
const HALVES = [0x00402000, KERNEL + 0x402000];

/** Every product of the first `count` of the bits. */
function combinations(count: number): number[] {
  const values = Object.values(BITS).slice(0, count);
  return Array.from({ length: 1 << count }, (_, n) => values.reduce((bits, bit, i) => bits | ((n >>> i) & 1 ? bit : 0), 0));
}
const picture = (entry: number): string => Object.entries(BITS).reduce((text, [letter, bit]) => text + (entry & bit ? letter : '-'), '');

/** The Guest and the machine without lguest, side by side. */
class Pair {
  readonly puppet: Puppet = openGuest();
  readonly bare = new BareMachine();
  readonly pdeAt: number;
  readonly pteAt: number;
  readonly vaddr: number;

  constructor(vaddr: number) {
    const { puppet } = this;
    hypercall(puppet, LHCALL.LGUEST_INIT, LAYOUT.data * PAGE);
    hypercall(puppet, LHCALL.LOAD_GDT, LAYOUT.gdt * PAGE, 32);
    hypercall(puppet, LHCALL.LOAD_IDT_ENTRY, 14, ...HANDLER_GATE);
    hypercall(puppet, LHCALL.SET_STACK, 0x69, STACK_AT, 1);
    pokeAccessCode(puppet);
    this.vaddr = vaddr;
    this.pdeAt = LAYOUT.directory * PAGE + 4 * (vaddr >>> 22);
    this.pteAt = TABLE * PAGE + 4 * ((vaddr >>> 12) & 0x3ff);
  }

  /** Both levels' flags; the page table and the page they lead to are always the same. */
  set(pde: number, pte: number, page = DATA): void {
    this.#poke(this.pdeAt, (TABLE * PAGE) | pde);
    this.#poke(this.pteAt, (page * PAGE) | pte);
  }

  #poke(address: number, word: number): void {
    poke(this.puppet, address, [word]);
    this.bare.poke(address, word);
  }

  /** The same access on both; what each saw, and what it left. */
  touch(what: Omit<Access, 'vaddr'>, flush: boolean): [string, string] {
    const all = { ...what, vaddr: this.vaddr };
    const told = (seen: ReturnType<typeof access>, look: (address: number) => number): string =>
      `${seen.fault ? `#PF(${seen.error})` : seen.value.toString(16)} ${picture(look(this.pdeAt))} ${picture(look(this.pteAt))} ${look(DATA * PAGE).toString(16)}`;
    const guest = told(access(this.puppet, all), (address) => peek(this.puppet, address));
    return [guest, told(this.bare.access(all, flush), (address) => this.bare.peek(address))];
  }

  get pte(): number {
    return this.bare.peek(this.pteAt);
  }
}

/** How the entries under test come to the Host's knowledge; each tells what both sides have to do first. */
const WAYS: readonly (readonly [string, (pair: Pair, pde: number, pte: number) => void])[] = [
  ['found by a fault', (pair, pde, pte) => pair.set(pde, pte)],
  [
    'told by SET_PTE',
    (pair, pde, pte) => {
      pair.set(ALL, ALL, OLD_DATA);
      pair.touch({ write: null, user: true }, true);
      // Whatever its rights are, the directory's change is told; the shadow is filled once more below it, so that there is something to be replaced.
      pair.set(pde, ALL, OLD_DATA);
      hypercall(pair.puppet, LHCALL.SET_PMD, LAYOUT.directory * PAGE, pair.vaddr >>> 22);
      pair.touch({ write: null, user: false }, true);
      pair.set(pde, pte);
      hypercall(pair.puppet, LHCALL.SET_PTE, LAYOUT.directory * PAGE, pair.vaddr, pair.pte);
    },
  ],
  [
    'told by SET_PMD',
    (pair, pde, pte) => {
      pair.set(ALL, ALL, OLD_DATA);
      pair.touch({ write: 1, user: true }, true);
      pair.set(pde, pte);
      hypercall(pair.puppet, LHCALL.SET_PMD, LAYOUT.directory * PAGE, pair.vaddr >>> 22);
    },
  ],
  [
    'told by a flush',
    (pair, pde, pte) => {
      pair.set(ALL, ALL, OLD_DATA);
      pair.touch({ write: 1, user: true }, true);
      pair.set(pde, pte);
      hypercall(pair.puppet, LHCALL.FLUSH_TLB, 1);
    },
  ],
];

const ACCESSES: Omit<Access, 'vaddr'>[] = [null, 0x5eed].flatMap((write) => [false, true].map((user) => ({ write, user })));
const name = ({ write, user }: Omit<Access, 'vaddr'>): string => `ring ${user ? 3 : 1} ${write === null ? 'reads' : 'writes'}`;

test.each(WAYS)('entries %s: the same faults, bytes and marks as without lguest', (way, arrange) => {
  const stage = buildStage({ seed: 3 });
  const seen = watch();
  let cases = 0;
  let faults = 0;
  for (const vaddr of HALVES) {
    const pair = new Pair(vaddr);
    // Below a directory entry that is not present nothing counts.
    for (const pde of combinations(4))
      for (const pte of pde & BITS.P ? combinations(5) : [0, ALL])
        for (const first of ACCESSES)
          for (const second of ACCESSES) {
            if (second.user !== first.user && way !== 'found by a fault') continue;
            // What is in no table is in no shadow after a flush, even where a flush keeps what is still true.
            pair.set(0, 0);
            hypercall(pair.puppet, LHCALL.FLUSH_TLB, 1);
            arrange(pair, pde, pte);
            const what = `${vaddr.toString(16)} ${picture(pde)} ${picture(pte)}`;
            const [guest, bare] = pair.touch(first, true);
            if (guest !== bare) expect(guest, `${what}: ${name(first)}`).toBe(bare);
            const [guestToo, bareToo] = pair.touch(second, false);
            if (guestToo !== bareToo) expect(guestToo, `${what}: ${name(first)}, ${name(second)}`).toBe(bareToo);
            cases++;
            if (bare.startsWith('#')) faults++;
          }
    checkInvariants(seen, pair.puppet);
    closeGuest(stage, pair.puppet);
  }
  process.stdout.write(`rights ${way}: ${cases} cases, ${faults} faults\n`);
  expect(faults).toBeGreaterThan(cases / 10);
  expect(cases - faults).toBeGreaterThan(cases / 10);
});
