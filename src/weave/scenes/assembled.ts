/** Assembly of the chapters, made bytes, with the line of a chapter for each instruction. */
import { assemble } from '#asm';
import type { AssembleOptions, Assembly } from '#asm';
import { mapPosition } from '#tangle';
import type { ChunkIndex } from '#tangle';
import { origin, SceneFault } from './scene_fault.ts';

/** Text of a file of the tangled tree, or undefined. */
export type ReadText = (path: string) => string | undefined;

/** Where an instruction was written. */
export interface SourceLine {
  /** As assembled. */
  readonly address: number;
  readonly length: number;
  /** The chapter. */
  readonly file: string;
  readonly line: number;
}

/** A line that makes data or room: labels, then a directive. */
const DIRECTIVE = /^\s*(?:[\w.$]+:\s*)*\./;

/**
 * Assembles a file of the tangled tree, and all that it includes.
 * @throws SceneFault at the lines of chapters
 */
export function assembleChapters(
  name: string,
  text: string,
  read: ReadText,
  chunks: ChunkIndex,
  options: Omit<AssembleOptions, 'include'>,
): { done: Assembly; lines: SourceLine[] } {
  const done = assemble([{ name, text }], {
    ...options,
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
  const texts = new Map([[name, text.split('\n')]]);
  const isCode = (file: string, line: number): boolean => {
    if (!texts.has(file)) texts.set(file, (read(file) ?? '').split('\n'));
    return !DIRECTIVE.test(texts.get(file)?.[line - 1] ?? '');
  };
  const lines: SourceLine[] = [];
  for (const { address, length, source: file, line, via } of done.lines) {
    const section = done.sections.find((one) => address >= one.address && address < one.address + one.size);
    if (!section?.executable || !isCode(file, line)) continue;
    const at = mapPosition(chunks, via?.source ?? file, via?.line ?? line, 1);
    if (at) lines.push({ address, length, file: at.file, line: at.line });
  }
  return { done, lines: lines.sort((a, b) => a.address - b.address) };
}
