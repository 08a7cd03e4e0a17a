import type { Conditional } from './conditionals.ts';
import type { Expression } from './expressions.ts';
import type { Macro } from './macros.ts';
import type { AsmSymbol, Fragment, Section } from './object.ts';
import type { Names } from './scanner.ts';
import type { SymbolTable } from './symbols.ts';
import type { AssembleOptions, Location } from './types.ts';

/** Where bytes go: a section and the subsection within it. */
export interface Destination {
  section: Section;
  subsection: number;
}

/** What directives see of the assembler. */
export interface AssemblerContext extends Names {
  readonly options: AssembleOptions;
  readonly symbols: SymbolTable;
  /** By name in lower case: macros have no case. */
  readonly macros: Map<string, Macro>;
  readonly conditionals: Conditional[];
  /** Some open `.if` has the present branch left out. */
  readonly skipping: boolean;
  section: Section;
  subsection: number;
  previous: Destination | null;
  readonly stack: (Destination & { previous: Destination | null })[];
  /** The statement at hand. */
  readonly location: Location;
  /** `.altmacro` is on. */
  alternate: boolean;
  /** Operands and addresses are 16 bits unless said otherwise: `.code16`. */
  code16: boolean;

  report(severity: 'error' | 'warning', message: string, column?: number, at?: Location): void;
  symbol(name: string): AsmSymbol;
  assign(name: string, value: Expression, once: boolean, column?: number): void;
  sectionNamed(name: string, flags?: string | null, nobits?: boolean): Section;
  enter(section: Section, subsection?: number): void;
  /** The fragment that takes the next byte. */
  fragment(): Fragment;
  /** Notes that the statement at hand owns the bytes from here. Called before a statement's first byte. */
  mark(): void;
  /** Gives a symbol zeros of its own at the end of a subsection of `.bss`. */
  reserve(symbol: AsmSymbol, size: number, alignment: number, inSubsection: number): void;
  emit(bytes: readonly number[]): void;
  setOrigin(target: Expression, fill: number): void;
}
