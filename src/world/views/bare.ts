/** A program that has the machine for itself, looked at as a Guest is: its registers, descriptors and gates are the processor's own. Nothing is touched by looking. */
import { disassemble } from '#asm';
import { layout, MAX_LENGTH } from '#machine';
import type { Machine } from '#machine';
import type { Kernel } from '#hostos';
import type { LinePosition } from '#tangle/runtime';
import type { CodeMap } from '../lines/code_map.ts';
import type { LguestProgram } from '../program.ts';
import type { DescriptorPair, GateView, GuestDescriptors } from './descriptors.ts';
import type { GuestView } from './guests.ts';
import { instructionBefore } from './listing.ts';
import { viewRegisters } from './registers.ts';

/** Descriptors that are shown at most, and vectors. */
const GDT_ENTRIES = 32;
const VECTORS = 256;
/** Of a gate's high word, what says that it is one: present, and an interrupt gate, a trap gate or a task gate (Intel SDM vol. 3, 6.11). */
const PRESENT = 0x8000;
const DPL = 13;

/** What these views look at. */
export interface BareSight {
  readonly program: LguestProgram;
  readonly machine: Machine;
  readonly kernel: Kernel;
  readonly code: CodeMap;
}

/** Whether the program has come to its end. */
function hasEnded({ program, kernel }: Pick<BareSight, 'program' | 'kernel'>): boolean {
  return kernel.data.tasks.all.every((task) => task.program !== program.LAUNCHER || task.state === 'zombie');
}

/** The program, where it stands; after its end, at the instruction to which it came last. */
export function viewBareGuest(sight: BareSight): GuestView {
  const { machine, kernel, code, program } = sight;
  const { eip, u32 } = machine.cpu;
  const placeOf = (address: number): LinePosition | null => {
    const physical = machine.physicalOfCode(address);
    return physical === null ? null : code.lineOf(physical, kernel);
  };
  const ended = hasEnded(sight);
  // Whoever halts, or ends by a port, has done so: EIP is behind it. A triple fault is of an instruction that was never done.
  const last = ended && u32[layout.SHUTDOWN >> 2] === 0 ? instructionBefore(machine, placeOf, eip) : null;
  const address = last?.address ?? eip;
  const bytes = machine.readCode(address, MAX_LENGTH);
  return {
    guest: 0,
    ended,
    registers: viewRegisters(machine, program),
    address,
    text: bytes.length === 0 ? null : disassemble(bytes, address).text,
    place: placeOf(address),
  };
}

/** The tables that the program has made: as they lie in memory, nobody stands between them and the processor. */
export function viewBareTables(sight: Pick<BareSight, 'program' | 'machine' | 'kernel'>): GuestDescriptors {
  const { cpu } = sight.machine;
  const table = (base: number, limit: number, entries: number): DescriptorPair[] =>
    Array.from({ length: entries }, (_, index) => {
      const linear = (base + 8 * index) >>> 0;
      const within = 8 * index + 7 <= limit;
      const bytes = within ? sight.machine.readLinear(linear, 8) : [];
      const word = (n: number): number =>
        bytes.length < 8 ? 0 : (bytes[n] | (bytes[n + 1] << 8) | (bytes[n + 2] << 16) | (bytes[n + 3] << 24)) >>> 0;
      const words = [word(0), word(4)] as const;
      return { index, at: within ? sight.machine.physicalOf(linear) : null, asked: words, real: words };
    });
  return {
    guest: 0,
    ended: hasEnded(sight),
    descriptors: table(cpu.gdtBase, cpu.gdtLimit, GDT_ENTRIES),
    gates: table(cpu.idtBase, cpu.idtLimit, VECTORS).map((gate): GateView => {
      const [, high] = gate.real;
      return { ...gate, route: isGate(high) ? 'straight' : 'nowhere', reach: (high >>> DPL) & 3 };
    }),
  };
}

/** Types 5, 6, 7, 14 and 15. */
function isGate(high: number): boolean {
  const type = (high >>> 8) & 0x1f;
  return (high & PRESENT) !== 0 && [5, 6, 7, 14, 15].includes(type);
}
