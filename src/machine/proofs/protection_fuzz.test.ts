import { describe, expect, it } from 'vitest';
import type { Cpu } from '../memory/cpu.ts';
import { Fault } from '../state/fault.ts';
import * as L from '../state/layout.ts';
import { A_S, dplOf, isCode, isConforming, isPresent, isWritableData, systemType } from '../protection/descriptors.ts';
import { EXCEPTION, EXTERNAL, deliver } from '../protection/interrupts.ts';
import { bench, peek, poke, poke16, ring } from './testing.ts';
import { HELPERS, type Helper } from '../helpers/catalogue.ts';

/**
 * Random tables, random stacks, random operands: whatever a program can make of the protection machinery, the CPU stays inside the
 * architecture, and a fault leaves an instruction to be restarted as if it had not begun.
 */

/** A small generator of our own (xorshift32), so that a failure can be run again from its seed. */
function random(seed: number): (below: number) => number {
  let x = seed | 1;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

/** Selectors are drawn from a few, so that many lead somewhere. */
function selector(next: (below: number) => number): number {
  return next(40) === 0 ? next(0x10000) : (next(20) * 8) | (next(8) === 0 ? 4 : 0) | next(4);
}

function scramble(cpu: Cpu, next: (below: number) => number): void {
  const s = cpu.state;
  for (let at = 0x1058; at < 0x1100; at += 8) {
    const type = next(3) === 0 ? next(16) : 16 + next(16);
    const gate = type < 16 && type >= 4 && type !== 9 && type !== 11;
    const attr = type | (next(4) << 5) | (next(8) === 0 ? 0 : 0x80);
    if (gate) {
      poke(cpu, at, ((selector(next) << 16) | next(0x10000)) >>> 0);
      poke(cpu, at + 4, ((attr << 8) | next(6)) >>> 0);
    } else {
      const flat = next(2) === 0;
      poke(cpu, at, (flat ? 0 : (0x5000 + next(4) * 0x800) << 16) | (type < 16 ? 0x67 + next(2) - (next(6) === 0 ? 0x30 : 0) : 0xffff));
      poke(cpu, at + 4, ((attr << 8) | (flat && type >= 16 ? 0x8f0000 : 0) | (next(8) === 0 ? 0 : 0x400000)) >>> 0);
    }
  }
  for (let vector = 0; vector < 64; vector++) {
    const at = 0x2000 + vector * 8;
    const type = next(10) === 0 ? next(32) : [5, 6, 7, 14, 15, 14, 14, 15][next(8)];
    poke(cpu, at, ((selector(next) << 16) | next(0x10000)) >>> 0);
    poke(cpu, at + 4, ((next(20) << 16) | (type << 8) | (next(4) << 13) | (next(10) === 0 ? 0 : 0x8000)) >>> 0);
  }
  for (let at = 0x5000; at < 0x7000; at += 4) poke(cpu, at, next(3) === 0 ? next(0x20000) : selector(next));
  for (let top = 0x10000; top <= 0x16000; top += 0x2000) {
    for (let i = -16; i < 16; i++) poke(cpu, top + i * 4, [selector(next), next(0x20000), 0x202 | next(0x80000)][next(3)]);
  }
  for (let n = 0; n < 3; n++) {
    poke(cpu, 0x4004 + n * 8, next(6) === 0 ? next(0x20000) : 0x10000 + n * 0x2000);
    poke16(cpu, 0x4008 + n * 8, next(6) === 0 ? selector(next) : [0x10, 0x21, 0x32][n]);
  }
  // Pages that are absent or read-only, under half of the runs.
  for (let page = 0; page < 256; page++) poke(cpu, 0x21000 + page * 4, (page * 4096) | (next(24) === 0 ? next(8) : 7));
  poke(cpu, 0x20000, 0x21007);
  cpu.flushTlb();
  s.cr3 = 0x20000;
  s.cr0 = (0x10031 | (next(2) === 0 ? 0x80000000 : 0)) >>> 0;
}

/** Registers and segments as one string; what a fault may change (CR2, DR6) and what the tables hold left out. */
function registers(cpu: Cpu): string {
  const s = cpu.state;
  const words = [
    ...s.u32.subarray(L.GPR >> 2, (L.GPR >> 2) + 8),
    s.eip,
    s.eflags,
    s.cpl,
    s.cr0,
    s.cr3,
    s.cr4,
    s.gdtBase,
    s.gdtLimit,
    s.idtBase,
    s.idtLimit,
  ];
  return words.concat([...s.u32.subarray(L.SEG >> 2, (L.SEG + 8 * L.SEG_SIZE) >> 2)]).join();
}

/** What always holds of a CPU whose segments were loaded by itself (SDM vol. 3, 5.5 and 3.4.2). */
function broken(cpu: Cpu): string {
  const s = cpu.state;
  const attr = (segment: number): number => s.segment(segment, L.SEG_ATTR);
  if (s.selector(L.CS) % 4 !== s.cpl) return 'CS.RPL is not the CPL';
  if (!isCode(attr(L.CS)) || !isPresent(attr(L.CS))) return 'CS holds no code';
  if (isConforming(attr(L.CS)) ? dplOf(attr(L.CS)) > s.cpl : dplOf(attr(L.CS)) !== s.cpl) return 'CS is not of this ring';
  if (!isWritableData(attr(L.SS)) || !isPresent(attr(L.SS)) || dplOf(attr(L.SS)) !== s.cpl || s.selector(L.SS) % 4 !== s.cpl)
    return 'SS is not of this ring';
  for (const segment of [L.DS, L.ES, L.FS, L.GS]) {
    const a = attr(segment);
    if (a === 0) continue;
    if ((a & A_S) === 0 || !isPresent(a)) return 'a data segment register holds a system descriptor';
    if (!isConforming(a) && dplOf(a) < s.cpl) return 'a data segment of an inner ring';
  }
  if (attr(L.TR) !== 0 && ![3, 11].includes(systemType(attr(L.TR)))) return 'TR is not busy';
  if ((s.eflags & 0x1a802a) !== 2) return `EFLAGS ${s.eflags.toString(16)}`;
  return '';
}

const TRANSFERS = [
  'jmpFar16',
  'jmpFar32',
  'callFar16',
  'callFar32',
  'retFar16',
  'retFar32',
  'iret16',
  'iret32',
  'softwareInterrupt',
  'moveToSegment',
  'lldt',
  'ltr',
  'lar32',
  'lsl16',
  'verr',
  'verw',
  'popf32',
  'popf16',
  'cli',
  'sti',
  'sgdt32',
  'callFarMemory32',
  'jmpFarMemory16',
  'checkIo',
  'clts',
  'invlpg',
] as const;

describe('random protection', () => {
  it('never leaves the architecture, and faults leave the registers as they were', () => {
    const cpu = bench();
    const counts = { ok: 0, fault: 0, delivered: 0, shutdown: 0 };
    for (let seed = 1; seed <= 400; seed++) {
      const next = random(seed * 7919);
      const fresh = (): void => {
        cpu.state.cr0 = 0x31;
        cpu.flushTlb();
        cpu.state.setSegment(L.TR, L.SEG_ATTR, 0x8b);
        cpu.state.setSegment(L.TR, L.SEG_SELECTOR, 0x48);
        cpu.state.setSegment(L.TR, L.SEG_BASE, 0x4000);
        cpu.state.setSegment(L.TR, L.SEG_LIMIT, 0x67);
        poke(cpu, 0x104c, (peek(cpu, 0x104c) & ~0xff00) | 0x8b00);
        ring(cpu, next(4));
        cpu.state.esp -= next(8) * 4;
        cpu.state.eflags = 2 | (next(2) << 9) | (next(4) << 12) | (next(10) === 0 ? 0x4000 : 0);
        scramble(cpu, next);
      };
      fresh();
      for (let step = 0; step < 60; step++) {
        const before = registers(cpu);
        const name = TRANSFERS[next(TRANSFERS.length)];
        const memory = name.includes('Memory') || name === 'sgdt32' || name === 'invlpg';
        const a = memory
          ? [L.DS, L.SS, L.ES][next(3)]
          : name === 'moveToSegment'
            ? [L.ES, L.SS, L.DS, L.FS, L.GS][next(5)]
            : name === 'softwareInterrupt'
              ? next(64)
              : name.startsWith('popf')
                ? next(0x400000)
                : name.startsWith('ret')
                  ? next(3) * 4
                  : selector(next);
        const b = memory
          ? 0x5000 + next(0x2000)
          : name === 'moveToSegment'
            ? selector(next)
            : name === 'checkIo'
              ? 1 << next(3)
              : next(0x20000);
        try {
          if (next(10) === 0) {
            if (!deliver(cpu, next(64), next(2) === 0 ? EXTERNAL : EXCEPTION, 0)) {
              counts.shutdown++;
              fresh();
              continue;
            }
            counts.delivered++;
          } else {
            const helper: Helper = HELPERS[name];
            helper.call(cpu, a, b);
            counts.ok++;
          }
          expect({ seed, step, name, broken: broken(cpu) }).toEqual({ seed, step, name, broken: '' });
        } catch (thrown) {
          if (!(thrown instanceof Fault)) throw thrown;
          counts.fault++;
          // A task switch that faults after its commit point leaves a half-loaded task for its handler; here the run starts anew.
          if (cpu.state.selector(L.TR) !== Number(before.split(',')[18 + 7 * 8])) fresh();
          else if (registers(cpu) !== before)
            expect({ seed, step, name, a, b, registers: registers(cpu) }).toEqual({ seed, step, name, a, b, registers: before });
        }
      }
    }
    expect(counts.ok).toBeGreaterThan(3000);
    expect(counts.fault).toBeGreaterThan(3000);
    expect(counts.delivered).toBeGreaterThan(300);
    expect(counts.shutdown).toBeGreaterThan(10);
  });
});
