import { describe, expect, it } from 'vitest';
import type { Cpu } from './cpu.ts';
import * as L from '../state/layout.ts';
import { invlpg, moveToControl } from '../protection/control_registers.ts';
import { EXECUTE, READ, WRITE, readAt16, readAt32, translate, writeAt32 } from './mmu.ts';
import type { Access } from './tlb.ts';
import { DIRECTORY, bench, outcome, peek, poke, rows } from '../proofs/testing.ts';

const P = 1;
const W = 2;
const U = 4;
const A = 0x20;
const D = 0x40;
const PS = 0x80;
const G = 0x100;
const WP = 0x10000;
const PG = 0x80000000;
const PSE = 0x10;
const PGE = 0x80;
const TABLE = DIRECTORY + 0x1000;
/** The page that the tests reach for: directory entry 1, table entry 2. */
const LINEAR = 0x00402000;
const PHYSICAL = 0x30000;

/** Entry flags as they are drawn: a letter where set. */
function flags(picture: string): number {
  let value = 0;
  for (const letter of picture) value |= { P, W, U, A, D, S: PS, G, '-': 0 }[letter] ?? 0;
  return value;
}
function picture(entry: number): string {
  return (['P', P, 'W', W, 'U', U, 'A', A, 'D', D] as const).reduce(
    (text: string, item, i, all) =>
      (i & 1) !== 0 || typeof item === 'number' ? text : text + ((entry & (all[i + 1] as number)) !== 0 ? item : '-'),
    '',
  );
}

function paging(cr0: number, cr4: number): Cpu {
  const cpu = bench();
  cpu.state.cr0 = (cpu.state.cr0 | PG | cr0) >>> 0;
  cpu.state.cr4 = cr4;
  cpu.state.cr3 = DIRECTORY;
  return cpu;
}

/** Error code of a refused access in hexadecimal, or `ok`. */
function access(cpu: Cpu, linear: number, kind: Access, user: boolean): string {
  const offset = translate(cpu, linear, kind, user);
  return offset < 0 ? cpu.state.u32[L.FAULT_ERROR >> 2].toString(16) : 'ok';
}

describe('a page walk, drawn', () => {
  // entries before | access (ring class, kind) with CR0.WP or without | result | entries after
  const CASES = rows(`
    P---- P----  | super read  WP  | ok | P--A- P--A-
    P---- P----  | super write WP  | 3  | P---- P----
    P---- P----  | super write  -  | ok | P--A- P--AD
    P---- P----  | user  read  WP  | 5  | P---- P----
    P---- P----  | user  write WP  | 7  | P---- P----
    PWU-- P-U--  | user  write  -  | 7  | PWU-- P-U--
    P-U-- PWU--  | user  write  -  | 7  | P-U-- PWU--
    P-U-- PWU--  | super write WP  | 3  | P-U-- PWU--
    PWU-- PWU--  | user  read  WP  | ok | PWUA- PWUA-
    PWU-- PWU--  | user  write WP  | ok | PWUA- PWUAD
    PWU-- PW---  | user  read  WP  | 5  | PWU-- PW---
    PW--- PWU--  | user  exec  WP  | 5  | PW--- PWU--
    PWU-- -WU--  | user  read  WP  | 4  | PWU-- -WU--
    -WU-- PWU--  | user  write WP  | 6  | -WU-- PWU--
    -WU-- PWU--  | super exec  WP  | 0  | -WU-- PWU--
    -WU-- PWU--  | super write WP  | 2  | -WU-- PWU--
  `);
  it.each(CASES)('%s | %s', (before, what, result, after) => {
    const [directory, table] = before.split(' ');
    const [who, kind, wp] = what.split(/ +/);
    const cpu = paging(wp === 'WP' ? WP : 0, 0);
    poke(cpu, DIRECTORY + 4, TABLE | flags(directory));
    poke(cpu, TABLE + 8, PHYSICAL | flags(table));
    const kinds: Record<string, Access> = { read: READ, write: WRITE, exec: EXECUTE };
    expect(access(cpu, LINEAR + 0x123, kinds[kind], who === 'user')).toBe(result);
    if (result !== 'ok') expect(cpu.state.cr2).toBe(LINEAR + 0x123);
    expect(`${picture(peek(cpu, DIRECTORY + 4))} ${picture(peek(cpu, TABLE + 8))}`).toBe(after);
  });
});

/** The manual's rules (SDM vol. 3, 4.6 and 4.7), written down independently of the walk. */
function reference(
  pde: number,
  pte: number,
  large: boolean,
  wp: boolean,
  kind: Access,
  user: boolean,
): { error: number } | { pde: number; pte: number } {
  const bits = (kind === WRITE ? 2 : 0) + (user ? 4 : 0);
  const entries = large ? [pde] : [pde, pte];
  if (entries.some((entry) => !(entry & P))) return { error: bits };
  const userPage = entries.every((entry) => entry & U);
  const writePage = entries.every((entry) => entry & W);
  let allowed: boolean;
  if (user) allowed = userPage && (kind !== WRITE || writePage);
  else allowed = kind !== WRITE || writePage || !wp;
  if (!allowed) return { error: bits + 1 };
  const dirty = kind === WRITE ? D : 0;
  return large ? { pde: pde | A | dirty, pte } : { pde: pde | A, pte: pte | A | dirty };
}

describe('every product of rights', () => {
  const combinations = (count: number): number[] => Array.from({ length: 1 << count }, (_, i) => i);
  const spread = (bits: number): number =>
    (bits & 1 ? P : 0) | (bits & 2 ? W : 0) | (bits & 4 ? U : 0) | (bits & 8 ? A : 0) | (bits & 16 ? D : 0);

  it.each([
    ['4 KiB', false],
    ['4 MiB', true],
  ] as const)('%s pages: P, W, U, A, D of each level × WP × ring × kind, cold and after other accesses', (_name, large) => {
    const cpu = paging(0, large ? PSE : 0);
    let cases = 0;
    for (const wp of [false, true]) {
      cpu.state.cr0 = ((cpu.state.cr0 & ~WP) | (wp ? WP : 0)) >>> 0;
      for (const directory of combinations(large ? 5 : 4)) {
        for (const table of large ? [0] : combinations(5)) {
          const pde = spread(directory) | (large ? PS : TABLE);
          const pte = PHYSICAL | spread(table);
          for (const user of [false, true])
            for (const kind of [READ, WRITE, EXECUTE] as const) {
              // What is in the TLB from an earlier access must never allow what the tables do not, nor hide a D to be set.
              for (const earlier of [-1, READ, WRITE]) {
                cpu.flushTlb();
                poke(cpu, DIRECTORY + 4, pde);
                poke(cpu, TABLE + 8, pte);
                let expectedPde = pde;
                let expectedPte = pte;
                if (earlier >= 0) {
                  translate(cpu, LINEAR, earlier as Access, user);
                  const first = reference(pde, pte, large, wp, earlier as Access, user);
                  if ('pde' in first) {
                    expectedPde = first.pde;
                    expectedPte = first.pte;
                  }
                }
                const offset = translate(cpu, LINEAR, kind, user);
                const want = reference(expectedPde, expectedPte, large, wp, kind, user);
                const got =
                  offset < 0 ? { error: cpu.state.u32[L.FAULT_ERROR >> 2] } : { pde: peek(cpu, DIRECTORY + 4), pte: peek(cpu, TABLE + 8) };
                if (JSON.stringify(got) !== JSON.stringify(want))
                  expect({ pde, pte, wp, user, kind, earlier, got }).toEqual({ pde, pte, wp, user, kind, earlier, got: want });
                if (offset >= 0) {
                  const physical = large ? LINEAR & 0x3fffff : PHYSICAL;
                  if (offset !== L.RAM + physical) expect(offset).toBe(L.RAM + physical);
                }
                cases++;
              }
            }
        }
      }
    }
    expect(cases).toBe(large ? 2 * 32 * 6 * 3 : 2 * 16 * 32 * 6 * 3);
  });
});

describe('4 MiB pages', () => {
  it('are honoured with CR4.PSE only, and refuse reserved bits with bit 3 of the error code', () => {
    const cpu = paging(WP, 0);
    poke(cpu, DIRECTORY + 4, TABLE | flags('PWUS'));
    poke(cpu, TABLE + 8, PHYSICAL | flags('PWU'));
    expect(translate(cpu, LINEAR, READ, true)).toBe(L.RAM + PHYSICAL);
    moveToControl(cpu, 4, PSE);
    expect(access(cpu, LINEAR, READ, true)).toBe('d');
    poke(cpu, DIRECTORY + 4, flags('PWUS'));
    expect(translate(cpu, LINEAR + 5, READ, true)).toBe(L.RAM + 0x2005);
  });
});

describe('what the TLB keeps', () => {
  const setUp = (entry: string, cr4: number): Cpu => {
    const cpu = paging(WP, cr4);
    poke(cpu, DIRECTORY, TABLE | flags('PWU'));
    poke(cpu, DIRECTORY + 4, TABLE | flags('PWU'));
    poke(cpu, TABLE + 8, PHYSICAL | flags(entry));
    expect(access(cpu, LINEAR, READ, true)).toBe('ok');
    poke(cpu, TABLE + 8, 0);
    return cpu;
  };
  it.each(
    rows(`
    PWU | 0 | nothing  | ok
    PWU | 0 | cr3      | 4
    PWUG | 0 | cr3      | 4
    PWU | 80 | cr3      | 4
    PWUG | 80 | cr3      | ok
    PWUG | 80 | invlpg   | 4
    PWU | 0 | invlpg   | 4
    PWUG | 80 | cr4      | 4
    PWUG | 80 | cr0      | 4
    PWUG | 90 | invlpg   | 4
  `),
  )('%s with CR4 %s: after %s', (entry, cr4, what, result) => {
    const cpu = setUp(entry, parseInt(cr4, 16));
    if (what === 'cr3') moveToControl(cpu, 3, DIRECTORY);
    if (what === 'invlpg') invlpg(cpu, L.DS, LINEAR);
    if (what === 'cr4') moveToControl(cpu, 4, cpu.state.cr4 ^ PGE);
    if (what === 'cr0') moveToControl(cpu, 0, cpu.state.cr0 & ~WP);
    expect(access(cpu, LINEAR, READ, true)).toBe(result);
  });

  it('never holds what was not present', () => {
    const cpu = paging(WP, 0);
    poke(cpu, DIRECTORY + 4, TABLE | flags('PWU'));
    expect(access(cpu, LINEAR, READ, true)).toBe('4');
    poke(cpu, TABLE + 8, PHYSICAL | flags('PWU'));
    expect(access(cpu, LINEAR, READ, true)).toBe('ok');
  });
});

describe('accesses', () => {
  it('over a page end read both pages and write both or none', () => {
    const cpu = paging(WP, 0);
    poke(cpu, DIRECTORY + 4, TABLE | flags('PWU'));
    poke(cpu, TABLE + 8, PHYSICAL | flags('PWU'));
    poke(cpu, TABLE + 12, 0x35000 | flags('PWU'));
    const at = LINEAR + 0xffe;
    writeAt32(cpu, at, 0x11223344, true);
    expect([peek(cpu, PHYSICAL + 0xffc) >>> 16, peek(cpu, 0x35000) & 0xffff]).toEqual([0x3344, 0x1122]);
    expect([readAt32(cpu, at, true), readAt16(cpu, at + 1, true)]).toEqual([0x11223344, 0x2233]);
    poke(cpu, TABLE + 12, 0x35000 | flags('P-U'));
    cpu.flushTlb();
    expect(outcome(() => writeAt32(cpu, at, 0xaabbccdd, true))).toBe('#PF(7)');
    expect(cpu.state.cr2).toBe(LINEAR + 0x1000);
    expect(peek(cpu, PHYSICAL + 0xffc) >>> 16).toBe(0x3344);
  });

  it('beyond RAM read ones and write nothing', () => {
    const cpu = bench();
    new Uint8Array(cpu.state.memory.buffer, L.OPEN_BUS_PAGE, 4096).fill(0xff);
    expect(readAt32(cpu, 0x7000_0000, false)).toBe(0xffffffff);
    writeAt32(cpu, 0x7000_0000, 0, false);
    expect(readAt32(cpu, 0x7000_0000, false)).toBe(0xffffffff);
  });

  it('with paging off are physical, at any ring', () => {
    const cpu = bench();
    writeAt32(cpu, 0x5678, 42, true);
    expect(peek(cpu, 0x5678)).toBe(42);
  });
});
