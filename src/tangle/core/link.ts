/** Joins chunks into files: tour order, slots, variants. */
import type { Chunk, Tour } from './chunks.ts';
import { countHead, mergeImports } from './imports.ts';
import { checkCycles, checkFolders, checkSlots, checkTargets, choosePatches, unique } from './link_faults.ts';
import { addTo, isIn, piecesFor } from './link_state.ts';
import type { LinkState } from './link_state.ts';
import type { Lang, Problem } from './types.ts';

/** A line of an extracted file and where it comes from. */
export interface OutputLine {
  text: string;
  /** Null for a line of the tangler's own. */
  chunk: Chunk | null;
  /** Index of the line in the chunk. */
  index: number;
  /** Characters before its text that are not in the chapter: what slots put there, and spaces for a part of a tab. */
  indent: number;
  /** Something of the line is left out, because another chunk brings it, too. */
  isMerged?: boolean;
}

/** An extracted file before it is written. */
export interface Output {
  path: string;
  lang: Lang;
  program: boolean;
  lines: OutputLine[];
  /** All chunks in it, pieces after the chunk that takes them. */
  chunks: Chunk[];
}

/** A linked tour. */
export interface Linked {
  outputs: Output[];
  /** The file that each chunk ended in. */
  fileOf: Map<Chunk, string>;
  /** What slots put before the lines of each chunk. */
  indentOf: Map<Chunk, string>;
  /** Chunks before and after each in its file or slot. */
  siblings: Map<Chunk, { previous: Chunk | null; next: Chunk | null }>;
  problems: Problem[];
}

/** A tour that was linked before, of which only some chunks' lines are other ones now. */
export interface LinkedBefore {
  readonly linked: Linked;
  /** The files that those chunks are in. */
  readonly changed: ReadonlySet<string>;
}

/**
 * Links the chunks of a tour.
 * @param variant Markers whose patches apply, such as `M:014`.
 * @param before what was linked of the same tour, for the same variant: files in which nothing has changed are taken from there
 */
export function link(tour: Tour, variant: readonly string[] = [], before?: LinkedBefore): Linked {
  const problems: Problem[] = [...tour.problems];
  const chunks = unique(tour.chunks, problems);
  const byId = new Map(chunks.map((chunk) => [chunk.id, chunk]));
  const state: LinkState = { byId, pieces: new Map(), patches: new Map(), faulty: tour.faulty, variant, problems };
  for (const chunk of chunks) {
    if (chunk.kind === 'piece') addTo(state.pieces, chunk.into!, chunk);
  }
  checkFolders(chunks, problems);
  checkTargets(chunks, state);
  checkCycles(chunks, state);
  checkSlots(chunks, state);
  choosePatches(chunks, variant, state);
  return { ...join(chunks, state, before), problems };
}

function join(chunks: readonly Chunk[], state: LinkState, before: LinkedBefore | undefined): Omit<Linked, 'problems'> {
  const outputs = new Map<string, Output>();
  const kept = new Map(before?.linked.outputs.filter(({ path }) => !before.changed.has(path)).map((output) => [output.path, output]));
  const fileOf = new Map(before?.linked.fileOf);
  const indentOf = new Map(before?.linked.indentOf);
  const siblings: Linked['siblings'] = new Map(before?.linked.siblings);
  const { problems } = state;
  const heads = new Map<Output, { chunk: Chunk; count: number }[]>();
  /** Files that have something below their imports. */
  const begun = new Set<Output>();
  const patched = (original: Chunk, active: ReadonlySet<Chunk>): Chunk => {
    let chunk = original;
    for (let patch = state.patches.get(chunk.id); patch && !active.has(patch); patch = state.patches.get(chunk.id)) chunk = patch;
    return chunk;
  };
  const expand = (original: Chunk, output: Output, indent: string, active: Set<Chunk>): void => {
    const chunk = patched(original, active);
    if (active.has(chunk)) return;
    active.add(chunk);
    output.chunks.push(chunk);
    fileOf.set(chunk, output.path);
    indentOf.set(chunk, indent);
    const head = countHead(chunk);
    if (head > 0) addTo(heads, output, { chunk, count: head });
    let slotIndex = 0;
    for (const [index, line] of chunk.lines.entries()) {
      if (index < head) continue;
      const slot = chunk.slots[slotIndex];
      if (slot?.index === index) {
        slotIndex++;
        const pieces = piecesFor(chunk, slot.name, state).filter((piece) => isIn(piece, state.variant));
        chain(pieces, siblings);
        for (const piece of pieces) expand(piece, output, indent + slot.indent, active);
      } else {
        const text = line === '' ? '' : indent + line;
        const pad = chunk.fence.pads?.[index] ?? 0;
        output.lines.push({ text, chunk, index, indent: line === '' ? 0 : indent.length + pad });
      }
    }
    active.delete(chunk);
  };
  for (const chunk of chunks) {
    if (chunk.file === null || !isIn(chunk, state.variant)) continue;
    const known = kept.get(chunk.file);
    if (known !== undefined) {
      outputs.set(chunk.file, known);
      continue;
    }
    let output = outputs.get(chunk.file);
    if (!output) {
      output = { path: chunk.file, lang: chunk.lang, program: chunk.kind !== 'example', lines: [], chunks: [] };
      outputs.set(chunk.file, output);
    }
    const { lines } = patched(chunk, new Set());
    const head = countHead(patched(chunk, new Set()));
    // An empty line of the chunk's own behind its imports parts it from what is above.
    const isParted = head > 0 && (head === lines.length || lines[head] === '');
    if (begun.has(output) && !isParted) output.lines.push(ownLine(''));
    if (head === 0 || head < lines.length) begun.add(output);
    expand(chunk, output, '', new Set());
  }
  for (const [output, list] of heads) {
    const imports = mergeImports(list, problems);
    if (imports.length > 0 && output.lines.length > 0 && output.lines[0].text !== '') imports.push(ownLine(''));
    output.lines = [...imports, ...output.lines];
  }
  const roots = new Map<string, Chunk[]>();
  for (const chunk of chunks) if (chunk.kind === 'file' && isIn(chunk, state.variant)) addTo(roots, chunk.file!, chunk);
  for (const list of roots.values()) chain(list, siblings);
  for (const output of outputs.values()) {
    if (!output.program && output.lang === 'ts' && !output.lines.some(({ text }) => /^\s*(import|export)\b/.test(text))) {
      output.lines.push(ownLine('export {};'));
    }
  }
  return { outputs: [...outputs.values()], fileOf, indentOf, siblings };
}

/** A line that no chunk has. */
function ownLine(text: string): OutputLine {
  return { text, chunk: null, index: 0, indent: 0 };
}

function chain(list: readonly Chunk[], siblings: Linked['siblings']): void {
  for (const [index, chunk] of list.entries()) {
    siblings.set(chunk, { previous: list[index - 1] ?? null, next: list[index + 1] ?? null });
  }
}
