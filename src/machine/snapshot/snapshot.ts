import * as L from '../state/layout.ts';
import { flagsOf } from '../state/flags.ts';
import type { Cpu } from '../memory/cpu.ts';

/** A machine at rest, as plain data: the state's bytes, and the pages of RAM that are not all zero. */
export interface MachineSnapshot {
  /** Size of the machine’s RAM. */
  ramBytes: number;
  /** The state’s bytes, see {@link canonicalState}. */
  state: Uint8Array<ArrayBuffer>;
  /** Physical page numbers, ascending. */
  pages: Uint32Array<ArrayBuffer>;
  /** Their contents, 4096 bytes each, in the same order. */
  contents: Uint8Array<ArrayBuffer>;
  /** What the TLB holds: see `Tlb.save`. */
  translations: Uint32Array<ArrayBuffer>;
}

/** Words that are not state: caches, scratch, and what only has meaning while generated code runs. */
const TRANSIENT: readonly (readonly [number, number])[] = [
  [L.EIP_START, 4],
  [L.FAULT_VECTOR, 16],
  [L.MODE, 4],
  [L.TLB_BASE, 4],
  [L.CODE_PAGE, L.STATE_END - L.CODE_PAGE],
];

/** The state's bytes with flags computed and everything transient zero: equal states give equal bytes. */
export function canonicalState(cpu: Cpu): Uint8Array<ArrayBuffer> {
  const s = cpu.state;
  const bytes = s.u8.slice(0, L.STATE_END);
  const view = new DataView(bytes.buffer);
  view.setUint32(L.EFLAGS, flagsOf(s.u32), true);
  view.setFloat64(L.INSTRUCTIONS, s.instructions, true);
  bytes.fill(0, L.FLAGS_OP, L.FLAGS_OP + 16);
  for (const [at, length] of TRANSIENT) bytes.fill(0, at, at + length);
  for (const at of [L.INHIBIT_UNTIL, L.DEBUG_HELD_UNTIL]) if (s.f64[at >> 3] <= s.instructions) view.setFloat64(at, 0, true);
  if (s.f64[L.DELIVERED_AT >> 3] !== s.instructions) bytes.fill(0, L.DELIVERIES, L.DELIVERED_AT + 8);
  return bytes;
}

/** Whether a page is all zero. Eight words at a time: most pages of most machines are. A function of its own, since engines run loops within generators slowly. */
function isZero(u32: Uint32Array, from: number): boolean {
  for (let i = from; i < from + 1024; i += 8) {
    if ((u32[i] | u32[i + 1] | u32[i + 2] | u32[i + 3] | u32[i + 4] | u32[i + 5] | u32[i + 6] | u32[i + 7]) !== 0) return false;
  }
  return true;
}

/** Numbers of the physical pages that are not all zero, ascending. */
function usedPages(cpu: Cpu): number[] {
  const pages: number[] = [];
  for (let page = 0; page < cpu.ramBytes >>> 12; page++) if (!isZero(cpu.state.u32, (L.RAM >> 2) + page * 1024)) pages.push(page);
  return pages;
}

export function saveMachine(cpu: Cpu): MachineSnapshot {
  const pages = Uint32Array.from(usedPages(cpu));
  const contents = new Uint8Array(pages.length * 4096);
  pages.forEach((page, n) => contents.set(cpu.state.u8.subarray(L.RAM + page * 4096, L.RAM + (page + 1) * 4096), n * 4096));
  return { ramBytes: cpu.ramBytes, state: canonicalState(cpu), pages, contents, translations: cpu.tlb.save() };
}

/** @throws RangeError when the snapshot is of a machine with another size of RAM */
export function restoreMachine(cpu: Cpu, snapshot: MachineSnapshot): void {
  if (snapshot.ramBytes !== cpu.ramBytes)
    throw new RangeError(`snapshot of ${snapshot.ramBytes} bytes of RAM, machine has ${cpu.ramBytes}`);
  const s = cpu.state;
  cpu.code.clear();
  cpu.flushTlb();
  s.u8.fill(0, L.RAM, L.RAM + cpu.ramBytes);
  snapshot.pages.forEach((page, n) => s.u8.set(snapshot.contents.subarray(n * 4096, (n + 1) * 4096), L.RAM + page * 4096));
  // No page is known to be as the last checkpoint had it.
  cpu.marks.fill(0);
  cpu.watch(cpu.observer.ranges);
  putState(cpu, snapshot.state, snapshot.translations);
}

/** Goes back to a {@link canonicalState} and the translations that went with it. The TLB is empty. */
export function putState(cpu: Cpu, state: Uint8Array, translations: Uint32Array): void {
  cpu.state.u8.set(state, 0);
  cpu.state.u32[L.FAULT_VECTOR >> 2] = 0xffffffff;
  cpu.tlb.restore(translations);
  cpu.modeChanged();
  cpu.attend();
}

/** 64 bits in hexadecimal over the canonical state and all pages in use. */
export function hashMachine(cpu: Cpu): string {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  const mix = (word: number): void => {
    a = Math.imul(a ^ word, 0x01000193);
    b = Math.imul(((b << 13) | (b >>> 19)) ^ word, 0x85ebca6b);
  };
  for (const word of new Uint32Array(canonicalState(cpu).buffer)) mix(word);
  const u32 = cpu.state.u32;
  for (const page of usedPages(cpu)) {
    mix(page);
    const from = (L.RAM >> 2) + page * 1024;
    for (let i = from; i < from + 1024; i++) {
      const word = u32[i];
      a = Math.imul(a ^ word, 0x01000193);
      b = Math.imul(((b << 13) | (b >>> 19)) ^ word, 0x85ebca6b);
    }
  }
  a ^= a >>> 15;
  b ^= b >>> 13;
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}
