/** Recorded runs: a first line that says what world it was, a line for each input, and perhaps a last one that says how it ended. */
import { formatInput, parseInput } from '#world';
import type { InputEntry, Place, World } from '#world';

/** The first line. */
export interface RecordedWorld {
  lguest: 'input log 2';
  guests: string[][];
  seed: number;
  tty: boolean;
  wires: string[];
  bridges: string[];
  /** Files that the run began with, each with a digest of its bytes. */
  files: { path: string; digest: string }[];
  /** Disks as they were: their bytes, as far as they were read, are among the inputs. */
  disks: { path: string; length: number; readOnly: boolean }[];
}

/** The last line: the place of the end, and what the machine was like. */
export interface RecordedEnd {
  /** `asked`: nobody's end, only as far as the run was to go. */
  end: Place & { state: string; asked?: true };
}

export interface Recording {
  world: RecordedWorld;
  inputs: InputEntry[];
  end: RecordedEnd['end'] | null;
  /** The last line was cut off. */
  cut: boolean;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isList = (value: unknown, of: (one: unknown) => boolean): boolean => Array.isArray(value) && value.every(of);
/** Have all in a list these members, of these types? */
const haveAll = (value: unknown, members: Readonly<Record<string, string>>): boolean =>
  isList(value, (one) => Object.entries(members).every(([name, type]) => typeof (Object(one) as Record<string, unknown>)[name] === type));

/** Is this a whole first line? */
function isRecordedWorld(line: unknown): line is RecordedWorld {
  const { lguest, guests, seed, tty, wires, bridges, files, disks } = Object(line) as Partial<Record<keyof RecordedWorld, unknown>>;
  return (
    lguest === 'input log 2' &&
    isList(guests, (guest) => isList(guest, isText)) &&
    Number.isSafeInteger(seed) &&
    typeof tty === 'boolean' &&
    isList(wires, isText) &&
    isList(bridges, isText) &&
    haveAll(files, { path: 'string', digest: 'string' }) &&
    haveAll(disks, { path: 'string', length: 'number', readOnly: 'boolean' })
  );
}

/** Reads a recording. @throws Error with a sentence that names the line */
export function parseRecording(text: string): Recording {
  const lines = text.split('\n');
  // Every line was written with its end: one without was perhaps cut off, as when the process was killed.
  const last = lines.pop() ?? '';
  const cut = last !== '' && json(last) === null && lines.length > 0;
  if (last !== '' && !cut) lines.push(last);
  const world = json(lines[0] ?? text);
  if (!isRecordedWorld(world)) {
    const version = String((Object(world) as { lguest?: unknown }).lguest);
    const other = /^input log (?!2$)\d+$/.test(version) ? version : null;
    throw new Error(other === null ? 'line 1: not a recording of lguest' : `line 1: a recording of another lguest (${other})`);
  }
  const final = Object(json(lines.at(-1) ?? '')) as Partial<RecordedEnd>;
  const end = lines.length > 1 && typeof final.end?.state === 'string' ? final.end : null;
  const inputs = lines.slice(1, end === null ? undefined : -1).map((line, i) => {
    try {
      return parseInput(line);
    } catch (error) {
      throw new Error(`line ${i + 2}: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  return { world, inputs, end, cut };
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** @param asked the run was to go no farther */
export function endLine(world: World, asked: boolean): string {
  const end: RecordedEnd = { end: { ...world.place(), state: world.stateHash(), ...(asked && { asked }) } };
  return `${JSON.stringify(end)}\n`;
}

export function inputLine(entry: InputEntry): string {
  return `${formatInput(entry)}\n`;
}

/** A digest of a file's bytes: 64 bits of FNV-1a, enough to notice that it is another file. */
export function digestOf(bytes: Uint8Array): string {
  let [high, low] = [0xcbf29ce4, 0x84222325];
  for (const byte of bytes) {
    low ^= byte;
    // Times 2^40 + 0x1b3, modulo 2^64.
    const product = (low >>> 0) * 0x1b3;
    high = (Math.imul(high, 0x1b3) + Math.floor(product / 2 ** 32) + (low << 8)) | 0;
    low = product | 0;
  }
  return [high, low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
