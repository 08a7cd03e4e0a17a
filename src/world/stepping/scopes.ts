/** What names stand for in expressions: of a line of TypeScript its variables; everywhere the registers and the first Guest's memory. */
import type { Frame } from '#tangle/runtime';
import type { GuestEye } from '../views/guest_eye.ts';
import type { Registers } from '../views/registers.ts';
import { Offered } from './expression.ts';
import type { Scope } from './expression.ts';

/** What is looked at. */
export interface Scene {
  readonly registers: () => Registers;
  readonly guest: () => GuestEye;
  /** The functions that have not returned, the latest first; none in machine code. */
  readonly frames: readonly Frame[];
}

/** `eax`, `eip` …; `byte(address)` and `word(address)` of the Guest's memory; and the variables of the latest function, which come first, and the constants of its file. */
export function scopeOf({ registers, guest, frames }: Scene): Scope {
  const [frame] = frames;
  const read = (bytes: number) => new Offered(([address]) => numberAt(guest().memory(Number(address) >>> 0, bytes), bytes));
  const offered: Readonly<Record<string, Offered>> = { byte: read(1), word: read(4) };
  let known: Readonly<Record<string, unknown>> | null = null;
  const places = (): readonly Readonly<Record<string, unknown>>[] => [
    ...(frame === undefined ? [] : [frame.variables, frame.constants]),
    (known ??= { ...registers() }),
    offered,
  ];
  const placeOf = (name: string): Readonly<Record<string, unknown>> | undefined => places().find((place) => Object.hasOwn(place, name));
  return { has: (name) => placeOf(name) !== undefined, get: (name) => placeOf(name)?.[name] };
}

function numberAt(bytes: Uint8Array | null, length: number): number | undefined {
  if (bytes === null || bytes.length < length) return undefined;
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}

/** The fields of an event as names, with the name of the hypercall that it is of, if it is of one. */
export function scopeOfEvent(event: object, name?: string): Scope {
  const fields: Readonly<Record<string, unknown>> = { ...event, ...(name !== undefined && { name }) };
  return { has: (one) => Object.hasOwn(fields, one), get: (one) => fields[one] };
}
