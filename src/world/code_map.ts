import { disassemble } from '#asm';
import type { Machine } from '#machine';
import { PAGE_SIZE } from '#hostos';
import type { Kernel } from '#hostos';
import type { lguestModule } from '#tangled/host/lg.ts';
import type { Launcher } from '#tangled/launcher/memory.ts';
import hostEntry from '#tangled/switcher/host_entry.S';
import switcher from '#tangled/switcher/switcher.S';
import type { LinePosition } from '#tangle/runtime';
import type { SceneBundle } from './scene.ts';

/** Lines of one image by offset from its start. */
type Lines = Map<number, LinePosition>;

function linesOf(image: { base: number; lines: readonly (readonly [number, string, number])[] }): Lines {
  return new Map(image.lines.map(([address, source, line]) => [address - image.base, { source, line }]));
}

/**
 * From physical addresses to lines of chapters: the Guest's own code wherever the Launcher's memory holds it, the Switcher, and the Host's few
 * instructions.
 */
export class CodeMap {
  readonly #guest: Lines;
  readonly #switcher = linesOf(switcher);
  readonly #host = linesOf(hostEntry);

  /** @param code the Guest's, if it comes from a chapter */
  constructor(code?: SceneBundle) {
    this.#guest = new Map(code?.lines.map(({ address, source, line }) => [address, { source: code.sources[source], line }]));
  }

  /** Hands over how often each line was executed since the last call. */
  drain(machine: Machine, kernel: Kernel, each: (line: LinePosition, count: number) => void): void {
    const guest = guestFrames(kernel);
    machine.takeHits((physical, count) => {
      const line = this.#find(physical, kernel, guest);
      if (line) each(line, count);
    });
  }

  /** The line of the instruction at CS:EIP. */
  lineAt(machine: Machine, kernel: Kernel): LinePosition | null {
    const physical = machine.physicalOfCode(machine.cpu.eip);
    return physical === null ? null : this.#find(physical, kernel, guestFrames(kernel));
  }

  #find(physical: number, kernel: Kernel, guest: ReadonlyMap<number, number>): LinePosition | null {
    const offset = physical % PAGE_SIZE;
    const frame = physical - offset;
    const guestPhysical = guest.get(frame);
    if (guestPhysical !== undefined) return this.#guest.get(guestPhysical + offset) ?? null;
    // Not by calling lguestModule: looking must not leave a trace in the counts.
    const { switcherPages } = kernel.data.modules.lguest as ReturnType<typeof lguestModule>;
    const page = switcherPages.indexOf(frame);
    if (page >= 0) return this.#switcher.get(page * PAGE_SIZE + offset) ?? null;
    const inHost = physical - kernel.data.boot.text;
    return inHost >= 0 && inHost < hostEntry.text.length ? this.#host.get(inHost) ?? null : null;
  }
}

/** Frames of the Guest's memory: physical address of the frame to Guest-physical address. */
function guestFrames(kernel: Kernel): Map<number, number> {
  const frames = new Map<number, number>();
  for (const task of kernel.data.tasks.all) {
    if (task.program !== 'launcher' || task.mm === null) continue;
    const { guestBase, guestLimit } = task.data as Launcher;
    for (const area of (task.mm).areas) {
      for (let i = 0; i < area.frames.length; i++) {
        const at = area.start + i * PAGE_SIZE - guestBase;
        if (area.frames[i] !== 0 && at >= 0 && at < guestLimit) frames.set(area.frames[i] * PAGE_SIZE, at);
      }
    }
  }
  return frames;
}

/** The lines of the Switcher and of the Host's entry: the machine code that every world has. */
export function switcherLines(): LinePosition[] {
  return [...linesOf(switcher).values(), ...linesOf(hostEntry).values()];
}

/** The instruction at CS:EIP as text, AT&T syntax; null where nothing is mapped. */
export function instructionText(machine: Machine): string | null {
  const bytes = machine.readCode(machine.cpu.eip, 15);
  return bytes.length === 0 ? null : disassemble(bytes, machine.cpu.eip).text;
}
