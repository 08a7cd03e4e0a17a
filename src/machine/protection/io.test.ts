import { beforeEach, describe, expect, it } from 'vitest';
import type { Cpu } from '../memory/cpu.ts';
import * as L from '../state/layout.ts';
import { checkIo, portIn, portOut16 } from './io.ts';
import { TSS_BASE, bench, gdt, load, outcome, poke, poke16, ring, rows } from '../proofs/testing.ts';

/** IOPL and the permission bitmap. */

let cpu: Cpu;
beforeEach(() => {
  cpu = bench();
});

describe('port permission', () => {
  beforeEach(() => {
    gdt(cpu, '  48 tss32busy base=4000 limit=6b\n');
    load(cpu, L.TR, 0x48);
    poke16(cpu, TSS_BASE + 102, 0x68);
    // Ports 0-7: 3 and 5 closed; 8-15 open; the third byte ends the map.
    poke(cpu, TSS_BASE + 0x68, 0xff000028);
  });
  // ring | IOPL | port | size | outcome
  it.each(
    rows(`
    0 | 0 | ff | 4 | ok
    3 | 3 | ff | 4 | ok
    1 | 1 | ff | 1 | ok
    3 | 0 | 0  | 1 | ok
    3 | 0 | 3  | 1 | #GP(0)
    3 | 0 | 2  | 2 | #GP(0)
    3 | 0 | 4  | 1 | ok
    3 | 0 | 0  | 4 | #GP(0)
    3 | 0 | 6  | 4 | ok
    3 | 0 | 10 | 1 | ok
    3 | 0 | 16 | 4 | #GP(0)
    3 | 0 | 18 | 1 | #GP(0)
    3 | 2 | 3f8 | 1 | #GP(0)
    1 | 0 | 8  | 2 | ok
  `),
  )('ring %s, IOPL %s, port %s, %s bytes: %s', (cpl, iopl, port, size, want) => {
    ring(cpu, Number(cpl));
    cpu.state.eflags = 2 | (Number(iopl) << 12);
    expect(outcome(() => checkIo(cpu, parseInt(port, 16), Number(size)))).toBe(want);
  });
  it('a TSS whose map lies beyond its limit gives none (lguest has 104 there)', () => {
    load(cpu, L.TR, 0x48);
    cpu.state.setSegment(L.TR, L.SEG_LIMIT, 0x67);
    poke16(cpu, TSS_BASE + 102, 104);
    ring(cpu, 1);
    expect(outcome(() => portIn(cpu, 0x80, 1))).toBe('#GP(0)');
  });
  it('IN and OUT reach the ports with their width', () => {
    const seen: string[] = [];
    cpu.ports = {
      in: (port, size) => {
        seen.push(`in ${port} ${size}`);
        return -1;
      },
      out: (port, size, value) => {
        seen.push(`out ${port} ${size} ${value}`);
      },
    };
    expect([portIn(cpu, 0x60, 1), portIn(cpu, 0x60, 2), portIn(cpu, 0x60, 4)]).toEqual([0xff, 0xffff, 0xffffffff]);
    portOut16(cpu, 0x80, 0x12345);
    expect(seen).toEqual(['in 96 1', 'in 96 2', 'in 96 4', 'out 128 2 9029']);
  });
});
