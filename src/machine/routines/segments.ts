import * as L from '../state/layout.ts';
import { MODE_CODE32, MODE_CODE_FLAT, MODE_FLAT, MODE_STACK32, MODE_USER } from '../memory/cpu.ts';
import { A_BIG, A_PRESENT, A_S, T_ACCESSED, T_BUSY, T_CODE, T_EXPAND_DOWN, T_WRITABLE, TSS32 } from '../protection/descriptors.ts';
import type { Expr, Local } from '../ir/nodes.ts';
import type { Routine } from './routine.ts';

/** Segment loads and descriptor-table registers, where nothing is unusual: see segments.ts and tables.ts of the machine for all that can be. */

/** Address of a segment register's fields. */
export function register(r: Routine, segment: Expr | number): Expr | number {
  return typeof segment === 'number' ? L.SEG + segment * L.SEG_SIZE : r.add(r.mul(segment, L.SEG_SIZE), L.SEG);
}
export function field(r: Routine, segment: Expr | number, at: number): Local {
  return r.read(register(r, segment), at);
}

/** Memory offset of `bytes` at a linear address, or 0 where they leave the page or the TLB cannot tell. */
export function locate(r: Routine, linear: Expr, bytes: number, write: boolean, user: Expr | number): Local {
  r.giveUpIf(r.op('gt_u', r.and(linear, 0xfff), 0x1000 - bytes));
  return r.must(r.call('locate', linear, r.or(r.value(user, 'i32'), write ? 2 : 0)));
}

/** Memory offset of the descriptor that a selector names in the GDT. Null selectors are not told apart. */
export function descriptorAt(r: Routine, selector: Expr): Local {
  const offset = r.let(r.and(selector, 0xfff8));
  r.giveUpIf(r.or(r.and(selector, 4), r.op('gt_u', r.add(offset, 7), r.read(L.GDTR, 4))));
  return locate(r, r.let(r.add(r.read(L.GDTR), offset)), 8, false, 0);
}

export interface Parsed {
  low: Local;
  high: Local;
  attr: Local;
  dpl: Local;
}

/** The descriptor at a memory offset. */
export function parse(r: Routine, at: Local): Parsed {
  const low = r.read(at);
  const high = r.read(at, 4);
  return { low, high, attr: r.let(r.and(r.shr(high, 8), 0xf0ff)), dpl: r.let(r.and(r.shr(high, 13), 3)) };
}

/** Gives up unless these bits of the attributes are as wanted. */
export function demand(r: Routine, d: Parsed, mask: number, wanted: number): void {
  r.giveUpIf(r.ne(r.and(d.attr, mask), wanted));
}

/** A stack segment for a ring: writable data of its own level, all of 4 GiB or at least 32-bit. */
export function demandStack(r: Routine, d: Parsed, selector: Expr, ring: Expr): void {
  demand(r, d, A_PRESENT | A_S | T_CODE | T_WRITABLE | T_ACCESSED, A_PRESENT | A_S | T_WRITABLE | T_ACCESSED);
  r.giveUpIf(r.or(r.ne(d.dpl, ring), r.ne(r.and(selector, 3), ring)));
}

/** The limit in bytes. */
export function limitOf(r: Routine, d: Parsed): Local {
  const raw = r.let(r.or(r.and(d.high, 0xf0000), r.and(d.low, 0xffff)));
  return r.let(r.select(r.and(d.high, 0x800000), r.or(r.shl(raw, 12), 0xfff), raw));
}

/** The base address. */
export function baseOf(r: Routine, d: Parsed): Local {
  return r.let(r.or(r.or(r.shr(d.low, 16), r.shl(r.and(d.high, 0xff), 16)), r.and(d.high, 0xff000000 | 0)));
}

/** `setSegment(segment, selector, low, high)`: the hidden part from the descriptor; 0 as both halves makes it null. */
export function setSegment(r: Routine): void {
  const segment = r.parameter(0);
  const low = r.parameter(2);
  const high = r.parameter(3);
  const at = r.let(register(r, segment));
  const base = r.let(r.or(r.or(r.shr(low, 16), r.shl(r.and(high, 0xff), 16)), r.and(high, 0xff000000 | 0)));
  const raw = r.let(r.or(r.and(high, 0xf0000), r.and(low, 0xffff)));
  const limit = r.let(r.select(r.and(high, 0x800000), r.or(r.shl(raw, 12), 0xfff), raw));
  const attr = r.let(r.and(r.shr(high, 8), 0xf0ff));
  const code = r.let(r.ne(r.and(attr, T_CODE), 0));
  const writable = r.let(r.ne(r.and(attr, T_WRITABLE), 0));
  const flat = r.let(
    r.and(
      r.and(r.not(base), r.eq(limit, -1)),
      r.and(r.eq(r.and(attr, A_PRESENT | A_S), A_PRESENT | A_S), r.or(code, r.not(r.and(attr, T_EXPAND_DOWN)))),
    ),
  );
  const flatRead = r.let(r.and(flat, r.or(r.not(code), writable)));
  const flatWrite = r.let(r.and(flat, r.and(r.not(code), writable)));
  const changed = r.let(
    r.or(
      r.or(r.ne(r.read(at, L.SEG_FLAT_READ), flatRead), r.ne(r.read(at, L.SEG_FLAT_WRITE), flatWrite)),
      r.or(
        r.or(r.ne(r.read(at, L.SEG_BASE), base), r.ne(r.read(at, L.SEG_LIMIT), limit)),
        r.and(r.xor(r.read(at, L.SEG_ATTR), attr), A_BIG),
      ),
    ),
  );
  r.write(at, r.parameter(1), L.SEG_SELECTOR);
  r.write(at, base, L.SEG_BASE);
  r.write(at, limit, L.SEG_LIMIT);
  r.write(at, attr, L.SEG_ATTR);
  r.write(at, flatRead, L.SEG_FLAT_READ);
  r.write(at, flatWrite, L.SEG_FLAT_WRITE);
  r.if(r.and(r.ne(changed, 0), r.op('le_u', segment, L.DS)), () => {
    r.call('modeChanged');
  });
  r.return(0);
}

/** As Cpu.modeChanged. */
export function modeChanged(r: Routine): void {
  const user = r.let(r.eq(r.read(L.CPL), 3));
  let flat: Expr = field(r, L.CS, L.SEG_FLAT_READ);
  for (const segment of [L.ES, L.SS, L.DS])
    for (const at of [L.SEG_FLAT_READ, L.SEG_FLAT_WRITE]) flat = r.let(r.and(flat, field(r, segment, at)));
  const bit = (condition: Expr, mode: number): Expr => r.select(condition, mode, 0);
  const big = (segment: number): Expr => r.and(field(r, segment, L.SEG_ATTR), A_BIG);
  r.write(
    L.MODE,
    r.or(
      r.or(bit(big(L.CS), MODE_CODE32), bit(big(L.SS), MODE_STACK32)),
      r.or(
        r.or(bit(user, MODE_USER), bit(flat, MODE_FLAT)),
        bit(r.and(r.not(field(r, L.CS, L.SEG_BASE)), r.eq(field(r, L.CS, L.SEG_LIMIT), -1)), MODE_CODE_FLAT),
      ),
    ),
  );
  r.write(L.TLB_BASE, r.add(r.mul(user, L.TLB_BYTES), L.TLB));
  r.write(L.CODE_PAGE, 1);
  r.return(0);
}

/** `moveToSegment(segment, selector)` for the data segments. */
export function moveToSegment(r: Routine): void {
  const segment = r.parameter(0);
  const selector = r.let(r.and(r.parameter(1), 0xffff));
  r.giveUpIf(r.eq(segment, L.SS));
  r.if(r.not(r.and(selector, 0xfffc)), () => r.return(r.call('setSegment', segment, selector, 0, 0)));
  const d = parse(r, descriptorAt(r, selector));
  demand(r, d, A_PRESENT | A_S | T_ACCESSED, A_PRESENT | A_S | T_ACCESSED);
  // Data, or code that may be read and does not conform.
  r.giveUpIf(r.and(r.ne(r.and(d.attr, T_CODE), 0), r.ne(r.and(d.attr, T_WRITABLE | T_EXPAND_DOWN), T_WRITABLE)));
  r.giveUpIf(r.or(r.op('gt_u', r.and(selector, 3), d.dpl), r.op('gt_u', r.read(L.CPL), d.dpl)));
  r.call('setSegment', segment, selector, d.low, d.high);
  r.return(0);
}

/** LGDT and LIDT in ring 0 through a flat segment. */
export function loadTable(table: number): (r: Routine) => void {
  return (r) => {
    r.giveUpIf(r.or(r.read(L.CPL), r.not(field(r, r.parameter(0), L.SEG_FLAT_READ))));
    const at = locate(r, r.parameter(1), 6, false, 0);
    r.write(table, r.read(at, 2));
    r.write(table, r.read(at, 0, 2), 4);
    r.return(0);
  };
}

/** LTR of a 32-bit TSS. */
export function ltr(r: Routine): void {
  const selector = r.let(r.and(r.parameter(0), 0xffff));
  r.giveUpIf(r.or(r.read(L.CPL), r.not(r.and(selector, 0xfffc))));
  const at = descriptorAt(r, selector);
  const d = parse(r, at);
  demand(r, d, A_PRESENT | A_S | 15, A_PRESENT | TSS32);
  const again = locate(r, r.let(r.add(r.read(L.GDTR), r.and(selector, 0xfff8))), 8, true, 0);
  r.write(again, r.or(r.read(again, 5, 1), T_BUSY), 5, 1);
  r.call('setSegment', L.TR, selector, d.low, r.or(d.high, T_BUSY << 8));
  r.return(0);
}
