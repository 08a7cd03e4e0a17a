/** The way of an address, against the machine's own walk; and what becomes of an access, against what the Host does with each page fault of the chapters' Guests. */
import { describe, expect, test } from 'vitest';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { World as AnyWorld } from '#world';
import { READ, translate, WRITE } from '../../machine/memory/mmu.ts';
import { RAM } from '../../machine/state/layout.ts';
import { viewPageTables } from '../../world/views/page_tables.ts';
import { dice, GUEST, randomTables, SHADOW } from '../../world/views/testing/random_tables.ts';
import { partsOf, verdictOf, wayOf } from './page_walk.ts';
import type { Verdict } from './page_walk.ts';

const { World } = base;
const ACCESSES = [
  { write: false, user: false },
  { write: true, user: false },
  { write: false, user: true },
  { write: true, user: true },
];

test('an address has three parts', () => {
  expect(partsOf(0xc0100abc)).toEqual({ directory: 768, table: 256, offset: 0xabc });
  expect(partsOf(0xffffffff)).toEqual({ directory: 1023, table: 1023, offset: 0xfff });
});

describe.each([true, false])('with CR0.WP %s', (writeProtect) => {
  test.each(Array.from({ length: 25 }, (_, seed) => seed))('the machine goes the same way through random tables, number %i', (seed) => {
    const { machine, sight, guest, shadow } = randomTables(seed);
    machine.cpu.cr0 = writeProtect ? 0x80010001 : 0x80000001;
    const [tree] = viewPageTables(sight);
    const random = dice(seed);
    // Half of the addresses are such as are there, the others of anywhere.
    const known = [...guest.keys(), ...shadow.keys()].filter((key) => key.includes('.')).map((key) => key.split('.').map(Number));
    const { internals: cpu } = machine;
    // Marks that a walk leaves would change what is looked at.
    cpu.storeEntry = () => undefined;
    for (let n = 0; n < 400; n++) {
      const [directory, table] = known[Math.floor(random() * known.length)] ?? [0, 0];
      const address = (n % 2 ? Math.floor(random() * 2 ** 32) : directory * 2 ** 22 + table * 4096 + Math.floor(random() * 4096)) >>> 0;
      for (const side of ['guest', 'shadow'] as const)
        for (const access of ACCESSES) {
          machine.cpu.cr3 = side === 'guest' ? GUEST : SHADOW;
          machine.flushTlb();
          const offset = translate(cpu, address, access.write ? WRITE : READ, access.user);
          const found = offset < 0 ? { to: null, error: machine.cpu.u32[0] } : { to: offset - RAM, error: null };
          const { to, error } = wayOf(tree, side, address, access);
          expect([side, address, access, error === null ? to : null, error === null]).toEqual([
            side,
            address,
            access,
            found.to,
            found.error === null,
          ]);
        }
    }
  });
});

/** A page fault of a Guest's: what was to be expected of it, and what became of it. */
interface Fault {
  readonly verdict: Verdict;
  readonly error: number;
  hidden: boolean;
  /** The Host ended the Guest for it. */
  died: string | null;
}

function faultsOf(bundle: ReturnType<typeof sceneBundles>[number]): Fault[] {
  const faults: Fault[] = [];
  const world: AnyWorld = World.fromScene(bundle, {
    program,
    onEvent(event) {
      const last = faults.at(-1);
      if (event.kind === 'trap' && event.vector === 14) {
        const tree = world.look(['tables']).tables?.find(({ current }) => current);
        if (tree === undefined) throw new Error('a page fault without page tables');
        const access = { write: (event.error & 2) !== 0, user: (event.error & 4) !== 0 };
        faults.push({ verdict: verdictOf(tree, event.cr2 ?? 0, access), error: event.error, hidden: false, died: null });
      } else if (event.kind === 'trap') {
        faults.push({ verdict: { kind: 'through' }, error: 0, hidden: false, died: null });
      } else if (event.kind === 'fault' && last !== undefined) last.hidden = event.hidden;
      else if (event.kind === 'death' && last !== undefined) last.died = event.reason;
    },
  });
  world.run(Math.min(bundle.scene.instructions, 400_000));
  return faults.filter(({ verdict }) => verdict.kind !== 'through');
}

/** What the Host ends a Guest for when it looks into its page tables. */
const TABLE_DEATH = /page (?:table|directory) entry|Switcher's pages/;

const bundles = sceneBundles().filter(({ scene }) => scene.launchers === undefined && /^host\/|paging/.test(scene.chapter));
const counts = { hidden: 0, own: 0, dies: 0 };

test.each(bundles)('each page fault in $name is foreseen, with its error code, hidden or not', (bundle) => {
  for (const { verdict, error, hidden, died } of faultsOf(bundle)) {
    if (verdict.kind === 'through') throw new Error('a page fault that was not to be expected');
    counts[verdict.kind]++;
    // Memory may be used up: that no page table tells.
    if (died === null || TABLE_DEATH.test(died))
      expect([verdict.kind, verdict.error, died]).toEqual([died !== null ? 'dies' : hidden ? 'hidden' : 'own', error, died]);
  }
});

test('there were many, of each kind', () => {
  expect(counts.hidden).toBeGreaterThan(100);
  expect(counts.own).toBeGreaterThan(10);
  expect(counts.dies).toBeGreaterThan(2);
});
