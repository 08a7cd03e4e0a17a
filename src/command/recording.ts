/** Recorded runs: a first line that says what world it was, a line for each input, and perhaps a last one that says how it ended. */
import { formatInput, isMadeOf, parseInput } from '#world';
import type { InputEntry, MadeOf, Place, World } from '#world';

/** The first line. Of the disks, the bytes, as far as they were read, are among the inputs. */
export interface RecordedWorld extends MadeOf {
  lguest: 'input log 2';
}

/** The last line: the place of the end, and what the machine was like. */
export interface RecordedEnd {
  /** `asked`: nobody's end, only as far as the run was to go. `waits`: the Guest waits for something that will never come. */
  end: Place & { state: string; asked?: true; waits?: true };
}

export interface Recording {
  world: RecordedWorld;
  inputs: InputEntry[];
  end: RecordedEnd['end'] | null;
  /** The last line was cut off. */
  cut: boolean;
}

/** Is this a whole first line? */
function isRecordedWorld(line: unknown): line is RecordedWorld {
  return (Object(line) as { lguest?: unknown }).lguest === 'input log 2' && isMadeOf(line);
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

/** @param how the run was to go no farther, or waits for ever; null: it has come to its end */
export function endLine(world: World, how: 'asked' | 'waits' | null): string {
  const end: RecordedEnd = { end: { ...world.place(), state: world.stateHash(), ...(how !== null && { [how]: true }) } };
  return `${JSON.stringify(end)}\n`;
}

export function inputLine(entry: InputEntry): string {
  return `${formatInput(entry)}\n`;
}
