import { beforeEach, describe, expect, it } from 'vitest';
import type { Cpu } from '../memory/cpu.ts';
import * as L from '../state/layout.ts';
import {
  callFar16,
  callFar32,
  callFarMemory16,
  callFarMemory32,
  jmpFar16,
  jmpFar32,
  jmpFarMemory32,
  retFar16,
  retFar32,
} from './transfers.ts';
import { DATA, TSS_BASE, bench, gdt, outcome, peek, poke, poke16, ring, rows, stackTop, stackWords, where } from '../proofs/testing.ts';

const TABLE = `
  58 code dpl0 r c
  60 code dpl3 r c
  68 code dpl0 r np
  70 code dpl0 r limit=fff
  78 call32 dpl3 to=8:5000
  80 call32 dpl3 to=18:5001 params=3
  88 call32 dpl0 to=8:5002
  90 call32 dpl1 to=8:5003
  98 call32 dpl3 np to=8:5004
  a0 call32 dpl3 to=10:5005
  a8 call32 dpl3 to=0:5006
  b0 call32 dpl3 to=68:5007
  b8 call32 dpl3 to=58:5008
  c0 call16 dpl3 to=8:5009 params=2
  c8 call32 dpl3 to=38:500a
  d0 call32 dpl3 to=70:500b
  d8 call32 dpl3 to=100:500c
  e0 int32 dpl3 to=8:500d
  e8 data dpl0 w base=18000 limit=13
  f0 ldt dpl3 base=3000 limit=7f
`;

let cpu: Cpu;
function at(cpl: number): void {
  cpu = bench();
  gdt(cpu, TABLE);
  ring(cpu, cpl);
  cpu.state.eip = 0x1234;
}
beforeEach(() => at(0));

describe('far JMP and CALL to a code segment', () => {
  // ring | selector:offset | outcome, and where it stands after a JMP
  const CASES = rows(`
    0 | 8:4000   | ok 8:4000       | its own ring
    1 | 19:4000  | ok 19:4000      | its own ring
    3 | 38:4000  | ok 3b:4000      | the RPL becomes the CPL
    0 | b:4000   | #GP(8)          | RPL above CPL
    3 | 8:4000   | #GP(8)          | inward
    0 | 3b:4000  | #GP(38)         | outward
    3 | 58:4000  | ok 5b:4000      | conforming, inward: the ring stays
    3 | 5b:4000  | ok 5b:4000      | whatever the RPL
    0 | 5b:4000  | ok 58:4000      | whatever the RPL
    1 | 60:4000  | #GP(60)         | conforming, outward
    0 | 68:4000  | #NP(68)         | not present
    0 | 70:fff   | ok 70:fff       | the limit
    0 | 70:1000  | #GP(0)          | beyond it
    0 | 0:4000   | #GP(0)          | null
    0 | 3:4000   | #GP(0)          | null
    0 | 10:4000  | #GP(10)         | data
    0 | 100:4000 | #GP(100)        | beyond the GDT
    0 | f0:4000  | #GP(f0)         | an LDT
    0 | e0:4000  | #GP(e0)         | an interrupt gate
  `);
  it.each(CASES)('ring %s, JMP %s: %s (%s)', (cpl, target, want) => {
    at(Number(cpl));
    const [selector, offset] = target.split(':').map((part) => parseInt(part, 16));
    const got = outcome(() => jmpFar32(cpu, selector, offset));
    expect(got === 'ok' ? `ok ${where(cpu).split(' ')[0]}` : got).toBe(want);
    expect(cpu.state.cpl).toBe(Number(cpl));
    expect(cpu.state.esp).toBe(stackTop(Number(cpl)));
  });
  it.each(CASES)('ring %s, CALL %s: %s (%s)', (cpl, target, want) => {
    at(Number(cpl));
    const [selector, offset] = target.split(':').map((part) => parseInt(part, 16));
    const cs = cpu.state.selector(L.CS).toString(16);
    const got = outcome(() => callFar32(cpu, selector, offset));
    expect(got === 'ok' ? `ok ${where(cpu).split(' ')[0]}` : got).toBe(want);
    expect(cpu.state.esp).toBe(stackTop(Number(cpl)) - (got === 'ok' ? 8 : 0));
    if (got !== 'ok') return;
    expect(stackWords(cpu, 2)).toBe(`1234 ${cs}`);
    retFar32(cpu, 0);
    expect(where(cpu)).toBe(`${cs}:1234 ${DATA[Number(cpl)].toString(16)}:${stackTop(Number(cpl)).toString(16)}`);
  });

  it('the 16-bit forms push words', () => {
    callFar16(cpu, 8, 0x4000);
    expect(where(cpu)).toBe('8:4000 10:fffc');
    expect(stackWords(cpu, 2, 2)).toBe('1234 8');
    retFar16(cpu, 0);
    expect(where(cpu)).toBe('8:1234 10:10000');
    jmpFar16(cpu, 8, 0x14000);
    expect(cpu.state.eip).toBe(0x4000);
  });

  it('through memory read offset, then selector', () => {
    poke(cpu, 0x7000, 0x89abc);
    poke16(cpu, 0x7004, 8);
    callFarMemory32(cpu, L.DS, 0x7000);
    expect(where(cpu)).toBe('8:89abc 10:fff8');
    jmpFarMemory32(cpu, L.DS, 0x7000);
    expect(where(cpu)).toBe('8:89abc 10:fff8');
    poke(cpu, 0x7000, 0x85678);
    callFarMemory16(cpu, L.DS, 0x7000);
    expect(where(cpu)).toBe('8:5678 10:fff4');
    cpu.state.setSegment(L.DS, L.SEG_LIMIT, 0x7004);
    cpu.state.setSegment(L.DS, L.SEG_FLAT_READ, 0);
    expect(outcome(() => callFarMemory32(cpu, L.DS, 0x7000))).toBe('#GP(0)');
  });

  it('with no room on the stack change nothing', () => {
    cpu.state.setSegment(L.SS, L.SEG_LIMIT, 0xfffb);
    cpu.state.setSegment(L.SS, L.SEG_FLAT_WRITE, 0);
    expect(outcome(() => callFar32(cpu, 8, 0x4000))).toBe('#SS(0)');
    expect(where(cpu)).toBe('8:1234 10:10000');
  });

  it('set the Accessed bit', () => {
    expect(peek(cpu, 0x105c) & 0x100).toBe(0);
    jmpFar32(cpu, 0x58, 1);
    expect(peek(cpu, 0x105c) & 0x100).toBe(0x100);
  });
});

describe('call gates', () => {
  // ring | gate | outcome of CALL | outcome of JMP
  it.each(
    rows(`
    3 | 7b | ok 8:5000    | #GP(8)      | inward: CALL only
    0 | 78 | ok 8:5000    | ok 8:5000   | same ring
    0 | 7b | ok 8:5000    | ok 8:5000   | RPL 3, gate DPL 3
    3 | 83 | ok 19:5001   | #GP(18)     | to ring 1
    1 | 80 | ok 19:5001   | ok 19:5001  | same ring
    0 | 80 | #GP(18)      | #GP(18)     | outward
    3 | 8b | #GP(88)      | #GP(88)     | gate DPL 0
    1 | 90 | ok 8:5003    | #GP(8)      | gate DPL 1
    1 | 93 | #GP(90)      | #GP(90)     | RPL 3 on gate DPL 1
    3 | 9b | #NP(98)      | #NP(98)     | gate not present
    3 | a3 | #GP(10)      | #GP(10)     | to data
    3 | ab | #GP(0)       | #GP(0)      | to null
    3 | b3 | #NP(68)      | #GP(68)     | to an absent segment; JMP stumbles over the ring first
    3 | bb | ok 5b:5008   | ok 5b:5008  | conforming: no change of ring
    3 | c3 | ok 8:5009    | #GP(8)      | 16-bit
    3 | cb | ok 3b:500a   | ok 3b:500a  | same ring
    3 | d3 | #GP(0)       | #GP(70)     | entry point beyond the limit
    3 | db | #GP(100)     | #GP(100)    | beyond the GDT
  `),
  )('ring %s, gate %s: CALL %s, JMP %s (%s)', (cpl, gate, call, jump) => {
    for (const [act, want] of [
      [callFar32, call],
      [jmpFar32, jump],
    ] as const) {
      at(Number(cpl));
      const before = where(cpu);
      const got = outcome(() => act(cpu, parseInt(gate, 16), 0xdeadbeef));
      expect(got === 'ok' ? `ok ${where(cpu).split(' ')[0]}` : got).toBe(want.trim());
      if (got !== 'ok') expect(where(cpu)).toBe(before);
      expect(cpu.state.cpl).toBe(cpu.state.selector(L.CS) & 3);
    }
  });

  it('move the parameters to the inner stack, and RET n drops them from both', () => {
    at(3);
    cpu.state.esp -= 12;
    [0x11, 0x22, 0x33].forEach((value, i) => poke(cpu, cpu.state.esp + 4 * i, value));
    callFar32(cpu, 0x83, 0);
    expect(where(cpu)).toBe('19:5001 21:11fe4');
    // EIP, CS, the three parameters, ESP, SS.
    expect(stackWords(cpu, 7)).toBe('1234 3b 11 22 33 15ff4 43');
    retFar32(cpu, 12);
    expect(where(cpu)).toBe('3b:1234 43:16000');
    expect([L.DS, L.ES, L.FS, L.GS].map((segment) => cpu.state.selector(segment))).toEqual([0x43, 0x43, 0x43, 0x43]);
  });

  it('of 16 bits move words', () => {
    at(3);
    cpu.state.esp -= 4;
    poke16(cpu, cpu.state.esp, 0xaaaa);
    poke16(cpu, cpu.state.esp + 2, 0xbbbb);
    callFar32(cpu, 0xc3, 0);
    expect(where(cpu)).toBe('8:5009 10:fff4');
    expect(stackWords(cpu, 6, 2)).toBe('1234 3b aaaa bbbb 5ffc 43');
    cpu.state.esp = 0xfff4;
    retFar16(cpu, 4);
    // Words leave the upper half of ESP as ring 0 had it.
    expect(where(cpu)).toBe('3b:1234 43:6000');
  });

  // SS0 | ESP0 | outcome of a call from ring 3 into ring 0
  it.each(
    rows(`
    0  | 10000 | #TS(0)  | null
    13 | 10000 | #TS(10) | RPL
    43 | 10000 | #TS(40) | DPL
    8  | 10000 | #TS(8)  | code
    100 | 10000 | #TS(100) | beyond the GDT
    e8 | 10    | ok      | just room
    e8 | c     | #SS(e8) | no room
  `),
  )('SS0 %s, ESP0 %s: %s (%s)', (ss, esp, want) => {
    at(3);
    poke(cpu, TSS_BASE + 4, parseInt(esp, 16));
    poke(cpu, TSS_BASE + 8, parseInt(ss, 16));
    const before = where(cpu);
    expect(outcome(() => callFar32(cpu, 0x7b, 0))).toBe(want);
    if (want !== 'ok') expect(where(cpu)).toBe(before);
  });
});

describe('far RET', () => {
  // ring | frame: EIP CS [ESP SS] | outcome | where
  it.each(
    rows(`
    0 | 4000 8             | ok      | 8:4000 10:10000
    0 | 4000 19 5000 21    | ok      | 19:4000 21:5000
    0 | 4000 3b 5000 43    | ok      | 3b:4000 43:5000
    1 | 4000 3b 5000 43    | ok      | 3b:4000 43:5000
    1 | 4000 8             | #GP(8)  | inward
    0 | 4000 0             | #GP(0)  | null CS
    0 | 4000 10            | #GP(10) | data
    0 | 4000 78            | #GP(78) | a gate
    0 | 4000 100           | #GP(100) | beyond the GDT
    0 | 4000 68            | #NP(68) | not present
    0 | 4000 9 5000 21     | #GP(8)  | DPL is not RPL
    0 | 4000 59 5000 21    | ok      | 59:4000 21:5000
    0 | 4000 61 5000 21    | #GP(60) | conforming, DPL above RPL
    0 | 1000 70            | #GP(0)  | EIP beyond the limit
    0 | 4000 3b 5000 0     | #GP(0)  | null SS
    0 | 4000 3b 5000 40    | #GP(40) | SS RPL
    0 | 4000 3b 5000 21    | #GP(20) | SS of another ring
  `),
  )('ring %s, frame %s: %s, %s', (cpl, words, want, place) => {
    at(Number(cpl));
    const values = words.split(' ').map((word) => parseInt(word, 16));
    cpu.state.esp -= values.length * 4;
    values.forEach((value, i) => poke(cpu, cpu.state.esp + i * 4, value));
    const before = where(cpu);
    expect(outcome(() => retFar32(cpu, 0))).toBe(want);
    expect(where(cpu)).toBe(want === 'ok' ? place : before);
    expect(cpu.state.cpl).toBe(cpu.state.selector(L.CS) & 3);
  });

  it('outward nulls inner data segments', () => {
    cpu.state.esp -= 16;
    [0x4000, 0x3b, 0x5000, 0x43].forEach((value, i) => poke(cpu, cpu.state.esp + i * 4, value));
    retFar32(cpu, 0);
    expect([L.DS, L.ES, L.FS, L.GS].map((segment) => cpu.state.selector(segment))).toEqual([0, 0, 0, 0]);
  });
});

describe('16-bit stacks', () => {
  it('wrap at 64 KiB and keep the upper half of ESP', () => {
    gdt(cpu, '  e8 data dpl0 w 16 limit=ffff base=30000\n');
    cpu.state.setSegment(L.SS, L.SEG_BASE, 0x30000);
    cpu.state.setSegment(L.SS, L.SEG_LIMIT, 0xffff);
    cpu.state.setSegment(L.SS, L.SEG_ATTR, 0x93);
    cpu.state.esp = 0xabcd0004;
    callFar32(cpu, 8, 0x4000);
    expect(cpu.state.esp).toBe(0xabcdfffc);
    expect([peek(cpu, 0x30000), peek(cpu, 0x3fffc)]).toEqual([8, 0x1234]);
    retFar32(cpu, 0);
    expect(where(cpu)).toBe('8:1234 10:abcd0004');
  });
});
