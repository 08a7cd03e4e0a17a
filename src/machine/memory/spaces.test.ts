import { describe, expect, it } from 'vitest';
import type { Cpu } from './cpu.ts';
import * as L from '../state/layout.ts';
import { invlpg, moveToControl } from '../protection/control_registers.ts';
import { generator } from '../proofs/fuzzing.ts';
import { EXECUTE, READ, WRITE, translate } from './mmu.ts';
import type { Access } from './tlb.ts';
import { bench, peek, poke } from '../proofs/testing.ts';

/** Remembered page walks against no memory at all: whatever is written to the tables, by whom and in which order, nobody can tell. */

const ROOTS = [0x20000, 0x21000, 0x22000];
const TABLES = [0x24000, 0x25000, 0x26000];
const PG = 0x80000000;
const WP = 0x10000;
const KINDS: readonly Access[] = [READ, WRITE, EXECUTE];

/** A machine whose three directories share three tables; everything below 1 MiB is also mapped one to one, for walks to be edited through it. */
function start(): Cpu {
  const cpu = bench();
  for (let page = 0; page < 256; page++) poke(cpu, 0x27000 + page * 4, (page * 4096) | 3);
  for (const root of ROOTS) poke(cpu, root, 0x27003);
  cpu.state.cr4 = 0x80;
  cpu.state.cr0 = (cpu.state.cr0 | PG | WP) >>> 0;
  moveToControl(cpu, 3, ROOTS[0]);
  return cpu;
}

/** A random step; what a program would see of it. */
function step(cpu: Cpu, next: (below: number) => number): string {
  const write = (physical: number, value: number): void => {
    // Behind the page tables' back, or through them.
    if (next(2) === 0) {
      poke(cpu, physical, value);
      return;
    }
    const offset = translate(cpu, physical, WRITE, false);
    if (offset >= 0) cpu.store32(offset, value);
  };
  const flags = (): number => [0, 3, 7, 5, 1, 0x107, 0x67, 0x23][next(8)];
  switch (next(8)) {
    case 0:
      write(ROOTS[next(3)] + 4 + next(4) * 4, TABLES[next(3)] | flags());
      return 'directory';
    case 1:
    case 2:
      write(TABLES[next(3)] + next(4) * 4, (0x40000 + next(8) * 4096) | flags());
      return 'table';
    case 3:
      moveToControl(cpu, 3, ROOTS[next(3)]);
      return 'cr3';
    case 4:
      if (next(4) === 0) invlpg(cpu, L.DS, ((1 + next(4)) << 22) | (next(4) << 12));
      return 'invlpg';
    default: {
      const linear = (((1 + next(4)) << 22) | (next(4) << 12) | next(4096)) >>> 0;
      const offset = translate(cpu, linear, KINDS[next(3)], next(2) === 0);
      return offset < 0
        ? `${linear.toString(16)}: ${cpu.state.u32[L.FAULT_ERROR >> 2]} ${cpu.state.cr2.toString(16)}`
        : `${linear.toString(16)}: ${offset.toString(16)}`;
    }
  }
}

describe('remembered walks', () => {
  it.each([1, 2, 3, 4])('change nothing: random tables, edits and switches, %i', (seed) => {
    const remembering = start();
    const forgetful = start();
    const a = generator(seed);
    const b = generator(seed);
    for (let n = 0; n < 20_000; n++) {
      forgetful.spaces.clear();
      const seen = step(remembering, a);
      const expected = step(forgetful, b);
      if (seen !== expected) expect([n, seen]).toEqual([n, expected]);
    }
    for (let at = 0x20000; at < 0x28000; at += 4)
      if (peek(remembering, at) !== peek(forgetful, at)) expect([at, peek(remembering, at)]).toEqual([at, peek(forgetful, at)]);
    expect(remembering.tlb.save()).toEqual(forgetful.tlb.save());
  });

  it('are there again after a switch forth and back', () => {
    const cpu = start();
    translate(cpu, 0x5000, READ, false);
    moveToControl(cpu, 3, ROOTS[1]);
    expect(cpu.spaces.recall(0x5000, false)).toBe(-1);
    moveToControl(cpu, 3, ROOTS[0]);
    expect(cpu.tlb.lookup(0x5000, READ, false)).toBe(-1);
    expect(cpu.spaces.recall(0x5000, false)).toBeGreaterThan(0);
  });

  it('leave no mark on a page that is no table any more', () => {
    const cpu = start();
    poke(cpu, ROOTS[0] + 4, TABLES[0] | 3);
    poke(cpu, TABLES[0], 0x40003);
    translate(cpu, 1 << 22, READ, false);
    expect(cpu.marks[TABLES[0] >>> 12]).not.toBe(0);
    poke(cpu, ROOTS[0] + 4, 0);
    poke(cpu, TABLES[0], 0x12345);
    expect(cpu.marks[TABLES[0] >>> 12]).toBe(0);
  });
});
