import { beforeEach, describe, expect, it } from 'vitest';
import type { Cpu } from '../memory/cpu.ts';
import * as L from '../state/layout.ts';
import { clts, invlpg, lmsw, moveFromControl, moveToControl } from './control_registers.ts';
import { moveFromDebug, moveToDebug } from './debug.ts';
import { hlt, invd, rdmsr, wrmsr } from './model_specific.ts';
import { lgdt32, lidt32, lldt, ltr } from './tables.ts';
import { bench, gdt, outcome, ring } from '../proofs/testing.ts';
import { DESCRIPTORS } from './testing/descriptors.ts';

/** Helpers of privileged instructions refuse the outer rings. */

let cpu: Cpu;
beforeEach(() => {
  cpu = bench();
});

describe('what ring 0 keeps to itself', () => {
  const PRIVILEGED: [string, (cpu: Cpu) => void][] = [
    ['lgdt', (c) => lgdt32(c, L.DS, 0x7000)],
    ['lidt', (c) => lidt32(c, L.DS, 0x7000)],
    ['lldt', (c) => lldt(c, 0)],
    ['ltr', (c) => ltr(c, 0x58)],
    ['lmsw', (c) => lmsw(c, 1)],
    ['clts', clts],
    ['mov cr0, r', (c) => moveToControl(c, 0, c.state.cr0)],
    ['mov r, cr0', (c) => moveFromControl(c, 0)],
    ['mov cr3, r', (c) => moveToControl(c, 3, 0)],
    ['mov r, cr2', (c) => moveFromControl(c, 2)],
    ['mov dr0, r', (c) => moveToDebug(c, 0, 0)],
    ['mov r, dr6', (c) => moveFromDebug(c, 6)],
    ['invlpg', (c) => invlpg(c, L.DS, 0)],
    ['invd', invd],
    ['hlt', hlt],
  ];
  it.each(PRIVILEGED)('%s: #GP(0) in rings 1-3', (_name, act) => {
    gdt(cpu, DESCRIPTORS);
    for (const cpl of [1, 2, 3]) {
      ring(cpu, cpl);
      expect(outcome(() => act(cpu))).toBe('#GP(0)');
    }
    ring(cpu, 0);
    expect(outcome(() => act(cpu))).toBe('ok');
  });
  it('RDMSR and WRMSR know no register in any ring', () => {
    for (const cpl of [0, 1, 3]) {
      ring(cpu, cpl);
      expect([outcome(() => rdmsr(cpu)), outcome(() => wrmsr(cpu))]).toEqual(['#GP(0)', '#GP(0)']);
    }
  });
});
