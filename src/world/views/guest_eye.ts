/** The first Guest as a debugger looks at it: its own registers and its own memory, whatever the processor does at the moment. Nothing is touched by looking. */
import { layout } from '#machine';
import type { Machine } from '#machine';
import type { Kernel } from '#hostos';
import type { LguestProgram, ProgramGuest, SavedRegister } from '../program.ts';
import { viewSegments } from './descriptors.ts';
import type { SegmentName } from './descriptors.ts';
import { physicalOf, translate, viewGuestMemory } from './guest_memory.ts';
import { placeInRing } from './queues.ts';
import type { QueueFacts } from './queues.ts';
import { viewRegisters, worldOf } from './registers.ts';

const PAGE = 4096;
const FPU_REGISTERS = 8;
const SAVED: readonly SavedRegister[] = [
  'eax',
  'ebx',
  'ecx',
  'edx',
  'esi',
  'edi',
  'ebp',
  'esp',
  'eip',
  'eflags',
  'cs',
  'ss',
  'ds',
  'es',
  'fs',
  'gs',
];

/** A Guest's processor. */
export interface GuestProcessor {
  readonly general: Readonly<Record<SavedRegister, number>>;
  readonly fpu: {
    /** ST0 to ST7, ten bytes each. */
    readonly stack: readonly Uint8Array[];
    readonly control: number;
    readonly status: number;
    /** Two bits for each physical register: 3 where it is empty, 0 where not (Intel SDM vol. 1, 8.1.7). */
    readonly tag: number;
    readonly cs: number;
    readonly ip: number;
    readonly ds: number;
    readonly dp: number;
    readonly opcode: number;
  };
}

/** What is looked at. */
export interface EyeSight {
  readonly program: LguestProgram;
  readonly machine: Machine;
  readonly kernel: Kernel;
}

export class GuestEye {
  readonly #sight: EyeSight;

  constructor(sight: EyeSight) {
    this.#sight = sight;
  }

  get #guest(): ProgramGuest | null {
    return this.#sight.program.guests(this.#sight.kernel)[0] ?? null;
  }

  /** The registers: the processor's while it runs the Guest, else those that the Host has put away. All zero before there is a Guest. */
  processor(): GuestProcessor {
    const { machine, program } = this.#sight;
    const world = worldOf(machine, program);
    const saved = this.#guest?.cpu ?? null;
    const general = Object.fromEntries(
      SAVED.map((name) => [name, saved === null ? 0 : machine.ram.read32(saved.registers + saved.offsets[name]) >>> 0]),
    ) as Record<SavedRegister, number>;
    return { general: world === 'guest-kernel' || world === 'guest-user' ? viewRegisters(machine, program) : general, fpu: this.#fpu() };
  }

  #fpu(): GuestProcessor['fpu'] {
    const { u8: bytes } = this.#sight.machine.cpu;
    const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const word = (at: number): number => words.getUint32(at, true);
    const top = word(layout.FPU_TOP);
    let tag = 0;
    for (let n = 0; n < FPU_REGISTERS; n++) if (bytes[layout.FPU_EMPTY + n]) tag |= 3 << (2 * n);
    return {
      stack: Array.from({ length: FPU_REGISTERS }, (_, n) => {
        const at = layout.FPU_REG + ((top + n) % FPU_REGISTERS) * 16;
        return bytes.slice(at, at + 10);
      }),
      control: word(layout.FPU_CONTROL),
      status: word(layout.FPU_STATUS) | (top << 11),
      tag,
      cs: word(layout.FPU_CS),
      ip: word(layout.FPU_IP),
      ds: word(layout.FPU_DS),
      dp: word(layout.FPU_DP),
      opcode: word(layout.FPU_OPCODE),
    };
  }

  /** Bytes at an address of the Guest's, by its own page tables: as many as are there without a gap; null where there are none. */
  memory(address: number, length: number): Uint8Array | null {
    const guest = this.#guest;
    return guest === null ? null : viewGuestMemory(guest, this.#sight.machine.ram, address, length);
  }

  /** The pieces of real memory that lie behind a stretch of the Guest's; those that are nowhere yet are left out. */
  pieces(address: number, length: number): { physical: number; length: number }[] {
    const guest = this.#guest;
    const pieces: { physical: number; length: number }[] = [];
    for (let done = 0; guest !== null && done < length; ) {
      const at = (address + done) >>> 0;
      const count = Math.min(length - done, PAGE - (at % PAGE));
      const guestPhysical = translate(guest, this.#sight.machine.ram, at);
      const physical = guestPhysical === null ? null : physicalOf(guest, guestPhysical);
      if (typeof physical === 'number') pieces.push({ physical, length: count });
      done += count;
    }
    return pieces;
  }

  /** Where a linear address of the processor's leads, by the tables that it has now; null where nothing is. */
  physicalOf(linear: number): number | null {
    return this.#sight.machine.physicalOf(linear);
  }

  /** Physical address at which the Host keeps a register of the Guest's while something else runs; null before there is a Guest, and of registers that it keeps elsewhere. */
  savedAt(register: string): number | null {
    const saved = this.#guest?.cpu;
    const offset = saved === null || saved === undefined ? undefined : (saved.offsets as Readonly<Record<string, number>>)[register];
    return saved === null || saved === undefined || offset === undefined ? null : saved.registers + offset;
  }

  /** What a segment register of the processor's holds, with its hidden part, or a table register: text that is another whenever that is. */
  segment(name: SegmentName): string {
    const { segments, ...tables } = viewSegments(this.#sight.machine);
    return JSON.stringify(name === 'gdtr' || name === 'idtr' ? tables[name] : segments.find((one) => one.name === name));
  }

  /** The words of a descriptor or a gate that a Guest has asked for, as text; null while there is no such Guest. */
  asked(tty: number, table: 'gdt' | 'idt', index: number): string | null {
    const { program, kernel } = this.#sight;
    const cpu = program.guests(kernel).find((guest) => guest.tty === tty)?.cpu ?? null;
    return cpu === null ? null : cpu[table].subarray(2 * index, 2 * index + 2).join();
  }

  #ring(tty: number, pfn: number): { guest: ProgramGuest; facts: QueueFacts } | null {
    const guest = this.#sight.program.guests(this.#sight.kernel).find((one) => one.tty === tty);
    const facts = guest?.devices.flatMap(({ queues }) => queues).find((queue) => queue.pfn === pfn);
    return guest === undefined || facts === undefined ? null : { guest, facts };
  }

  /** Where in real memory something of a ring is, that which begins at this page of a Guest's, and how many bytes; null where it is nowhere. */
  inRing(tty: number, pfn: number, what: 'available' | 'used' | number): { physical: number; length: number } | null {
    const ring = this.#ring(tty, pfn);
    if (ring === null) return null;
    const { address, length } = placeInRing(ring.facts, what);
    const physical = physicalOf(ring.guest, address);
    return typeof physical === 'number' ? { physical, length } : null;
  }

  /** How far the Launcher has come in such a ring; null while there is none. */
  taken(tty: number, pfn: number): number | null {
    return this.#ring(tty, pfn)?.facts.lastAvail ?? null;
  }

  /** The way of an address, in a line of words. */
  way(address: number): string {
    const guest = this.#guest;
    const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;
    if (guest?.cpu == null) return 'there is no Guest yet\n';
    const guestPhysical = translate(guest, this.#sight.machine.ram, address);
    if (guestPhysical === null) return `${hex(address)} is not mapped by the Guest’s page tables at ${hex(guest.cpu.cr3)}\n`;
    const physical = physicalOf(guest, guestPhysical);
    const real = physical === null ? 'beyond the Guest’s memory' : physical === 'untouched' ? 'not written yet' : `really ${hex(physical)}`;
    return `${hex(address)} is Guest-physical ${hex(guestPhysical)}, ${real}\n`;
  }
}
