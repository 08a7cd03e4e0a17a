import type { Machine } from '#machine';
import { PAGE_SIZE } from '#hostos';
import type { Area, Kernel } from '#hostos';
import type { LinePosition } from '#tangle/runtime';
import type { LguestProgram, ProgramGuest, ProgramImage } from '../program.ts';
import { imageOf, sceneLaunchers } from '../scenes/scene.ts';
import type { SceneBundle } from '../scenes/scene.ts';

/** Lines of one image by offset from its start. */
type Lines = Map<number, LinePosition>;

function linesOf(image: ProgramImage): Lines {
  return new Map(image.lines.map(([address, source, line]) => [address - image.base, { source, line }]));
}

/**
 * From physical addresses to lines of chapters: the Guest's own code wherever the Launcher's memory holds it, the Switcher, and the Host's few
 * instructions.
 */
export class CodeMap {
  /** Of each Guest. */
  readonly #guests: readonly Lines[];
  readonly #program: LguestProgram;
  readonly #switcher: Lines;
  readonly #host: Lines;

  /** @param code the Guests', if it comes from a chapter */
  constructor(program: LguestProgram, code?: SceneBundle) {
    this.#program = program;
    this.#switcher = linesOf(program.switcher);
    this.#host = linesOf(program.hostEntry);
    this.#guests =
      code === undefined
        ? []
        : sceneLaunchers(code).map((_, index) => {
            const lines = code.others?.find(({ name }) => name === imageOf(code, index).name)?.lines ?? code.lines;
            return new Map(lines.map(({ address, source, line }) => [address, { source: code.sources[source], line }]));
          });
  }

  /** Hands over how often each line was executed since the last call. */
  drain(machine: Machine, kernel: Kernel, each: (line: LinePosition, count: number) => void): void {
    // Without the Guest's lines (a real Linux) nobody asks for its pages, and they are many.
    const guest = this.#guests.length > 0 ? guestFrames(this.#program.guests(kernel)) : new Map<number, GuestPage>();
    machine.takeHits((physical, count) => {
      const line = this.#find(physical, kernel, (frame) => guest.get(frame));
      if (line) each(line, count);
    });
  }

  /** The line of the instruction at CS:EIP. */
  lineAt(machine: Machine, kernel: Kernel): LinePosition | null {
    const physical = machine.physicalOfCode(machine.cpu.eip);
    return physical === null ? null : this.lineOf(physical, kernel);
  }

  /** Where in their pages the instructions of some lines lie; lines by `source:line`. */
  offsetsOf(lines: ReadonlySet<string>): number[] {
    const found: number[] = [];
    for (const map of [...this.#guests, this.#switcher, this.#host])
      for (const [offset, { source, line }] of map) if (lines.has(`${source}:${line}`)) found.push(offset % PAGE_SIZE);
    return found;
  }

  /** The line of the instruction at a physical address. */
  lineOf(physical: number, kernel: Kernel): LinePosition | null {
    return this.#find(physical, kernel, (frame) =>
      this.#guests.length > 0 ? guestPageAt(this.#program.guests(kernel), frame) : undefined,
    );
  }

  #find(physical: number, kernel: Kernel, guestPage: (frame: number) => GuestPage | undefined): LinePosition | null {
    const offset = physical % PAGE_SIZE;
    const frame = physical - offset;
    const page = guestPage(frame);
    if (page !== undefined) return this.#guests[page.guest]?.get(page.at + offset) ?? null;
    const shared = this.#program.switcherPages(kernel).indexOf(frame);
    if (shared >= 0) return this.#switcher.get(shared * PAGE_SIZE + offset) ?? null;
    const inHost = physical - kernel.data.boot.text;
    return inHost >= 0 && inHost < this.#program.hostEntry.text.length ? (this.#host.get(inHost) ?? null) : null;
  }
}

/** A page of a Guest's memory. */
interface GuestPage {
  /** Which Guest: the number of its terminal. */
  guest: number;
  /** Guest-physical address. */
  at: number;
}

/** Frames of the Guests' memory, by physical address. */
function guestFrames(guests: readonly ProgramGuest[]): Map<number, GuestPage> {
  const frames = new Map<number, GuestPage>();
  forGuestAreas(guests, (area, page) => {
    for (let i = 0; i < area.frames.length; i++) {
      const found = area.frames[i] === 0 ? null : page(i);
      if (found) frames.set(area.frames[i] * PAGE_SIZE, found);
    }
  });
  return frames;
}

/** Whose page a frame is. */
function guestPageAt(guests: readonly ProgramGuest[], frame: number): GuestPage | undefined {
  let found: GuestPage | null = null;
  forGuestAreas(guests, (area, page) => {
    const index = area.frames.indexOf(frame / PAGE_SIZE);
    if (index >= 0) found ??= page(index);
  });
  return found ?? undefined;
}

/** Calls for each piece of a Launcher's memory; `page` tells what its i-th page is to the Guest, null for a page that is not the Guest's. */
function forGuestAreas(guests: readonly ProgramGuest[], call: (area: Area, page: (i: number) => GuestPage | null) => void): void {
  for (const { tty, mm, guestBase, guestLimit } of guests) {
    for (const area of mm.areas) {
      call(area, (i) => {
        const at = area.start + i * PAGE_SIZE - guestBase;
        return at >= 0 && at < guestLimit ? { guest: tty, at } : null;
      });
    }
  }
}

/** The lines of a program that can run: of its TypeScript, the Switcher and the Host's entry. */
export function programLines({ lines, switcher, hostEntry }: LguestProgram): LinePosition[] {
  return [...lines.positions, ...linesOf(switcher).values(), ...linesOf(hostEntry).values()];
}
