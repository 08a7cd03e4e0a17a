/**
 * Paging: the two-level walk, and memory accesses by linear address (Intel SDM vol. 3, chapter 4).
 *
 * A and D are set only by a walk that succeeds, so a fault leaves the tables as they were. Entries that are not present, and failed
 * walks, are never cached.
 */
import type { Cpu } from './cpu.ts';
import { PF, fault } from '../state/fault.ts';
import * as L from '../state/layout.ts';
import { EXECUTE, READ, TLB_GLOBAL, TLB_MAY_WRITE, WRITE } from './tlb.ts';
import type { Access } from './tlb.ts';
import { PTE_A, PTE_D, PTE_G, PTE_P, PTE_PS, PTE_RW, PTE_US } from './page_bits.ts';
import { CR0_PG, CR0_WP, CR4_PGE, CR4_PSE } from '../state/register_bits.ts';
import { alignmentChecked } from './alignment.ts';
import { breakpointsEnabled, pageWatched } from './watchpoints.ts';

export { EXECUTE, READ, WRITE };

/** Bits of a 4 MiB page's directory entry that must be zero where neither PAT nor PSE-36 is announced. */
const PDE_RESERVED = 0x003ff000;
/** Bits of a page fault's error code (SDM vol. 3, 4.7): not a missing page, a write, a user access, a reserved bit set. */
const PF_PROTECTION = 1;
const PF_WRITE = 2;
const PF_USER = 4;
const PF_RESERVED = 8;

/**
 * Translates a linear address for an access of one page, and fills the TLB.
 *
 * @param user whether paging sees a user access: CPL 3, and not an access of the CPU itself to GDT, IDT, LDT or TSS
 * @returns the memory offset of the byte, or -1 after setting CR2, FAULT_VECTOR and FAULT_ERROR
 */
export function translate(cpu: Cpu, linear: number, access: Access, user: boolean): number {
  const known = cpu.tlb.lookup(linear, access, user);
  if (known >= 0) return known;
  const { spaces } = cpu;
  const at = spaces.recall(linear, user);
  if (at < 0) return walk(cpu, linear, access, user);
  const u32 = cpu.state.u32;
  const flags = u32[at + 3];
  const mayWrite = (flags & TLB_MAY_WRITE) !== 0;
  if (access === WRITE && !mayWrite) return walk(cpu, linear, access, user);
  const offset = u32[at + 2] + (linear & 0xfff);
  cpu.tlb.fill(linear, offset, user, mayWrite, (flags & TLB_GLOBAL) !== 0);
  return offset;
}

function walk(cpu: Cpu, linear: number, access: Access, user: boolean): number {
  const s = cpu.state;
  const cr0 = s.cr0;
  if ((cr0 & CR0_PG) === 0) return enter(cpu, linear, linear, access, user, true, false, -1);

  const cr4 = s.cr4;
  const write = access === WRITE;
  const pdeAt = cpu.offsetOf(((s.cr3 & 0xfffff000) | ((linear >>> 22) << 2)) >>> 0, false);
  const pde = cpu.loadEntry(pdeAt);
  if ((pde & PTE_P) === 0) return pageFault(cpu, linear, 0, write, user);
  const large = (pde & PTE_PS) !== 0 && (cr4 & CR4_PSE) !== 0;
  let leaf = pde;
  let leafAt = pdeAt;
  let physical: number;
  if (large) {
    if ((pde & PDE_RESERVED) !== 0) return pageFault(cpu, linear, PF_PROTECTION | PF_RESERVED, write, user);
    physical = ((pde & 0xffc00000) | (linear & 0x3fffff)) >>> 0;
  } else {
    leafAt = cpu.offsetOf(((pde & 0xfffff000) | (((linear >>> 12) & 0x3ff) << 2)) >>> 0, false);
    leaf = cpu.loadEntry(leafAt);
    if ((leaf & PTE_P) === 0) return pageFault(cpu, linear, 0, write, user);
    physical = ((leaf & 0xfffff000) | (linear & 0xfff)) >>> 0;
  }

  const rights = pde & leaf;
  const writable = (rights & PTE_RW) !== 0 || (!user && (cr0 & CR0_WP) === 0);
  if ((user && (rights & PTE_US) === 0) || (write && !writable)) return pageFault(cpu, linear, PF_PROTECTION, write, user);

  if (!large && (pde & PTE_A) === 0) update(cpu, pdeAt, pde | PTE_A);
  const marked = leaf | PTE_A | (write ? PTE_D : 0);
  if (marked !== leaf) update(cpu, leafAt, marked);
  return enter(
    cpu,
    linear,
    physical,
    access,
    user,
    writable && (marked & PTE_D) !== 0,
    (leaf & PTE_G) !== 0 && (cr4 & CR4_PGE) !== 0,
    large ? 0 : leafAt,
  );
}

/** Writes A or D into an entry; a table beyond RAM swallows it. */
function update(cpu: Cpu, offset: number, entry: number): void {
  if (offset >= L.RAM) cpu.storeEntry(offset, entry);
}

/** Fills the TLB, and remembers the walk where there was one: `table` is the memory offset of the leaf's page table, 0 for a 4 MiB page, -1 without paging. Beyond RAM reads see the open bus, and writes, never cached, the sink. */
function enter(
  cpu: Cpu,
  linear: number,
  physical: number,
  access: Access,
  user: boolean,
  mayWrite: boolean,
  global: boolean,
  table: number,
): number {
  const offset = cpu.offsetOf(physical, false);
  const looked = (user && alignmentChecked(cpu)) || (breakpointsEnabled(cpu) && pageWatched(cpu, linear));
  if (!looked) {
    cpu.tlb.fill(linear, offset, user, mayWrite, global);
    if (table >= 0) cpu.spaces.remember(linear, user, offset, mayWrite && offset >= L.RAM, global, table);
  }
  return access === WRITE ? cpu.offsetOf(physical, true) : offset;
}

function pageFault(cpu: Cpu, linear: number, error: number, write: boolean, user: boolean): number {
  const u32 = cpu.state.u32;
  u32[L.CR2 >> 2] = linear;
  u32[L.FAULT_VECTOR >> 2] = PF;
  u32[L.FAULT_ERROR >> 2] = error | (write ? PF_WRITE : 0) | (user ? PF_USER : 0);
  return -1;
}

/** {@link translate} for TypeScript: throws the #PF. */
export function offsetAt(cpu: Cpu, linear: number, access: Access, user: boolean): number {
  const offset = translate(cpu, linear, access, user);
  if (offset < 0) throw fault(PF, cpu.state.u32[L.FAULT_ERROR >> 2]);
  return offset;
}

/** Whether `size` bytes from here lie in one page. */
function inPage(linear: number, size: number): boolean {
  return (linear & 0xfff) <= 0x1000 - size;
}

export function readAt8(cpu: Cpu, linear: number, user: boolean): number {
  return cpu.load8(offsetAt(cpu, linear, READ, user));
}

export function readAt16(cpu: Cpu, linear: number, user: boolean): number {
  if (inPage(linear, 2)) return cpu.load16(offsetAt(cpu, linear, READ, user));
  return readAt8(cpu, linear, user) | (readAt8(cpu, (linear + 1) >>> 0, user) << 8);
}

export function readAt32(cpu: Cpu, linear: number, user: boolean): number {
  if (inPage(linear, 4)) return cpu.load32(offsetAt(cpu, linear, READ, user));
  let value = 0;
  for (let i = 0; i < 4; i++) value |= readAt8(cpu, (linear + i) >>> 0, user) << (8 * i);
  return value >>> 0;
}

export function writeAt8(cpu: Cpu, linear: number, value: number, user: boolean): void {
  cpu.store8(offsetAt(cpu, linear, WRITE, user), value);
}

export function writeAt16(cpu: Cpu, linear: number, value: number, user: boolean): void {
  if (inPage(linear, 2)) cpu.store16(offsetAt(cpu, linear, WRITE, user), value);
  else writeAcross(cpu, linear, value, 2, user);
}

export function writeAt32(cpu: Cpu, linear: number, value: number, user: boolean): void {
  if (inPage(linear, 4)) cpu.store32(offsetAt(cpu, linear, WRITE, user), value);
  else writeAcross(cpu, linear, value, 4, user);
}

/** A write over a page's end: both pages are checked before a byte is written. */
function writeAcross(cpu: Cpu, linear: number, value: number, size: number, user: boolean): void {
  const first = offsetAt(cpu, linear, WRITE, user);
  const split = 0x1000 - (linear & 0xfff);
  const second = offsetAt(cpu, (linear + split) >>> 0, WRITE, user);
  for (let i = 0; i < size; i++) cpu.store8(i < split ? first + i : second + i - split, (value >>> (8 * i)) & 0xff);
}

/** Accesses of the CPU itself, supervisor at any CPL: descriptor tables and task states. @throws #PF */
export function readL8(cpu: Cpu, linear: number): number {
  return readAt8(cpu, linear, false);
}
export function readL16(cpu: Cpu, linear: number): number {
  return readAt16(cpu, linear, false);
}
export function readL32(cpu: Cpu, linear: number): number {
  return readAt32(cpu, linear, false);
}
export function writeL8(cpu: Cpu, linear: number, value: number): void {
  writeAt8(cpu, linear, value, false);
}
export function writeL16(cpu: Cpu, linear: number, value: number): void {
  writeAt16(cpu, linear, value, false);
}
export function writeL32(cpu: Cpu, linear: number, value: number): void {
  writeAt32(cpu, linear, value, false);
}

/** Checks that the CPU could write `size` (1 … 4096) bytes; sets A and D. @throws #PF */
export function probeWrite(cpu: Cpu, linear: number, size: number, user = false): void {
  offsetAt(cpu, linear, WRITE, user);
  if (!inPage(linear, size)) offsetAt(cpu, (((linear & 0xfffff000) >>> 0) + 0x1000) >>> 0, WRITE, user);
}
