import type { Cpu } from '../memory/cpu.ts';
import { GP, TS, fault } from '../state/fault.ts';
import { NT, VIF, VIP, VM } from '../state/flags.ts';
import { probeWrite, readL16, readL32, readL8, writeL16, writeL32, writeL8 } from '../memory/mmu.ts';
import * as L from '../state/layout.ts';
import { LDT, T_BUSY, TSS32, TSS32_BUSY, addType, fetchDescriptor, isPresent, parseDescriptor, systemType } from './descriptors.ts';
import type { Descriptor } from './descriptors.ts';
import { checkData, checkReturnCode, checkStack, install, markAccessed, setCpl, setNull, withinLimit } from './segments.ts';
import { CR0_PG, CR0_TS, DR6_BT, DR7_LOCAL } from '../state/register_bits.ts';

/**
 * Hardware task switches (Intel SDM vol. 3, 7.3), with 32-bit and 16-bit TSSs.
 *
 * Up to the commit point a fault belongs to the old task, which is unchanged; from there on to the new one, whose
 * registers are all loaded already, so that its handler sees the new task at its first instruction.
 */

/** How a task is left: by JMP, by CALL, interrupt or exception (the new task links back), or by IRET with NT. */
export type SwitchKind = 'jump' | 'nest' | 'return';

/** Offsets in a TSS; the 16-bit one has no CR3, FS, GS or debug trap flag. */
interface Layout {
  /** Bytes of a field. */
  width: 2 | 4;
  minimumLimit: number;
  cr3: number;
  eip: number;
  eflags: number;
  /** EAX … EDI, `width` bytes each. */
  registers: number;
  /** ES, CS, SS, DS, FS, GS: `width` bytes each. */
  segments: number;
  segmentCount: number;
  ldt: number;
}

const LAYOUT32: Layout = {
  width: 4,
  minimumLimit: 0x67,
  cr3: 28,
  eip: 32,
  eflags: 36,
  registers: 40,
  segments: 72,
  segmentCount: 6,
  ldt: 96,
};
const LAYOUT16: Layout = {
  width: 2,
  minimumLimit: 0x2b,
  cr3: -1,
  eip: 14,
  eflags: 16,
  registers: 18,
  segments: 34,
  segmentCount: 4,
  ldt: 42,
};

/** Word whose bit 0 asks for a debug trap as the task is entered. */
const TRAP_WORD = 100;

function layoutOf(attr: number): Layout {
  const type = systemType(attr);
  return type === TSS32 || type === TSS32_BUSY ? LAYOUT32 : LAYOUT16;
}

/** The processor state in a TSS. */
interface Image {
  cr3: number;
  eip: number;
  eflags: number;
  registers: number[];
  segments: number[];
  ldt: number;
  trap: boolean;
}

/**
 * Switches to the task of a checked TSS descriptor.
 *
 * @param ext bit 0 of the error codes
 * @throws #TS, #NP, #SS, #GP or #PF; once the commit point is passed, in the new task, before its first instruction (SDM vol. 3, interrupt 10: the EIP pushed
 *   is the new task's), and {@link Cpu.inNewTask} tells so
 */
export function switchTask(cpu: Cpu, tss: Descriptor, kind: SwitchKind, ext: number): void {
  const s = cpu.state;
  const layout = layoutOf(tss.attr);
  if (tss.limit < layout.minimumLimit) throw fault(TS, (tss.selector & 0xfffc) | ext);
  const oldSelector = s.selector(L.TR);
  const oldBase = s.segment(L.TR, L.SEG_BASE);
  const oldLayout = layoutOf(s.segment(L.TR, L.SEG_ATTR));

  // Everything that can page-fault in the old task does so here.
  const image = readImage(cpu, tss.base, layout);
  probeWrite(cpu, oldBase, oldLayout.minimumLimit + 1);
  const oldDescriptor = (s.gdtBase + (oldSelector & 0xfff8)) >>> 0;
  if (kind === 'nest') probeWrite(cpu, tss.base, 2);
  else probeWrite(cpu, (oldDescriptor + 5) >>> 0, 1);
  if (kind !== 'return') probeWrite(cpu, (tss.address + 5) >>> 0, 1);

  if (kind !== 'nest') writeL8(cpu, (oldDescriptor + 5) >>> 0, readL8(cpu, (oldDescriptor + 5) >>> 0) & ~2);
  saveImage(cpu, oldBase, oldLayout, kind === 'return' ? s.eflags & ~NT : s.eflags);
  if (kind === 'nest') writeL16(cpu, tss.base, oldSelector);
  if (kind !== 'return') addType(cpu, tss, T_BUSY);

  // The commit point: from here on the new task runs.
  install(cpu, L.TR, tss);
  s.cr0 |= CR0_TS;
  s.u32[(L.DR >> 2) + 7] &= ~DR7_LOCAL;
  cpu.inNewTask = true;
  enterTask(cpu, image, layout, kind === 'nest', ext);
  cpu.inNewTask = false;
}

function readImage(cpu: Cpu, base: number, layout: Layout): Image {
  const { width } = layout;
  const field = (at: number): number => (width === 4 ? readL32(cpu, (base + at) >>> 0) : readL16(cpu, (base + at) >>> 0));
  const registers: number[] = [];
  const segments: number[] = [];
  for (let i = 0; i < 8; i++) registers.push(field(layout.registers + i * width));
  for (let i = 0; i < 6; i++) segments.push(i < layout.segmentCount ? field(layout.segments + i * width) & 0xffff : 0);
  return {
    registers,
    segments,
    cr3: layout.cr3 < 0 ? -1 : field(layout.cr3),
    eip: field(layout.eip),
    eflags: field(layout.eflags),
    ldt: field(layout.ldt) & 0xffff,
    trap: width === 4 && (readL16(cpu, (base + TRAP_WORD) >>> 0) & 1) !== 0,
  };
}

function saveImage(cpu: Cpu, base: number, layout: Layout, eflags: number): void {
  const s = cpu.state;
  const { width } = layout;
  const store = (at: number, value: number): void => {
    if (width === 4) writeL32(cpu, (base + at) >>> 0, value);
    else writeL16(cpu, (base + at) >>> 0, value);
  };
  store(layout.eip, s.eip);
  store(layout.eflags, eflags);
  for (let i = 0; i < 8; i++) store(layout.registers + i * width, s.gpr(i));
  // Selectors are words: the upper halves of their slots are reserved and stay as they are.
  for (let i = 0; i < layout.segmentCount; i++) writeL16(cpu, (base + layout.segments + i * width) >>> 0, s.selector(i));
}

function enterTask(cpu: Cpu, image: Image, layout: Layout, nested: boolean, ext: number): void {
  const s = cpu.state;
  const wide = layout.width === 4;
  if (wide && (s.cr0 & CR0_PG) !== 0 && image.cr3 !== s.cr3) {
    s.cr3 = (image.cr3 & 0xfffff018) >>> 0;
    cpu.rootChanged();
  }
  for (let i = 0; i < 8; i++) s.setGpr(i, wide ? image.registers[i] : (image.registers[i] | 0xffff0000) >>> 0);
  const eflags = (nested ? image.eflags | NT : image.eflags) & ~(VM | VIF | VIP);
  s.eflags = wide ? eflags : eflags & 0xffff;
  // AC may have changed with them: see alignment.ts.
  cpu.flushTlb();
  s.eip = image.eip;
  s.eipStart = image.eip;

  // The selectors are visible at once; the hidden parts are invalid until each has passed its check.
  for (let i = 0; i < 6; i++) setNull(cpu, i, image.segments[i]);
  setNull(cpu, L.LDTR, image.ldt);
  loadLdt(cpu, image.ldt, ext);
  const cpl = image.segments[L.CS] & 3;
  setCpl(cpu, cpl);
  const code = checkReturnCode(cpu, image.segments[L.CS], TS, ext);
  markAccessed(cpu, code);
  install(cpu, L.CS, code);
  const stack = checkStack(cpu, image.segments[L.SS], cpl, TS, ext);
  markAccessed(cpu, stack);
  install(cpu, L.SS, stack);
  for (const segment of [L.ES, L.DS, L.FS, L.GS]) {
    const selector = image.segments[segment];
    if ((selector & 0xfffc) === 0) continue;
    const data = checkData(cpu, selector, cpl, TS, ext);
    markAccessed(cpu, data);
    install(cpu, segment, data);
  }
  if (!withinLimit(code.attr, code.limit, image.eip, 1)) throw fault(GP, ext);
  if (image.trap) {
    s.u32[L.DEBUG_PENDING >> 2] |= DR6_BT;
  }
}

function loadLdt(cpu: Cpu, selector: number, ext: number): void {
  if ((selector & 0xfffc) === 0) return;
  if ((selector & 4) !== 0) throw fault(TS, (selector & 0xfffc) | ext);
  const d = fetchDescriptor(cpu, selector, TS, ext);
  if (systemType(d.attr) !== LDT || !isPresent(d.attr)) throw fault(TS, (selector & 0xfffc) | ext);
  install(cpu, L.LDTR, parseDescriptor(selector, d.address, d.low, d.high));
}
