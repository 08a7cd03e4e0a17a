/** Recorded runs: a first line that says what world it was, a line for each input, and perhaps a last one that says how it ended. */
import { formatInput, parseInput } from '#world';
import type { InputEntry, World } from '#world';

/** The first line. */
export interface RecordedWorld {
  lguest: 'input log 1';
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
  end: { at: number; step: number; time: number; state: string };
}

export interface Recording {
  world: RecordedWorld;
  inputs: InputEntry[];
  end: RecordedEnd['end'] | null;
}

/** Reads a recording. @throws Error with a sentence that names the line */
export function parseRecording(text: string): Recording {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const world = json(lines[0] ?? '') as RecordedWorld | null;
  if (world?.lguest !== 'input log 1' || !Array.isArray(world.guests) || !Array.isArray(world.files) || !Array.isArray(world.disks))
    throw new Error('line 1: not a recording of lguest');
  const last = json(lines.at(-1) ?? '') as RecordedEnd | null;
  const end = lines.length > 1 && last?.end !== undefined ? last.end : null;
  const inputs = lines.slice(1, end === null ? undefined : -1).map((line, i) => {
    try {
      return parseInput(line);
    } catch (error) {
      throw new Error(`line ${i + 2}: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  return { world, inputs, end };
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

export function endLine(world: World): string {
  const end: RecordedEnd = { end: { ...world.place(), state: world.stateHash() } };
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
