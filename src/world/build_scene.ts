import { assemble } from '#asm';
import type { ChunkIndex, FileEntry } from '#tangle';
import type { CodeLine, Scene, SceneBundle } from './scene.ts';

/** Where kernels live: an image linked up there is loaded this much lower. */
const PAGE_OFFSET = 0xc0000000;
const DEFAULT_BASE = 0x100000;

/** A line that makes data or room: labels, then a directive. */
const DIRECTIVE = /^\s*(?:[\w.$]+:\s*)*\./;

/**
 * Makes of a scene's description and the extracted assembly what a page or a test loads.
 * @param read text of a file of the tangled tree, or undefined
 * @throws Error with a sentence that names the chapter's line, when the scene or its assembly is wrong
 */
export function buildScene(name: string, read: (path: string) => string | undefined, chunks: ChunkIndex): SceneBundle {
  const path = `scenes/${name}.json`;
  let scene: Scene;
  try {
    scene = JSON.parse(read(path) ?? '') as Scene;
  } catch (error) {
    throw new Error(`${place(chunks, path, 1)}: scene ${name} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const text = read(scene.guest);
  if (text === undefined) throw new Error(`${place(chunks, path, 1)}: scene ${name} wants ${scene.guest}, which no chunk makes`);
  const base = scene.base === undefined ? DEFAULT_BASE : Number(scene.base);
  const virtual = base >= PAGE_OFFSET ? PAGE_OFFSET : 0;
  const done = assemble([{ name: scene.guest, text }], {
    base, physicalOffset: virtual,
    include: (file) => { const included = read(file); return included === undefined ? null : { name: file, text: included }; },
  });
  if (!done.ok) {
    const list = done.errors.map(({ source, line, message }) => `${place(chunks, source, line)}: ${message}`);
    throw new Error(list.join('\n'));
  }
  const image = done.elf();
  // As in a vmlinux, the entry point is a physical address: the Guest starts where its memory is, not where it was linked.
  new DataView(image.buffer, image.byteOffset).setUint32(24, done.entry - virtual, true);
  const sources: string[] = [];
  const lines: CodeLine[] = [];
  const texts = new Map<string, string[]>();
  const isCode = (file: string, line: number): boolean => {
    if (!texts.has(file)) texts.set(file, (file === scene.guest ? text : read(file) ?? '').split('\n'));
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
  return { name, scene, image: base64(image), sources, lines };
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
