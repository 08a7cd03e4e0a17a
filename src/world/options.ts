/** What a world is made of: what its builder may say, and what follows from the Launchers' own arguments. */
import { createDisk, createFile } from '#hostos';
import type { ToldEvent, WorldEvent } from './events.ts';
import type { LguestProgram } from './program.ts';
import type { InputEntry } from './replay/input_log.ts';
import type { SceneBundle } from './scenes/scene.ts';

/** What a world is made of. */
export interface WorldOptions {
  /** The lguest that it runs. */
  program: LguestProgram;
  /** The Launcher's arguments, without its name: `['64', 'vmlinux', 'quiet']`. */
  argv: readonly string[];
  /** Further Launchers on the same Host, each with the arguments of its own and a Guest of its own. */
  launchers?: readonly (readonly string[])[];
  /** The files of the Host: asked once for each argument that could be one. */
  files: (path: string) => Uint8Array | undefined;
  /** Files of `--block=` options, whose bytes stay outside and come when they are asked for, by {@link World.takeRequests}; asked before `files`. */
  disks?: (path: string) => DiskOptions | undefined;
  /** Pages that the Host has left when lguest is loaded. Default: more than everybody needs. */
  hostPages?: number | undefined;
  /** Instructions between two NMIs of the Host's profiler. Default: none is at work. */
  profile?: number | undefined;
  /** The Launchers' standard input and output are terminals, with modes and line editing (the default), or mere pipes. */
  tty?: boolean;
  /** Wires that the outside offers to the Launchers' network devices: `user`, `udp:…`. Default: none. */
  wires?: readonly string[];
  /** Bridges of the Host, by name. Default: none. */
  bridges?: readonly string[];
  /** What came from outside when this run was first made: it comes again, each at its place, and nothing else may before the last one has. */
  replay?: readonly InputEntry[] | undefined;
  /** Hears all that comes from outside, replayed or not. */
  onInput?: (entry: InputEntry) => void;
  /** Keep it for {@link World.inputLog}. Default true. */
  keepInputs?: boolean;
  /** Seed of all randomness; same seed, same input: same run. */
  seed?: number;
  /** As the machine's: false for code that is never translated, a number for code that has run so often. The same run, slower or faster. */
  translate?: boolean | number | undefined;
  /** Hears every event as it happens. */
  onEvent?: (event: WorldEvent) => void;
  /** Keep events for {@link World.takeEvents}. Default true. */
  keepEvents?: boolean;
  /** Only events of these kinds are kept and handed out; all are counted. Default: all. */
  hears?: readonly ToldEvent['kind'][];
  /** The Guest's own code, for line hits. */
  code?: SceneBundle;
}

/** A disk, as the world needs to know it beforehand. */
export interface DiskOptions {
  /** Bytes. */
  length: number;
  readOnly?: boolean | undefined;
}

/** Memory of the Host beside each Guest's: kernel pages, shadow page tables, devices. */
const HOST_BYTES = 8 * 2 ** 20;
const DEFAULT_MEGABYTES = 64;
const LARGEST_MEGABYTES = 960;
/** The machine has no more. */
const LARGEST_RAM = 1024 * 2 ** 20;

/**
 * Bytes of memory of the machine for these Launchers.
 * @throws RangeError with a sentence where there are not so many
 */
export function ramBytesOf(launchers: readonly (readonly string[])[]): number {
  const ramBytes = launchers.reduce((sum, argv) => sum + memoryOf(argv), 0);
  if (ramBytes > LARGEST_RAM)
    throw new RangeError(
      `the Guests want too much memory: ${ramBytes >> 20} MB with what the Host needs for them, and there are ${LARGEST_RAM >> 20}`,
    );
  return ramBytes;
}

/** Bytes of the machine's memory for one Launcher's Guest. A size that makes no sense is the Launcher's to complain of. */
function memoryOf(argv: readonly string[]): number {
  const megabytes = Number(argv.find((argument) => !argument.startsWith('-')));
  const whole = Number.isInteger(megabytes) && megabytes > 0 && megabytes <= LARGEST_MEGABYTES;
  return (whole ? megabytes : DEFAULT_MEGABYTES) * 2 ** 20 + HOST_BYTES;
}

/**
 * Puts what a Launcher's arguments name into the Host's file system: its kernel, and the files of its options. The kernel's own arguments name no files of
 * the Host's, and a network is none.
 */
export function addFilesOf(argv: readonly string[], { disks, files }: WorldOptions): void {
  let words = 0;
  for (const argument of argv) {
    const isOption = argument.startsWith('-');
    const [option, path] = isOption ? argument.split(/=(.*)/s) : ['', argument];
    if (!path || option === '--tunnet') continue;
    // Memory, kernel, and its arguments.
    if (!isOption && ++words !== 2) continue;
    const disk = option === '--block' ? disks?.(path) : undefined;
    const bytes = disk ? undefined : files(path);
    if (disk) createDisk(path, disk.length, disk.readOnly);
    else if (bytes) createFile(path, bytes);
  }
}
