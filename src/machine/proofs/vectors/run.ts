import { Machine } from '../../machine.ts';
import * as L from '../../state/layout.ts';
import { decode } from '../../opcodes/index.ts';
import { setCpl, setSegment } from '../../protection/segments.ts';
import { parseDescriptor } from '../../protection/descriptors.ts';
import { resetFpu } from '../../fpu/index.ts';
import { table } from '../testing.ts';
import { entryOf, MEMORY_BEFORE, MEMORY_WORDS, REGISTERS, tell, withEnd } from './answer.ts';
import type { Case } from './case.ts';
import { CODE, END, KERNEL_DATA, LDT, USER_DATA } from './places.ts';

/** Runs recorded cases on the machine, in ring 3, among the segments of a 32-bit process under Linux, and pages where that has pages. */

const GDT = 0x1000;
const IDT = 0x2000;
const LDT_AT = 0x3000;
const TSS = 0x4000;
const DIRECTORY = 0x5000;
const TABLE = 0x6000;
const HANDLER = 0x7000;
const STACK = 0x7ff0;
const GDT_TEXT = `
  08 code dpl0 a r          10 code dpl0 a r         18 data dpl0 a w
  20 code dpl3 a r          28 data dpl3 a w
  30 ldt base=3000 limit=4f  38 tss32busy base=4000 limit=67
`;
/** More than any case takes: one runs through 32 KiB of zeros to the end of its segment. */
const ENOUGH = 50_000;

export class Runner {
  readonly machine = new Machine({ ramBytes: 2 << 20 });
  #line = '';
  #case: Case | null = null;

  constructor() {
    const { machine } = this;
    const cpu = machine.internals;
    table(cpu, GDT, GDT_TEXT);
    table(cpu, LDT_AT, LDT);
    for (let vector = 0; vector < 256; vector++) {
      machine.ram.write32(IDT + vector * 8, 0x80000 | HANDLER);
      machine.ram.write32(IDT + vector * 8 + 4, vector === 3 || vector === 4 ? 0xee00 : 0x8e00);
    }
    machine.ram.write32(TSS + 4, STACK);
    machine.ram.write32(TSS + 8, KERNEL_DATA);
    machine.ram.write32(TSS + 100, 104 << 16);
    machine.ram.write8(HANDLER, 0xf4);
    machine.ram.writeBytes(END, Uint8Array.of(0x0f, 0x0b));
    machine.ram.write32(DIRECTORY, TABLE | 7);
    for (let page = 0; page < 512; page++)
      machine.ram.write32(
        TABLE + page * 4,
        (page << 12) | (page === 8 || (page >= 0x100 && page < 0x120) || page === END >> 12 ? 7 : page > 0 && page < 8 ? 3 : 0),
      );
    const s = machine.cpu;
    s.gdtBase = GDT;
    s.gdtLimit = 0x3f;
    s.idtBase = IDT;
    s.idtLimit = 0x7ff;
    s.cr3 = DIRECTORY;
    // As Linux has them: PG, AM, WP, NE, ET, MP, PE.
    s.cr0 = 0x80050033;
    this.#load(L.LDTR, 0x30);
    this.#load(L.TR, 0x38);
    machine.onTrap = (vector, error) => {
      this.#trapped(vector, error);
    };
  }

  #load(segment: number, selector: number): void {
    const cpu = this.machine.internals;
    const { ram } = this.machine;
    if ((selector & 0xfffc) === 0) {
      setSegment(cpu, segment, selector, 0, 0, 0);
      return;
    }
    const at = ((selector & 4) !== 0 ? LDT_AT : GDT) + (selector & 0xfff8);
    const d = parseDescriptor(selector, at, ram.read32(at), ram.read32(at + 4));
    setSegment(cpu, segment, selector, d.base, d.limit, d.attr);
  }

  /** The state as an exception finds it; one that comes while the first is delivered (INT n through a gate of ring 0) takes its place. */
  #trapped(vector: number, error: number): void {
    const { cpu, ram } = this.machine;
    const c = this.#case;
    if (!c) return;
    this.#line = tell(c, {
      vector,
      error: Math.max(error, 0),
      eip: cpu.eip,
      cr2: cpu.cr2,
      esp: cpu.esp,
      flags: cpu.eflags,
      registers: REGISTERS.map((name) => cpu[name]),
      segments: [0, 1, 2, 3, 4, 5].map((segment) => cpu.selector(segment)),
      memory: Array.from({ length: MEMORY_WORDS }, (_, n) => ram.read32(c.place.data - MEMORY_BEFORE + n * 4)),
    });
  }

  /** Runs a case; the answer as {@link tell} tells it. `executed` gets the number of each form on the way. */
  run(c: Case, executed?: Set<number>): string {
    const { machine } = this;
    const { cpu, ram } = machine;
    const { place } = c;
    const internals = machine.internals;
    ram.fill(place.data & ~0xfff, 0x1000, 0);
    ram.fill(CODE - 0x100, 0x200, 0);
    c.memory.forEach((word, n) => ram.write32(place.data + n * 4, word));
    ram.writeBytes(place.code, Uint8Array.from(withEnd(c)));
    setCpl(internals, 3);
    [USER_DATA, place.cs, place.ss, USER_DATA, 0, 0].forEach((selector, segment) => this.#load(segment, selector));
    REGISTERS.forEach((name, n) => {
      cpu[name] = c.registers[n];
    });
    cpu.esp = c.esp;
    cpu.eflags = c.flags;
    cpu.eip = entryOf(c);
    cpu.u32[L.DEBUG_PENDING >> 2] = 0;
    resetFpu(internals);
    cpu.u8.fill(0, L.FPU_REG, L.FPU_REG + 0x80);
    // A descriptor's pages may have been seen with other rights; and what the case before changed is forgotten.
    machine.flushTlb();
    machine.resume();
    this.#case = c;
    this.#line = 'no end';
    if (executed) this.#follow(executed);
    else machine.run(cpu.instructions + ENOUGH);
    this.#case = null;
    return this.#line;
  }

  /** Step by step, for the forms. */
  #follow(executed: Set<number>): void {
    const { machine } = this;
    const { cpu } = machine;
    for (let n = 0; n < 60 && cpu.cpl === 3; n++) {
      const bytes = machine.readCode(cpu.eip, 15);
      const { form, fault } = decode((at) => bytes[at] ?? 0, (cpu.segment(L.CS, L.SEG_ATTR) & 0x4000) !== 0);
      if (form && fault === '' && (cpu.eip !== END || cpu.selector(L.CS) !== 0x23)) executed.add(form.id);
      machine.step();
    }
  }
}
