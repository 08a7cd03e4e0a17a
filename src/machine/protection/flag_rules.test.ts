import { beforeEach, describe, expect, it } from 'vitest';
import type { Cpu } from '../memory/cpu.ts';
import * as L from '../state/layout.ts';
import { cli, popf16, popf32, pushfImage, sti } from './flag_rules.ts';
import { bench, outcome, ring, rows } from '../proofs/testing.ts';

/** Who may change which flag. */

let cpu: Cpu;
beforeEach(() => {
  cpu = bench();
});

describe('flags', () => {
  // ring | EFLAGS before | image | after POPFD | after POPF
  it.each(
    rows(`
    0 | 2    | ffffffff | 247fd7 | 7fd7
    0 | 3202 | 0        | 2      | 2
    1 | 202  | ffffffff | 244fd7 | 4fd7
    1 | 202  | 0        | 202    | 202
    1 | 2    | 3202     | 2      | 2
    3 | 3202 | 0        | 3002   | 3002
    3 | 3002 | 202      | 3202   | 3202
    3 | 10202 | 0       | 202    | 202
  `),
  )('ring %s: %s, POPF of %s: %s, with words %s', (cpl, before, image, wide, narrow) => {
    ring(cpu, Number(cpl));
    for (const [pop, want] of [
      [popf32, wide],
      [popf16, narrow],
    ] as const) {
      cpu.state.eflags = parseInt(before, 16);
      const set = parseInt(image, 16);
      pop(cpu, set);
      const keptIf = want === '244fd7' || want === '4fd7' ? 0x200 : 0;
      expect((cpu.state.eflags & ~keptIf).toString(16)).toBe((parseInt(want, 16) & ~keptIf).toString(16));
      if (keptIf) expect(cpu.state.eflags & 0x200).toBe(0x200);
    }
  });
  it('PUSHF hides VM and RF', () => {
    cpu.state.eflags = 0x30246;
    expect(pushfImage(cpu)).toBe(0x246);
  });
  it('CLI and STI ask IOPL; STI opens the window one instruction late, and only if IF was off', () => {
    for (let cpl = 0; cpl < 4; cpl++)
      for (let iopl = 0; iopl < 4; iopl++) {
        ring(cpu, cpl);
        cpu.state.eflags = 2 | (iopl << 12);
        const want = cpl <= iopl ? 'ok' : '#GP(0)';
        expect(outcome(() => sti(cpu))).toBe(want);
        expect(outcome(() => cli(cpu))).toBe(want);
      }
    ring(cpu, 0);
    cpu.state.eflags = 0x202;
    cpu.state.f64[L.INHIBIT_UNTIL >> 3] = 0;
    cpu.state.instructions = 50;
    sti(cpu);
    expect(cpu.state.f64[L.INHIBIT_UNTIL >> 3]).toBe(0);
    cli(cpu);
    sti(cpu);
    expect(cpu.state.f64[L.INHIBIT_UNTIL >> 3]).toBe(52);
  });
});
