/** A Guest's memory as its own kernel sees it: by the page tables that it keeps, not by the shadow that it runs with. */
import { lookUp } from '#hostos';
import { pageBits } from '#machine';
import type { Ram } from '#machine';
import type { ProgramGuest } from '../program.ts';

const PAGE = 4096;
const { PTE_P, PTE_PS } = pageBits;

/** The real address of a Guest-physical one; null where the Guest has no memory, `untouched` where nobody has written yet: zeros. */
export function physicalOf({ mm, guestBase, guestLimit }: ProgramGuest, address: number): number | 'untouched' | null {
  if (address >= guestLimit) return null;
  const page = lookUp(mm, guestBase + address);
  return page < 0 ? null : page === 0 ? 'untouched' : page + (address % PAGE);
}

/**
 * Where an address of the Guest's leads, by the Guest's tables.
 * @returns the Guest-physical address; null where nothing is mapped
 */
export function translate(guest: ProgramGuest, ram: Ram, address: number): number | null {
  if (guest.cpu === null) return null;
  const directory = word(guest, ram, guest.cpu.cr3 + (address >>> 22) * 4);
  if (!(directory & PTE_P)) return null;
  if (directory & PTE_PS) return ((directory & 0xffc00000) | (address & 0x3fffff)) >>> 0;
  const entry = word(guest, ram, ((directory & ~0xfff) >>> 0) + ((address >>> 12) & 0x3ff) * 4);
  return entry & PTE_P ? ((entry & ~0xfff) | (address & 0xfff)) >>> 0 : null;
}

function word(guest: ProgramGuest, ram: Ram, address: number): number {
  const at = physicalOf(guest, address);
  return typeof at === 'number' ? ram.read32(at) : 0;
}

/** Bytes at an address of the Guest's: as many as are there without a gap, null where there are none. */
export function viewGuestMemory(guest: ProgramGuest, ram: Ram, address: number, length: number): Uint8Array | null {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const at = (address + done) >>> 0;
    const count = Math.min(length - done, PAGE - (at % PAGE));
    const guestPhysical = translate(guest, ram, at);
    const physical = guestPhysical === null ? null : physicalOf(guest, guestPhysical);
    if (physical === null) break;
    if (physical !== 'untouched') bytes.set(ram.readBytes(physical, count), done);
    done += count;
  }
  return done === 0 && length > 0 ? null : bytes.subarray(0, done);
}
