import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keepFrames } from '#hostos';
import { doHypercalls, writeTimestamp } from '#tangled/host/hypercalls.ts';
import { deliverTrap, loadGuestIdtEntry, maybeDoInterrupt } from '#tangled/host/interrupts_and_traps.ts';
import { REG, writeReg } from '#tangled/host/lg.ts';
import { demandPage } from '#tangled/host/page_tables.ts';
import { lguestArchHandleTrap } from '#tangled/host/x86_core.ts';
import { GUEST_PAGES, paint, testGuest, type TestGuest } from './testing.ts';
import { ALL_REASONS, reasonOf, type Reason } from '../hostile/deaths.ts';

/** Each reason to die has been the end of a chapter's Guest; those that take a Launcher that gives its Guest less than it says are tried here by hand, too. */

/** How to die of what no honest Launcher lets happen. */
const ARRANGED: readonly [Reason, (guest: TestGuest) => void][] = [
  [
    'enabling',
    ({ cpu, lg }) => {
      // The mask can be read, the flag before it cannot be written.
      lg.lguestData = lg.memBase - 4;
      cpu.halted = true;
      cpu.irqsPending = 1;
      maybeDoInterrupt(cpu);
    },
  ],
  [
    'disabling',
    (guest) => {
      const { cpu, lg } = guest;
      paint(guest, '200 21 rwu');
      lg.lguestData = lg.memBase - 0x1000;
      loadGuestIdtEntry(cpu, 6, 0x1234, 0x8e00);
      writeReg(cpu, REG.ss, 0x69);
      writeReg(cpu, REG.esp, 0x200800);
      deliverTrap(cpu, 6);
    },
  ],
  [
    'timestamp',
    ({ cpu, lg }) => {
      lg.lguestData = lg.memBase - 0x1000;
      writeTimestamp(cpu);
    },
  ],
  [
    'fetchingRing',
    ({ cpu, lg }) => {
      // The last bytes of its memory say that there are stored calls; the calls would be behind them.
      lg.lguestData = lg.memBase + GUEST_PAGES * 4096 - 0x54;
      doHypercalls(cpu);
    },
  ],
  [
    'answeringRing',
    ({ cpu, lg }) => {
      // A page of zeros that was never written: reading it costs nothing, and for writing there is no page left.
      lg.lguestData = lg.memBase + 0x3000;
      keepFrames(0);
      doHypercalls(cpu);
    },
  ],
  [
    'noPage',
    (guest) => {
      guest.lg.pfnLimit += 0x100;
      paint(guest, '200 90 rwu');
      demandPage(guest.cpu, 0x200000, 2);
    },
  ],
  [
    'cr2',
    ({ cpu, lg }) => {
      lg.lguestData = lg.memBase - 0x1000;
      cpu.arch.lastPagefault = 0x300000;
      writeReg(cpu, REG.trapnum, 14);
      writeReg(cpu, REG.cs, 0x61);
      lguestArchHandleTrap(cpu);
    },
  ],
];

test.each(ARRANGED)('one may die of "%s"', (reason, arrange) => {
  const guest = testGuest();
  arrange(guest);
  expect(guest.lg.dead).not.toBeNull();
  expect(reasonOf(guest.lg.dead ?? 0)).toBe(reason);
});

test('every reason is seen in a chapter', () => {
  const seen = new Set<string | null>();
  for (const file of readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.fingerprint.json'))) {
    const { scenes } = JSON.parse(readFileSync(`docs/${file}`, 'utf8')) as { scenes: Record<string, { console: string }> };
    for (const { console } of Object.values(scenes))
      for (const [, reason] of console.matchAll(/^lguest: (.*)$/gm)) seen.add(reasonOf(reason));
  }
  expect(ALL_REASONS.filter((reason) => !seen.has(reason))).toEqual([]);
});
