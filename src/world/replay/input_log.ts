/** What came from outside, and where in the run: with it the same world makes the same run, to the bit. */
import type { OutsideInput } from '#hostos';
import type { Place } from '../timeline/place.ts';

/** One input, at its place. */
export interface InputEntry extends Place {
  readonly input: OutsideInput;
}

/** What is to be replayed belongs to another run. */
export class InputMisfit extends Error {
  override readonly name = 'InputMisfit';
}

/** An entry as a line of text (JSON; bytes in base 64). */
export function formatInput({ at, step, time, line, input }: InputEntry): string {
  return JSON.stringify({ at, step, time, line, input: 'bytes' in input ? { ...input, bytes: toBase64(input.bytes) } : input });
}

/** What a member can be. Undefined: it is not that. */
const READERS = {
  number: (value: unknown) => (isCount(value) ? value : undefined),
  positive: (value: unknown) => (isCount(value) && value > 0 ? value : undefined),
  string: (value: unknown) => (typeof value === 'string' ? value : undefined),
  bytes: (value: unknown) => (typeof value === 'string' ? fromBase64(value) : undefined),
} as const;

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The kinds of input, with the members that each must have beside its kind. */
const MEMBERS: Readonly<Record<OutsideInput['kind'], Readonly<Record<string, keyof typeof READERS>>>> = {
  keys: { tty: 'number', bytes: 'bytes' },
  'end-of-keys': { tty: 'number' },
  'disk-chunk': { path: 'string', id: 'number', bytes: 'bytes' },
  'disk-done': { path: 'string', id: 'number' },
  'disk-error': { path: 'string', id: 'number', error: 'number' },
  frame: { interface: 'string', bytes: 'bytes' },
  date: { sec: 'number', nsec: 'number' },
  clock: { ahead: 'number', rate: 'positive' },
};

/** The reverse of {@link formatInput}. @throws Error with a sentence where the line is not such an entry */
export function parseInput(line: string): InputEntry {
  let entry: Partial<Record<string, unknown>>;
  try {
    entry = Object(JSON.parse(line)) as typeof entry;
  } catch {
    throw new Error('not a line of JSON');
  }
  const { at, step, time, line: lines } = entry;
  const place = [at, step, time, lines].map((number) => {
    if (!isCount(number)) throw new Error('an input without its place (at, step, time, line)');
    return number;
  });
  const from = Object(entry.input) as Partial<Record<string, unknown>>;
  const kind = String(from.kind);
  if (!Object.hasOwn(MEMBERS, kind)) throw new Error('no known kind of input');
  const members = MEMBERS[kind as OutsideInput['kind']];
  const input: Record<string, unknown> = { kind };
  for (const [name, type] of Object.entries(members)) {
    const value = READERS[type](from[name]);
    if (value === undefined) throw new Error(`an input of kind ${kind} without ${name}`);
    input[name] = value;
  }
  if (kind === 'keys' && from.more === true) input.more = true;
  return { at: place[0], step: place[1], time: place[2], line: place[3], input: input as unknown as OutsideInput };
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    throw new Error('bytes that are not base 64');
  }
}
