import { describe, expect, it } from 'vitest';
import type { Cpu } from '../memory/cpu.ts';
import * as L from '../state/layout.ts';
import { EXCEPTION, EXTERNAL, SOFTWARE, deliver, iret16, iret32, softwareInterrupt } from './interrupts.ts';
import type { InterruptKind } from './interrupts.ts';
import {
  CODE,
  DATA,
  TSS_BASE,
  IDT,
  bench,
  gdt,
  idt,
  outcome,
  peek,
  poke,
  poke16,
  ring,
  rows,
  stackTop,
  stackWords,
  where,
} from '../proofs/testing.ts';

/** Gates of the table-driven cases; 60-78 are code segments with something about them, 80-90 stacks. */
const GATES = `
  00 int32 dpl0 to=8:1000
  03 trap32 dpl3 to=8:1003
  06 int32 dpl0 to=18:1006
  08 int32 dpl0 to=8:1008
  0a int32 dpl0 to=8:100a
  0b int32 dpl0 to=8:100b
  0c int32 dpl0 to=8:100c
  0d int32 dpl0 to=8:100d
  0e int32 dpl0 to=8:100e
  20 int32 dpl0 to=8:1020
  21 trap32 dpl0 to=8:1021
  22 int16 dpl0 to=8:1022
  23 trap16 dpl0 to=8:1023
  24 int32 dpl0 to=18:1024
  25 int32 dpl0 to=28:1025
  26 int32 dpl0 to=38:1026
  27 int32 dpl0 to=60:1027
  28 int32 dpl0 to=68:1028
  29 int32 dpl0 to=70:1029
  2a int32 dpl0 to=10:102a
  2b int32 dpl0 to=0:102b
  2c int32 dpl0 np to=8:102c
  2d call32 dpl0 to=8:102d
  2e int32 dpl0 to=78:2000
  2f int32 dpl0 to=f8:0
  30 int32 dpl0 to=100:0
  80 trap32 dpl3 to=18:1080
  81 int32 dpl3 to=8:1081
  82 int32 dpl1 to=8:1082
`;
const SEGMENTS = `
  60 code dpl0 r c
  68 code dpl0 r np
  70 code dpl3 r c
  78 code dpl0 r limit=fff
  80 data dpl0
  88 data dpl0 w np
  90 data dpl0 w base=18000 limit=17
`;

function prepared(cpl: number, flags = 0x246): Cpu {
  const cpu = bench();
  gdt(cpu, SEGMENTS);
  idt(cpu, GATES);
  ring(cpu, cpl);
  cpu.state.eip = 0x1234;
  cpu.state.eflags = flags;
  return cpu;
}

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

describe('every gate type × DPL × P × target × ring × kind', () => {
  it('agrees with the manual', () => {
    const cpu = bench();
    let cases = 0;
    for (let type = 0; type < 16; type++)
      for (const gateDpl of [0, 1, 3])
        for (const gateP of [true, false]) {
          if (type === 5) continue;
          for (let codeDpl = 0; codeDpl < 4; codeDpl++)
            for (const kind of ['code', 'conforming', 'data', 'absent']) {
              for (let cpl = 0; cpl < 4; cpl++)
                for (const software of [true, false]) {
                  gdt(
                    cpu,
                    `  60 ${kind === 'data' ? 'data w' : `code r${kind === 'conforming' ? ' c' : ''}`} dpl${codeDpl}${kind === 'absent' ? ' np' : ''}\n`,
                  );
                  idt(cpu, `40 type=${type.toString(16)} dpl${gateDpl}${gateP ? '' : ' np'} to=60:5000`);
                  idt(cpu, '08 int32 dpl0 to=8:8888\n0b int32 dpl0 to=8:bbbb\n0d int32 dpl0 to=8:dddd');
                  ring(cpu, cpl);
                  cpu.state.eip = 0x1234;
                  cpu.state.eflags = 0x202;
                  const ext = software ? 0 : 1;
                  // SDM vol. 2, INT n: the order of its operation section.
                  let want: string;
                  let newCpl = cpl;
                  if (![6, 7, 14, 15].includes(type) || (software && gateDpl < cpl)) want = `#GP(${(0x202 + ext).toString(16)})`;
                  else if (!gateP) want = `#NP(${(0x202 + ext).toString(16)})`;
                  else if (kind === 'data' || codeDpl > cpl) want = `#GP(${(0x60 + ext).toString(16)})`;
                  else if (kind === 'absent') want = `#NP(${(0x60 + ext).toString(16)})`;
                  else {
                    want = 'ok';
                    if (kind === 'code') newCpl = codeDpl;
                  }
                  let got: string;
                  if (software) got = outcome(() => softwareInterrupt(cpu, 0x40));
                  else {
                    deliver(cpu, 0x40, EXTERNAL);
                    // A refused external interrupt shows as the fault that its handler finds on the stack.
                    const handler = { 0xbbbb: '#NP', 0xdddd: '#GP' }[cpu.state.eip];
                    got = handler === undefined ? 'ok' : `${handler}(${stackWords(cpu, 1)})`;
                  }
                  let detail = got;
                  let wanted = want;
                  if (want === 'ok') {
                    const size = type >= 8 ? 4 : 2;
                    const words = newCpl < cpl ? 5 : 3;
                    detail += ` ${where(cpu)} ${cpu.state.cpl} ${stackWords(cpu, words, size)} ${cpu.state.eflags & 0x200}`;
                    const esp = stackTop(newCpl) - words * size;
                    const outer =
                      newCpl < cpl
                        ? ` ${(size === 4 ? stackTop(cpl) : stackTop(cpl) & 0xffff).toString(16)} ${DATA[cpl].toString(16)}`
                        : '';
                    wanted += ` ${(0x60 | newCpl).toString(16)}:5000 ${DATA[newCpl].toString(16)}:${esp.toString(16)} ${newCpl} 1234 ${CODE[cpl].toString(16)} 202${outer} ${(type & 1) !== 0 ? 0x200 : 0}`;
                  }
                  if (detail !== wanted)
                    expect({ type, gateDpl, gateP, codeDpl, kind, cpl, software, detail }).toEqual({
                      type,
                      gateDpl,
                      gateP,
                      codeDpl,
                      kind,
                      cpl,
                      software,
                      detail: wanted,
                    });
                  cases++;
                }
            }
        }
    expect(cases).toBe(15 * 3 * 2 * 4 * 4 * 4 * 2);
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

describe('IRET', () => {
  /** Pushes a frame, top first, on the current stack. */
  function frame(cpu: Cpu, words: string, size = 4): void {
    const values = words.split(' ').map((word) => parseInt(word, 16));
    cpu.state.esp -= values.length * size;
    values.forEach((value, i) => (size === 4 ? poke : poke16)(cpu, cpu.state.segment(L.SS, L.SEG_BASE) + cpu.state.esp + i * size, value));
  }

  // ring | EFLAGS | frame: EIP CS EFLAGS [ESP SS] | outcome | where | EFLAGS after
  it.each(
    rows(`
    0 | 2    | 4000 8 246             | ok | 8:4000 10:10000   | 246   | 0 to 0
    0 | 2    | 4000 19 246 5000 21    | ok | 19:4000 21:5000   | 246   | 0 to 1
    0 | 2    | 4000 3b 3246 5000 43   | ok | 3b:4000 43:5000   | 3246  | 0 to 3, IOPL with it
    0 | 2    | 4000 3b 240ed7 5000 43 | ok | 3b:4000 43:5000   | 240ed7 | every flag from ring 0
    1 | 202  | 4000 3b 46 5000 43     | ok | 3b:4000 43:5000   | 246   | 1 to 3: IF stays
    1 | 202  | 4000 19 3046           | ok | 19:4000 21:12000  | 246   | 1 to 1: IF and IOPL stay
    1 | 2    | 4000 19 202            | ok | 19:4000 21:12000  | 2     | and stay off
    1 | 1202 | 4000 19 46             | ok | 19:4000 21:12000  | 1046  | IOPL 1: IF moves
    3 | 202  | 4000 3b 7046           | ok | 3b:4000 43:16000  | 4246  | NT may be set by anyone
    0 | 2    | 4000 3b 20246 5000 43  | #GP(0)  | -            | 2     | VM: not offered
    1 | 202  | 4000 19 20246          | ok | 19:4000 21:12000  | 246   | VM is ignored outside ring 0
    1 | 202  | 4000 8 246             | #GP(8)  | -            | 202   | inward
    3 | 202  | 4000 19 246            | #GP(18) | -            | 202   | inward
    0 | 2    | 4000 0 246             | #GP(0)  | -            | 2     | null CS
    0 | 2    | 4000 10 246            | #GP(10) | -            | 2     | data
    0 | 2    | 4000 48 246            | #GP(48) | -            | 2     | a TSS
    0 | 2    | 4000 f8 246            | #GP(f8) | -            | 2     | empty
    0 | 2    | 4000 100 246           | #GP(100) | -           | 2     | beyond the GDT
    0 | 2    | 4000 68 246            | #NP(68) | -            | 2     | not present
    0 | 2    | 4000 9 246 5000 21     | #GP(8)  | -            | 2     | DPL is not RPL
    0 | 2    | 4000 61 246 5000 21    | ok | 61:4000 21:5000   | 246   | conforming, DPL below RPL
    0 | 2    | 4000 72 246 5000 21    | #GP(70) | -            | 2     | conforming, DPL above RPL
    0 | 2    | 2000 78 246            | #GP(0)  | -            | 2     | EIP beyond the limit
    0 | 2    | 4000 3b 246 5000 0     | #GP(0)  | -            | 2     | null SS
    0 | 2    | 4000 3b 246 5000 40    | #GP(40) | -            | 2     | SS RPL
    0 | 2    | 4000 3b 246 5000 21    | #GP(20) | -            | 2     | SS of another ring
    0 | 2    | 4000 3b 246 5000 9b    | #GP(98) | -            | 2     | SS read-only
    0 | 2    | 4000 3b 246 5000 a3    | #SS(a0) | -            | 2     | SS not present
    0 | 2    | 4000 3b 246 5000 3b    | #GP(38) | -            | 2     | SS is code
  `),
  )('ring %s, EFLAGS %s, %s: %s %s', (cpl, flags, words, want, place, after) => {
    const cpu = prepared(Number(cpl), parseInt(flags, 16));
    gdt(cpu, '  98 data dpl3\n  a0 data dpl3 w np\n');
    frame(cpu, words);
    const before = where(cpu);
    expect(outcome(() => iret32(cpu))).toBe(want);
    expect(where(cpu)).toBe(want === 'ok' ? place : before);
    expect(cpu.state.eflags.toString(16)).toBe(after);
    expect(cpu.state.cpl).toBe(cpu.state.selector(L.CS) & 3);
  });

  it('outward nulls the data segments that the new ring may not use', () => {
    // In ring 0 the registers hold: DS inner data, ES outer data, FS conforming code, GS readable code of ring 0.
    for (const [cs, ss, kept] of [
      [0x19, 0x21, '0 43 63 0'],
      [0x3b, 0x43, '0 43 63 0'],
    ]) {
      const cpu = prepared(0);
      for (const [segment, selector] of [
        [L.DS, 0x10],
        [L.ES, 0x43],
        [L.FS, 0x63],
        [L.GS, 0x08],
      ] as const) {
        cpu.state.setSegment(segment, L.SEG_SELECTOR, selector);
        const at = 0x1000 + (selector & 0xf8);
        cpu.state.setSegment(segment, L.SEG_ATTR, (peek(cpu, at + 4) >>> 8) & 0xf0ff);
      }
      frame(cpu, `4000 ${cs.toString(16)} 202 5000 ${ss.toString(16)}`);
      iret32(cpu);
      expect([L.DS, L.ES, L.FS, L.GS].map((segment) => cpu.state.selector(segment).toString(16)).join(' ')).toBe(kept);
      expect(cpu.state.segment(L.DS, L.SEG_ATTR)).toBe(0);
    }
  });

  it('with words leaves the upper halves alone', () => {
    const cpu = prepared(0, 0x200002);
    cpu.state.eip = 0x51234;
    frame(cpu, '4000 3b 246 5000 43', 2);
    iret16(cpu);
    expect(where(cpu)).toBe('3b:4000 43:5000');
    expect(cpu.state.eflags).toBe(0x200246);
  });

  it('undoes what each ring transition did', () => {
    for (const [cpl, vector] of [
      [3, 0x81],
      [1, 0x82],
      [3, 0x80],
      [1, 0x80],
      [0, 0x20],
    ]) {
      const cpu = prepared(cpl);
      const before = where(cpu) + cpu.state.eflags;
      softwareInterrupt(cpu, vector);
      expect(where(cpu)).not.toBe(before);
      iret32(cpu);
      expect(where(cpu) + cpu.state.eflags).toBe(before);
    }
  });

  it('faults of the stack pages leave it restartable', () => {
    const cpu = prepared(0);
    for (let page = 0; page < 256; page++) poke(cpu, 0x21000 + page * 4, page === 0x10 ? 0 : (page * 4096) | 3);
    poke(cpu, 0x20000, 0x21007);
    cpu.state.cr3 = 0x20000;
    cpu.state.cr0 = 0x80010031;
    cpu.state.esp = 0xfff8;
    const before = where(cpu);
    expect(outcome(() => iret32(cpu))).toBe('#PF(0)');
    expect(cpu.state.cr2).toBe(0x10000);
    expect(where(cpu)).toBe(before);
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
