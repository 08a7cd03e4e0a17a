import { Assembler } from './assembler.ts';
import { elfImage } from './elf.ts';
import { PROGRAM_HEADERS, programImage, PROGRAM_PAGE } from './elf_program.ts';
import { constantOf, evaluate, type Resolve } from './expressions.ts';
import { gather, placeSections, resolver, sectionBytes, type Complain, type LaidSection } from './layout.ts';
import { listingOf } from './listing.ts';
import { relax } from './relax.ts';
import type { AsmSymbol } from './object.ts';
import type { AssembleOptions, Assembly, Diagnostic, LineEntry, PlacedSection, Source, SymbolInfo } from './types.ts';

/** Subsection of .bss behind all that a source can name. */
const COMMONS = 8193;

/** `.comm` symbols: after everything else in .bss, as a linker puts them. */
function placeCommons(assembler: Assembler): void {
  for (const symbol of assembler.symbols.byName.values()) {
    if (symbol.common && !symbol.position) assembler.reserve(symbol, symbol.common.size, symbol.common.alignment, COMMONS);
  }
}

function symbolInfo(symbol: AsmSymbol, resolve: Resolve): SymbolInfo | null {
  const section = baseSection(symbol);
  const value = symbol.value ? evaluate(symbol.value, resolve) : symbol.position ? resolve(symbol) : '';
  if (typeof value === 'string') return null;
  const size = symbol.size ? evaluate(symbol.size, resolve) : 0n;
  return {
    name: symbol.name,
    value: Number(BigInt.asUintN(32, value)),
    section,
    global: symbol.global,
    type: symbol.type,
    size: typeof size === 'string' ? 0 : Number(size),
  };
}

/** The section of a label, or of the label an assigned symbol stands for; null for an absolute value. */
function baseSection(symbol: AsmSymbol, depth = 0): string | null {
  if (symbol.section) return symbol.section.name;
  const value = symbol.value;
  if (depth > 20 || value?.kind !== 'sum' || value.terms.length !== 1) return null;
  return baseSection(value.terms[0].symbol as AsmSymbol, depth + 1);
}

function lineEntries(image: readonly LaidSection[]): LineEntry[] {
  const entries: LineEntry[] = [];
  for (const { section, address, size } of image) {
    const marks = section.marks
      .map((m) => ({ ...m, address: address + m.fragment.address + m.offset }))
      .sort((a, b) => a.address - b.address);
    marks.forEach((mark, i) => {
      const end = marks[i + 1]?.address ?? address + size;
      if (end === mark.address) return;
      const via = mark.via ? { via: { source: mark.via.source, line: mark.via.line } } : {};
      entries.push({ address: mark.address, length: end - mark.address, source: mark.location.source, line: mark.location.line, ...via });
    });
  }
  return entries.sort((a, b) => a.address - b.address);
}

/**
 * Assembles `sources`, one after the other as one unit, and places the result as one image. Never throws for bad
 * input: every mistake found is in `errors`, with its place.
 */
export function assemble(sources: readonly Source[], options: AssembleOptions = {}): Assembly {
  const assembler = new Assembler(options);
  for (const source of sources) assembler.source(source);
  placeCommons(assembler);

  const reported = new Set<string>();
  const complain: Complain = (message, location) => {
    const key = `${message}@${location.source}:${location.line}`;
    if (reported.size < 100 && !reported.has(key)) assembler.report('error', message, 0, location);
    reported.add(key);
  };
  const first = { source: sources[0]?.name ?? '', line: 1, column: 1 };
  const laid = gather(assembler.sections.values());
  relax(laid, complain);
  for (const { section, size } of laid) {
    if (section.allocated || size === 0 || /^\.(?:comment|note|debug|stab)/.test(section.name)) continue;
    assembler.report('warning', `section '${section.name}' has no flag "a": its ${size} bytes are not in the image`, 0, section.location);
  }
  const { base = 0, paged = false } = options;
  const complainAtFirst = (message: string): void => complain(message, first);
  const image = paged
    ? placeSections(laid, base + PROGRAM_HEADERS, {}, complainAtFirst, PROGRAM_PAGE)
    : placeSections(laid, base, options.sections ?? {}, complainAtFirst);
  const resolve = resolver(laid);

  const sections = image.map((entry): PlacedSection => {
    const { name, alignment, executable, writable, nobits } = entry.section;
    return {
      name,
      address: entry.address,
      size: entry.size,
      alignment,
      allocated: true,
      executable,
      writable,
      nobits,
      bytes: sectionBytes(entry, resolve, complain),
    };
  });
  const symbols = new Map<string, SymbolInfo>();
  for (const symbol of assembler.symbols.byName.values()) {
    const info = symbolInfo(symbol, resolve);
    if (info) symbols.set(symbol.name, info);
    else if (symbol.value && constantOf(symbol.value) === null) complain(String(evaluate(symbol.value, resolve)), symbol.location ?? first);
  }
  const entry = entryPoint(options, symbols, sections, complainAtFirst);
  const lines = lineEntries(image);
  const of = (severity: string): Diagnostic[] => assembler.diagnostics.filter((d) => d.severity === severity);
  const errors = of('error');
  return {
    ok: errors.length === 0,
    errors,
    warnings: of('warning'),
    sections,
    symbols,
    lines,
    entry,
    image: { segments: sections.map((s) => ({ address: s.address, bytes: s.bytes, memsize: s.size })) },
    elf: () =>
      paged
        ? programImage(sections, base, entry)
        : elfImage(
            sections,
            [...symbols.values()].filter((s) => !s.name.startsWith('.L')),
            entry,
            options.physicalOffset ?? 0,
          ),
    listing: () => listingOf(sources, sections, lines),
  };
}

function entryPoint(
  options: AssembleOptions,
  symbols: ReadonlyMap<string, SymbolInfo>,
  sections: readonly PlacedSection[],
  complain: (message: string) => void,
): number {
  if (typeof options.entry === 'number') return options.entry >>> 0;
  const named = symbols.get(options.entry ?? '_start');
  if (named) return named.value;
  if (options.entry !== undefined) complain(`entry point '${options.entry}' is not defined`);
  return sections[0]?.address ?? 0;
}
