/** What a world was made of, as data: with it, and with what came from outside, the same run is made again. */
import { launchersOf } from '../load.ts';
import type { DiskOptions, WorldOptions } from '../options.ts';
import { digestOf } from './digest.ts';

/** All that makes a difference, but the bytes of its files. */
export interface MadeOf {
  /** Each Launcher's arguments. */
  guests: string[][];
  seed: number;
  tty: boolean;
  wires: string[];
  bridges: string[];
  /** Left out: as many as everybody needs. */
  hostPages?: number;
  /** Left out: no profiler is at work. */
  profile?: number;
  /** Files that the run began with, each with a digest of its bytes. */
  files: { path: string; digest: string }[];
  /** Disks as they were at the beginning. */
  disks: { path: string; length: number; readOnly: boolean }[];
}

/** Keeps in mind what is asked for while a world is built. */
export class Makings {
  /** These are what the world is to be built with. */
  readonly options: WorldOptions;
  readonly #given: WorldOptions;
  readonly #files = new Map<string, Uint8Array>();
  readonly #disks = new Map<string, DiskOptions>();

  constructor(options: WorldOptions) {
    this.#given = options;
    this.options = {
      ...options,
      files: (path) => kept(this.#files, path, options.files(path)?.slice()),
      disks: (path) => kept(this.#disks, path, options.disks?.(path)),
    };
  }

  /** The files, by path, as they were at the beginning. */
  files(): Record<string, Uint8Array> {
    return Object.fromEntries(this.#files);
  }

  /** What it was made of, as data. */
  madeOf(): MadeOf {
    const { seed = 1, tty = true, wires = [], bridges = [], hostPages, profile } = this.#given;
    return {
      guests: launchersOf(this.#given).map((argv) => [...argv]),
      seed,
      tty,
      wires: [...wires],
      bridges: [...bridges],
      ...(hostPages !== undefined && { hostPages }),
      ...(profile !== undefined && { profile }),
      files: [...this.#files].map(([path, bytes]) => ({ path, digest: digestOf(bytes) })),
      disks: [...this.#disks].map(([path, { length, readOnly }]) => ({ path, length, readOnly: readOnly ?? false })),
    };
  }
}

function kept<T>(all: Map<string, T>, path: string, one: T | undefined): T | undefined {
  if (one !== undefined) all.set(path, one);
  return one;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isList = (value: unknown, of: (one: unknown) => boolean): boolean => Array.isArray(value) && value.every(of);
/** Have all in a list these members, of these types? */
const haveAll = (value: unknown, members: Readonly<Record<string, string>>): boolean =>
  isList(value, (one) => Object.entries(members).every(([name, type]) => typeof (Object(one) as Record<string, unknown>)[name] === type));

/** Is this all that a world is made of? */
export function isMadeOf(value: unknown): value is MadeOf {
  const { guests, seed, tty, wires, bridges, hostPages, profile, files, disks } = Object(value) as Partial<Record<keyof MadeOf, unknown>>;
  return (
    isList(guests, (guest) => isList(guest, isText)) &&
    Number.isSafeInteger(seed) &&
    typeof tty === 'boolean' &&
    isList(wires, isText) &&
    isList(bridges, isText) &&
    (hostPages === undefined || Number.isSafeInteger(hostPages)) &&
    (profile === undefined || Number.isSafeInteger(profile)) &&
    haveAll(files, { path: 'string', digest: 'string' }) &&
    haveAll(disks, { path: 'string', length: 'number', readOnly: 'boolean' })
  );
}
