import { PAGE_OFFSET } from '#hostos';
import { imageOf, packLines, patchedName } from '#world';
import type { CodeLine, Scene, SceneBundle, SceneImage, SceneProgram } from '#world';
import type { ChunkIndex } from '#tangle';
import { assembleChapters } from './assembled.ts';
import type { ReadText } from './assembled.ts';
import { BuiltFiles } from './built_files.ts';
import type { BuiltFile, BuiltProgram } from './built_files.ts';
import { bzImage } from './bzimage.ts';
import { ChapterJson } from './chapter_json.ts';
import { checkScene } from './scene_check.ts';

export { BuiltFiles } from './built_files.ts';
export { SceneFault } from './scene_fault.ts';

const DEFAULT_BASE = 0x100000;

/** A scene, built. */
export interface BuiltScene {
  readonly bundle: SceneBundle;
  /** Files to be left in the tangled tree, by their paths there: what the scene's Launchers read, for whoever runs them elsewhere. */
  readonly left: ReadonlyMap<string, Uint8Array>;
}

/** Patches that a scene names, and what the tangler made of the book with them. */
export interface Variant {
  readonly patches: string;
  readonly read: ReadText;
  readonly chunks: ChunkIndex;
  /** As for the book's own. */
  readonly files: BuiltFiles;
}

/**
 * Makes of a scene's description and the extracted assembly what a page or a test loads.
 * @param read text of a file of the tangled tree, or undefined
 * @param isPanel whether the page has a panel of this name; default: whatever it is
 * @param files what scenes share: each program is assembled once
 * @param variant for the scene with patches: which, and where their extracted files are
 * @throws SceneFault when the scene or its assembly is wrong
 */
export function buildScene(
  name: string,
  read: ReadText,
  chunks: ChunkIndex,
  isPanel: (word: string) => boolean = () => true,
  files: BuiltFiles = new BuiltFiles(read, chunks),
  variant?: Variant,
): BuiltScene {
  const path = `scenes/${name}.json`;
  const json = new ChapterJson<Scene>(`scene ${name}`, path, read(path) ?? '', chunks, (text) => checkScene(text, isPanel));
  const { patches, ...plain } = json.value;
  const scene: Scene = variant ? { ...plain, ...patches?.[variant.patches] } : plain;
  const own = variant ? patchedName(name, variant.patches) : name;
  const code = variant ?? { read, chunks, files };
  const sources = new Sources();
  const programs = new Set<BuiltProgram>();
  const left = new Map<string, Uint8Array>();
  const build = (index: number): { name: string; image: string; lines: number[] } => {
    const image = imageOf({ name: own, scene }, index);
    const place = (key: keyof SceneImage): (string | number)[] =>
      index > 0 && scene.launchers?.[index - 1][key] !== undefined ? ['launchers', index - 1, key] : [key];
    const text = code.read(image.guest);
    if (text === undefined) throw json.fault(place('guest'), `wants ${image.guest}, which no chunk makes`);
    const base = image.base === undefined ? DEFAULT_BASE : Number(image.base);
    const { elf, lines } = buildGuest({ guest: image.guest, base, text, ...code, sources, programs });
    if (scene.files !== undefined) left.set(image.guest.replace(/\.S$/, '.elf'), elf);
    try {
      return { name: image.name, image: base64(wrapped(elf, image)), lines: packLines(lines) };
    } catch (error) {
      throw json.fault(place('wrap'), `cannot wrap ${image.guest}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const first = build(0);
  const others = (scene.launchers ?? [])
    .map((_, i) => i + 1)
    .filter((index) => imageOf({ name: own, scene }, index).name !== own)
    .map(build);
  const given = Object.entries(scene.files ?? {}).map(([file, told]) => {
    const { bytes, programs: within } = code.files.told(told, json, ['files', file]);
    for (const program of within) programs.add(program);
    if (typeof told === 'string') left.set(told, bytes);
    return [file, base64(bytes)];
  });
  const bundle = {
    ...first,
    ...(variant ? { patches: variant.patches } : {}),
    scene,
    sources: sources.list,
    ...(others.length > 0 ? { others } : {}),
    ...(given.length > 0 ? { files: Object.fromEntries(given) as Record<string, string> } : {}),
    ...(programs.size > 0 ? { programs: [...programs].map((program) => sceneProgram(program, sources)) } : {}),
  };
  return { bundle, left: variant ? new Map() : left };
}

/** Chapters met so far. */
class Sources {
  readonly list: string[] = [];

  /** The number of a chapter; a new one is added. */
  indexOf(file: string): number {
    const index = this.list.indexOf(file);
    return index < 0 ? this.list.push(file) - 1 : index;
  }
}

/** What to assemble, and what is found on the way. */
interface GuestSource {
  guest: string;
  base: number;
  text: string;
  read: ReadText;
  chunks: ChunkIndex;
  sources: Sources;
  files: BuiltFiles;
  /** Programs that it holds are added. */
  programs: Set<BuiltProgram>;
}

function buildGuest({ guest, base, text, read, chunks, sources, files, programs }: GuestSource): { elf: Uint8Array; lines: CodeLine[] } {
  // Kernels live up there; an image that is linked there is loaded this much lower.
  const virtual = base >= PAGE_OFFSET ? PAGE_OFFSET : 0;
  const { done, lines } = assembleChapters(guest, text, read, chunks, {
    base,
    physicalOffset: virtual,
    includeBytes: (file) => {
      const built: BuiltFile | null = files.file(file);
      for (const program of built?.programs ?? []) programs.add(program);
      return built?.bytes ?? null;
    },
  });
  const elf = done.elf();
  // As in a vmlinux, the entry point is a physical address: the Guest starts where its memory is, not where it was linked.
  new DataView(elf.buffer, elf.byteOffset).setUint32(24, done.entry - virtual, true);
  return {
    elf,
    lines: lines.map(({ address, length, file, line }) => ({ address: address - virtual, length, source: sources.indexOf(file), line })),
  };
}

/** A program as the bundle tells of it. */
function sceneProgram({ base, text, lines }: BuiltProgram, sources: Sources): SceneProgram {
  let at = base;
  let before = 0;
  const steps: number[] = [];
  for (const { address, file, line } of lines) {
    steps.push(address - at, sources.indexOf(file), line - before);
    at = address;
    before = line;
  }
  return { text: base64(text), lines: steps };
}

/** The file as it reaches the Launcher. */
function wrapped(elf: Uint8Array, { wrap, cut }: SceneImage): Uint8Array {
  return (wrap === 'bzImage' ? bzImage(elf) : elf).subarray(0, cut);
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
