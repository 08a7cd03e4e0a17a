import type { Expression, Term } from './expressions.ts';
import type { Location } from './types.ts';

/** A value to be put into fixed bytes once every address is known. */
export interface Fixup {
  readonly offset: number;
  readonly size: 1 | 2 | 4 | 8;
  /** Relative to the byte after the field (`end` bytes of the instruction may follow it). */
  readonly relative: boolean;
  /** Bytes of the instruction after the field. */
  readonly trailing: number;
  readonly expression: Expression;
  readonly location: Location;
}

/** A jump to be relaxed: opcode bytes of both shapes. */
export interface Jump {
  readonly short: number;
  readonly near: readonly number[];
  /** Bytes of the near displacement. */
  readonly wide: 2 | 4;
  readonly target: Expression;
  readonly location: Location;
}

/**
 * A fragment: fixed bytes, then perhaps one part whose size is settled by relaxation.
 * `address` and `tailSize` are section-relative and belong to layout.ts.
 */
export interface Fragment {
  bytes: number[];
  fixups: Fixup[];
  tail: Tail | null;
  address: number;
  tailSize: number;
}

export type Tail =
  | { readonly kind: 'jump'; readonly jump: Jump; near: boolean }
  | {
      readonly kind: 'align';
      readonly alignment: number;
      /** null: instructions that do nothing, of 16-bit code where `code16` says so. */
      readonly fill: number | null;
      readonly fillSize: number;
      readonly most: number;
      readonly code16: boolean;
      readonly location: Location;
    }
  | { readonly kind: 'org'; readonly target: Expression; readonly fill: number; readonly location: Location }
  | { readonly kind: 'space'; readonly count: Expression; readonly unit: readonly number[]; readonly location: Location }
  | { readonly kind: 'leb128'; readonly value: Expression; readonly signed: boolean; readonly location: Location };

/** A mark that bytes from here on belong to a source line. */
export interface LineMark {
  readonly fragment: Fragment;
  readonly offset: number;
  readonly location: Location;
  readonly via: Location | undefined;
}

export interface Section {
  readonly name: string;
  allocated: boolean;
  executable: boolean;
  writable: boolean;
  nobits: boolean;
  alignment: number;
  /** Fragments by subsection number. */
  readonly subsections: Map<number, Fragment[]>;
  readonly marks: LineMark[];
  /** First mention. */
  readonly location: Location;
}

/** A symbol of the table; {@link Term} is the part expressions see. */
export type AsmSymbol = Term & {
  position: { readonly fragment: Fragment; readonly offset: number } | null;
  section: Section | null;
  global: boolean;
  weak: boolean;
  type: 'notype' | 'func' | 'object';
  size: Expression | null;
  /** `.local` was said of it: a `.comm` of it stays in this unit. */
  local: boolean;
  /** `.comm`: bytes and alignment, placed after .bss as a linker does. */
  common: { readonly size: number; readonly alignment: number } | null;
  /** Defined by `.set`, which may do so again. */
  assigned: boolean;
  /** First mention, for messages about undefined symbols. */
  readonly location: Location | null;
};

const NAMED: readonly [RegExp, string, boolean][] = [
  [/^\.(text|init|fini)(\.|$)/, 'ax', false],
  [/^\.(data|data1|init_array|fini_array|tdata)(\.|$)/, 'aw', false],
  [/^\.(bss|tbss)(\.|$)/, 'aw', true],
  [/^\.(rodata|rodata1)(\.|$)/, 'a', false],
];

/** Flags as the section's name implies them, unless `flags` says otherwise. */
export function makeSection(name: string, flags: string | null, nobits: boolean, location: Location): Section {
  const known = NAMED.find(([pattern]) => pattern.test(name));
  const letters = flags ?? known?.[1] ?? '';
  return {
    name,
    allocated: letters.includes('a'),
    executable: letters.includes('x'),
    writable: letters.includes('w'),
    nobits: nobits || (known?.[2] ?? false),
    alignment: 1,
    subsections: new Map(),
    marks: [],
    location,
  };
}

export function makeFragment(): Fragment {
  return { bytes: [], fixups: [], tail: null, address: 0, tailSize: 0 };
}

export function makeSymbol(name: string, assigned: boolean, location: Location | null): AsmSymbol {
  return {
    name,
    position: null,
    value: null,
    section: null,
    global: false,
    weak: false,
    local: false,
    type: 'notype',
    size: null,
    common: null,
    assigned,
    location,
  };
}
