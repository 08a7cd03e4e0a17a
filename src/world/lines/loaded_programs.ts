import { PAGE_SIZE } from '#hostos';
import type { LinePosition } from '#tangle/runtime';
import type { SceneBundle } from '../scenes/scene.ts';

/** A page of a program, as a kernel loads it: beyond its bytes there may be anything. */
interface ProgramPage {
  readonly bytes: Uint8Array;
  /** By offset in the page. */
  readonly lines: Map<number, LinePosition>;
}

/**
 * The programs that a scene's Guests may run. Which process runs what, and where its pages lie, only the Guest's kernel knows; but a page with the bytes of a program's
 * page is that page, wherever it lies.
 */
export class LoadedPrograms {
  readonly #pages: ProgramPage[] = [];
  /** What each frame was when code of it first ran, null being something else: so it is known for what ran there after its bytes have changed. */
  readonly #known = new Map<number, ProgramPage | null>();

  constructor(bundle?: SceneBundle) {
    for (const { text, lines } of bundle?.programs ?? []) {
      const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
      const pages: ProgramPage[] = [];
      for (let at = 0; at < bytes.length; at += PAGE_SIZE) pages.push({ bytes: bytes.subarray(at, at + PAGE_SIZE), lines: new Map() });
      for (const { offset, position } of steps(lines, bundle?.sources ?? [])) {
        pages[Math.floor(offset / PAGE_SIZE)].lines.set(offset % PAGE_SIZE, position);
      }
      this.#pages.push(...pages.filter((page) => page.lines.size > 0));
    }
  }

  /** Whether there are any. */
  get any(): boolean {
    return this.#pages.length > 0;
  }

  /** All their lines, with their offsets in their pages. */
  *lines(): Iterable<[offset: number, position: LinePosition]> {
    for (const { lines } of this.#pages) yield* lines;
  }

  /** Sees what a frame is, and keeps it in mind. @param frame its physical address */
  lookAt(memory: Uint8Array, frame: number): ProgramPage | null {
    const page = this.#pageAt(memory, frame);
    this.#known.set(frame, page);
    return page;
  }

  /** The line of what ran at an offset in a frame of memory, if that held a page of a program. */
  lineOfRun(memory: Uint8Array, frame: number, offset: number): LinePosition | null {
    const known = this.#known.get(frame);
    const page = known === undefined ? this.lookAt(memory, frame) : known;
    return page?.lines.get(offset) ?? null;
  }

  /** The line of what lies there now. */
  lineNow(memory: Uint8Array, frame: number, offset: number): LinePosition | null {
    return this.#pageAt(memory, frame)?.lines.get(offset) ?? null;
  }

  #pageAt(memory: Uint8Array, frame: number): ProgramPage | null {
    return this.#pages.find(({ bytes }) => isAt(bytes, memory, frame)) ?? null;
  }
}

function isAt(bytes: Uint8Array, memory: Uint8Array, at: number): boolean {
  for (let i = 0; i < bytes.length; i++) if (memory[at + i] !== bytes[i]) return false;
  return true;
}

/** The instructions of a program: where they are, and whence. */
function* steps(lines: readonly number[], sources: readonly string[]): Iterable<{ offset: number; position: LinePosition }> {
  let offset = 0;
  let line = 0;
  for (let i = 0; i < lines.length; i += 3) {
    offset += lines[i];
    line += lines[i + 2];
    yield { offset, position: { source: sources[lines[i + 1]], line } };
  }
}
