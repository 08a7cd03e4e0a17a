import { describe, expect, it } from 'vitest';
import type { Cpu } from '../memory/cpu.ts';
import * as L from '../state/layout.ts';
import { EXCEPTION, EXTERNAL, SOFTWARE, deliver, softwareInterrupt } from './interrupts.ts';
import type { InterruptKind } from './interrupts.ts';
import { TSS_BASE, IDT, idt, outcome, peek, poke, poke16, rows, stackWords, where } from '../proofs/testing.ts';
import { prepared } from './testing/gates.ts';

/** Delivery through the IDT: frames, refusals, faults on the way. */

describe('delivery through a gate', () => {
  // ring | what | error | where it stands after | the frame | EFLAGS after. "ext" external, "exc" exception, "int" software
  it.each(
    rows(`
    3 | ext 20 | -   | 8:1020 10:ffec  | 1234 3b 246 16000 43      | 46
    3 | ext 21 | -   | 8:1021 10:ffec  | 1234 3b 246 16000 43      | 246
    1 | ext 20 | -   | 8:1020 10:ffec  | 1234 19 246 12000 21      | 46
    0 | ext 20 | -   | 8:1020 10:fff4  | 1234 8 246                | 46
    3 | ext 24 | -   | 19:1024 21:11fec | 1234 3b 246 16000 43     | 46
    3 | ext 25 | -   | 2a:1025 32:13fec | 1234 3b 246 16000 43     | 46
    3 | ext 26 | -   | 3b:1026 43:15ff4 | 1234 3b 246              | 46
    1 | ext 24 | -   | 19:1024 21:11ff4 | 1234 19 246              | 46
    3 | ext 27 | -   | 63:1027 43:15ff4 | 1234 3b 246              | 46
    1 | ext 27 | -   | 61:1027 21:11ff4 | 1234 19 246              | 46
    3 | exc d  | 18  | 8:100d 10:ffe8  | 18 1234 3b 10246 16000 43 | 46
    1 | exc d  | 0   | 8:100d 10:ffe8  | 0 1234 19 10246 12000 21  | 46
    0 | exc e  | 2   | 8:100e 10:fff0  | 2 1234 8 10246            | 46
    3 | exc e  | 7   | 8:100e 10:ffe8  | 7 1234 3b 10246 16000 43  | 46
    3 | exc 6  | -   | 19:1006 21:11fec | 1234 3b 10246 16000 43   | 46
    3 | int 80 | -   | 19:1080 21:11fec | 1234 3b 246 16000 43     | 246
    1 | int 80 | -   | 19:1080 21:11ff4 | 1234 19 246              | 246
    3 | int 81 | -   | 8:1081 10:ffec  | 1234 3b 246 16000 43      | 46
    1 | int 82 | -   | 8:1082 10:ffec  | 1234 19 246 12000 21      | 46
    0 | int 20 | -   | 8:1020 10:fff4  | 1234 8 246                | 46
    3 | int 3  | -   | 8:1003 10:ffec  | 1234 3b 246 16000 43      | 246
  `),
  )('ring %s, %s, error %s: %s, frame %s', (cpl, what, error, place, frame, flags) => {
    const cpu = prepared(Number(cpl));
    const [kind, vector] = what.split(' ');
    const kinds: Record<string, InterruptKind> = { ext: EXTERNAL, exc: EXCEPTION, int: SOFTWARE };
    if (kind === 'int') softwareInterrupt(cpu, parseInt(vector, 16));
    else expect(deliver(cpu, parseInt(vector, 16), kinds[kind], error === '-' ? -1 : parseInt(error, 16))).toBe(true);
    expect(where(cpu)).toBe(place);
    expect(stackWords(cpu, frame.split(' ').length)).toBe(frame);
    expect(cpu.state.eflags.toString(16)).toBe(flags);
    expect(cpu.state.cpl).toBe(cpu.state.selector(L.CS) & 3);
  });

  it('through 16-bit gates pushes words', () => {
    for (const [vector, flags] of [
      [0x22, 0x46],
      [0x23, 0x246],
    ]) {
      const cpu = prepared(3);
      cpu.state.eip = 0x51234;
      deliver(cpu, vector, EXTERNAL);
      expect(where(cpu)).toBe(`8:${(0x1000 + vector).toString(16)} 10:fff6`);
      expect(stackWords(cpu, 5, 2)).toBe('1234 3b 246 6000 43');
      expect(cpu.state.eflags).toBe(flags);
    }
  });

  it('clears TF, NT, RF, and IF only for an interrupt gate', () => {
    const cpu = prepared(3, 0x54346);
    deliver(cpu, 0x21, EXTERNAL);
    expect(cpu.state.eflags).toBe(0x40246);
    expect(stackWords(cpu, 3)).toBe('1234 3b 54346');
  });
});

describe('what delivery refuses', () => {
  // ring | software interrupt | fault
  it.each(
    rows(`
    3 | 20 | #GP(102) | gate DPL 0
    1 | 20 | #GP(102) | gate DPL 0
    3 | 82 | #GP(412) | gate DPL 1
    3 | 31 | #GP(18a) | an empty entry
    0 | 2a | #GP(10)  | data as target
    0 | 2b | #GP(0)   | null target
    0 | 2c | #NP(162) | gate not present
    3 | 2c | #GP(162) | the DPL comes before P
    0 | 2d | #GP(16a) | a call gate has no place in the IDT
    0 | 28 | #NP(68)  | target not present
    0 | 26 | #GP(38)  | an outer target
    0 | 29 | #GP(70)  | a conforming outer target
    0 | 2e | #GP(0)   | entry point beyond the limit
    0 | 2f | #GP(f8)  | an empty descriptor is no code
    0 | 30 | #GP(100) | target beyond the GDT
  `),
  )('ring %s, INT %s: %s (%s)', (cpl, vector, want) => {
    const cpu = prepared(Number(cpl));
    const before = where(cpu);
    expect(outcome(() => softwareInterrupt(cpu, parseInt(vector, 16)))).toBe(want);
    expect(where(cpu)).toBe(before);
    expect(cpu.state.eflags).toBe(0x246);
  });

  it('beyond the IDT limit: #GP with the IDT bit', () => {
    const cpu = prepared(3);
    cpu.state.idtLimit = 0x80 * 8 + 6;
    expect(outcome(() => softwareInterrupt(cpu, 0x80))).toBe('#GP(402)');
    cpu.state.idtLimit++;
    expect(outcome(() => softwareInterrupt(cpu, 0x80))).toBe('ok');
  });

  // SS0 | ESP0 | INT 81 from ring 3
  it.each(
    rows(`
    0    | 10000 | #TS(0)  | null
    13   | 10000 | #TS(10) | RPL
    43   | 10000 | #TS(40) | DPL
    80   | 10000 | #TS(80) | read-only
    8    | 10000 | #TS(8)  | code
    f8   | 10000 | #TS(f8) | empty
    100  | 10000 | #TS(100) | beyond the GDT
    88   | 10000 | #SS(88) | not present
    90   | 18    | ok      | just room for five
  `),
  )('SS0 = %s, ESP0 = %s: %s (%s)', (ss, esp, want) => {
    const cpu = prepared(3);
    poke(cpu, TSS_BASE + 4, parseInt(esp, 16));
    poke(cpu, TSS_BASE + 8, parseInt(ss, 16));
    const before = where(cpu);
    expect(outcome(() => softwareInterrupt(cpu, 0x81))).toBe(want);
    if (want !== 'ok') expect(where(cpu)).toBe(before);
  });

  it('no room on the inner stack: #SS with its selector; on the same stack #SS(0)', () => {
    const cpu = prepared(3);
    poke(cpu, TSS_BASE + 4, 0x10);
    poke(cpu, TSS_BASE + 8, 0x90);
    expect(outcome(() => softwareInterrupt(cpu, 0x81))).toBe('#SS(90)');
    const same = prepared(0);
    same.state.setSegment(L.SS, L.SEG_LIMIT, 0xfff);
    expect(outcome(() => softwareInterrupt(same, 0x20))).toBe('#SS(0)');
  });

  it('a TSS too short for the ring: #TS(TR)', () => {
    const cpu = prepared(3);
    cpu.state.setSegment(L.TR, L.SEG_LIMIT, 12);
    expect(outcome(() => softwareInterrupt(cpu, 0x80))).toBe('#TS(48)');
    expect(outcome(() => softwareInterrupt(cpu, 0x81))).toBe('ok');
  });

  it('reads the TSS anew each time', () => {
    const cpu = prepared(3);
    poke(cpu, TSS_BASE + 12, 0x11800);
    softwareInterrupt(cpu, 0x80);
    expect(where(cpu)).toBe('19:1080 21:117ec');
  });
});

describe('faults while delivering', () => {
  /** Breaks what the words name, so that delivery of that vector faults in that way. */
  function spoil(cpu: Cpu, words: string): void {
    for (const word of words.split(' ').filter(Boolean)) {
      const [vector, how] = word.split(':');
      if (how === 'np') idt(cpu, `${vector} int32 dpl0 np to=8:1`);
      if (how === 'gp') idt(cpu, `${vector} int32 dpl0 to=10:1`);
      if (how === 'ts') idt(cpu, `${vector} int32 dpl0 to=18:1`);
      // The target's own page directory has no entry for the stack of ring 2.
      if (how === 'pf') idt(cpu, `${vector} int32 dpl0 to=28:1`);
    }
  }

  // first | what is broken | the handler that runs, its error code | #TS comes from a null SS1, #PF from an unmapped stack of ring 2
  it.each(
    rows(
      `
    exc d 18 | d:np                  | 8 0    | contributory after contributory
    exc b 18 | b:gp                  | 8 0    | likewise
    exc a 18 | a:ts                  | 8 0    | likewise
    exc 0 -  | 0:np                  | 8 0    | a divide error is contributory
    exc d 18 | d:pf                  | e 2    | a page fault after a contributory one is itself
    exc e 4  | e:gp                  | 8 0    | contributory after a page fault
    exc e 4  | e:pf                  | 8 0    | page fault after a page fault
    exc 6 -  | 06:np                 | b 33   | after a benign one: itself, EXT set
    exc 6 -  | 06:pf                 | e 2    | likewise
    exc 6 -  | 06:np 0b:gp           | 8 0    | and that one may double
    ext 20   | 20:np                 | b 103  | an external interrupt is benign, EXT set
    ext 20   | 20:gp                 | d 11   | likewise
    ext 20   | 20:ts                 | a 1    | null SS1: #TS with EXT alone
    ext 20   | 20:np 0b:np           | 8 0    | #NP while delivering #NP
    ext 20   | 20:np 0b:pf           | e 2    | but #PF while delivering #NP is itself
    ext 20   | 20:np 0b:pf 0e:np     | 8 0    | until it fails too
    exc d 18 | d:np 08:np            | shutdown | a fault in #DF
    exc d 18 | d:np 08:pf            | shutdown | of any kind
    exc 8 0  | 08:gp                 | shutdown | or when #DF was first
    ext 20   | 20:np 0b:np 08:ts     | shutdown | the long way
  `.replace(/\| ([0-9a-f]):/g, '| 0$1:'),
    ),
  )('%s with %s: %s (%s)', (first, broken, want) => {
    const cpu = prepared(3);
    idt(cpu, '00 int32 dpl0 to=8:1000');
    poke16(cpu, TSS_BASE + 16, 0);
    // Identity paging of the first megabyte, without the page below ring 2's stack top.
    for (let page = 0; page < 256; page++) poke(cpu, 0x21000 + page * 4, page === 0x13 ? 0 : (page * 4096) | 7);
    poke(cpu, 0x20000, 0x21007);
    cpu.state.cr3 = 0x20000;
    cpu.state.cr0 = 0x80010031;
    spoil(cpu, broken);
    const [kind, vector, error = '-'] = first.split(' ');
    const alive = deliver(cpu, parseInt(vector, 16), kind === 'ext' ? EXTERNAL : EXCEPTION, error === '-' ? -1 : parseInt(error, 16));
    const got = alive ? `${(cpu.state.eip - 0x1000).toString(16)} ${stackWords(cpu, 1)}` : 'shutdown';
    expect(got).toBe(want);
    // Whichever handler runs, it finds the state of the first event.
    if (alive)
      expect(stackWords(cpu, 6).split(' ').slice(1, 3).concat(stackWords(cpu, 6).split(' ').slice(4)).join(' ')).toBe('1234 3b 16000 43');
  });
});

describe('the IDT entry', () => {
  it('is read with supervisor rights from ring 3, through the page tables in force', () => {
    const cpu = prepared(3);
    for (let page = 0; page < 256; page++) poke(cpu, 0x21000 + page * 4, (page * 4096) | 3);
    poke(cpu, 0x21000 + 2 * 4, 0x50003);
    for (let i = 0; i < 0x800; i += 4) poke(cpu, 0x50000 + i, peek(cpu, IDT + i));
    poke(cpu, 0x50000 + 0x20 * 8, 0x00085678);
    poke(cpu, 0x20000, 0x21003);
    cpu.state.cr3 = 0x20000;
    cpu.state.cr0 = 0x80010031;
    deliver(cpu, 0x20, EXTERNAL);
    expect(where(cpu)).toBe('8:5678 10:ffec');
  });
});
