/**
 * A profiler's clock: a counter of the processor's own that raises an NMI after so many instructions, wherever it is then (Intel SDM vol. 3, 6.7 and 18.6). The sample is taken
 * by whoever stands at gate 2 of the table of gates that is in force; for the Host that is this file.
 */
import type { HostEvent } from './events.ts';
import { current } from './kernel.ts';

/** The vector that all non-maskable interrupts have. */
export const NMI_VECTOR = 2;

/** From now on there is an NMI every so many instructions that the processor makes for a Guest: not fewer than its handler takes. */
export function startProfile(period: number): void {
  current.data.time.profile = { period, next: current.machine.cpu.instructions + period };
}

/** The instruction count at which the next NMI is due. */
export function nextNmi(): number {
  return current.data.time.profile?.next ?? Infinity;
}

/** Raises it if it is due. */
export function raiseNmi(): void {
  const { time } = current.data;
  const { cpu } = current.machine;
  if (time.profile === undefined || cpu.instructions < time.profile.next) return;
  // A HLT of the Host's is where TypeScript takes over: there the processor is not at work.
  if (current.machine.isHalted || !current.machine.nmi()) {
    time.profile.next = cpu.instructions + 1;
    return;
  }
  time.profile.next = cpu.instructions + time.profile.period;
  current.emit<HostEvent>({ kind: 'nmi' });
  if (cpu.eip === current.data.boot.landings.timer) takeSample();
}

/** It came through the Host's own gate, which leads to an IRET; the frame is on the stack. */
function takeSample(): void {
  const { machine } = current;
  const word = (at: number): number => machine.ram.read32(machine.physicalOf(at)!) >>> 0;
  sampled(word(machine.cpu.esp), word(machine.cpu.esp + 4));
}

/** A sample: what was running. For whoever has taken one. */
export function sampled(eip: number, cs: number): void {
  current.emit<HostEvent>({ kind: 'sample', eip, cs });
}
