import { assemble } from '#asm';
import { bzImage } from './bzimage.ts';
import type { ChunkIndex, FileEntry } from '#tangle';
import { imageOf } from './scene.ts';
import type { CodeLine, Scene, SceneBundle, SceneImage } from './scene.ts';

/** Where kernels live: an image linked up there is loaded this much lower. */
const PAGE_OFFSET = 0xc0000000;
const DEFAULT_BASE = 0x100000;

/** A line that makes data or room: labels, then a directive. */
const DIRECTIVE = /^\s*(?:[\w.$]+:\s*)*\./;

/**
 * Makes of a scene's description and the extracted assembly what a page or a test loads.
 * @param read text of a file of the tangled tree, or undefined
 * @param isPanel whether the page has a panel of this name; default: whatever it is
 * @throws Error with a sentence that names the chapter's line, when the scene or its assembly is wrong
 */
export function buildScene(
  name: string,
  read: (path: string) => string | undefined,
  chunks: ChunkIndex,
  isPanel: (word: string) => boolean = () => true,
): SceneBundle {
  const path = `scenes/${name}.json`;
  const json = read(path) ?? '';
  let scene: Scene;
  try {
    scene = JSON.parse(json) as Scene;
  } catch (error) {
    throw new Error(`${place(chunks, path, 1)}: scene ${name} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  checkScene(scene, (sentence) => {
    throw new Error(`${place(chunks, path, 1)}: scene ${name} ${sentence}`);
  });
  const unknown = scene.panels.find((word) => !isPanel(word));
  if (unknown !== undefined)
    throw new Error(`${place(chunks, path, lineOfWord(json, 'panels', unknown))}: scene ${name} opens a panel “${unknown}”: there is none`);
  const sources: string[] = [];
  const build = (index: number): { name: string; image: string; lines: CodeLine[] } => {
    const image = imageOf({ name, scene }, index);
    const text = read(image.guest);
    if (text === undefined) throw new Error(`${place(chunks, path, 1)}: scene ${name} wants ${image.guest}, which no chunk makes`);
    const { elf, lines } = buildGuest({ guest: image.guest, base: image.base, text, read, chunks, sources });
    try {
      return { name: image.name, image: base64(wrapped(elf, image)), lines };
    } catch (error) {
      throw new Error(
        `${place(chunks, path, 1)}: scene ${name} cannot wrap ${image.guest}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
  const first = build(0);
  const others = (scene.launchers ?? [])
    .map((_, i) => i + 1)
    .filter((index) => imageOf({ name, scene }, index).name !== name)
    .map(build);
  return { ...first, scene, sources, ...(others.length > 0 ? { others } : {}) };
}

/** What cannot be right is said now. */
function checkScene(scene: Scene, complain: (sentence: string) => never): void {
  const { disk, keys = [], launchers = [], says, facts = {} } = scene;
  if (!Array.isArray(says) || says.some((line) => typeof line !== 'string' || line.includes('\n')))
    complain('does not tell what it says: a list of lines');
  for (const [way, count] of Object.entries(facts))
    if (!Number.isInteger(count)) complain(`counts “${String(count)}” for ${way}: that is no number`);
  for (const { wrap, cut } of [scene, ...launchers]) {
    if (wrap !== undefined && wrap !== 'bzImage') complain(`wraps its Guest as “${String(wrap)}”: a bzImage is all we can do`);
    if (cut !== undefined && !(Number.isInteger(cut) && cut >= 0))
      complain(`cuts its Guest short to “${String(cut)}”: that is no count of bytes`);
  }
  if (disk) {
    if (!(disk.bytes > 0) || disk.bytes % 512 !== 0) complain(`has a disk of ${disk.bytes} bytes: whole sectors of 512, please`);
    for (const [sector, text] of Object.entries(disk.sectors ?? {})) {
      if (!/^\d+$/.test(sector) || Number(sector) * 512 + text.length > disk.bytes)
        complain(`has a text at sector ${sector} of its disk, which has ${disk.bytes / 512}`);
    }
  }
  for (const { when, tty = 0 } of keys) {
    if (when !== 'waits' && !(when >= 0)) complain(`types at “${String(when)}”: that is neither a count of instructions nor “waits”`);
    if (!(tty >= 0 && tty <= launchers.length)) complain(`types at terminal ${tty}, and has ${launchers.length + 1}`);
  }
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
    const list = [...done.errors, ...done.warnings].map(({ source, line, message }) => `${place(chunks, source, line)}: ${message}`);
    throw new Error(list.join('\n'));
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
    const at = origin(chunks, via?.source ?? file, via?.line ?? line);
    if (at === null) continue;
    let source = sources.indexOf(at.source);
    if (source < 0) source = sources.push(at.source) - 1;
    lines.push({ address: address - virtual, length, source, line: at.line });
  }
  lines.sort((a, b) => a.address - b.address);
  return { elf, lines };
}

/** The file as it reaches the Launcher. */
function wrapped(elf: Uint8Array, { wrap, cut }: SceneImage): Uint8Array {
  return (wrap === 'bzImage' ? bzImage(elf) : elf).subarray(0, cut);
}

/** The line, from 1, in which a list of this name has a word. */
function lineOfWord(json: string, list: string, word: string): number {
  const begin = new RegExp(`"${list}"\\s*:\\s*\\[`).exec(json)?.index ?? 0;
  return json.slice(0, Math.max(begin, json.indexOf(JSON.stringify(word), begin))).split('\n').length;
}

function origin(chunks: ChunkIndex, file: string, line: number): { source: string; line: number } | null {
  const entry: FileEntry | undefined = chunks.files.find(({ path }) => path === file);
  const run = entry?.lineMap.find(({ out, count }) => line >= out && line < out + count);
  return entry && run ? { source: entry.sources[run.source], line: run.line + line - run.out } : null;
}

function place(chunks: ChunkIndex, file: string, line: number): string {
  const at = origin(chunks, file, line);
  return at ? `${at.source}:${at.line}` : `${file}:${line}`;
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
