import type { LguestProgram } from './program.ts';

/** What a program calls its numbers. */
export interface ProgramNames {
  /** A hypercall: `SET_PTE`. */
  readonly hypercall: (nr: number) => string;
  /** A request to /dev/lguest: `BREAK`. */
  readonly request: (nr: number) => string;
}

/** The names in a program's tables; a number that stands in none is `#7`. */
export function namesOf({ hypercalls, requests }: Pick<LguestProgram, 'hypercalls' | 'requests'>): ProgramNames {
  return { hypercall: namer(hypercalls), request: namer(requests) };
}

function namer(table: Readonly<Record<string, number>>): (nr: number) => string {
  const names: string[] = [];
  for (const [name, nr] of Object.entries(table)) names[nr] = name;
  return (nr) => names[nr] ?? `#${nr}`;
}
