/** A Guest of somebody's own that comes out of a saved world. */
import { isLinux } from '#kernels';
import { savedOptions, SavedMisfit } from '#world';
import type { LguestProgram, SavedHead, SavedWorld } from '#world';
import { CHUNK, Disk, openSource } from '../disks/index.ts';
import type { DiskOrigin, DiskSource } from '../disks/index.ts';
import type { Report } from '../protocol.ts';
import { tellOfKernel } from './own_guest.ts';
import type { ReadGuest } from './own_guest.ts';
import { readFileOf } from './saving.ts';

/**
 * Reads a saved world.
 * @param image its disk's, where that is not in the file
 * @throws Error with a sentence for the reader
 */
export async function readSavedGuest(
  file: Blob,
  image: DiskOrigin | null,
  programOf: (head: SavedHead) => Promise<LguestProgram>,
  send: (report: Report) => void,
): Promise<ReadGuest> {
  const opened = await readFileOf(file, programOf);
  const { head, world, gathered } = opened;
  const { guests, files } = world.madeOf;
  const kernel = guests[0].filter((argument) => !argument.startsWith('-'))[1] ?? '';
  const bytes = files.some(({ path }) => path === kernel) ? world.files[kernel] : new Uint8Array();
  tellOfKernel(bytes, gathered?.symbols ?? null, send);
  return {
    title: head.title,
    opened,
    symbols: gathered?.symbols ?? null,
    options: savedOptions(world),
    disk: await savedDisk(head, world, image),
    linux: isLinux(bytes),
  };
}

async function savedDisk({ disks }: SavedHead, { disks: pieces, snapshot }: SavedWorld, image: DiskOrigin | null): Promise<Disk | null> {
  const [disk, more] = disks;
  if (disk === undefined) return null;
  if (more !== undefined) throw new SavedMisfit('this run has several disks, and a page can hold one; open it with npx lguest --open');
  const { path, name, length, whole } = disk;
  const own = Object.hasOwn(pieces, path) ? pieces[path] : [];
  const settledTo = (snapshot?.data.disks.nextId ?? 0) - 1;
  if (whole) return Disk.differing(path, inMemory(name, length), inChunks(own), settledTo);
  if (image === null)
    throw new SavedMisfit(
      `this run has a disk, ${name} (${length} bytes), and its image is not in the file; choose the image, too, and open both`,
    );
  const source = await openSource(image);
  if (source.length !== length)
    throw new SavedMisfit(
      `${source.name} is not the disk of this run: it has ${source.length} bytes, and ${name} had ${length}; choose that one`,
    );
  return Disk.differing(path, source, own, settledTo);
}

/** A disk of zeros. */
function inMemory(name: string, length: number): DiskSource {
  return {
    name,
    length,
    id: `saved ${name}`,
    isEmpty: true,
    read: (_offset, count) => Promise.resolve(new Uint8Array(count)),
    part: (from, to) => Promise.resolve(new Blob([new Uint8Array(to - from)])),
  };
}

function inChunks(pieces: SavedWorld['disks'][string]): SavedWorld['disks'][string] {
  return pieces.flatMap(({ offset, bytes }) =>
    Array.from({ length: Math.ceil(bytes.length / CHUNK) }, (_, n) => ({
      offset: offset + n * CHUNK,
      bytes: bytes.slice(n * CHUNK, (n + 1) * CHUNK),
    })),
  );
}
