import { beforeEach, describe, expect, it } from 'vitest';
import type { Cpu } from '../memory/cpu.ts';
import * as L from '../state/layout.ts';
import { checkSegment, loadSegment, moveToSegment } from './segments.ts';
import { GDT, LDT_BASE, bench, gdt, load, outcome, peek, poke, ring, rows, table } from '../proofs/testing.ts';

const REGISTERS: Record<string, number> = { es: L.ES, cs: L.CS, ss: L.SS, ds: L.DS, fs: L.FS, gs: L.GS };

/** Descriptors from selector 60 on, for the cases that BASIC_GDT does not have. */
const EXTRA = `
  60 code dpl0
  68 code dpl0 r c
  70 data dpl3
  78 data dpl3 w np
  80 tss32 dpl3 base=5000 limit=67
  88 code dpl3 c
  90 code dpl3 r np
  98 data dpl1 w np
  a0 data dpl3 w down limit=fff
  a8 call32 dpl3 to=8:1234
`;

describe('loading a segment register', () => {
  let cpu: Cpu;
  beforeEach(() => {
    cpu = bench();
    gdt(cpu, EXTRA);
    table(cpu, LDT_BASE, '00 data dpl3 w base=7000 limit=ff  08 data dpl1 w');
    cpu.state.gdtLimit = 0xb7;
  });

  // ring | register | selector | outcome | why
  it.each(
    rows(`
    0 | ds | 0000 | ok       | null, RPL 0
    3 | gs | 0003 | ok       | null, RPL 3
    0 | ss | 0000 | #GP(0)   | null never goes to SS
    3 | ss | 0003 | #GP(0)   | nor in ring 3
    0 | ds | 0010 | ok       | flat data
    0 | ds | 0043 | ok       | ring 0 takes what ring 3 may
    1 | ds | 0020 | ok       | RPL 0 does not matter for DPL 1
    1 | ds | 0021 | ok       | its own
    1 | ds | 0043 | ok       | outer
    1 | ds | 0010 | #GP(10)  | inner
    3 | ds | 0010 | #GP(10)  | inner
    3 | es | 0020 | #GP(20)  | inner
    0 | ds | 0013 | #GP(10)  | RPL 3 on DPL 0
    0 | es | 0008 | ok       | readable code
    0 | es | 0060 | #GP(60)  | execute-only code
    3 | es | 006b | ok       | conforming readable code from anywhere
    3 | fs | 008b | #GP(88)  | conforming but execute-only
    3 | fs | 0073 | ok       | read-only data
    3 | fs | 007b | #NP(78)  | not present
    3 | fs | 0093 | #NP(90)  | code not present
    0 | fs | 0080 | #GP(80)  | a TSS is no data
    0 | fs | 00a8 | #GP(a8)  | nor is a gate
    0 | gs | 00b8 | #GP(b8)  | one past the limit
    0 | gs | fff8 | #GP(fff8) | far past the limit
    3 | gs | 0007 | ok       | from the LDT
    3 | gs | 000f | #GP(c)   | inner, in the LDT: TI stays in the error code
    3 | gs | 0087 | #GP(84)  | past the LDT's limit
    3 | gs | 00a3 | ok       | expand-down
    0 | ss | 0010 | ok       | flat stack
    0 | ss | 0011 | #GP(10)  | RPL is not CPL
    0 | ss | 0020 | #GP(20)  | DPL is not CPL
    0 | ss | 0043 | #GP(40)  | neither
    1 | ss | 0021 | ok       | ring 1's
    1 | ss | 0099 | #SS(98)  | not present is #SS here
    3 | ss | 0043 | ok       | ring 3's
    3 | ss | 0073 | #GP(70)  | read-only
    3 | ss | 007b | #SS(78)  | not present
    3 | ss | 003b | #GP(38)  | code
    3 | ss | 0040 | #GP(40)  | RPL 0 in ring 3
  `),
  )('ring %s: %s <- %s: %s (%s)', (cpl, register, selector, want) => {
    ring(cpu, Number(cpl));
    const before = cpu.state.selector(REGISTERS[register]);
    expect(outcome(() => loadSegment(cpu, REGISTERS[register], parseInt(selector, 16)))).toBe(want);
    expect(cpu.state.selector(REGISTERS[register])).toBe(want === 'ok' ? parseInt(selector, 16) : before);
  });

  it('every type × DPL × RPL × CPL × P agrees with the manual, for DS and for SS', () => {
    let cases = 0;
    for (let type = 0; type < 32; type++)
      for (let dpl = 0; dpl < 4; dpl++)
        for (const present of [true, false]) {
          for (let rpl = 0; rpl < 4; rpl++)
            for (let cpl = 0; cpl < 4; cpl++)
              for (const register of [L.DS, L.SS]) {
                ring(cpu, cpl);
                poke(cpu, GDT + 0x58, 0x0000ffff);
                poke(cpu, GDT + 0x5c, (0x00cf0000 | (type << 8) | (dpl << 13) | (present ? 0x8000 : 0)) >>> 0);
                const got = outcome(() => loadSegment(cpu, register, 0x58 | rpl));
                // SDM vol. 2, MOV: the operation section, read line by line.
                const isSegment = type >= 16;
                const isCode = isSegment && (type & 8) !== 0;
                const bit1 = (type & 2) !== 0;
                const conforming = isCode && (type & 4) !== 0;
                let want = 'ok';
                if (register === L.SS) {
                  if (rpl !== cpl || !isSegment || isCode || !bit1 || dpl !== cpl) want = '#GP(58)';
                  else if (!present) want = '#SS(58)';
                } else if (!isSegment || (isCode && !bit1)) want = '#GP(58)';
                else if (!conforming && !(rpl <= dpl && cpl <= dpl)) want = '#GP(58)';
                else if (!present) want = '#NP(58)';
                if (got !== want)
                  expect({ type, dpl, present, rpl, cpl, register, got }).toEqual({ type, dpl, present, rpl, cpl, register, got: want });
                const accessed = (peek(cpu, GDT + 0x5c) & 0x100) !== 0;
                expect(accessed).toBe(want === 'ok' || (type & 1) !== 0);
                cases++;
              }
        }
    expect(cases).toBe(32 * 4 * 2 * 4 * 4 * 2);
  });

  it('keeps the hidden part when the table changes, until the next load', () => {
    load(cpu, L.FS, 0x43);
    loadSegment(cpu, L.FS, 0x07);
    poke(cpu, LDT_BASE, 0);
    poke(cpu, LDT_BASE + 4, 0);
    expect(checkSegment(cpu, L.FS, 0x10, 4, true)).toBe(0x7010);
    expect(outcome(() => loadSegment(cpu, L.FS, 0x07))).toBe('#GP(4)');
    expect(checkSegment(cpu, L.FS, 0x10, 4, true)).toBe(0x7010);
  });

  it('faults with #PF where the Accessed bit cannot be written, and loads nothing', () => {
    const cpu = bench();
    const s = cpu.state;
    for (let page = 0; page < 256; page++) poke(cpu, 0x21000 + page * 4, (page * 4096) | (page === 1 ? 1 : 3));
    poke(cpu, 0x20000, 0x21007);
    s.cr3 = 0x20000;
    s.cr0 = 0x80010031;
    expect(outcome(() => loadSegment(cpu, L.DS, 0x43))).toBe('#PF(3)');
    expect(s.cr2).toBe(GDT + 0x45);
    expect(s.selector(L.DS)).toBe(0x10);
    poke(cpu, GDT + 0x44, peek(cpu, GDT + 0x44) | 0x100);
    expect(outcome(() => loadSegment(cpu, L.DS, 0x43))).toBe('ok');
  });

  it('of SS by MOV and POP inhibits interrupts over one instruction', () => {
    cpu.state.instructions = 100;
    moveToSegment(cpu, L.DS, 0x10);
    expect(cpu.state.f64[L.INHIBIT_UNTIL >> 3]).toBe(0);
    moveToSegment(cpu, L.SS, 0x10);
    expect(cpu.state.f64[L.INHIBIT_UNTIL >> 3]).toBe(102);
  });
});

describe('an access through a segment', () => {
  // descriptor | register | offset | size | kind | linear address or fault
  it.each(
    rows(`
    data dpl0 w base=1000 limit=fff        | ds | 0        | 4 | write | 1000
    data dpl0 w base=1000 limit=fff        | ds | ffc      | 4 | write | 1ffc
    data dpl0 w base=1000 limit=fff        | ds | ffd      | 4 | write | #GP(0)
    data dpl0 w base=1000 limit=fff        | ss | ffd      | 4 | write | #SS(0)
    data dpl0 w base=1000 limit=fff        | ds | fff      | 1 | read  | 1fff
    data dpl0 w base=1000 limit=fff        | ds | fffffffe | 4 | read  | #GP(0)
    data dpl0   base=1000 limit=fff        | ds | 0        | 1 | write | #GP(0)
    data dpl0   base=1000 limit=fff        | ds | 0        | 1 | read  | 1000
    data dpl0 w base=1000 limit=fffff     | ds | 100000   | 1 | read  | #GP(0)
    data dpl0 w base=1000 limit=1fffff     | ds | 1ffffc   | 4 | read  | 200ffc
    data dpl0 w base=fffff000              | ds | 2000     | 4 | read  | 1000
    data dpl0 w base=0                     | ds | fffffffe | 4 | read  | fffffffe
    data dpl0 w down base=0 limit=fff      | ds | fff      | 1 | read  | #GP(0)
    data dpl0 w down base=0 limit=fff      | ds | 1000     | 4 | write | 1000
    data dpl0 w down base=0 limit=fff      | ds | fffffffc | 4 | write | fffffffc
    data dpl0 w down base=0 limit=fff      | ds | fffffffd | 4 | write | #GP(0)
    data dpl0 w down 16 base=0 limit=fff   | ds | fffc     | 4 | write | fffc
    data dpl0 w down 16 base=0 limit=fff   | ss | fffd     | 4 | write | #SS(0)
    data dpl0 w down base=0                | ds | 0        | 1 | read  | #GP(0)
    code dpl0 r base=2000 limit=fff        | cs | 10       | 4 | read  | 2010
    code dpl0 r base=2000 limit=fff        | cs | 10       | 4 | write | #GP(0)
    code dpl0   base=2000 limit=fff        | cs | 10       | 4 | read  | #GP(0)
  `),
  )('%s: %s:%s, %s bytes, %s: %s', (text, register, offset, size, kind, want) => {
    const cpu = bench();
    gdt(cpu, `  60 ${text}\n`);
    load(cpu, REGISTERS[register], 0x60);
    let linear = 0;
    const got = outcome(() => {
      linear = checkSegment(cpu, REGISTERS[register], parseInt(offset, 16), Number(size), kind === 'write');
    });
    expect(got === 'ok' ? linear.toString(16) : got).toBe(want);
  });

  it('through a null selector is #GP(0)', () => {
    const cpu = bench();
    loadSegment(cpu, L.GS, 2);
    expect(outcome(() => checkSegment(cpu, L.GS, 0, 1, false))).toBe('#GP(0)');
  });

  // descriptor | may be read, written without a check
  it.each(
    rows(`
    data dpl0 w                 | 1 1
    data dpl0                   | 1 0
    data dpl0 w 16              | 1 1
    data dpl0 w base=1          | 0 0
    data dpl0 w limit=fffff     | 0 0
    data dpl0 w down            | 0 0
    code dpl0 r                 | 1 0
    code dpl0 r c               | 1 0
    code dpl0                   | 0 0
  `),
  )('%s is flat for reads, writes: %s', (text, want) => {
    const cpu = bench();
    gdt(cpu, `  60 ${text}\n`);
    load(cpu, L.DS, 0x60);
    expect(`${cpu.state.segment(L.DS, L.SEG_FLAT_READ)} ${cpu.state.segment(L.DS, L.SEG_FLAT_WRITE)}`).toBe(want);
  });
});
