import { beforeEach, describe, expect, it } from 'vitest';
import type { Cpu } from '../memory/cpu.ts';
import * as L from '../state/layout.ts';
import { moveToControl } from './control_registers.ts';
import { CPU_FEATURES, cpuid, rdtsc } from './model_specific.ts';
import { bench, outcome, ring } from '../proofs/testing.ts';

/** CPUID and RDTSC. */

let cpu: Cpu;
beforeEach(() => {
  cpu = bench();
});

describe('identification and time', () => {
  it('CPUID: a family 5 GenuineIntel with what is implemented and nothing else', () => {
    const s = cpu.state;
    s.eax = 0;
    cpuid(cpu);
    const name = [s.ebx, s.edx, s.ecx]
      .map((word) => String.fromCharCode(...[0, 8, 16, 24].map((shift) => (word >>> shift) & 0xff)))
      .join('');
    expect([s.eax, name]).toEqual([1, 'GenuineIntel']);
    s.eax = 1;
    cpuid(cpu);
    expect([(s.eax >> 8) & 15, s.edx]).toEqual([5, CPU_FEATURES]);
    expect(s.edx.toString(16)).toBe('a119');
    s.eax = 0x80000000;
    cpuid(cpu);
    expect(s.eax >>> 0).toBeLessThan(0x80000000);
  });
  it('RDTSC counts instructions from the offset; CR4.TSD keeps it to ring 0', () => {
    cpu.state.instructions = 0x1_0000_0005;
    cpu.state.f64[L.TSC_OFFSET >> 3] = 0x10;
    rdtsc(cpu);
    expect([cpu.state.edx, cpu.state.eax]).toEqual([1, 0x15]);
    moveToControl(cpu, 4, 4);
    expect(outcome(() => rdtsc(cpu))).toBe('ok');
    ring(cpu, 3);
    expect(outcome(() => rdtsc(cpu))).toBe('#GP(0)');
  });
});
