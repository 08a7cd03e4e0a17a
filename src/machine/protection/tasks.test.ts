import { beforeEach, describe, expect, it } from 'vitest';
import type { Cpu } from '../memory/cpu.ts';
import * as L from '../state/layout.ts';
import { EXCEPTION, deliver, iret32, softwareInterrupt } from './interrupts.ts';
import { callFar32, jmpFar32 } from './transfers.ts';
import { GDT, TSS_BASE, bench, gdt, idt, outcome, peek, peek16, poke, poke16, ring, rows, stackWords, where } from '../proofs/testing.ts';

const OTHER = 0x5000;
const SMALL = 0x5800;
const TABLE = `
  58 tss32 dpl0 base=5000 limit=67
  60 tss16 dpl0 base=5800 limit=2b
  68 task dpl3 to=58:0
  70 task dpl0 to=58:0
  78 task dpl3 to=48:0
  80 tss32 dpl0 base=5000 limit=66
  88 tss32 dpl0 np base=5000 limit=67
  90 task dpl3 np to=58:0
  98 task dpl3 to=5c:0
  a0 data dpl0 w np
`;

let cpu: Cpu;

/** A task ready to run in ring 1 (32 bits), and one in ring 0 (16 bits). */
function prepare(): void {
  cpu = bench();
  gdt(cpu, TABLE);
  const fields: [number, number][] = [
    [4, 0x10000],
    [8, 0x10],
    [28, 0x20000],
    [32, 0x4000],
    [36, 0x202],
    [96, 0x50],
    [72, 0x43],
    [76, 0x19],
    [80, 0x21],
    [84, 0x21],
    [88, 0],
    [92, 0x43],
  ];
  for (const [at, value] of fields) poke(cpu, OTHER + at, value);
  for (let i = 0; i < 8; i++) poke(cpu, OTHER + 40 + i * 4, i === 4 ? 0x11800 : 0xa0 + i);
  for (const [at, value] of [
    [14, 0x7000],
    [16, 0x46],
    [34, 0x10],
    [36, 0x08],
    [38, 0x10],
    [40, 0x10],
    [42, 0],
  ])
    poke16(cpu, SMALL + at, value);
  for (let i = 0; i < 8; i++) poke16(cpu, SMALL + 18 + i * 2, i === 4 ? 0x8000 : 0xb0 + i);
  cpu.state.eip = 0x1234;
  cpu.state.eflags = 0x46;
  for (let i = 0; i < 8; i++) if (i !== 4) cpu.state.setGpr(i, 0xc0 + i);
}
beforeEach(prepare);

/** Type bits of a descriptor in the GDT: 9 available, b busy. */
const type = (selector: number): string => ((peek(cpu, GDT + selector + 4) >>> 8) & 0xf).toString(16);

describe('a task switch', () => {
  it('by JMP saves the old task, loads the new one, and leaves no link', () => {
    jmpFar32(cpu, 0x58, 0);
    expect(where(cpu)).toBe('19:4000 21:11800');
    expect(cpu.state.cpl).toBe(1);
    expect([cpu.state.eax, cpu.state.edi, cpu.state.eflags]).toEqual([0xa0, 0xa7, 0x202]);
    expect([L.ES, L.DS, L.FS, L.GS, L.TR, L.LDTR].map((s) => cpu.state.selector(s))).toEqual([0x43, 0x21, 0, 0x43, 0x58, 0x50]);
    expect([type(0x48), type(0x58)]).toEqual(['9', 'b']);
    expect(cpu.state.cr0 & 8).toBe(8);
    expect([peek(cpu, TSS_BASE + 32), peek(cpu, TSS_BASE + 36), peek(cpu, TSS_BASE + 40), peek16(cpu, TSS_BASE + 76)]).toEqual([
      0x1234, 0x46, 0xc0, 8,
    ]);
    expect(peek16(cpu, OTHER)).toBe(0);
    // And back again, through a gate, which ring 1 may use.
    jmpFar32(cpu, 0x78, 0);
    expect(where(cpu)).toBe('8:1234 10:10000');
    expect([type(0x48), type(0x58)]).toEqual(['b', '9']);
  });

  it('by CALL links back, sets NT, and IRET returns', () => {
    callFar32(cpu, 0x58, 0);
    expect(where(cpu)).toBe('19:4000 21:11800');
    expect(cpu.state.eflags).toBe(0x4202);
    expect(peek16(cpu, OTHER)).toBe(0x48);
    expect([type(0x48), type(0x58)]).toEqual(['b', 'b']);
    iret32(cpu);
    expect(where(cpu)).toBe('8:1234 10:10000');
    expect(cpu.state.eflags).toBe(0x46);
    expect([type(0x48), type(0x58)]).toEqual(['b', '9']);
    expect(peek(cpu, OTHER + 36)).toBe(0x202);
    expect(cpu.state.eax).toBe(0xc0);
  });

  it('to a 16-bit TSS loads words and clears FS and GS', () => {
    callFar32(cpu, 0x60, 0);
    expect(where(cpu)).toBe('8:7000 10:ffff8000');
    expect(cpu.state.eax).toBe(0xffff00b0);
    expect([cpu.state.selector(L.FS), cpu.state.selector(L.GS), cpu.state.selector(L.LDTR)]).toEqual([0, 0, 0]);
    expect(peek16(cpu, SMALL)).toBe(0x48);
    iret32(cpu);
    expect(where(cpu)).toBe('8:1234 10:10000');
    expect([peek16(cpu, SMALL + 14), peek16(cpu, SMALL + 18)]).toEqual([0x7000, 0xb0]);
  });

  it('loads CR3 where paging is on', () => {
    for (const directory of [0x20000, 0x30000]) {
      for (let page = 0; page < 256; page++) poke(cpu, directory + 0x1000 + page * 4, (page * 4096) | 7);
      poke(cpu, directory, directory + 0x1007);
    }
    cpu.state.cr3 = 0x30000;
    cpu.state.cr0 = 0x80010031;
    cpu.flushTlb();
    jmpFar32(cpu, 0x58, 0);
    expect(cpu.state.cr3).toBe(0x20000);
    expect(where(cpu)).toBe('19:4000 21:11800');
  });

  it('with the T bit leaves a debug trap pending', () => {
    poke16(cpu, OTHER + 100, 1);
    jmpFar32(cpu, 0x58, 0);
    expect(cpu.state.u32[L.DEBUG_PENDING >> 2]).toBe(0x8000);
  });
});

describe('task gates', () => {
  it('in the GDT lead to their TSS', () => {
    ring(cpu, 3);
    callFar32(cpu, 0x6b, 0);
    expect(where(cpu)).toBe('19:4000 21:11800');
    iret32(cpu);
    expect(where(cpu)).toBe('3b:1234 43:16000');
  });

  it('in the IDT take interrupts; exceptions find their error code on the new stack', () => {
    idt(cpu, '20 task dpl3 to=58:0\n0d task dpl0 to=58:0');
    ring(cpu, 3);
    softwareInterrupt(cpu, 0x20);
    expect(where(cpu)).toBe('19:4000 21:11800');
    iret32(cpu);
    expect(where(cpu)).toBe('3b:1234 43:16000');
    poke(cpu, OTHER + 32, 0x4000);
    poke(cpu, OTHER + 56, 0x11800);
    expect(deliver(cpu, 13, EXCEPTION, 0x40)).toBe(true);
    expect(where(cpu)).toBe('19:4000 21:117fc');
    expect(stackWords(cpu, 1)).toBe('40');
  });

  it('save the handler from a broken stack: #DF as a task', () => {
    idt(cpu, '08 task dpl0 to=58:0\n0c int32 dpl0 to=8:100c');
    cpu.state.setSegment(L.SS, L.SEG_LIMIT, 0xff);
    expect(deliver(cpu, 12, EXCEPTION, 0)).toBe(true);
    expect(where(cpu)).toBe('19:4000 21:117fc');
  });
});

describe('what a task switch refuses', () => {
  // ring | selector | fault, in the old task, which stands as it was
  it.each(
    rows(`
    0 | 48 | #GP(48) | busy
    3 | 5b | #GP(58) | TSS DPL 0
    0 | 5b | #GP(58) | RPL 3 on DPL 0
    0 | 80 | #TS(80) | too short
    0 | 88 | #NP(88) | not present
    3 | 73 | #GP(70) | gate DPL 0
    3 | 7b | #GP(48) | gate to a busy TSS
    0 | 90 | #NP(90) | gate not present
    0 | 98 | #GP(5c) | gate to a TSS in the LDT
  `),
  )('ring %s, JMP %s: %s (%s)', (cpl, selector, want) => {
    ring(cpu, Number(cpl));
    const before = where(cpu);
    expect(outcome(() => jmpFar32(cpu, parseInt(selector, 16), 0))).toBe(want);
    expect(where(cpu)).toBe(before);
    expect(cpu.state.selector(L.TR)).toBe(0x48);
    expect([type(0x48), type(0x58)]).toEqual(['b', '9']);
  });

  // offset in the TSS | value | fault, in the new task
  it.each(
    rows(`
    76 | 0    | #TS(0)  | null CS
    76 | 10   | #TS(10) | data in CS
    76 | 9    | #TS(8)  | CS DPL is not RPL
    80 | 0    | #TS(0)  | null SS
    80 | 10   | #TS(10) | SS of another ring
    84 | 10   | #TS(10) | DS inner
    72 | 60   | #TS(60) | ES a TSS
    72 | 100  | #TS(100) | ES beyond the GDT
    96 | 10   | #TS(10) | LDT no LDT
    96 | 54   | #TS(54) | LDT in the LDT
  `),
  )('TSS+%s = %s: %s (%s)', (at, value, want) => {
    poke(cpu, OTHER + Number(at), parseInt(value, 16));
    expect(outcome(() => jmpFar32(cpu, 0x58, 0))).toBe(want);
    expect(cpu.state.selector(L.TR)).toBe(0x58);
    expect([cpu.state.eip, cpu.state.eipStart]).toEqual([0x4000, 0x4000]);
    expect([type(0x48), type(0x58)]).toEqual(['9', 'b']);
  });

  it('IRET with NT and a link that is no busy TSS: #TS', () => {
    cpu.state.eflags = 0x4002;
    for (const [link, want] of [
      [0x58, '#TS(58)'],
      [0x54, '#TS(54)'],
      [0x100, '#TS(100)'],
      [0x10, '#TS(10)'],
    ] as const) {
      poke16(cpu, TSS_BASE, link);
      expect(outcome(() => iret32(cpu))).toBe(want);
    }
  });

  it('a page of the new TSS that is absent faults in the old task', () => {
    for (let page = 0; page < 256; page++) poke(cpu, 0x31000 + page * 4, (page * 4096) | (page === 5 ? 0 : 7));
    poke(cpu, 0x30000, 0x31007);
    cpu.state.cr3 = 0x30000;
    cpu.state.cr0 = 0x80010031;
    expect(outcome(() => jmpFar32(cpu, 0x58, 0))).toBe('#PF(0)');
    expect(where(cpu)).toBe('8:1234 10:10000');
    expect([type(0x48), type(0x58)]).toEqual(['b', '9']);
  });
});
