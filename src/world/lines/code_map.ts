import type { Machine } from '#machine';
import { PAGE_SIZE } from '#hostos';
import type { Area, Kernel } from '#hostos';
import type { LinePosition } from '#tangle/runtime';
import type { LguestProgram, ProgramGuest, ProgramImage } from '../program.ts';
import { imageOf, sceneLaunchers, unpackLines } from '../scenes/scene.ts';
import type { SceneBundle } from '../scenes/scene.ts';
import { LoadedPrograms } from './loaded_programs.ts';

/** Lines of one image by offset from its start. */
type Lines = Map<number, LinePosition>;

function linesOf(image: ProgramImage): Lines {
  return new Map(image.lines.map(([address, source, line]) => [address - image.base, { source, line }]));
}

/**
 * From physical addresses to lines of chapters: the Guest's own code wherever the Launcher's memory holds it, the programs that it runs, the Switcher, and the Host's few
 * instructions.
 */
export class CodeMap {
  /** Of each Guest. */
  readonly #guests: readonly Lines[];
  readonly #program: LguestProgram;
  readonly #switcher: Lines;
  readonly #host: Lines;
  readonly #programs: LoadedPrograms;
  readonly #frames = new GuestFrames();

  /** @param code the Guests', if it comes from a chapter */
  constructor(program: LguestProgram, code?: SceneBundle) {
    this.#program = program;
    this.#switcher = linesOf(program.switcher);
    this.#host = linesOf(program.hostEntry);
    this.#programs = new LoadedPrograms(code);
    this.#guests =
      code === undefined
        ? []
        : sceneLaunchers(code).map((_, index) => {
            const lines = code.others?.find(({ name }) => name === imageOf(code, index).name)?.lines ?? code.lines;
            return new Map(unpackLines(lines).map(({ address, source, line }) => [address, { source: code.sources[source], line }]));
          });
  }

  /** Whether it has lines of Guests. */
  get hasGuests(): boolean {
    return this.#guests.length > 0;
  }

  /** Whether it wants to hear of each page that becomes code. */
  get followsPages(): boolean {
    return this.#programs.any;
  }

  /** What runs from a frame of memory now, is what lies there now. */
  lookAt(machine: Machine, frame: number): void {
    this.#programs.lookAt(machine.ram.bytes, frame);
  }

  /** Hands over how often each line was executed since the last call. */
  drain(machine: Machine, kernel: Kernel, each: (line: LinePosition, count: number) => void): void {
    // Without the Guest's lines (a real Linux) nobody asks for its pages, and they are many.
    const guests = this.#guests.length > 0 ? this.#program.guests(kernel) : [];
    machine.takeHits((physical, count) => {
      const line = this.#find(physical, kernel, guests, 'ran');
      if (line) each(line, count);
    });
  }

  /**
   * The line of the instruction at CS:EIP. While the Host is TypeScript, the processor waits behind a HLT of the Host's, and what lies there, another's code or data, is not
   * what comes next: it is the HLT that it stands at.
   */
  lineAt(machine: Machine, kernel: Kernel): LinePosition | null {
    const { eip } = machine.cpu;
    const { tasks, boot } = kernel.data;
    const waits = (!tasks.entered || machine.isHalted) && (eip === boot.landings.back || eip === boot.landings.host);
    const physical = machine.physicalOfCode(waits ? eip - 1 : eip);
    return physical === null ? null : this.lineOf(physical, kernel);
  }

  /** Where in their pages the instructions of some lines lie; lines by `source:line`. */
  offsetsOf(lines: ReadonlySet<string>): number[] {
    const found: number[] = [];
    for (const map of [...this.#guests, this.#switcher, this.#host, this.#programs.lines()])
      for (const [offset, { source, line }] of map) if (lines.has(`${source}:${line}`)) found.push(offset % PAGE_SIZE);
    return found;
  }

  /** All lines that have instructions. */
  lines(): LinePosition[] {
    return [...this.#guests, this.#switcher, this.#host, this.#programs.lines()].flatMap((map) => Array.from(map, ([, line]) => line));
  }

  /** The line of the instruction at a physical address. */
  lineOf(physical: number, kernel: Kernel): LinePosition | null {
    return this.#find(physical, kernel, this.#program.guests(kernel), 'now');
  }

  /** The line of the Switcher or the Host at a physical address, null: none is there; undefined: it is not theirs. */
  ofHost(physical: number, kernel: Kernel): LinePosition | null | undefined {
    const offset = physical % PAGE_SIZE;
    const shared = this.#program.switcherPages(kernel).indexOf(physical - offset);
    if (shared >= 0) return this.#switcher.get(shared * PAGE_SIZE + offset) ?? null;
    const inHost = physical - kernel.data.boot.text;
    if (inHost >= 0 && inHost < this.#program.hostEntry.text.length) return this.#host.get(inHost) ?? null;
    return undefined;
  }

  #find(physical: number, kernel: Kernel, guests: readonly ProgramGuest[], when: 'ran' | 'now'): LinePosition | null {
    const ofHost = this.ofHost(physical, kernel);
    if (ofHost !== undefined) return ofHost;
    const offset = physical % PAGE_SIZE;
    const frame = physical - offset;
    if (this.#guests.length === 0) return null;
    const page = this.#frames.find(frame, guests);
    if (page === null) return null;
    const own = this.#guests[page.guest]?.get(page.at + offset);
    if (own !== undefined) return own;
    if (!this.#programs.any) return null;
    const { bytes } = kernel.machine.ram;
    return when === 'ran' ? this.#programs.lineOfRun(bytes, frame, offset) : this.#programs.lineNow(bytes, frame, offset);
  }
}

/** A page of a Guest's memory. */
interface GuestPage {
  /** Which Guest: the number of its terminal. */
  readonly guest: number;
  /** Guest-physical address. */
  readonly at: number;
  /** The piece of the Launcher's memory that it is in, and its place there. */
  readonly area: Area;
  readonly index: number;
}

/** Whose page a frame is. */
class GuestFrames {
  /** By physical address; what is in it may have changed since. */
  #pages = new Map<number, GuestPage>();

  find(frame: number, guests: readonly ProgramGuest[]): GuestPage | null {
    const known = this.#pages.get(frame);
    if (known !== undefined && isStill(known, frame, guests)) return known;
    this.#pages = pagesOf(guests);
    return this.#pages.get(frame) ?? null;
  }
}

function isStill({ area, index, guest, at }: GuestPage, frame: number, guests: readonly ProgramGuest[]): boolean {
  if (area.frames[index] * PAGE_SIZE !== frame) return false;
  const owner = guests.find(({ tty }) => tty === guest);
  return owner !== undefined && owner.mm.areas.includes(area) && at < owner.guestLimit;
}

/** The frames of the Guests' memory, by physical address. */
function pagesOf(guests: readonly ProgramGuest[]): Map<number, GuestPage> {
  const pages = new Map<number, GuestPage>();
  for (const { tty, mm, guestBase, guestLimit } of guests) {
    for (const area of mm.areas) {
      for (let index = 0; index < area.frames.length; index++) {
        const at = area.start + index * PAGE_SIZE - guestBase;
        if (area.frames[index] !== 0 && at >= 0 && at < guestLimit)
          pages.set(area.frames[index] * PAGE_SIZE, { guest: tty, at, area, index });
      }
    }
  }
  return pages;
}

/** The lines of the programs that a scene's Guests may run. */
export function linesInPrograms(bundle: SceneBundle): LinePosition[] {
  return [...new LoadedPrograms(bundle).lines()].map(([, position]) => position);
}

/** The lines of a program that can run: of its TypeScript, the Switcher and the Host's entry. */
export function programLines({ lines, switcher, hostEntry }: LguestProgram): LinePosition[] {
  return [...lines.positions, ...linesOf(switcher).values(), ...linesOf(hostEntry).values()];
}

/** IRET. */
const IRET = 0xcf;

/** What is known of a world's code, however it runs. */
export interface CodeFacts {
  /** Lines of chapters that can run. */
  readonly lines: readonly LinePosition[];
  /** Linear address of the instruction with which the Switcher enters a Guest. */
  readonly entry: number | null;
}

export function codeFacts({ lines: { positions }, switcher, SWITCHER_ADDR }: LguestProgram, code: CodeMap): CodeFacts {
  const { lines, text, base } = switcher;
  // The way in comes first; others lead back to the Host.
  const entry = lines.find(([address]) => text[address - base] === IRET);
  return { lines: [...positions, ...code.lines()], entry: entry === undefined ? null : SWITCHER_ADDR + entry[0] - base };
}
