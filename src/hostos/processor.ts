/** The Host's one processor, as far as its own machine code goes. */
import type { Machine } from '#machine';
import { setVmPage, unmapIdentity } from './boot.ts';
import { PAGE_OFFSET, PAGE_SIZE } from './frames.ts';
import { current, panic } from './kernel.ts';
import { checkClock, doIRQ, TIMER_VECTOR } from './irq.ts';
import { nextNmi, raiseNmi } from './profile.ts';
import { findTask } from './tasks.ts';
import type { BootData, FpuData } from './data.ts';

/** CR0.TS: the next use of the FPU traps (Intel SDM vol. 3, 2.5). */
const CR0_TS = 8;

/** Makes the next use of the FPU trap. */
export function stts(): void {
  current.machine.cpu.cr0 |= CR0_TS;
}

/** Lets the FPU be used. */
export function clts(): void {
  current.machine.cpu.cr0 &= ~CR0_TS;
}

/** Does the next use of the FPU trap? */
export function tsIsSet(): boolean {
  return (current.machine.cpu.cr0 & CR0_TS) !== 0;
}

export function createFpu(): FpuData {
  return { owner: 0, saved: {} };
}

/** The kernel gives the FPU to the current task: what another left in its registers is put away, its own come back. */
export function mathStateRestore(): void {
  clts();
  const {
    machine,
    data: { fpu, tasks },
  } = current;
  if (fpu.owner === tasks.current) return;
  for (const { id, state } of tasks.all) if (state === 'zombie') delete fpu.saved[id];
  if (fpu.owner !== 0) {
    if (findTask(fpu.owner)?.state !== 'zombie') fpu.saved[fpu.owner] = machine.saveFpu();
    machine.loadFpu(fpu.saved[tasks.current] ?? null);
    delete fpu.saved[tasks.current];
  }
  fpu.owner = tasks.current;
}

/**
 * Lets the processor run from where it stands until the Host's machine code comes to its HLT, which hands over to
 * TypeScript. The Host's interrupts are served on the way. Returns false if the time slice ended before: the processor
 * then stands in the middle, and another call goes on from there.
 */
export function runProcessor(): boolean {
  const { machine } = current;
  const { landings } = current.data.boot;
  current.onProcessor?.(true);
  for (;;) {
    raiseNmi();
    const deadline = checkClock();
    const { time } = current.data;
    machine.setInterruptLine(time.raised ? TIMER_VECTOR : null);
    const { instructions } = machine.cpu;
    if (machine.tired?.() === true) {
      // What the Host has done since the last instruction belongs to it: the run ends behind the next.
      current.halt = Math.min(current.halt, instructions + 1);
      current.limit = Math.min(current.limit, current.halt);
    }
    const exit = machine.run(Math.min(current.limit, nextNmi(), time.raised ? Infinity : deadline));
    const isBack = exit.reason === 'halt' && machine.cpu.eip === landings.back;
    const goesOn = exit.reason === 'halt' || exit.reason === 'limit';
    if (machine.cpu.instructions !== instructions) current.onMove?.(goesOn && machine.cpu.instructions < current.limit);
    if (exit.reason === 'shutdown') panic('triple fault');
    if (exit.reason === 'stop') {
      current.halt = Math.min(current.halt, machine.cpu.instructions);
      current.onProcessor?.(false);
      return false;
    }
    if (exit.reason === 'limit') {
      if (machine.cpu.instructions >= current.limit) {
        current.onProcessor?.(false);
        return false;
      }
      continue;
    }
    machine.resume();
    if (isBack) return true;
    if (machine.cpu.eip === landings.timer) doIRQ(TIMER_VECTOR);
    else panic(oops());
  }
}

/** Boots the processor: host_start of host_entry.S, up to its HLT. The machine begins without paging. */
export function startProcessor(machine: Machine, boot: BootData): void {
  const { cpu } = machine;
  cpu.eax = boot.pageDirectory;
  cpu.ebx = boot.entry.host_high;
  cpu.ecx = boot.entry.host_tables;
  cpu.esp = boot.stackTop;
  cpu.eflags = 2;
  cpu.eip = boot.entry.host_start - PAGE_OFFSET;
  const exit = machine.run(cpu.instructions + 100);
  if (exit.reason !== 'halt' || cpu.eip !== boot.landings.host) panic('the Host does not boot');
  machine.resume();
  unmapIdentity(machine);
}

/** Maps kernel pages (physical addresses) one after the other, in the last 4 MB. */
export function mapVmArea(address: number, pages: readonly number[]): void {
  pages.forEach((page, i) => setVmPage(current.machine, address + i * PAGE_SIZE, page));
}

/** Takes such pages away again. */
export function unmapVmArea(address: number, count: number): void {
  for (let i = 0; i < count; i++) setVmPage(current.machine, address + i * PAGE_SIZE, 0);
  current.machine.flushTlb();
}

/** DR6 as nothing has happened yet (Intel SDM vol. 3, 17.2.3). */
const DR6_IDLE = 0xffff0ff0;

/** Why there was a debug trap: DR6, which is emptied for the next one, since the processor only ever adds to it. */
export function takeDebugStatus(): number {
  const { cpu } = current.machine;
  const status = cpu.dr6;
  cpu.dr6 = DR6_IDLE;
  return status;
}

/** CR4.PGE: pages marked global stay in the TLB when CR3 changes (Intel SDM vol. 3, 4.10.2.4). */
const CR4_PGE = 0x80;

/** Does the processor keep global pages? */
export function cpuHasPge(): boolean {
  return (current.machine.cpu.cr4 & CR4_PGE) !== 0;
}

/** Switches that on or off. */
export function setPge(on: boolean): void {
  const { cpu } = current.machine;
  cpu.cr4 = on ? cpu.cr4 | CR4_PGE : cpu.cr4 & ~CR4_PGE;
  current.machine.flushTlb();
}

/** What the Host's fault stub left on its stack: vector, error code, EIP. */
function oops(): string {
  const { cpu, ram } = current.machine;
  const word = (n: number): string => '0x' + (ram.read32(cpu.esp - PAGE_OFFSET + 4 * n) >>> 0).toString(16);
  return `the Host faulted: vector ${word(0)}, error ${word(1)}, at ${word(2)}, address 0x${cpu.cr2.toString(16)}`;
}
