/** A kernel of the reader's own: its files are read here, in the worker, and looked at before anything runs. */
import { diagnoseKernel, isLinux, symbolsOfElf, symbolsOfMap } from '#kernels';
import type { WorldOptions } from '#world';
import { Disk, openOverlay, openSource } from '../disks/index.ts';
import type { OwnGuest, Report } from '../protocol.ts';

/** Paths of the files in the world. */
const KERNEL = 'kernel';
const INITRD = 'initrd';
const DISK = 'disk';
/** Bytes between two words about progress. */
const PIECE = 1 << 20;

/** What a world needs for it. */
export interface ReadGuest {
  readonly options: Omit<WorldOptions, 'program'>;
  readonly disk: Disk | null;
  /** The kernel is a Linux. */
  readonly linux: boolean;
}

/**
 * Reads the files and says what the kernel is.
 * @throws Error with a sentence for the reader
 */
export async function readGuest(
  { kernel, initrd, map, disk, network, memory, args }: OwnGuest,
  send: (report: Report) => void,
): Promise<ReadGuest> {
  const files = new Map<string, Uint8Array>();
  const image = await readFile(kernel, 'the kernel', send);
  files.set(KERNEL, image);
  const { guest, release, findings } = diagnoseKernel(image);
  send({ type: 'diagnosis', guest, release, findings });
  const symbols = map === null ? symbolsOfElf(image) : symbolsOfMap(await map.text());
  if (symbols !== null) send({ type: 'symbols', symbols });
  else if (map !== null) throw new Error(`${map.name} is no System.map: it has no lines of address, kind and name`);
  if (initrd !== null) files.set(INITRD, await readFile(initrd, 'the initial RAM disk', send));
  const opened = disk === null ? null : await Disk.open(DISK, await openSource(disk), await openOverlay());
  const argv = [
    ...(network === 'none' ? [] : [network === 'user' ? '--tunnet=user' : '--tunnet=hub:wire']),
    ...(initrd === null ? [] : [`--initrd=${INITRD}`]),
    ...(opened === null ? [] : [`--block=${DISK}`]),
    String(memory),
    KERNEL,
    ...args.split(/\s+/).filter(Boolean),
  ];
  return {
    options: {
      argv,
      // A disk has one owner.
      ...(network === 'pair' && { launchers: [argv.filter((one) => !one.startsWith('--block='))] }),
      ...(network === 'user' && { wires: ['user'] }),
      files: (path) => files.get(path),
      disks: (path) => (opened !== null && path === DISK ? { length: opened.source.length } : undefined),
    },
    disk: opened,
    linux: isLinux(image),
  };
}

async function readFile(file: File, what: string, send: (report: Report) => void): Promise<Uint8Array> {
  const bytes = new Uint8Array(file.size);
  for (let at = 0; at < file.size; at += PIECE) {
    bytes.set(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()), at);
    send({ type: 'reading', what, done: Math.min(file.size, at + PIECE), total: file.size });
  }
  if (file.size === 0) throw new Error(`${file.name} is empty`);
  return bytes;
}
