/** For tests of a Guest's own routines: they run on a bare processor, one call at a time. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { assemble } from '#asm';
import type { Assembly } from '#asm';
import { Machine } from '#machine';

const STACK = 0x80000;
const RETURN = 0x500;
const IGNORE = 0x510;
const BUG = 0x520;
const GDT = 0x1000;
const IDT = 0x2000;
const IRET = 0xcf;
const HLT = 0xf4;

/** Assembled once. */
const programs = new Map<string, Assembly>();

function assembled(path: string): Assembly {
  const read = (name: string): string => {
    const file = join(process.cwd(), '.tangled', name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  const program = assemble([{ name: path, text: read(path) }], { base: 0x100000, include: (name) => ({ name, text: read(name) }) });
  expect(program.errors).toEqual([]);
  programs.set(path, program);
  return program;
}

/** What a routine leaves behind. */
export interface Answer {
  carry: boolean;
  eax: number;
  ecx: number;
  edx: number;
}

/** The program of a chapter's Guest, linked at 1 MB and loaded there; low memory is the test's. */
export class GuestCode {
  readonly machine = new Machine({ ramBytes: 2 << 20 });
  readonly #program: Assembly;
  readonly #path: string;

  /** @param path the Guest, from the top of the extracted tree: `guests/virtio_ring.S` */
  constructor(path: string) {
    this.#path = path;
    this.#program = programs.get(path) ?? assembled(path);
    const { cpu, ram } = this.machine;
    ram.write32(GDT + 8, 0x0000ffff);
    ram.write32(GDT + 12, 0x00cf9b00);
    // Hypercalls go nowhere; an invalid instruction ends the call.
    for (const [vector, handler] of [
      [0x1f, IGNORE],
      [6, BUG],
    ]) {
      ram.write32(IDT + vector * 8, 0x00080000 | handler);
      ram.write32(IDT + vector * 8 + 4, 0x00008e00);
    }
    ram.writeBytes(RETURN, Uint8Array.of(HLT));
    ram.writeBytes(IGNORE, Uint8Array.of(IRET));
    ram.writeBytes(BUG, Uint8Array.of(HLT));
    Object.assign(cpu, { gdtBase: GDT, gdtLimit: 0xff, idtBase: IDT, idtLimit: 0x7ff });
    this.reload();
  }

  /** Code and data are as at first. */
  reload(): void {
    for (const { address, bytes } of this.#program.image.segments) this.machine.ram.writeBytes(address, bytes);
  }

  /** The address of a label. */
  symbol(name: string): number {
    const found = this.#program.symbols.get(name);
    if (!found) throw new Error(`${this.#path} has no ${name}`);
    return found.value;
  }

  /**
   * Calls a routine. EBX, ESI, EDI, EBP and the stack must be afterwards what they were.
   * @returns null if it ran into an invalid instruction: a bug
   */
  call(routine: string, registers: Partial<Record<'eax' | 'ecx' | 'edx' | 'ebx' | 'esi' | 'edi', number>> = {}): Answer | null {
    const { cpu, ram } = this.machine;
    const kept = { ebx: 0x11111111, esi: 0x22222222, edi: 0x33333333, ebp: 0x44444444 };
    Object.assign(cpu, { eax: 0, ecx: 0, edx: 0, ...kept, ...registers, esp: STACK - 4, eip: this.symbol(routine) });
    for (const name of ['ebx', 'esi', 'edi'] as const) kept[name] = registers[name] ?? kept[name];
    ram.write32(STACK - 4, RETURN);
    this.machine.resume();
    const { reason } = this.machine.run(cpu.instructions + 100_000);
    if (reason === 'halt' && cpu.eip === BUG + 1) return null;
    if (
      reason !== 'halt' ||
      cpu.ebx !== kept.ebx ||
      cpu.esi !== kept.esi ||
      cpu.edi !== kept.edi ||
      cpu.ebp !== kept.ebp ||
      cpu.esp !== STACK
    ) {
      expect({ reason, ebx: cpu.ebx, esi: cpu.esi, edi: cpu.edi, ebp: cpu.ebp, esp: cpu.esp }, routine).toEqual({
        reason: 'halt',
        ...kept,
        esp: STACK,
      });
    }
    return { carry: (cpu.eflags & 1) !== 0, eax: cpu.eax >>> 0, ecx: cpu.ecx >>> 0, edx: cpu.edx >>> 0 };
  }
}
