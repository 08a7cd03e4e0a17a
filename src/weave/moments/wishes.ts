/** From what a chapter says of its moments to lines that can be looked for; what cannot be meant is told, at its place in the chapter. */
import type { ChunkIndex, Note } from '#tangle';
import { ExpressionFault, parseExpression } from '#world';
import type { MomentWish } from '#world';
import { attributeOf } from './elements.ts';
import type { MomentElement } from './elements.ts';

/** What moments are looked up in. */
export interface MomentBook {
  readonly index: Pick<ChunkIndex, 'chunks'>;
  /** The text of a chapter, line by line. */
  readonly linesOf: (chapter: string) => readonly string[];
  readonly isScene: (name: string) => boolean;
}

/** A line of the program, by number, in its chapter. */
interface Found {
  readonly source: string;
  readonly line: number;
}

/** What is to be looked for, or what is wrong. @param chapter the chapter that speaks of it, `docs/host/page_tables.mdx` */
export function wishOf(element: MomentElement, chapter: string, book: MomentBook): MomentWish | Note {
  const { scene, at, line, when, hit } = element;
  const wrong = (attribute: string, message: string): Note => ({ ...placeOf(element, attribute, chapter), message });
  if (!book.isScene(scene))
    return wrong('scene', scene === '' ? 'A moment is one of a scene, and none is named.' : `There is no scene ${scene}.`);
  const chunk = book.index.chunks.find(({ id }) => id === at);
  if (chunk === undefined) return wrong('at', at === '' ? 'A moment is at a chunk, and none is named.' : `There is no chunk ${at}.`);
  if (!Number.isSafeInteger(hit) || hit < 1) return wrong('hit', 'A moment is the first time (1), or a later one.');
  try {
    if (when !== undefined) parseExpression(when);
  } catch (fault) {
    if (!(fault instanceof ExpressionFault)) throw fault;
    return wrong('when', `That is no condition: ${fault.message}.`);
  }
  const { from, to } = chunk.lines;
  const all = book.linesOf(chunk.chapter).slice(from - 1, to);
  const numbers = line === undefined ? all.map((_, index) => index) : matching(all, line);
  if (line !== undefined && numbers.length !== 1)
    return wrong(
      'line',
      numbers.length === 0 ? `${at} has no line “${line}”.` : `${at} has ${numbers.length} lines with “${line}”: say more of it.`,
    );
  const lines = numbers.map((index): Found => ({ source: chunk.chapter, line: from + index }));
  return { lines, hit, ...(when !== undefined && { when }) };
}

/** The lines that are this text, or, where none is, those that have it; one blank is as good as another. */
function matching(lines: readonly string[], text: string): number[] {
  const plain = lines.map((line) => line.trim().replace(/\s+/g, ' '));
  const numbers = lines.map((_, index) => index);
  const same = numbers.filter((index) => plain[index] === text);
  return same.length > 0 ? same : numbers.filter((index) => plain[index].includes(text));
}

/** Where an attribute stands; where there is none, the element. */
export function placeOf({ node }: Pick<MomentElement, 'node'>, attribute: string, chapter: string): Omit<Note, 'message'> {
  const { start, end } = attributeOf(node, attribute)?.position ??
    node.position ?? { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
  return { file: chapter, line: start.line, column: start.column, length: start.line === end.line ? end.column - start.column : 0 };
}
