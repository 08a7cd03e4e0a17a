/**
 * A million hypercalls from Guests that mean harm, or nothing at all: random and boundary arguments, directly and through the ring, over page tables and
 * descriptors full of noise, with faults, traps and interrupts between. The Host must not throw, the invariants hold, whoever dies dies of what he did, and
 * every page comes back. `LGUEST_FUZZ=60` takes sixty times as long; a patched Host (`LGUEST_WITH`) is asked a fifth as often as the book's.
 */
import { expect, test } from 'vitest';
import { current } from '#hostos';
import { copyTraps, loadGuestIdtEntry, maybeDoInterrupt } from '#tangled/host/interrupts_and_traps.ts';
import { CHANGED_GDT, CHANGED_IDT, LHCALL, lguestModule, lguestPages } from '#tangled/host/lg.ts';
import { copyGdt } from '#tangled/host/segments.ts';
import { lguestArchHandleTrap } from '#tangled/host/x86_core.ts';
import { mapSwitcherInGuest } from '#tangled/host/page_tables.ts';
import { mayDieOf, reasonOf } from './deaths.ts';
import { Dice, effort } from '#testing';
import { checkInvariants, watch } from './invariants.ts';
import type { Watch } from './invariants.ts';
import { mapped, randomCall, randomWord, scribble } from './malice.ts';
import { buildStage, closeGuest, hypercall, KERNEL, LAYOUT, openGuest, PAGE, place, poke, REG, writeReg } from './stage.ts';
import type { Puppet, Stage } from './stage.ts';

const CALLS = (process.env.LGUEST_WITH ? 200_000 : 1_000_000) * effort();
/** Between two looks at the invariants. */
const STRIDE = 6;

/** What entering the Guest would do to the processor's tables. */
function copyIn({ cpu }: Puppet): void {
  const pages = lguestPages(0);
  cpu.lastPages = pages.address;
  mapSwitcherInGuest(cpu, pages);
  if (cpu.changed & CHANGED_IDT) copyTraps(cpu, pages, lguestModule().defaultIdtEntries);
  if (cpu.changed & CHANGED_GDT) copyGdt(cpu, pages);
  cpu.changed = 0;
}

/** The Guest comes back with a trap: mostly a page fault that could be real. */
function trap(puppet: Puppet, dice: Dice): void {
  const { cpu } = puppet;
  const wild = dice.oneIn(60);
  place(puppet, {
    eip: wild ? randomWord(dice) : mapped(dice),
    esp: wild ? randomWord(dice) : KERNEL + (LAYOUT.stack + 1) * PAGE,
    user: dice.oneIn(3),
  });
  writeReg(cpu, REG.trapnum, dice.oneIn(40) ? dice.below(257) : 14);
  writeReg(cpu, REG.errcode, dice.oneIn(20) ? dice.word() : dice.below(8));
  cpu.arch.lastPagefault = dice.oneIn(200) ? randomWord(dice) : mapped(dice);
  lguestArchHandleTrap(cpu);
  cpu.hcall = false;
}

/** Fills some of the ring. */
function fillRing(puppet: Puppet, dice: Dice): void {
  const from = puppet.cpu.nextHcall;
  const count = dice.oneIn(8) ? 64 : dice.below(6);
  const status = puppet.lg.memBase + LAYOUT.data * PAGE;
  if (puppet.lg.lguestData !== status) return;
  for (let n = 0; n < count; n++) {
    const slot = (from + n) % 64;
    const [eax, edx, ebx, ecx] = randomCall(dice);
    poke(puppet, LAYOUT.data * PAGE + 0x54 + 16 * slot, [eax, ebx, ecx, edx]);
    const at = LAYOUT.data * PAGE + 0x14 + (slot & ~3);
    poke(puppet, at, [0]);
  }
}

/** A whole life. Returns how it ended. */
function live(stage: Stage, seen: Watch, seed: number): string {
  const dice = new Dice(seed);
  const puppet = openGuest();
  const { cpu, lg } = puppet;
  if (dice.oneIn(40)) scribble(puppet, dice, LAYOUT.data);
  if (dice.oneIn(60)) hypercall(puppet, ...randomCall(dice));
  else hypercall(puppet, LHCALL.LGUEST_INIT, dice.oneIn(40) ? randomWord(dice) : LAYOUT.data * PAGE);
  for (let n = 0; n < 64; n++)
    if (!dice.oneIn(40)) loadGuestIdtEntry(cpu, n, 0x610000 | dice.below(65536), dice.pick([0xc0108e00, 0xc0108f00]));
  for (let step = 0; step < 400 && lg.dead === null; step++) {
    const action = dice.below(100);
    if (action < 70) {
      const [nr, ...args] = randomCall(dice);
      const ring = action < 6;
      if (ring) fillRing(puppet, dice);
      hypercall(puppet, nr, ...args);
      const reason = lg.dead === null ? null : reasonOf(lg.dead);
      if (reason !== null && !ring && lg.lguestData !== 0)
        expect(mayDieOf(nr, reason), `call ${nr} ${args.join(' ')}: ${lg.dead}`).toBe(true);
    } else if (action < 95) {
      trap(puppet, dice);
    } else if (action < 98) {
      cpu.irqsPending = dice.word();
      place(puppet, { eip: randomWord(dice), esp: KERNEL + (LAYOUT.stack + 1) * PAGE - 4 * dice.below(2000), user: dice.oneIn(3) });
      maybeDoInterrupt(cpu);
    } else {
      scribble(
        puppet,
        dice,
        dice.pick([LAYOUT.directory, LAYOUT.identity, LAYOUT.kernel, LAYOUT.gdt, LAYOUT.data, dice.below(LAYOUT.pages)]),
      );
    }
    cpu.halted = dice.oneIn(20);
    if (step % STRIDE === 0) {
      copyIn(puppet);
      checkInvariants(seen, puppet, step % (STRIDE * 8) === 0);
    }
  }
  copyIn(puppet);
  checkInvariants(seen, puppet);
  const end = lg.dead === null ? 'alive' : reasonOf(lg.dead);
  if (end === null) throw new Error(`nobody knows this reason: ${lg.dead}`);
  closeGuest(stage, puppet);
  return end;
}

test(`${CALLS} hypercalls`, { timeout: 600_000 * Math.max(1, effort()) }, () => {
  const stage = buildStage({ seed: 9 });
  const seen = watch();
  const ends: Record<string, number> = {};
  let seed = 0;
  for (; stage.hypercalls < CALLS; seed++) {
    current.data.random.state = seed + 1;
    try {
      const end = live(stage, seen, seed);
      ends[end] = (ends[end] ?? 0) + 1;
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  process.stdout.write(
    `hostile calls: ${JSON.stringify({ calls: stage.hypercalls, guests: seed, checks: seen.checks, entries: seen.entries, ends })}\n`,
  );
  expect(Object.keys(ends).length, 'many ways to die').toBeGreaterThan(15);
});
