import { assemble } from '#asm';
import { PAGE_OFFSET } from '#hostos';
import { bzImage } from './bzimage.ts';
import { findJsonFaults, formatMessage, JsonText, mapPosition } from '#tangle';
import type { ChunkIndex, Note, Position, TextSpan } from '#tangle';
import { imageOf } from '#world';
import type { CodeLine, Scene, SceneBundle, SceneImage } from '#world';
import { checkScene } from './scene_check.ts';

const DEFAULT_BASE = 0x100000;

/** A line that makes data or room: labels, then a directive. */
const DIRECTIVE = /^\s*(?:[\w.$]+:\s*)*\./;

/** A scene, or the assembly of its Guests, is wrong: each fault with its place in the chapter. */
export class SceneFault extends Error {
  readonly notes: readonly Note[];

  constructor(notes: readonly Note[]) {
    super(notes.map((note) => formatMessage(note)).join('\n'));
    this.notes = notes;
  }
}

/**
 * Makes of a scene's description and the extracted assembly what a page or a test loads.
 * @param read text of a file of the tangled tree, or undefined
 * @param isPanel whether the page has a panel of this name; default: whatever it is
 * @throws SceneFault when the scene or its assembly is wrong
 */
export function buildScene(
  name: string,
  read: (path: string) => string | undefined,
  chunks: ChunkIndex,
  isPanel: (word: string) => boolean = () => true,
): SceneBundle {
  const path = `scenes/${name}.json`;
  const text = read(path) ?? '';
  const json = new JsonText(text);
  const at = (span: TextSpan, sentence: string): Note => {
    const { line, column } = json.lineOf(span.offset);
    return { ...origin(chunks, path, line, column), length: span.length, message: `scene ${name} ${sentence}` };
  };
  const faults = findJsonFaults(text).map((fault) => at(fault, `is not as JSON should be: ${fault.message}`));
  if (faults.length > 0) throw new SceneFault(faults);
  const complaints = checkScene(json, isPanel).map(({ path: way, part, sentence }) => at(json.spanOf(way, part), sentence));
  if (complaints.length > 0) throw new SceneFault(complaints);
  const scene = json.value as Scene;
  const sources: string[] = [];
  const build = (index: number): { name: string; image: string; lines: CodeLine[] } => {
    const image = imageOf({ name, scene }, index);
    const complain = (key: keyof SceneImage, sentence: string): SceneFault => {
      const own = index > 0 && scene.launchers?.[index - 1][key] !== undefined;
      return new SceneFault([at(json.spanOf(own ? ['launchers', index - 1, key] : [key]), sentence)]);
    };
    const guest = read(image.guest);
    if (guest === undefined) throw complain('guest', `wants ${image.guest}, which no chunk makes`);
    const { elf, lines } = buildGuest({ guest: image.guest, base: image.base, text: guest, read, chunks, sources });
    try {
      return { name: image.name, image: base64(wrapped(elf, image)), lines };
    } catch (error) {
      throw complain('wrap', `cannot wrap ${image.guest}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const first = build(0);
  const others = (scene.launchers ?? [])
    .map((_, i) => i + 1)
    .filter((index) => imageOf({ name, scene }, index).name !== name)
    .map(build);
  return { ...first, scene, sources, ...(others.length > 0 ? { others } : {}) };
}

/** What to assemble, and where its lines come from. */
interface GuestSource {
  guest: string;
  base: string | undefined;
  text: string;
  read: (path: string) => string | undefined;
  chunks: ChunkIndex;
  /** Chapters met so far; more are added. */
  sources: string[];
}

function buildGuest({ guest, base: origins, text, read, chunks, sources }: GuestSource): { elf: Uint8Array; lines: CodeLine[] } {
  const base = origins === undefined ? DEFAULT_BASE : Number(origins);
  // Kernels live up there; an image that is linked there is loaded this much lower.
  const virtual = base >= PAGE_OFFSET ? PAGE_OFFSET : 0;
  const done = assemble([{ name: guest, text }], {
    base,
    physicalOffset: virtual,
    include: (file) => {
      const included = read(file);
      return included === undefined ? null : { name: file, text: included };
    },
  });
  if (!done.ok || done.warnings.length > 0) {
    // Warnings count: nobody would see them.
    const all = [...done.errors, ...done.warnings];
    throw new SceneFault(all.map(({ source, line, column, message }) => ({ ...origin(chunks, source, line, column), length: 0, message })));
  }
  const elf = done.elf();
  // As in a vmlinux, the entry point is a physical address: the Guest starts where its memory is, not where it was linked.
  new DataView(elf.buffer, elf.byteOffset).setUint32(24, done.entry - virtual, true);
  const lines: CodeLine[] = [];
  const texts = new Map<string, string[]>();
  const isCode = (file: string, line: number): boolean => {
    if (!texts.has(file)) texts.set(file, (file === guest ? text : (read(file) ?? '')).split('\n'));
    return !DIRECTIVE.test(texts.get(file)?.[line - 1] ?? '');
  };
  for (const { address, length, source: file, line, via } of done.lines) {
    const section = done.sections.find((one) => address >= one.address && address < one.address + one.size);
    if (!section?.executable || !isCode(file, line)) continue;
    const at = mapPosition(chunks, via?.source ?? file, via?.line ?? line, 1);
    if (!at) continue;
    let source = sources.indexOf(at.file);
    if (source < 0) source = sources.push(at.file) - 1;
    lines.push({ address: address - virtual, length, source, line: at.line });
  }
  lines.sort((a, b) => a.address - b.address);
  return { elf, lines };
}

/** The file as it reaches the Launcher. */
function wrapped(elf: Uint8Array, { wrap, cut }: SceneImage): Uint8Array {
  return (wrap === 'bzImage' ? bzImage(elf) : elf).subarray(0, cut);
}

/** The place in a chapter; where no chunk has it, the place as it is. */
function origin(chunks: ChunkIndex, file: string, line: number, column = 1): Position {
  return mapPosition(chunks, file, line, column) ?? { file, line, column };
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
