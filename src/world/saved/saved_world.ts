/**
 * A world in a file: a first line that says what it is, and behind it, compressed by whoever writes the file, all that it takes to have its run again, to the bit, and to stand at once where it
 * was saved.
 */
import type { WorldSnapshot } from '../checkpoints/checkpoint.ts';
import { identityOf, SNAPSHOT_VERSION } from '../checkpoints/snapshot.ts';
import type { WorldOptions } from '../options.ts';
import type { LguestProgram } from '../program.ts';
import { formatInput, parseInput } from '../replay/input_log.ts';
import type { InputEntry } from '../replay/input_log.ts';
import type { World } from '../world.ts';
import { digestOf } from './digest.ts';
import { SAVED_FORMAT, SAVED_VERSION, SavedMisfit } from './head.ts';
import type { SavedHead } from './head.ts';
import { isMadeOf } from './makings.ts';
import type { MadeOf, Makings } from './makings.ts';
import { pack, unpack } from './pack.ts';

/** Bytes of a disk. */
export interface SavedPiece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** What somebody who saves a world knows of it beside the world. */
export interface SavedBeside {
  /** What each terminal shows, one character a byte; and how many characters came to all of them since the beginning. */
  readonly consoles: readonly string[];
  readonly printed: number;
  /** Of each disk, by path, all of it, or what was written to it. */
  readonly disks: Readonly<Record<string, readonly SavedPiece[]>>;
  /** What the page has gathered of the run: plain data, and its own affair; null: nothing. */
  readonly gathered: unknown;
}

/** A world that was saved. */
export interface SavedWorld extends SavedBeside {
  readonly madeOf: MadeOf;
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** What had come from outside. */
  readonly inputs: readonly InputEntry[];
  /** The world where it was saved, or, in the middle of what the Host did there, where that began; null: it was saved by a machine that is laid out otherwise, and has to run again. */
  readonly snapshot: WorldSnapshot | null;
}

/** As it lies in the file. */
type Body = Omit<SavedWorld, 'inputs'> & { readonly inputs: readonly string[] };

/** The two parts of a file. */
export interface SavedParts {
  /** With its end. */
  readonly line: string;
  readonly body: Uint8Array;
}

/**
 * Saves a world, which must be at rest.
 * @param makings that it was built with
 */
export function saveWorld(
  world: Pick<World, 'snapshot'>,
  makings: Makings,
  head: Omit<SavedHead, 'format' | 'version' | 'program'>,
  beside: SavedBeside,
): SavedParts {
  const snapshot = world.snapshot();
  const whole: SavedHead = { format: SAVED_FORMAT, version: SAVED_VERSION, program: snapshot.program, ...head };
  const body: Body = {
    madeOf: makings.madeOf(),
    files: makings.files(),
    inputs: snapshot.inputs.map(formatInput),
    snapshot: { ...snapshot, inputs: [] },
    ...beside,
  };
  return { line: `${JSON.stringify(whole)}\n`, body: pack(body) };
}

/**
 * Reads what is behind the first line.
 * @throws SavedMisfit with a sentence, where it is not whole, or ran on another lguest than this
 */
export function readSaved(head: SavedHead, bytes: Uint8Array, program: LguestProgram): SavedWorld {
  const here = identityOf(program);
  if (head.program !== here)
    throw new SavedMisfit(
      `this run was made on another lguest (${head.program}, here runs ${here}), where the same input makes another run; open it where the chapters are as they were`,
    );
  const damaged = (what: string): never => {
    throw new SavedMisfit(`this saved run is damaged: ${what}; save or fetch it again`);
  };
  let body: Body;
  try {
    body = Object(unpack(bytes)) as Body;
  } catch {
    return damaged('what is behind its first line cannot be read');
  }
  const { madeOf, files, inputs, snapshot } = body;
  if (!isMadeOf(madeOf) || madeOf.guests.length === 0 || !Array.isArray(inputs) || !Array.isArray(body.consoles))
    return damaged('parts of it are missing');
  for (const { path, digest } of madeOf.files) {
    const file: unknown = (files as Body['files'] | undefined)?.[path];
    if (!(file instanceof Uint8Array) || digestOf(file) !== digest) return damaged(`${path} is not as it was`);
  }
  let log: InputEntry[];
  try {
    log = inputs.map(parseInput);
  } catch (error) {
    return damaged(error instanceof Error ? error.message : String(error));
  }
  const fits = (snapshot as Body['snapshot'] | undefined)?.version === SNAPSHOT_VERSION;
  return { ...body, inputs: log, snapshot: fits && snapshot !== null ? { ...snapshot, inputs: log } : null };
}

/** What its world is to be built with, as far as the file knows. Its disks are as they were at the beginning. */
export function savedOptions({
  madeOf,
  files,
}: Pick<SavedWorld, 'madeOf' | 'files'>): Pick<
  WorldOptions,
  'argv' | 'launchers' | 'seed' | 'tty' | 'wires' | 'bridges' | 'hostPages' | 'profile' | 'files' | 'disks'
> {
  const { guests, seed, tty, wires, bridges, hostPages, profile, disks } = madeOf;
  const [argv = [], ...launchers] = guests;
  return {
    argv,
    launchers,
    seed,
    tty,
    wires,
    bridges,
    hostPages,
    profile,
    files: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    disks: (path) => disks.find((disk) => disk.path === path),
  };
}
