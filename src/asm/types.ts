/** One assembly source: a name for messages and listings, and its text. */
export interface Source {
  /** As messages and listings are to call it. */
  readonly name: string;
  readonly text: string;
}

/** A place in a source; lines and columns count from 1. */
export interface Location {
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

/** An error or warning. `via` is the outermost macro call or `.include` that led there, if any. */
export type Diagnostic = Location & { readonly severity: 'error' | 'warning'; readonly message: string; readonly via?: Location };

/** How to assemble and place one image. Addresses are unsigned 32-bit. */
export interface AssembleOptions {
  /** Address of the first section placed (default 0); the others follow, each on its own alignment. */
  readonly base?: number;
  /** Fixed addresses of sections, by name; a section not named here follows the one before it. */
  readonly sections?: Readonly<Record<string, number>>;
  /** Entry point: a symbol or an address. Default: `_start` if defined, else the first section's start. */
  readonly entry?: string | number;
  /** Subtracted from an address to get the physical address in the ELF program headers (default 0). */
  readonly physicalOffset?: number;
  /** Finds the text for `.include "name"`; null when there is none. */
  readonly include?: (name: string, from: string) => Source | null;
  /** Finds the bytes for `.incbin "name"`; null when there are none. */
  readonly includeBytes?: (name: string, from: string) => Uint8Array | null;
  /**
   * As a program for ring 3 (default: no): code and constants behind the file's headers, which are loaded with them, and data on pages of its own, so that each page has one
   * kind of access. Addresses and places in the file agree within a page, as those want it who map the file.
   */
  readonly paged?: boolean;
  /** Symbols defined before the first line, as with `--defsym`. */
  readonly define?: Readonly<Record<string, number>>;
}

/** A section as placed. */
export interface PlacedSection {
  /** `.text`, `.data` … */
  readonly name: string;
  /** Of its first byte. */
  readonly address: number;
  readonly bytes: Uint8Array;
  /** Bytes in memory. */
  readonly size: number;
  /** A power of two. */
  readonly alignment: number;
  /** In the image (flag `a`, and not empty). */
  readonly allocated: boolean;
  /** Flag `x`. */
  readonly executable: boolean;
  /** Flag `w`. */
  readonly writable: boolean;
  /** Occupies memory but no file bytes (`.bss`). */
  readonly nobits: boolean;
}

/** A symbol's value and nature. */
export interface SymbolInfo {
  readonly name: string;
  readonly value: number;
  /** Section name, or null for an absolute value. */
  readonly section: string | null;
  /** Declared `.globl`. */
  readonly global: boolean;
  readonly type: 'notype' | 'func' | 'object';
  readonly size: number;
}

/** Where the bytes at an address come from. */
export interface LineEntry {
  readonly address: number;
  readonly length: number;
  readonly source: string;
  readonly line: number;
  /** Outermost macro call the line was expanded from. */
  readonly via?: { readonly source: string; readonly line: number };
}

/** A run of memory to load: `bytes`, then zeros up to `memsize`. */
export interface Segment {
  readonly address: number;
  readonly bytes: Uint8Array;
  /** Bytes in memory, zeros included. */
  readonly memsize: number;
}

/** Everything an assembly yields. With errors, the rest describes as much as could be made out. */
export interface Assembly {
  /** There are no errors. */
  readonly ok: boolean;
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  /** All that were placed, in their order. */
  readonly sections: readonly PlacedSection[];
  /** By name. */
  readonly symbols: ReadonlyMap<string, SymbolInfo>;
  /** In address order. */
  readonly lines: readonly LineEntry[];
  /** Address of the entry point. */
  readonly entry: number;
  /** What to load. */
  readonly image: { readonly segments: readonly Segment[] };
  /** ELF32 executable: one PT_LOAD a section, symbol table included; of a paged program, one for each kind of access, and no more. */
  elf(): Uint8Array;
  /** Address, bytes and source line, as `as -al` prints. */
  listing(): string;
}
