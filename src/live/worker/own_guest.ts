/** A kernel of the reader's own: its files are read here, in the worker, and looked at before anything runs. */
import { diagnoseKernel, isLinux, symbolsOfElf, symbolsOfMap } from '#kernels';
import type { SymbolTable } from '#kernels';
import type { WorldOptions } from '#world';
import { Disk, openOverlay, openSource, wholeOf } from '../disks/index.ts';
import type { OwnGuest, Report } from '../protocol.ts';
import type { OpenedFile } from './saving.ts';

/** Paths of the files in the world. */
const KERNEL = 'kernel';
const INITRD = 'initrd';
const DISK = 'disk';

/** What a world needs for it. */
export interface ReadGuest {
  readonly title: string;
  readonly options: Omit<WorldOptions, 'program'>;
  readonly disk: Disk | null;
  /** The kernel is a Linux. */
  readonly linux: boolean;
  /** The names in it, where its own file has none. */
  readonly symbols: SymbolTable | null;
  /** The world was saved, and goes on from there; null: it begins. */
  readonly opened: OpenedFile | null;
}

/** The wire to the gateway in this page. */
export const GATEWAY = 'user';

/**
 * Reads the files and says what the kernel is.
 * @throws Error with a sentence for the reader
 */
export async function readGuest(
  { kernel, initrd, map, disk, network, memory, args, secondArgs }: OwnGuest,
  send: (report: Report) => void,
): Promise<ReadGuest> {
  const files = new Map<string, Uint8Array>();
  const image = await readFile(kernel, 'the kernel', send);
  files.set(KERNEL, image);
  const symbols = map === null ? null : symbolsOfMap(new TextDecoder().decode(await wholeOf(map)));
  if (map !== null && symbols === null) throw new Error(`${map.name} is no System.map: it has no lines of address, kind and name`);
  tellOfKernel(image, symbols, send);
  if (initrd !== null) files.set(INITRD, await readFile(initrd, 'the initial RAM disk', send));
  const opened = disk === null ? null : await Disk.open(DISK, await openSource(disk), await openOverlay());
  const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);
  const options = [
    ...(network === 'none' ? [] : [network === 'user' ? `--tunnet=${GATEWAY}` : '--tunnet=hub:wire']),
    ...(initrd === null ? [] : [`--initrd=${INITRD}`]),
    ...(opened === null ? [] : [`--block=${DISK}`]),
    String(memory),
    KERNEL,
  ];
  return {
    title: kernel.name,
    symbols,
    opened: null,
    options: {
      argv: [...options, ...words(args)],
      // A disk has one owner.
      ...(network === 'pair' && { launchers: [[...options.filter((one) => !one.startsWith('--block=')), ...words(secondArgs)]] }),
      ...(network === 'user' && { wires: [GATEWAY] }),
      files: (path) => files.get(path),
      disks: (path) => (opened !== null && path === DISK ? { length: opened.source.length } : undefined),
    },
    disk: opened,
    linux: isLinux(image),
  };
}

/** Says what the kernel is, and its names. @param named those that somebody brought */
export function tellOfKernel(image: Uint8Array, named: SymbolTable | null, send: (report: Report) => void): void {
  const { guest, release, findings } = diagnoseKernel(image);
  send({ type: 'diagnosis', guest, release, findings });
  const symbols = named ?? symbolsOfElf(image);
  if (symbols !== null) send({ type: 'symbols', symbols });
}

/** All of a file, and how far that is. */
function readFile(file: File, what: string, send: (report: Report) => void): Promise<Uint8Array> {
  return wholeOf(file, (done) => send({ type: 'reading', what, done, total: file.size }));
}
