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
  /** What each frame was last found to be. Only a hint: it is compared again. */
  readonly #last = new Map<number, ProgramPage>();

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

  /** The line at an offset in a frame of memory, if that holds a page of a program. @param frame its physical address */
  lineAt(memory: Uint8Array, frame: number, offset: number): LinePosition | null {
    const last = this.#last.get(frame);
    if (last !== undefined && isAt(last.bytes, memory, frame)) return last.lines.get(offset) ?? null;
    const page = this.#pages.find((one) => one.lines.has(offset) && isAt(one.bytes, memory, frame));
    if (page === undefined) return null;
    this.#last.set(frame, page);
    return page.lines.get(offset) ?? null;
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
