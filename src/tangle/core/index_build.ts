/** Builds the chunk index from a linked tour. */
import type { Chapter, Chunk, Tour } from './chunks.ts';
import type { Linked, Output } from './link.ts';
import { countHead } from './imports.ts';
import { readNames } from './tokens.ts';
import type { FileNames } from './tokens.ts';
import type { ChunkEntry, ChunkIndex, FileEntry, IdentifierEntry, LineRange, LineRun, MarkerEntry, TangleConfig } from './types.ts';

/** An output with its runs, and the names in it. */
export interface MappedOutput {
  output: Output;
  sources: Chapter[];
  runs: LineRun[];
  names: FileNames;
}

/** Reads names once per distinct text of a file: a watching process calls this at every change. */
export class NameReader {
  #known = new Map<string, { text: string; names: FileNames }>();

  read(output: Output, text: string): FileNames {
    const known = this.#known.get(output.path);
    if (known?.text === text) return known.names;
    const names = readNames(
      output.lines.map((line) => line.text),
      output.lang,
    );
    this.#known.set(output.path, { text, names });
    return names;
  }
}

/** Builds the index. */
export function buildIndex(
  tour: Tour,
  linked: Linked,
  mapped: readonly MappedOutput[],
  variant: readonly string[],
  config: TangleConfig,
): ChunkIndex {
  const chunks = tour.chunks;
  const ranges = outputRanges(chunks, mapped);
  const identifiers = buildIdentifiers(mapped, config);
  const order = new Map(chunks.map((chunk, index) => [chunk.id, index]));
  for (const { entry } of identifiers.all) entry.usedIn.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  return {
    version: 1,
    with: [...variant],
    chunks: chunks.map((chunk): ChunkEntry => {
      const beside = linked.siblings.get(chunk);
      return {
        id: chunk.id,
        marker: chunk.marker === '' ? null : chunk.marker,
        kind: chunk.kind,
        part: chunk.letter === '' ? null : chunk.letter,
        file: linked.fileOf.get(chunk) ?? null,
        chapter: chunk.chapter.path,
        lines: { from: chunk.fence.first, to: chunk.fence.first + chunk.fence.count - 1 },
        fenceLine: chunk.fence.line,
        output: ranges.get(chunk) ?? [],
        lang: chunk.lang,
        hidden: chunk.hidden,
        imports: countHead(chunk),
        into: chunk.into,
        replaces: chunk.replaces,
        variant: chunk.variant,
        slots: chunk.slots.map(({ name }) => name),
        defines: identifiers.defines.get(chunk.id) ?? [],
        uses: identifiers.uses.get(chunk.id) ?? [],
        continues: { previous: beside?.previous?.id ?? null, next: beside?.next?.id ?? null },
      };
    }),
    markers: buildMarkers(chunks),
    identifiers: identifiers.all
      .map(({ entry }) => entry)
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.file < b.file ? -1 : 1)),
    files: mapped.map(
      ({ output, sources, runs }): FileEntry => ({
        path: output.path,
        lang: output.lang,
        program: output.program,
        chunks: output.chunks.map(({ id }) => id),
        sources: sources.map(({ path }) => path),
        lineMap: runs,
      }),
    ),
  };
}

function outputRanges(chunks: readonly Chunk[], mapped: readonly MappedOutput[]): Map<Chunk, LineRange[]> {
  const ranges = new Map<Chunk, LineRange[]>();
  for (const { runs } of mapped) {
    for (const { out, count, chunk } of runs) {
      const list = ranges.get(chunks[chunk]) ?? [];
      const last = list.at(-1);
      if (last && last.to + 1 === out) last.to = out + count - 1;
      else list.push({ from: out, to: out + count - 1 });
      ranges.set(chunks[chunk], list);
    }
  }
  return ranges;
}

function buildMarkers(chunks: readonly Chunk[]): MarkerEntry[] {
  const markers = new Map<string, MarkerEntry>();
  for (const chunk of chunks) {
    if (chunk.marker === '') continue;
    const known = markers.get(chunk.marker);
    if (known) known.chunks.push(chunk.id);
    else markers.set(chunk.marker, { marker: chunk.marker, chapter: chunk.chapter.path, line: chunk.fence.line, chunks: [chunk.id] });
  }
  return [...markers.values()];
}

interface Names {
  defines: Map<string, string[]>;
  uses: Map<string, { name: string; chunk: string }[]>;
  all: { entry: IdentifierEntry }[];
}

function buildIdentifiers(mapped: readonly MappedOutput[], config: TangleConfig): Names {
  const defines: Names['defines'] = new Map();
  const uses: Names['uses'] = new Map();
  const all: { entry: IdentifierEntry; asm: boolean }[] = [];
  const byFile = new Map<string, Map<string, IdentifierEntry>>();
  const asmGlobals = new Map<string, IdentifierEntry>();
  const chunkAt = mapped.map(
    ({ output }) =>
      (line: number): string | null =>
        output.lines[line - 1]?.chunk?.id ?? null,
  );

  for (const [number, { output, names }] of mapped.entries()) {
    if (!output.program) continue;
    const known = new Map<string, IdentifierEntry>();
    byFile.set(output.path, known);
    for (const { name, line } of names.declares) {
      const chunk = chunkAt[number](line);
      if (chunk === null || known.has(name)) continue;
      const entry: IdentifierEntry = { name, file: output.path, definedIn: chunk, usedIn: [] };
      known.set(name, entry);
      all.push({ entry, asm: output.lang === 'asm' });
      const list = defines.get(chunk);
      if (list) list.push(name);
      else defines.set(chunk, [name]);
      if (output.lang === 'asm' && !asmGlobals.has(name)) asmGlobals.set(name, entry);
    }
  }
  for (const [number, { output, names }] of mapped.entries()) {
    const own = byFile.get(output.path);
    const seen = new Set<string>();
    for (const { name, line } of names.mentions) {
      const chunk = chunkAt[number](line);
      if (chunk === null) continue;
      let entry = own?.get(name);
      const imported = names.imports.get(name);
      if (!entry && imported) entry = byFile.get(resolve(output.path, imported.from, config))?.get(imported.name);
      if (!entry && output.lang === 'asm') entry = asmGlobals.get(name);
      if (!entry || entry.definedIn === chunk) continue;
      const key = `${chunk} ${entry.definedIn} ${name}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const use = { name: entry.name, chunk: entry.definedIn };
      const list = uses.get(chunk);
      if (list) list.push(use);
      else uses.set(chunk, [use]);
      if (output.program && !entry.usedIn.includes(chunk)) entry.usedIn.push(chunk);
    }
  }
  return { defines, uses, all };
}

/** The extracted file that an import names, or something that is none. */
function resolve(from: string, specifier: string, config: TangleConfig): string {
  if (specifier.startsWith(config.importPrefix)) return specifier.slice(config.importPrefix.length);
  if (!specifier.startsWith('.')) return '';
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
