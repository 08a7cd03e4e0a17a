/**
 * The Host's beginnings: the real bytes that the processor itself looks at. One page directory for everybody, with the
 * kernel's first 4 MB at PAGE_OFFSET and a table waiting for the Switcher at the top; GDT, IDT and TSS; a stack; and
 * the few instructions of host_entry.S, through which alone the Host is ever on the processor.
 */
import type { Machine } from '#machine';
import { PAGE_OFFSET, PAGE_SIZE } from './frames.ts';
import { TIMER_VECTOR } from './irq.ts';
import { NMI_VECTOR } from './profile.ts';
import type { BootData } from './data.ts';

/** A piece of assembled code: what importing a `.S` file gives. */
export interface CodeImage {
  /** Address of its first byte, as assembled. */
  base: number;
  /** Everything, data included, from `base` on. */
  text: Uint8Array;
  /** Addresses by name, as assembled. */
  symbols: Record<string, number>;
}

/** Physical addresses of the kernel's fixed pages. Page 0 stays unused, so that 0 can mean "no page". */
const PAGE_DIRECTORY = 0x1000;
const KERNEL_TABLE = 0x2000;
const MODULE_TABLE = 0x3000;
const ZERO_PAGE = 0x4000;
/** GDT, then the TSS. */
const GDT = 0x5000;
const IDT = 0x6000;
const STACK = 0x7000;
const TEXT = 0x8000;
/** Pages kept for host_entry.S. */
const TEXT_PAGES = 4;

/** Where the fixed pages end. */
const FIRST_FREE_PAGE = TEXT + TEXT_PAGES * PAGE_SIZE;

/** Layout of the fixed pages, for the frames' ledger. */
export const BOOT_FRAMES = { firstFree: FIRST_FREE_PAGE / PAGE_SIZE, zeroPage: ZERO_PAGE } as const;

/** Selector of the Host’s code segment: flat, ring 0. */
export const KERNEL_CS = 0x60;
/** Selector of the Host’s data segment: flat, ring 0. */
export const KERNEL_DS = 0x68;
const TSS_SELECTOR = 0x80;
const TSS_SIZE = 104;
/** As many entries as a Guest's GDT has. */
const GDT_BYTES = 32 * 8;
const IDT_BYTES = 256 * 8;

const PRESENT = 1;
const WRITABLE = 2;
const ACCESSED_DIRTY = 0x60;
/** Type 0xE, present, DPL 0: an interrupt gate. */
const INTERRUPT_GATE = 0x8e00;

/** Lays out the kernel's fixed pages. */
export function layOut(machine: Machine, entry: CodeImage): BootData {
  const { ram } = machine;
  if (entry.text.length > TEXT_PAGES * PAGE_SIZE) throw new RangeError('host_entry.S outgrew its pages');
  ram.fill(0, FIRST_FREE_PAGE, 0);
  ram.writeBytes(TEXT, entry.text);
  const symbols = Object.fromEntries(
    Object.entries(entry.symbols).map(([name, at]) => [name, (at - entry.base + TEXT + PAGE_OFFSET) >>> 0]),
  );
  writePageTables(machine);
  writeGdt(machine);
  writeIdt(machine, symbols);
  writeTables(machine, symbols);
  return {
    pageDirectory: PAGE_DIRECTORY,
    moduleTable: MODULE_TABLE,
    gdt: GDT + PAGE_OFFSET,
    gdtLimit: GDT_BYTES - 1,
    idt: IDT + PAGE_OFFSET,
    idtLimit: IDT_BYTES - 1,
    stackTop: STACK + PAGE_SIZE + PAGE_OFFSET,
    text: TEXT,
    entry: symbols,
    landings: { back: symbols.guest_landing, timer: symbols.timer_landing, host: symbols.host_landing },
  };
}

function writePageTables({ ram }: Machine): void {
  for (let i = 0; i < 1024; i++) ram.write32(KERNEL_TABLE + 4 * i, (i * PAGE_SIZE) | PRESENT | WRITABLE | ACCESSED_DIRTY);
  // Mapped where it is, too, until paging is on: see unmapIdentity.
  ram.write32(PAGE_DIRECTORY, KERNEL_TABLE | PRESENT | WRITABLE | ACCESSED_DIRTY);
  ram.write32(PAGE_DIRECTORY + 4 * (PAGE_OFFSET >>> 22), KERNEL_TABLE | PRESENT | WRITABLE | ACCESSED_DIRTY);
  ram.write32(PAGE_DIRECTORY + 4 * 1023, MODULE_TABLE | PRESENT | WRITABLE | ACCESSED_DIRTY);
}

/** Takes the second view of the kernel's memory away, so that address 0 is nowhere. */
export function unmapIdentity(machine: Machine): void {
  machine.ram.write32(PAGE_DIRECTORY, 0);
  machine.flushTlb();
}

/** The kernel's page table of the last 4 MB: where a module maps pages. 0 takes a page away. */
export function setVmPage(machine: Machine, address: number, page: number): void {
  if (address < 0xffc00000) throw new RangeError('only the last 4 MB are for mapping');
  const entry = page === 0 ? 0 : page | PRESENT | WRITABLE | ACCESSED_DIRTY;
  machine.ram.write32(MODULE_TABLE + 4 * ((address >>> 12) & 0x3ff), entry);
}

/** Tells the boot code where the tables are: the operands of its LGDT, its LIDT and its far jump. */
function writeTables({ ram }: Machine, symbols: Record<string, number>): void {
  const at = symbols.host_tables - PAGE_OFFSET;
  ram.write16(at, GDT_BYTES - 1);
  ram.write32(at + 2, GDT + PAGE_OFFSET);
  ram.write16(at + 6, IDT_BYTES - 1);
  ram.write32(at + 8, IDT + PAGE_OFFSET);
  ram.write32(at + 12, symbols.host_ready);
  ram.write16(at + 16, KERNEL_CS);
}

/** Flat code and data, and the TSS behind the table (descriptor layout: Intel SDM vol. 3, 3.4.5 and 7.2.2). */
function writeGdt({ ram }: Machine): void {
  const tss = GDT + GDT_BYTES + PAGE_OFFSET;
  const descriptor = (selector: number, low: number, high: number): void => {
    ram.write32(GDT + selector, low);
    ram.write32(GDT + selector + 4, high);
  };
  descriptor(KERNEL_CS, 0x0000ffff, 0x00cf9b00);
  descriptor(KERNEL_DS, 0x0000ffff, 0x00cf9300);
  descriptor(TSS_SELECTOR, (TSS_SIZE - 1) | (tss << 16), 0x8900 | (tss & 0xff000000) | ((tss >>> 16) & 0xff));
  ram.write16(tss - PAGE_OFFSET + 102, TSS_SIZE);
}

/** Exceptions end in the fault stubs, the timer's interrupt in its own. Other vectors are not present. */
function writeIdt({ ram }: Machine, symbols: Record<string, number>): void {
  const gate = (vector: number, handler: number): void => {
    ram.write32(IDT + 8 * vector, (KERNEL_CS << 16) | (handler & 0xffff));
    ram.write32(IDT + 8 * vector + 4, (handler & 0xffff0000) | INTERRUPT_GATE);
  };
  const { fault_stubs: first, fault_stubs_end: end } = symbols;
  for (let vector = 0; vector < 32; vector++) gate(vector, first + vector * ((end - first) / 32));
  // To the IRET: what there is to do is done as it is raised.
  gate(NMI_VECTOR, symbols.timer_landing);
  gate(TIMER_VECTOR, symbols.timer_interrupt);
}
