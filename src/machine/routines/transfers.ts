/** Far transfers where nothing is unusual: 32-bit gates and stacks, descriptors of the GDT that are present and marked accessed. */
import * as L from '../state/layout.ts';
import { A_BIG, A_PRESENT, A_S, T_ACCESSED, T_CODE, T_EXPAND_DOWN, TSS32 } from '../protection/descriptors.ts';
import { AC, CF, AF, DF, ID, IF, IOPL, NT, OF, PF, RF, SF, TF, VM, ZF } from '../state/flags.ts';
import { EXCEPTION, SETS_RF, SOFTWARE } from '../protection/interrupts.ts';
import { DB } from '../state/fault.ts';
import { CR0_AM, CR3_BITS, DR7_ENABLED } from '../state/register_bits.ts';
import type { Expr, Local } from '../ir/nodes.ts';
import type { Routine } from './routine.ts';
import { baseOf, demand, demandStack, descriptorAt, field, limitOf, locate, parse, type Parsed } from './segments.ts';

const EXTRA = AC | ID;
const ESP = L.GPR + 16;
const CODE_BITS = A_PRESENT | A_S | T_CODE | T_EXPAND_DOWN | T_ACCESSED;
const CODE = A_PRESENT | A_S | T_CODE | T_ACCESSED;

/** A code segment that is no conforming one, with its entry point within the limit. */
function demandCode(r: Routine, d: Parsed, eip: Expr): void {
  demand(r, d, CODE_BITS, CODE);
  r.giveUpIf(r.op('gt_u', eip, limitOf(r, d)));
}

/** Memory offset of the words on top of (or, to be written, below the top of) a 32-bit stack without a limit. */
function stackAt(r: Routine, base: Expr, limit: Expr, attr: Expr, esp: Expr, bytes: number, write: boolean, user: Expr | number): Local {
  r.giveUpIf(r.or(r.ne(r.and(attr, A_BIG | T_CODE | T_EXPAND_DOWN), A_BIG), r.ne(limit, -1)));
  return locate(r, r.let(r.sub(r.add(base, esp), write ? bytes : 0)), bytes, write, user);
}
function currentStackAt(r: Routine, bytes: number, write: boolean): Local {
  return stackAt(
    r,
    field(r, L.SS, L.SEG_BASE),
    field(r, L.SS, L.SEG_LIMIT),
    field(r, L.SS, L.SEG_ATTR),
    r.read(ESP),
    bytes,
    write,
    r.eq(r.read(L.CPL), 3),
  );
}
function setFlags(r: Routine, value: Expr): void {
  r.write(L.FLAGS_OP, 0);
  r.write(L.EFLAGS, r.or(r.and(value, 0x003f7fd5), 2));
}

/** As Cpu.attend. */
export function attend(r: Routine): void {
  const flags = r.read(L.EFLAGS);
  r.write(
    L.ATTENTION,
    r.ne(
      r.or(
        r.or(
          r.and(flags, TF),
          r.or(r.or(r.read(L.HALTED), r.read(L.SHUTDOWN)), r.or(r.read(L.DEBUG_PENDING), r.and(r.read(L.DR, 28), DR7_ENABLED))),
        ),
        r.and(r.ne(r.read(L.INTERRUPT_LINE), -1), r.ne(r.and(flags, IF), 0)),
      ),
      0,
    ),
  );
  r.return(0);
}

/** IRET with 32-bit operands, to the same ring or an outer one. */
export function iret(r: Routine): void {
  const cpl = r.read(L.CPL);
  const before = r.call('flagsWord');
  r.giveUpIf(r.or(r.and(before, NT), r.and(r.read(L.DR, 28), DR7_ENABLED)));
  const at = currentStackAt(r, 12, false);
  const eip = r.read(at);
  const selector = r.let(r.and(r.read(at, 4), 0xffff));
  const image = r.read(at, 8);
  const rpl = r.let(r.and(selector, 3));
  r.giveUpIf(r.or(r.or(r.and(image, VM), r.op('lt_u', rpl, cpl)), r.not(r.and(selector, 0xfffc))));
  r.giveUpIf(r.and(r.and(r.xor(before, image), AC), r.shl(r.ne(r.and(r.read(L.CR0), CR0_AM), 0), 18)));
  const code = parse(r, descriptorAt(r, selector));
  demandCode(r, code, eip);
  r.giveUpIf(r.ne(code.dpl, rpl));
  r.if(
    r.eq(rpl, cpl),
    () => {
      r.call('setSegment', L.CS, selector, code.low, code.high);
      r.write(ESP, r.add(r.read(ESP), 12));
    },
    () => {
      const outer = currentStackAt(r, 20, false);
      const esp = r.read(outer, 12);
      const ssSelector = r.let(r.and(r.read(outer, 16), 0xffff));
      const ss = parse(r, descriptorAt(r, ssSelector));
      demandStack(r, ss, ssSelector, rpl);
      r.write(L.CPL, rpl);
      r.call('modeChanged');
      r.call('setSegment', L.CS, selector, code.low, code.high);
      r.call('setSegment', L.SS, ssSelector, ss.low, ss.high);
      r.write(ESP, esp);
      // What the new ring may not use becomes null.
      for (const segment of [L.ES, L.DS, L.FS, L.GS]) {
        const attr = field(r, segment, L.SEG_ATTR);
        const conforming = r.eq(r.and(attr, A_S | T_CODE | T_EXPAND_DOWN), A_S | T_CODE | T_EXPAND_DOWN);
        r.if(r.and(r.ne(attr, 0), r.and(r.op('lt_u', r.and(r.shr(attr, 5), 3), rpl), r.not(conforming))), () => {
          r.call('setSegment', segment, 0, 0, 0);
        });
      }
    },
  );
  r.write(L.EIP, eip);
  // The rules of loadFlags in flag_rules.ts.
  const mask = r.let(
    r.or(
      r.or(r.const(CF | PF | AF | ZF | SF | TF | DF | OF | NT | EXTRA), r.select(r.op('le_u', cpl, r.and(r.shr(before, 12), 3)), IF, 0)),
      r.select(cpl, 0, IOPL),
    ),
  );
  setFlags(r, r.or(r.and(before, r.xor(r.or(mask, RF), -1)), r.and(image, mask)));
  r.call('attend');
  r.return(0);
}

/**
 * `gate(vector, kind, error)`: an exception (`kind` 1), interrupt (0) or INT n (2) through a 32-bit gate of the IDT; `error` is pushed where it is not
 * negative. Returns 1, or 0 where the slow way must do all of it.
 */
export function gate(r: Routine): void {
  const vector = r.parameter(0);
  const kind = r.parameter(1);
  const error = r.parameter(2);
  const cpl = r.read(L.CPL);
  r.giveUpIf(r.or(r.op('gt_u', r.add(r.shl(vector, 3), 7), r.read(L.IDTR, 4)), r.eq(vector, DB)));
  const g = parse(r, locate(r, r.let(r.add(r.read(L.IDTR), r.shl(vector, 3))), 8, false, 0));
  // Interrupt or trap gate: they differ in the lowest bit.
  demand(r, g, A_PRESENT | A_S | 14, A_PRESENT | 14);
  r.giveUpIf(r.and(r.eq(kind, SOFTWARE), r.op('lt_u', g.dpl, cpl)));
  const selector = r.let(r.shr(g.low, 16));
  const eip = r.let(r.or(r.and(g.high, 0xffff0000 | 0), r.and(g.low, 0xffff)));
  r.giveUpIf(r.not(r.and(selector, 0xfffc)));
  const code = parse(r, descriptorAt(r, selector));
  demandCode(r, code, eip);
  r.giveUpIf(r.op('gt_u', code.dpl, cpl));
  const before = r.call('flagsWord');
  const withError = r.let(r.op('ge_s', error, 0));
  const isFault = r.and(r.and(r.eq(kind, EXCEPTION), r.op('lt_u', vector, 32)), r.shr(r.const(SETS_RF), vector));
  const image = r.let(r.or(before, r.select(isFault, RF, 0)));
  // The frame, with room for an error code below.
  const push = (at: Local): void => {
    r.if(withError, () => r.write(at, error));
    r.write(at, r.read(L.EIP), 4);
    r.write(at, field(r, L.CS, L.SEG_SELECTOR), 8);
    r.write(at, image, 12);
  };
  r.if(
    r.op('lt_u', code.dpl, cpl),
    () => {
      // The inner ring's stack, from the TSS.
      const slot = r.let(r.add(r.shl(code.dpl, 3), 4));
      r.giveUpIf(r.or(r.ne(r.and(field(r, L.TR, L.SEG_ATTR), A_S | 13), TSS32), r.op('gt_u', r.add(slot, 5), field(r, L.TR, L.SEG_LIMIT))));
      const pointer = locate(r, r.let(r.add(field(r, L.TR, L.SEG_BASE), slot)), 6, false, 0);
      const esp = r.read(pointer);
      const ssSelector = r.read(pointer, 4, 2);
      r.giveUpIf(r.not(r.and(ssSelector, 0xfffc)));
      const ss = parse(r, descriptorAt(r, ssSelector));
      demandStack(r, ss, ssSelector, code.dpl);
      const at = stackAt(r, baseOf(r, ss), limitOf(r, ss), ss.attr, esp, 24, true, 0);
      push(at);
      r.write(at, r.read(ESP), 16);
      r.write(at, field(r, L.SS, L.SEG_SELECTOR), 20);
      r.write(L.CPL, code.dpl);
      r.call('modeChanged');
      r.call('setSegment', L.SS, ssSelector, ss.low, ss.high);
      r.write(ESP, r.sub(esp, r.add(r.shl(withError, 2), 20)));
    },
    () => {
      push(currentStackAt(r, 16, true));
      r.write(ESP, r.sub(r.read(ESP), r.add(r.shl(withError, 2), 12)));
    },
  );
  r.call('setSegment', L.CS, r.or(r.and(selector, 0xfffc), r.read(L.CPL)), code.low, code.high);
  r.write(L.EIP, eip);
  setFlags(r, r.and(before, r.xor(r.or(r.const(TF | NT | RF | VM), r.select(r.and(g.attr, 1), 0, IF)), -1)));
  r.call('attend');
  r.return(1);
}

/** `softwareInterrupt(vector)`, where nobody listens. */
export function softwareInterrupt(r: Routine): void {
  r.giveUpIf(r.read(L.SOFTWARE_HEARD));
  r.giveUpIf(r.not(r.call('gate', r.and(r.parameter(0), 0xff), SOFTWARE, -1)));
  r.write(L.NO_STEP, 1);
  r.return(0);
}

/** `callFarMemory32(segment, offset)` to a code segment of the same ring, through a flat segment. */
export function callFarMemory(r: Routine): void {
  r.giveUpIf(r.not(field(r, r.parameter(0), L.SEG_FLAT_READ)));
  const cpl = r.read(L.CPL);
  const pointer = locate(r, r.parameter(1), 6, false, r.eq(cpl, 3));
  const eip = r.read(pointer);
  const selector = r.read(pointer, 4, 2);
  r.giveUpIf(r.not(r.and(selector, 0xfffc)));
  const code = parse(r, descriptorAt(r, selector));
  demandCode(r, code, eip);
  r.giveUpIf(r.or(r.op('gt_u', r.and(selector, 3), cpl), r.ne(code.dpl, cpl)));
  const at = currentStackAt(r, 8, true);
  r.write(at, r.read(L.EIP));
  r.write(at, field(r, L.CS, L.SEG_SELECTOR), 4);
  r.call('setSegment', L.CS, r.or(r.and(selector, 0xfffc), cpl), code.low, code.high);
  r.write(ESP, r.sub(r.read(ESP), 8));
  r.write(L.EIP, eip);
  r.return(0);
}

/** `moveToControl(register, value)` for CR3 in ring 0. */
export function moveToControl(r: Routine): void {
  r.giveUpIf(r.or(r.ne(r.parameter(0), 3), r.read(L.CPL)));
  const root = r.let(r.and(r.parameter(1), CR3_BITS | 0));
  r.write(L.CR3, root);
  r.call('flushTlb');
  // The address space that the slot remembers, or none for the time being.
  const slot = r.let(r.shl(r.and(r.shr(root, 12), L.SPACE_SLOTS - 1), 3));
  r.write(L.SPACE, r.select(r.eq(r.read(r.add(slot, L.SPACE_TABLE)), root), r.read(r.add(slot, L.SPACE_TABLE), 4), 0));
  r.return(0);
}

export function pushfImage(r: Routine): void {
  r.return(r.and(r.call('flagsWord'), ~(VM | RF)));
}

export function cli(r: Routine): void {
  const flags = r.read(L.EFLAGS);
  r.giveUpIf(r.op('gt_u', r.read(L.CPL), r.and(r.shr(flags, 12), 3)));
  r.write(L.EFLAGS, r.and(flags, ~IF));
  r.call('attend');
  r.return(0);
}
