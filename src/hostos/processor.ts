/** The Host's one processor, as far as its own machine code goes. */
import { current, panic } from './kernel.ts';
import { nextDeadline } from './hrtimer.ts';
import { checkClock, doIRQ, TIMER_VECTOR } from './irq.ts';

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

/**
 * The kernel gives the FPU to the current task. The machine has one set of FPU registers and one program that ever uses
 * them, the Guest; so whatever is in there is the right thing, and there is nothing to load.
 */
export function mathStateRestore(): void {
  clts();
}

/**
 * Lets the processor run from where it stands until the Host's machine code comes to its HLT, which hands over to
 * TypeScript. The Host's interrupts are served on the way. Returns false if the time slice ended before: the processor
 * then stands in the middle, and another call goes on from there.
 */
export function runProcessor(): boolean {
  const { machine } = current;
  const { landings } = current.data.boot;
  for (;;) {
    checkClock();
    const { time } = current.data;
    machine.setInterruptLine(time.raised ? TIMER_VECTOR : null);
    const exit = machine.run(time.raised ? current.limit : Math.min(current.limit, nextDeadline()));
    if (exit.reason === 'shutdown') panic('triple fault');
    if (exit.reason === 'limit') {
      if (machine.cpu.instructions >= current.limit) return false;
      continue;
    }
    const at = machine.cpu.eip;
    if (at === landings.guest) return true;
    if (at === landings.timer) doIRQ(TIMER_VECTOR);
    else panic(oops());
  }
}

/** What the Host's fault stub left on its stack: vector, error code, EIP. */
function oops(): string {
  const { cpu, ram } = current.machine;
  const word = (n: number): string => '0x' + (ram.read32(cpu.esp - 0xc0000000 + 4 * n) >>> 0).toString(16);
  return `the Host faulted: vector ${word(0)}, error ${word(1)}, at ${word(2)}, address 0x${cpu.cr2.toString(16)}`;
}
