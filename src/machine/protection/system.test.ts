import { beforeEach, describe, expect, it } from 'vitest';
import type { Cpu } from '../memory/cpu.ts';
import * as L from '../state/layout.ts';
import { clts, invlpg, lmsw, moveFromControl, moveToControl, smsw } from './control_registers.ts';
import { breakpointHit } from '../memory/watchpoints.ts';
import { moveFromDebug, moveToDebug } from './debug.ts';
import { cli, popf16, popf32, pushfImage, sti } from './flag_rules.ts';
import { checkIo, portIn, portOut16 } from './io.ts';
import { CPU_FEATURES, cpuid, hlt, invd, rdmsr, rdtsc, wrmsr } from './model_specific.ts';
import {
  arpl,
  lar16,
  lar32,
  lgdt16,
  lgdt32,
  lidt32,
  lldt,
  lsl16,
  lsl32,
  ltr,
  sgdt16,
  sgdt32,
  sidt32,
  sldt,
  str,
  verr,
  verw,
} from './tables.ts';
import { GDT, TSS_BASE, bench, gdt, load, outcome, peek, peek16, poke, poke16, ring, rows } from '../proofs/testing.ts';

let cpu: Cpu;
beforeEach(() => {
  cpu = bench();
});

const TABLE = `
  58 tss32 dpl0 base=5000 limit=67
  60 tss16 dpl0 base=5800 limit=2b
  68 tss32 dpl0 np base=5000 limit=67
  70 ldt dpl0 base=3000 limit=f
  78 ldt dpl0 np base=3000 limit=f
  80 call32 dpl3 to=8:1
  88 int32 dpl3 to=8:1
  90 code dpl0 r c limit=12345
  98 code dpl3
  a0 data dpl3 limit=123fff
  a8 task dpl3 to=58:0
  b0 data dpl3 np w
  b8 type=0 dpl3
  c0 data dpl1 w limit=fff
`;

describe('what ring 0 keeps to itself', () => {
  const PRIVILEGED: [string, (cpu: Cpu) => void][] = [
    ['lgdt', (c) => lgdt32(c, L.DS, 0x7000)],
    ['lidt', (c) => lidt32(c, L.DS, 0x7000)],
    ['lldt', (c) => lldt(c, 0)],
    ['ltr', (c) => ltr(c, 0x58)],
    ['lmsw', (c) => lmsw(c, 1)],
    ['clts', clts],
    ['mov cr0, r', (c) => moveToControl(c, 0, c.state.cr0)],
    ['mov r, cr0', (c) => moveFromControl(c, 0)],
    ['mov cr3, r', (c) => moveToControl(c, 3, 0)],
    ['mov r, cr2', (c) => moveFromControl(c, 2)],
    ['mov dr0, r', (c) => moveToDebug(c, 0, 0)],
    ['mov r, dr6', (c) => moveFromDebug(c, 6)],
    ['invlpg', (c) => invlpg(c, L.DS, 0)],
    ['invd', invd],
    ['hlt', hlt],
  ];
  it.each(PRIVILEGED)('%s: #GP(0) in rings 1-3', (_name, act) => {
    gdt(cpu, TABLE);
    for (const cpl of [1, 2, 3]) {
      ring(cpu, cpl);
      expect(outcome(() => act(cpu))).toBe('#GP(0)');
    }
    ring(cpu, 0);
    expect(outcome(() => act(cpu))).toBe('ok');
  });
  it('RDMSR and WRMSR know no register in any ring', () => {
    for (const cpl of [0, 1, 3]) {
      ring(cpu, cpl);
      expect([outcome(() => rdmsr(cpu)), outcome(() => wrmsr(cpu))]).toEqual(['#GP(0)', '#GP(0)']);
    }
  });
});

describe('descriptor-table registers', () => {
  it('LGDT and LIDT take six bytes, 24 bits of base with 16-bit operands; SGDT and SIDT give them back', () => {
    poke16(cpu, 0x7002, 0x17f);
    poke(cpu, 0x7004, 0x89abcdef);
    lidt32(cpu, L.DS, 0x7002);
    lgdt32(cpu, L.DS, 0x7002);
    expect([cpu.state.gdtBase, cpu.state.gdtLimit, cpu.state.idtBase, cpu.state.idtLimit]).toEqual([0x89abcdef, 0x17f, 0x89abcdef, 0x17f]);
    sgdt32(cpu, L.DS, 0x7102);
    expect([peek16(cpu, 0x7102), peek(cpu, 0x7104)]).toEqual([0x17f, 0x89abcdef]);
    sgdt16(cpu, L.DS, 0x7202);
    expect(peek(cpu, 0x7204)).toBe(0x00abcdef);
    lgdt16(cpu, L.DS, 0x7002);
    expect(cpu.state.gdtBase).toBe(0xabcdef);
    ring(cpu, 3);
    sidt32(cpu, L.DS, 0x7302);
    expect(peek(cpu, 0x7304)).toBe(0x89abcdef);
  });

  // instruction, selector | outcome
  it.each(
    rows(`
    ltr 58  | ok
    ltr 60  | ok
    ltr 48  | #GP(48)  | busy
    ltr 0   | #GP(0)   | null
    ltr 5c  | #GP(5c)  | in the LDT
    ltr 100 | #GP(100) | beyond the GDT
    ltr 10  | #GP(10)  | data
    ltr 70  | #GP(70)  | an LDT
    ltr 68  | #NP(68)  | not present
    lldt 70 | ok
    lldt 0  | ok
    lldt 3  | ok
    lldt 58 | #GP(58)  | a TSS
    lldt 74 | #GP(74)  | in the LDT
    lldt 100 | #GP(100) | beyond the GDT
    lldt 78 | #NP(78)  | not present
  `),
  )('%s: %s', (what, want) => {
    gdt(cpu, TABLE);
    const [name, selector] = what.split(' ');
    const value = parseInt(selector, 16);
    const before = name === 'ltr' ? str(cpu) : sldt(cpu);
    expect(outcome(() => (name === 'ltr' ? ltr : lldt)(cpu, value))).toBe(want);
    expect(name === 'ltr' ? str(cpu) : sldt(cpu)).toBe(want === 'ok' ? value : before);
  });

  it('LTR marks the TSS busy in memory; clearing that by hand makes it available again', () => {
    gdt(cpu, TABLE);
    ltr(cpu, 0x58);
    expect((peek(cpu, GDT + 0x5c) >>> 8) & 0xff).toBe(0x8b);
    expect(outcome(() => ltr(cpu, 0x58))).toBe('#GP(58)');
    poke(cpu, GDT + 0x5c, peek(cpu, GDT + 0x5c) & ~0x200);
    expect(outcome(() => ltr(cpu, 0x58))).toBe('ok');
  });

  it('LTR into a read-only GDT page is #PF, and TR stays', () => {
    gdt(cpu, TABLE);
    for (let page = 0; page < 256; page++) poke(cpu, 0x21000 + page * 4, (page * 4096) | (page === 1 ? 1 : 3));
    poke(cpu, 0x20000, 0x21003);
    cpu.state.cr3 = 0x20000;
    cpu.state.cr0 = 0x80010031;
    expect(outcome(() => ltr(cpu, 0x58))).toBe('#PF(3)');
    expect(str(cpu)).toBe(0x48);
  });
});

describe('asking about a selector', () => {
  const ZF = 0x40;
  // ring | selector | LAR | LSL | VERR VERW
  it.each(
    rows(`
    0 | 10  | c09300   | ffffffff | rw
    0 | 8   | c09b00   | ffffffff | r-
    3 | 10  | -        | -        | --
    3 | 43  | c0f300   | ffffffff | rw
    0 | 13  | -        | -        | --
    1 | c1  | 40b200   | fff      | rw
    1 | c3  | -        | -        | --
    3 | 90  | 409e00   | 12345    | r-
    3 | 93  | 409e00   | 12345    | r-
    3 | 9b  | c0f800   | ffffffff | --
    3 | a3  | c0f000   | 123fff   | r-
    3 | b3  | c07200   | ffffffff | rw
    0 | 58  | 8900     | 67       | --
    0 | 48  | 8b00     | 67       | --
    3 | 58  | -        | -        | --
    0 | 60  | 8100     | 2b       | --
    0 | 70  | 8200     | f        | --
    3 | 83  | ec00     | -        | --
    3 | ab  | e500     | -        | --
    3 | 8b  | -        | -        | --
    3 | bb  | -        | -        | --
    0 | 0   | -        | -        | --
    0 | 100 | -        | -        | --
  `),
  )('ring %s, %s: LAR %s, LSL %s, %s', (cpl, text, access, limit, rights) => {
    gdt(cpu, TABLE);
    ring(cpu, Number(cpl));
    const selector = parseInt(text, 16);
    const zero = (): boolean => (cpu.state.eflags & ZF) !== 0;
    // The bench's own loads set no Accessed bits; the two that a ring loads by name have them from here on.
    for (const at of [0x0c, 0x14, 0x44]) poke(cpu, GDT + at, peek(cpu, GDT + at) | 0x100);
    const a = lar32(cpu, selector, 0xdeadbeef);
    expect(zero() ? a.toString(16) : '-').toBe(access);
    if (!zero()) expect(a).toBe(0xdeadbeef);
    const half = lar16(cpu, selector, 0xdeadbeef);
    expect(half).toBe(zero() ? (0xdead0000 | (a & 0xffff)) >>> 0 : 0xdeadbeef);
    const l = lsl32(cpu, selector, 0xdeadbeef);
    expect(zero() ? l.toString(16) : '-').toBe(limit);
    expect(lsl16(cpu, selector, 0xdeadbeef)).toBe(zero() ? (0xdead0000 | (l & 0xffff)) >>> 0 : 0xdeadbeef);
    verr(cpu, selector);
    const r = zero() ? 'r' : '-';
    verw(cpu, selector);
    expect(r + (zero() ? 'w' : '-')).toBe(rights);
  });

  it('ARPL raises the RPL, never lowers it', () => {
    for (let d = 0; d < 4; d++)
      for (let s = 0; s < 4; s++) {
        expect(arpl(cpu, 0x1230 | d, 0x4560 | s)).toBe(0x1230 | Math.max(d, s));
        expect((cpu.state.eflags & ZF) !== 0).toBe(d < s);
      }
  });
});

describe('control registers', () => {
  it.each(
    rows(`
    0 | 80010031 | ok     | 80010031
    0 | 00000001 | ok     | 11       | ET reads as one
    0 | 7ffeffc1 | ok     | 60040011 | what is not defined is ignored
    0 | 80000000 | #GP(0) |          | PG without PE
    0 | 00000030 | #GP(0) |          | no real mode
    0 | 20000001 | #GP(0) |          | NW without CD
    2 | 12345678 | ok     | 12345678
    3 | 12345fff | ok     | 12345018
    4 | 94       | ok     | 94       | TSD PSE PGE
    4 | 1        | #GP(0) |          | VME
    4 | 8        | #GP(0) |          | DE
    4 | 20       | #GP(0) |          | PAE
    4 | 200      | #GP(0) |          | OSFXSR
    1 | 0        | #UD    |
    5 | 0        | #UD    |
    7 | 0        | #UD    |
  `),
  )('MOV CR%s, %s: %s, reads back %s', (register, value, want, back) => {
    const before = [0, 2, 3, 4].map((n) => moveFromControl(cpu, n));
    expect(outcome(() => moveToControl(cpu, Number(register), parseInt(value, 16)))).toBe(want);
    if (want === 'ok') expect(moveFromControl(cpu, Number(register)).toString(16)).toBe(back);
    else expect([0, 2, 3, 4].map((n) => moveFromControl(cpu, n))).toEqual(before);
  });

  it('LMSW sets PE but never clears it, CLTS clears TS, SMSW reads in any ring', () => {
    lmsw(cpu, 0xfffe);
    expect(cpu.state.cr0).toBe(0x3f);
    clts(cpu);
    ring(cpu, 3);
    expect(smsw(cpu)).toBe(0x37);
  });
});

describe('debug registers', () => {
  it('have their fixed bits, and DR4 and DR5 are DR6 and DR7', () => {
    moveToDebug(cpu, 6, 0);
    moveToDebug(cpu, 5, 0xffffdfff);
    expect([moveFromDebug(cpu, 4), moveFromDebug(cpu, 7)]).toEqual([0xffff0ff0, 0xffff07ff]);
    moveToDebug(cpu, 3, 0x1234);
    expect(moveFromDebug(cpu, 3)).toBe(0x1234);
  });
  it('under general detect raise #DB and set BD', () => {
    moveToDebug(cpu, 7, 0x2000);
    expect(outcome(() => moveFromDebug(cpu, 0))).toBe('#DB');
    expect(cpu.state.u32[(L.DR >> 2) + 6] & 0x2000).toBe(0x2000);
  });
  // DR7 | DR0 | access, address, size | hit
  it.each(
    rows(`
    00000001 | 1000 | x 1000 1 | 1
    00000001 | 1000 | x 0fff 1 | 0
    00000001 | 1000 | w 1000 4 | 0
    00010001 | 1000 | w 1000 1 | 1
    00010001 | 1000 | r 1000 1 | 0
    00010001 | 1000 | w 0ffd 4 | 1
    00010001 | 1000 | w 0ffc 4 | 0
    000d0002 | 1002 | w 1003 1 | 1
    000f0002 | 1002 | r 1000 1 | 1
    000f0002 | 1002 | r 1004 4 | 0
    000f0000 | 1000 | r 1000 4 | 0
  `),
  )('DR7 %s, DR0 %s, %s: %s', (control, address, access, want) => {
    moveToDebug(cpu, 0, parseInt(address, 16));
    moveToDebug(cpu, 7, parseInt(control, 16));
    const [kind, at, size] = access.split(' ');
    expect(breakpointHit(cpu, parseInt(at, 16), Number(size), 'rwx'.indexOf(kind)) ? '1' : '0').toBe(want);
    expect(moveFromDebug(cpu, 6) & 1).toBe(Number(want));
  });
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
