/** One access to memory, by an instruction of the Guest's on the real path: and how it ended. */
import { expect } from 'vitest';
import { current } from '#hostos';
import { LGUEST_DATA } from '#tangled/host/lg.ts';
import { lguestArchHandleTrap, lguestArchRunGuest } from '#tangled/host/x86_core.ts';
import { KERNEL, LAYOUT, PAGE, peek, place, poke, readReg, REG, writeReg } from './stage.ts';
import type { Puppet } from './stage.ts';

/** What a program in ring 1 or 3 does to an address. */
export interface Access {
  vaddr: number;
  /** The word to be written; null: it reads. */
  write: number | null;
  user: boolean;
}

/** A page fault with its error code, or what was read (or written). */
export type Seen = { fault: true; error: number } | { fault: false; value: number };

/** At {@link LAYOUT}.code: mov (%esi), %eax; int $0x1f: and the same for a write. */
export const ACCESS_CODE: readonly number[] = [0x1fcd068b, 0x1fcd0689];
export const READ_AT = KERNEL + LAYOUT.code * PAGE;
export const WRITE_AT = READ_AT + 4;
export const STACK_AT = KERNEL + (LAYOUT.stack + 1) * PAGE;

/** Where the gate for page faults is to lead: the Host shows what it delivers before the handler runs; a Switcher that delivers it by itself comes to this hypercall. */
const HANDLER_AT = READ_AT + 0x40;
/** That gate, as the words of a hypercall. */
export const HANDLER_GATE = [(0x61 << 16) | (HANDLER_AT & 0xffff), (HANDLER_AT & 0xffff0000) | 0x8e00] as const;

export function pokeAccessCode(puppet: Puppet): void {
  poke(puppet, LAYOUT.code * PAGE, ACCESS_CODE);
  poke(puppet, HANDLER_AT - KERNEL, [0x90901fcd]);
}

/** Does it, through the Switcher and back as often as it takes. `hidden`: called for each fault that the Host kept to itself. @throws if the Guest dies, or faults for ever */
export function access(puppet: Puppet, { vaddr, write, user }: Access, hidden: () => void = () => {}): Seen {
  const { cpu } = puppet;
  place(puppet, { eip: write === null ? READ_AT : WRITE_AT, esp: STACK_AT, user });
  writeReg(cpu, REG.esi, vaddr);
  writeReg(cpu, REG.eax, write ?? 0);
  const start = readReg(cpu, REG.eip);
  for (let tries = 0; tries < 12; tries++) {
    current.limit = current.machine.cpu.instructions + 10_000;
    if (!lguestArchRunGuest(cpu)) throw new Error('one instruction took 10 000');
    const vector = readReg(cpu, REG.trapnum);
    const told = (error: number): Seen => {
      expect(peek(puppet, LAYOUT.data * PAGE + LGUEST_DATA.cr2)).toBe(vaddr);
      return { fault: true, error };
    };
    if (vector === 31 && readReg(cpu, REG.eip) === HANDLER_AT + 2) return told(peek(puppet, readReg(cpu, REG.esp) - KERNEL));
    // The hypercall that ends it; ring 3 may not make one, and that says the same.
    if (vector === 31 || (vector === 13 && readReg(cpu, REG.errcode) === 0xfa)) return { fault: false, value: readReg(cpu, REG.eax) };
    const at = readReg(cpu, REG.eip);
    lguestArchHandleTrap(cpu);
    if (cpu.lg.dead !== null) throw new Error(`dead: ${cpu.lg.dead}`);
    // The handler's own page may have to be fetched, too.
    if (vector !== 14 || at === HANDLER_AT) continue;
    if (readReg(cpu, REG.eip) !== start) return told(readReg(cpu, REG.errcode));
    hidden();
  }
  throw new Error(`faults for ever at 0x${vaddr.toString(16)}`);
}
