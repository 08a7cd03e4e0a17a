/** What came from outside, and where in the run: with it the same world makes the same run, to the bit. */
import type { OutsideInput, RunPlace } from '#hostos';

/** One input, at its place. */
export interface InputEntry extends RunPlace {
  readonly input: OutsideInput;
}

/** An entry as a line of text (JSON; bytes in base 64). */
export function formatInput({ at, step, time, input }: InputEntry): string {
  return JSON.stringify({ at, step, time, input: 'bytes' in input ? { ...input, bytes: toBase64(input.bytes) } : input });
}

/** The kinds of input, with the members that each must have beside its kind. */
const MEMBERS: Readonly<Record<OutsideInput['kind'], Readonly<Record<string, 'number' | 'string' | 'bytes'>>>> = {
  keys: { tty: 'number', bytes: 'bytes' },
  'end-of-keys': { tty: 'number' },
  'disk-chunk': { path: 'string', id: 'number', bytes: 'bytes' },
  'disk-done': { path: 'string', id: 'number' },
  'disk-error': { path: 'string', id: 'number', error: 'number' },
  frame: { interface: 'string', bytes: 'bytes' },
};

/** The reverse of {@link formatInput}. @throws Error with a sentence where the line is not such an entry */
export function parseInput(line: string): InputEntry {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw new Error('not a line of JSON');
  }
  const { at, step, time } = entry;
  const place = [at, step, time].map((number) => {
    if (typeof number !== 'number' || !Number.isInteger(number) || number < 0)
      throw new Error('an input without its place (at, step, time)');
    return number;
  });
  const from = entry.input as Record<string, unknown> | undefined;
  const members = MEMBERS[from?.kind as OutsideInput['kind']];
  if (from === undefined || members === undefined) throw new Error('no known kind of input');
  const input: Record<string, unknown> = { kind: from.kind };
  for (const [name, type] of Object.entries(members)) {
    const value = from[name];
    if (typeof value !== (type === 'bytes' ? 'string' : type)) throw new Error(`an input of kind ${String(from.kind)} without ${name}`);
    input[name] = type === 'bytes' ? fromBase64(value as string) : value;
  }
  return { at: place[0], step: place[1], time: place[2], input: input as unknown as OutsideInput };
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
