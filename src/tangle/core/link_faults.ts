/** Every fault that shows only between chunks. */
import { codePlace } from './chunks.ts';
import type { Chunk } from './chunks.ts';
import { piecesFor } from './link_state.ts';
import type { LinkState } from './link_state.ts';
import { nearest } from './problems.ts';
import type { Slot } from './slots.ts';
import type { Note, Problem, ProblemCode, Span } from './types.ts';

type Place = keyof Chunk['columns'] | Slot;

/** Where a word of a chunk's info string stands, or a slot of its code. */
function spanOf(chunk: Chunk, at: Place): Span {
  const file = chunk.chapter.path;
  if (typeof at !== 'string') {
    return { file, ...codePlace(chunk.fence, at.index, at.indent.length), length: chunk.lines[at.index].trim().length };
  }
  const value = at === 'marker' ? chunk.id : (chunk[at] ?? '');
  return { file, line: chunk.fence.line, column: chunk.columns[at], length: value.length };
}

function note(chunk: Chunk, at: Place, message: string): Note {
  return { ...spanOf(chunk, at), message };
}

function here(chunk: Chunk): Note {
  return note(chunk, 'marker', `${chunk.id} stands here`);
}

/** Adds a problem. */
function fault(
  problems: Problem[],
  chunk: Chunk,
  at: Place,
  code: ProblemCode,
  message: string,
  help: string,
  notes: readonly Note[] = [],
): void {
  problems.push({ ...spanOf(chunk, at), code, message, help, ...(notes.length > 0 && { notes }) });
}

/** Names that some file systems take for the same are the same here. */
function fold(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** Drops duplicates and chunks that define a file differently, each with a problem. */
export function unique(all: readonly Chunk[], problems: Problem[]): Chunk[] {
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
          `chunk ${chunk.id} has two files, ${earlier.file} and ${chunk.file}`,
          'Give one of the two a name after a dot, or the same file= and another name.',
          [note(earlier, 'file', 'the other is named here')],
        );
      } else {
        fault(
          problems,
          chunk,
          'marker',
          'duplicate-chunk',
          `duplicate chunk ${chunk.id}`,
          `Give it a name of its own after the dot, as in ${chunk.marker}.${chunk.suffix === '' ? 'helpers' : `${chunk.suffix}-2`}.`,
          [note(earlier, 'marker', 'it stands here already')],
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
        `${chunk.file} and ${first.file} differ only in case, or in how an accent is spelt`,
        'Write both the same way.',
        [note(first, 'file', 'the other is named here')],
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
export function checkFolders(chunks: readonly Chunk[], problems: Problem[]): void {
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
        `${file.file} is a folder here, and a file elsewhere`,
        'Give one of them another name.',
        [note(file, 'file', 'here it is a file')],
      );
    }
  }
}

/** Unknown targets, and targets in another language. */
export function checkTargets(chunks: readonly Chunk[], { byId, faulty, problems }: LinkState): void {
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
        meant ? `Did you mean ${meant}?` : 'Name a chunk that some chapter has.',
        meant ? [here(byId.get(meant)!)] : [],
      );
    } else if (target.lang !== chunk.lang) {
      fault(
        problems,
        chunk,
        key,
        'bad-language',
        `${chunk.id} is in the language "${chunk.lang}", and ${target.id} in "${target.lang}"`,
        'Both must be in the same language.',
        [here(target)],
      );
    }
  }
}

/** Chunks that reach themselves by into= and replaces=. */
export function checkCycles(chunks: readonly Chunk[], { byId, problems }: LinkState): void {
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
    const key = (member: Chunk): 'into' | 'replaces' => (member.kind === 'patch' ? 'replaces' : 'into');
    fault(
      problems,
      chunk,
      key(chunk),
      'circular-chunk',
      `circular chunk: ${[...cycle, chunk].map(({ id }) => id).join(' goes into ')}`,
      'One of them must go into a chunk that has file=.',
      cycle.slice(1).map((member) => note(member, key(member), `${member.id} goes into ${member[key(member)]} here`)),
    );
  }
}

/** Slots and pieces that do not meet. */
export function checkSlots(chunks: readonly Chunk[], state: LinkState): void {
  const { byId, faulty, problems } = state;
  const faultyNames = new Set([...faulty].map((id) => id.split('.')[1]));
  for (const chunk of chunks) {
    const names = new Map<string, Slot>();
    for (const slot of chunk.slots) {
      const first = names.get(slot.name);
      if (first) {
        fault(
          problems,
          chunk,
          slot,
          'duplicate-chunk',
          `${chunk.id} has the slot <<${slot.name}>> twice`,
          'Give the second one another name and pieces of its own.',
          [note(chunk, first, 'the first one')],
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
            ? `Write into=${chunk.id} there, or remove the line.`
            : `Write a chunk ${chunk.marker}.${slot.name} into=${chunk.id}, or remove the line.`,
          stray ? [note(stray, 'into', `${stray.id} goes into ${stray.into}`)] : [],
        );
      }
      if (!first) names.set(slot.name, slot);
    }
    const target = chunk.kind === 'piece' ? byId.get(chunk.into!) : undefined;
    if (target && chunk.suffix !== '' && !target.slots.some(({ name }) => name === chunk.suffix)) {
      const other = chunks.find((candidate) => candidate.slots.some(({ name }) => name === chunk.suffix));
      const slot = other?.slots.find(({ name }) => name === chunk.suffix);
      const mark = chunk.lang === 'asm' ? '#' : '//';
      fault(
        problems,
        chunk,
        'into',
        'piece-without-slot',
        `piece ${chunk.id} has no slot: ${target.id} has no line "${mark} <<${chunk.suffix}>>"`,
        other
          ? `Write into=${other.id}.`
          : target.slots.length > 0
            ? `Its slots are ${target.slots.map(({ name }) => `<<${name}>>`).join(', ')}.`
            : `Put the line into ${target.id}, where the piece belongs.`,
        [here(target), ...(other && slot ? [note(other, slot, `${other.id} has that slot`)] : [])],
      );
    }
  }
}

/** Which patches apply in the variant. */
export function choosePatches(chunks: readonly Chunk[], variant: readonly string[], { patches, problems }: LinkState): void {
  for (const marker of variant) {
    const mine = chunks.filter(({ variant: only, id }) => only !== null && (only === marker || id === marker));
    if (mine.length === 0) {
      const meant = [...new Set(chunks.flatMap(({ variant: only }) => only ?? []))];
      problems.push({
        file: '--with',
        line: 1,
        column: 1,
        length: 0,
        code: 'unknown-chunk',
        message: `there is no patch ${marker}`,
        help: meant.length > 0 ? `The patches are ${meant.join(', ')}.` : 'No chapter has a chunk with replaces=.',
      });
    }
    for (const patch of mine.filter(({ kind }) => kind === 'patch')) {
      const other = patches.get(patch.replaces!);
      if (other === patch) continue;
      if (other) {
        fault(
          problems,
          patch,
          'replaces',
          'patch-conflict',
          `${patch.id} and ${other.id} both replace ${patch.replaces}`,
          'Build one variant at a time, or let one replace the other.',
          [note(other, 'replaces', `${other.id} does it here`)],
        );
      } else patches.set(patch.replaces!, patch);
    }
  }
}
