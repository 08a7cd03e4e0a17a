/** Joins chunks into files: tour order, slots, variants, and every fault that shows only between chunks. */
import { codePlace } from './chunks.ts';
import type { Chunk, Tour } from './chunks.ts';
import type { Slot } from './slots.ts';
import { nearest } from './problems.ts';
import type { Lang, Problem, ProblemCode } from './types.ts';

/** A line of an extracted file and where it comes from. */
export interface OutputLine {
  text: string;
  /** Null for a line of the tangler's own. */
  chunk: Chunk | null;
  /** Index of the line in the chunk. */
  index: number;
  /** Characters before its text that are not in the chapter: what slots put there, and spaces for a part of a tab. */
  indent: number;
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

/**
 * Links the chunks of a tour.
 * @param variant Markers whose patches apply, such as `M:014`.
 */
export function link(tour: Tour, variant: readonly string[] = []): Linked {
  const problems: Problem[] = [...tour.problems];
  const chunks = unique(tour.chunks, problems);
  const byId = new Map(chunks.map((chunk) => [chunk.id, chunk]));
  const state: State = { byId, pieces: new Map(), patches: new Map(), faulty: tour.faulty, problems };
  for (const chunk of chunks) {
    if (chunk.kind === 'piece') addTo(state.pieces, chunk.into!, chunk);
  }
  checkFolders(chunks, problems);
  checkTargets(chunks, state);
  checkCycles(chunks, state);
  checkSlots(chunks, state);
  choosePatches(chunks, variant, state);
  return { ...join(chunks, state), problems };
}

interface State {
  byId: Map<string, Chunk>;
  /** Pieces by the id of the chunk that takes them. */
  pieces: Map<string, Chunk[]>;
  /** The applied patch of each replaced chunk. */
  patches: Map<string, Chunk>;
  faulty: ReadonlySet<string>;
  problems: Problem[];
}

function addTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function fault(
  problems: Problem[],
  chunk: Chunk,
  at: keyof Chunk['columns'] | Slot,
  code: ProblemCode,
  message: string,
  help: string,
): void {
  const place =
    typeof at === 'string' ? { line: chunk.fence.line, column: chunk.columns[at] } : codePlace(chunk.fence, at.index, at.indent.length);
  problems.push({ file: chunk.chapter.path, ...place, code, message, help });
}

function where(chunk: Chunk): string {
  return `${chunk.chapter.path}:${chunk.fence.line}`;
}

/** Names that some file systems take for the same are the same here. */
function fold(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** Drops duplicates and chunks that define a file differently, each with a problem. */
function unique(all: readonly Chunk[], problems: Problem[]): Chunk[] {
  const seen = new Map<string, Chunk>();
  const files = new Map<string, Chunk>();
  return all.filter((chunk) => {
    const earlier = seen.get(chunk.id);
    if (earlier) {
      if (chunk.file !== null && earlier.file !== null && chunk.file !== earlier.file) {
        fault(
          problems,
          chunk,
          'file',
          'file-defined-differently',
          `chunk ${chunk.id} is in ${chunk.file} here and in ${earlier.file} at ${where(earlier)}`,
          'Give one of the two a name after a dot, or the same file= and another name.',
        );
      } else {
        fault(
          problems,
          chunk,
          'marker',
          'duplicate-chunk',
          `duplicate chunk ${chunk.id}: it stands at ${where(earlier)} already`,
          `Give it a name of its own after the dot, as in ${chunk.marker}.${chunk.suffix === '' ? 'helpers' : `${chunk.suffix}-2`}.`,
        );
      }
      return false;
    }
    seen.set(chunk.id, chunk);
    if (chunk.kind !== 'file') return true;
    const first = files.get(fold(chunk.file!));
    if (first && first.file !== chunk.file) {
      fault(
        problems,
        chunk,
        'file',
        'file-defined-differently',
        `${chunk.file} is ${first.file} at ${where(first)}: they differ only in case`,
        'Write both the same way.',
      );
      return false;
    }
    // Another language has another ending of the name, and the info string's fault says so.
    if (first && first.lang !== chunk.lang) return false;
    if (!first) files.set(fold(chunk.file!), chunk);
    return true;
  });
}

/** Files that others want to be folders. */
function checkFolders(chunks: readonly Chunk[], problems: Problem[]): void {
  const files = new Map<string, Chunk>();
  for (const chunk of chunks) if (chunk.kind === 'file' && !files.has(fold(chunk.file!))) files.set(fold(chunk.file!), chunk);
  for (const [path, chunk] of files) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const file = files.get(path.slice(0, end));
      if (!file) continue;
      fault(
        problems,
        chunk,
        'file',
        'file-defined-differently',
        `${file.file} is a folder here and a file at ${where(file)}`,
        'Give one of them another name.',
      );
    }
  }
}

/** Unknown targets, and targets in another language. */
function checkTargets(chunks: readonly Chunk[], { byId, faulty, problems }: State): void {
  for (const chunk of chunks) {
    const key = chunk.kind === 'piece' ? 'into' : chunk.kind === 'patch' ? 'replaces' : null;
    if (!key) continue;
    const target = byId.get(chunk[key]!);
    if (!target) {
      if (faulty.has(chunk[key]!)) continue;
      const meant = nearest(
        chunk[key]!,
        [...byId.values()].filter(({ kind }) => kind !== 'example').map(({ id }) => id),
      );
      fault(
        problems,
        chunk,
        key,
        'unknown-chunk',
        `unknown chunk ${chunk[key]}`,
        meant ? `Did you mean ${meant} (${where(byId.get(meant)!)})?` : 'Name a chunk that some chapter has.',
      );
    } else if (target.lang !== chunk.lang) {
      fault(
        problems,
        chunk,
        key,
        'bad-language',
        `${chunk.id} is in the language "${chunk.lang}" but ${target.id} (${where(target)}) in "${target.lang}"`,
        'Both must be in the same language.',
      );
    }
  }
}

/** Chunks that reach themselves by into= and replaces=. */
function checkCycles(chunks: readonly Chunk[], { byId, problems }: State): void {
  const reported = new Set<Chunk>();
  for (const start of chunks) {
    const path: Chunk[] = [];
    let chunk: Chunk | undefined = start;
    while (chunk && !path.includes(chunk)) {
      path.push(chunk);
      chunk = byId.get(chunk.into ?? chunk.replaces ?? '');
    }
    if (!chunk) continue;
    const cycle = path.slice(path.indexOf(chunk));
    if (cycle.some((member) => reported.has(member))) continue;
    for (const member of cycle) reported.add(member);
    fault(
      problems,
      chunk,
      chunk.kind === 'patch' ? 'replaces' : 'into',
      'circular-chunk',
      `circular chunk: ${[...cycle, chunk].map(({ id }) => id).join(' goes into ')}`,
      'One of them must go into a chunk that has file=.',
    );
  }
}

/** The pieces for a slot: those into the chunk itself or, for a patch, else those into the chunk it replaces. */
function piecesFor(chunk: Chunk, name: string, { byId, pieces }: State): Chunk[] {
  for (let owner: Chunk | undefined = chunk, steps = 0; owner && steps < 50; steps++) {
    const found = (pieces.get(owner.id) ?? []).filter((piece) => piece.suffix === name);
    if (found.length > 0) return found;
    owner = owner.kind === 'patch' ? byId.get(owner.replaces!) : undefined;
  }
  return [];
}

/** Slots and pieces that do not meet. */
function checkSlots(chunks: readonly Chunk[], state: State): void {
  const { byId, faulty, problems } = state;
  const faultyNames = new Set([...faulty].map((id) => id.split('.')[1]));
  for (const chunk of chunks) {
    const names = new Set<string>();
    for (const slot of chunk.slots) {
      if (names.has(slot.name)) {
        fault(
          problems,
          chunk,
          slot,
          'duplicate-chunk',
          `${chunk.id} has the slot <<${slot.name}>> twice`,
          'Give the second one another name and pieces of its own.',
        );
      } else if (piecesFor(chunk, slot.name, state).length === 0 && !faultyNames.has(slot.name)) {
        const stray = chunks.find((piece) => piece.kind === 'piece' && piece.suffix === slot.name);
        fault(
          problems,
          chunk,
          slot,
          'slot-without-piece',
          `the slot <<${slot.name}>> of ${chunk.id} has no piece`,
          stray
            ? `${stray.id} (${where(stray)}) goes into ${stray.into}: write into=${chunk.id} there, or remove the line.`
            : `Write a chunk ${chunk.marker}.${slot.name} into=${chunk.id}, or remove the line.`,
        );
      }
      names.add(slot.name);
    }
    const target = chunk.kind === 'piece' ? byId.get(chunk.into!) : undefined;
    if (target && chunk.suffix !== '' && !target.slots.some(({ name }) => name === chunk.suffix)) {
      const other = chunks.find((candidate) => candidate.slots.some(({ name }) => name === chunk.suffix));
      const mark = chunk.lang === 'asm' ? '#' : '//';
      fault(
        problems,
        chunk,
        'into',
        'piece-without-slot',
        `piece ${chunk.id} has no slot: ${target.id} (${where(target)}) has no line "${mark} <<${chunk.suffix}>>"`,
        other
          ? `${other.id} has that slot: write into=${other.id}.`
          : target.slots.length > 0
            ? `Its slots are ${target.slots.map(({ name }) => `<<${name}>>`).join(', ')}.`
            : `Put the line into ${target.id}, where the piece belongs.`,
      );
    }
  }
}

/** Which patches apply in the variant. */
function choosePatches(chunks: readonly Chunk[], variant: readonly string[], { patches, problems }: State): void {
  for (const marker of variant) {
    const mine = chunks.filter((chunk) => chunk.kind === 'patch' && (chunk.marker === marker || chunk.id === marker));
    if (mine.length === 0) {
      const meant = [...new Set(chunks.filter(({ kind }) => kind === 'patch').map((chunk) => chunk.marker))];
      problems.push({
        file: '--with',
        line: 1,
        column: 1,
        code: 'unknown-chunk',
        message: `there is no patch ${marker}`,
        help: meant.length > 0 ? `The patches are ${meant.join(', ')}.` : 'No chapter has a chunk with replaces=.',
      });
    }
    for (const patch of mine) {
      const other = patches.get(patch.replaces!);
      if (other === patch) continue;
      if (other) {
        fault(
          problems,
          patch,
          'replaces',
          'patch-conflict',
          `${patch.id} and ${other.id} (${where(other)}) both replace ${patch.replaces}`,
          'Build one variant at a time, or let one replace the other.',
        );
      } else patches.set(patch.replaces!, patch);
    }
  }
}

function join(chunks: readonly Chunk[], state: State): Omit<Linked, 'problems'> {
  const outputs = new Map<string, Output>();
  const fileOf = new Map<Chunk, string>();
  const indentOf = new Map<Chunk, string>();
  const siblings: Linked['siblings'] = new Map();
  const expand = (original: Chunk, output: Output, indent: string, active: Set<Chunk>): void => {
    let chunk = original;
    for (let patch = state.patches.get(chunk.id); patch && !active.has(patch); patch = state.patches.get(chunk.id)) chunk = patch;
    if (active.has(chunk)) return;
    active.add(chunk);
    output.chunks.push(chunk);
    fileOf.set(chunk, output.path);
    indentOf.set(chunk, indent);
    let slotIndex = 0;
    for (const [index, line] of chunk.lines.entries()) {
      const slot = chunk.slots[slotIndex];
      if (slot?.index === index) {
        slotIndex++;
        const pieces = piecesFor(chunk, slot.name, state);
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
    if (chunk.file === null) continue;
    let output = outputs.get(chunk.file);
    if (output) output.lines.push({ text: '', chunk: null, index: 0, indent: 0 });
    else {
      output = { path: chunk.file, lang: chunk.lang, program: chunk.kind !== 'example', lines: [], chunks: [] };
      outputs.set(chunk.file, output);
    }
    expand(chunk, output, '', new Set());
  }
  const roots = new Map<string, Chunk[]>();
  for (const chunk of chunks) if (chunk.kind === 'file') addTo(roots, chunk.file!, chunk);
  for (const list of roots.values()) chain(list, siblings);
  for (const output of outputs.values()) {
    if (!output.program && output.lang === 'ts' && !output.lines.some(({ text }) => /^\s*(import|export)\b/.test(text))) {
      output.lines.push({ text: 'export {};', chunk: null, index: 0, indent: 0 });
    }
  }
  return { outputs: [...outputs.values()], fileOf, indentOf, siblings };
}

function chain(list: readonly Chunk[], siblings: Linked['siblings']): void {
  for (const [index, chunk] of list.entries()) {
    siblings.set(chunk, { previous: list[index - 1] ?? null, next: list[index + 1] ?? null });
  }
}
