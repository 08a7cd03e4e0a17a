/**
 * The same access without lguest: a bare machine whose memory is the Guest's, with the Guest's own page tables in CR3. What it sees is what the Guest must see.
 * Above the Guest's memory lie tables of descriptors and a few instructions of ring 0 that go to ring 1 or 3 and catch what comes back.
 */
import { Machine } from '#machine';
import { ACCESS_CODE, READ_AT, STACK_AT, WRITE_AT } from './access.ts';
import type { Access, Seen } from './access.ts';
import { GUEST_RING1_CS, GUEST_RING1_DS, LAYOUT, PAGE, USER_CS, USER_DS } from './stage.ts';

const MONITOR = LAYOUT.pages * PAGE;
const AT = { gdt: MONITOR, idt: MONITOR + 0x800, tss: MONITOR + 0x1000, code: MONITOR + 0x1100, stackTop: MONITOR + 0x2000 } as const;
const MONITOR_PAGES = 2;
const TSS_SELECTOR = 0x80;
/** CR0: PG, WP, NE, ET, PE. */
const CR0 = 0x80010031;

/** Ring 0: LTR; then both ways out, with the TLB emptied or not; and where traps end. MOV to DS, MOV from and to CR3, IRET, HLT. */
const CODE = [0x0f, 0x00, 0xd8, 0xf4, 0x0f, 0x20, 0xd9, 0x0f, 0x22, 0xd9, 0x8e, 0xdb, 0xcf, 0xf4, 0xf4];
const FLUSH_AND_GO = AT.code + 4;
const GO = AT.code + 10;
const ON_FAULT = AT.code + 13;
const ON_END = AT.code + 14;

export class BareMachine {
  readonly #machine = new Machine({ ramBytes: MONITOR + 0x10000, translate: false });

  constructor() {
    const { cpu, ram } = this.#machine;
    const words = (at: number, ...list: number[]): void => list.forEach((word, i) => ram.write32(at + 4 * i, word));
    const everything = Array.from({ length: LAYOUT.pages + MONITOR_PAGES }, (_, page) => (page * PAGE) | 7);
    words(LAYOUT.directory * PAGE, (LAYOUT.identity * PAGE) | 7);
    words(LAYOUT.directory * PAGE + 4 * 0x300, (LAYOUT.kernel * PAGE) | 7);
    words(LAYOUT.identity * PAGE, ...everything);
    words(LAYOUT.kernel * PAGE, ...everything);
    words(LAYOUT.code * PAGE, ...ACCESS_CODE);
    // Ring 0's code and data; at 12 to 15 those of ring 1 and ring 3, as a Guest has them; the TSS.
    words(AT.gdt + 8, 0xffff, 0xcf9b00, 0xffff, 0xcf9300);
    words(AT.gdt + 8 * 12, 0xffff, 0xcfbb00, 0xffff, 0xcfb300, 0xffff, 0xcffb00, 0xffff, 0xcff300);
    words(AT.gdt + TSS_SELECTOR, ((AT.tss & 0xffff) << 16) | 0x67, 0x8900 | (AT.tss >>> 16));
    words(AT.tss + 4, AT.stackTop, 0x10);
    for (const [vector, handler] of [
      [14, ON_FAULT],
      [31, ON_END],
    ])
      words(AT.idt + 8 * vector, 0x80000 | (handler & 0xffff), (handler & 0xffff0000) | 0xee00);
    ram.writeBytes(AT.code, Uint8Array.from(CODE));
    cpu.gdtBase = AT.gdt;
    cpu.gdtLimit = 0xff;
    cpu.idtBase = AT.idt;
    cpu.idtLimit = 0x7ff;
    cpu.cr3 = LAYOUT.directory * PAGE;
    cpu.cr0 = CR0;
    this.#machine.flushTlb();
    cpu.eax = TSS_SELECTOR;
    this.#run(AT.code);
  }

  poke(address: number, word: number): void {
    this.#machine.ram.write32(address, word);
  }

  peek(address: number): number {
    return this.#machine.ram.read32(address) >>> 0;
  }

  /** `flush`: the TLB is emptied first, as a kernel does that has changed its tables. */
  access({ vaddr, write, user }: Access, flush: boolean): Seen {
    const { cpu, ram } = this.#machine;
    cpu.esp = AT.stackTop - 64;
    const frame = [write === null ? READ_AT : WRITE_AT, user ? USER_CS : GUEST_RING1_CS, 2, STACK_AT, user ? USER_DS : GUEST_RING1_DS];
    frame.forEach((word, i) => ram.write32(cpu.esp + 4 * i, word));
    cpu.esi = vaddr;
    cpu.eax = write ?? 0;
    cpu.ebx = USER_DS;
    this.#run(flush ? FLUSH_AND_GO : GO);
    if (cpu.eip === ON_END + 1) return { fault: false, value: cpu.eax >>> 0 };
    if (cpu.eip !== ON_FAULT + 1 || cpu.cr2 >>> 0 !== vaddr) throw new Error(`the bare machine went astray: ${cpu.eip.toString(16)}`);
    return { fault: true, error: ram.read32(cpu.esp) };
  }

  #run(eip: number): void {
    const { cpu } = this.#machine;
    cpu.eip = eip;
    this.#machine.resume();
    const { reason } = this.#machine.run(cpu.instructions + 100);
    if (reason !== 'halt') throw new Error(`the bare machine ended with ${reason}`);
  }
}
