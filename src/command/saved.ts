/** Worlds in files, as the command saves and opens them. */
import { DISK_CHUNK } from '#hostos';
import type { DiskInput, DiskRequest } from '#hostos';
import { readHead, readSaved, SavedMisfit, saveWorld } from '#world';
import type { Makings, SavedDisk, SavedHead, SavedPiece, SavedWorld, World } from '#world';
import type { CommandHost, Disk } from './host.ts';

/** A file that was opened. */
export interface OpenedWorld {
  readonly head: SavedHead;
  readonly world: SavedWorld;
}

/** Reads a file's bytes. @throws Error with a sentence */
export function openWorld(file: Uint8Array | undefined, host: CommandHost): OpenedWorld {
  if (file === undefined) throw new Error('cannot be opened: no such file');
  const end = file.indexOf(0x0a);
  const head = readHead(new TextDecoder().decode(file.subarray(0, Math.max(0, end))));
  const edited = Object.keys(head.edits);
  const other = edited.length > 0 ? `edited code (${edited.join(', ')})` : head.patches === null ? null : `the patches ${head.patches}`;
  if (other !== null)
    throw new SavedMisfit(`this run was made on ${other}, and this command runs the book’s own code; open it in the book’s page`);
  const body = host.unzip(file.subarray(end + 1));
  if (body === null)
    throw new SavedMisfit('this saved run is damaged: what is behind its first line cannot be unpacked; save or fetch it again');
  return { head, world: readSaved(head, body, host.program) };
}

/** What it means when a world throws that came out of a file: somebody has written into it. Null where it came from none. */
export function damageOf(path: string | null, error: unknown): string | null {
  if (path === null) return null;
  return `${path}: this saved run is damaged, its parts do not go together (${error instanceof Error ? error.message : String(error)}); save or fetch it again`;
}

/** What is known of a world that is saved, beside itself. */
export interface KnownWorld {
  readonly title: string;
  /** What each terminal has shown. */
  readonly consoles: readonly string[];
  readonly printed: number;
  readonly disks: ReadonlyMap<string, Disk>;
  /** Where it came from, if it was opened. */
  readonly opened: OpenedWorld | null;
}

/** Writes a file. @throws Error with a sentence */
export function writeWorld(
  path: string,
  host: CommandHost,
  world: World,
  makings: Makings,
  { title, consoles, printed, disks, opened }: KnownWorld,
): void {
  const told = [...disks].map(([at, disk]): SavedDisk => {
    const { name, length, readOnly, whole } = disk instanceof OverlaidDisk ? disk : { ...sizeOf(disk), name: at, whole: false };
    return { path: at, name, length, readOnly, whole };
  });
  const { line, body } = saveWorld(
    world,
    makings,
    {
      title,
      where: world.place(),
      midway: false,
      scene: opened?.head.scene ?? null,
      patches: null,
      edits: {},
      disks: told,
      page: opened?.head.page ?? {},
    },
    {
      consoles,
      printed,
      disks: Object.fromEntries([...disks].map(([at, disk]) => [at, disk instanceof OverlaidDisk ? disk.pieces() : []])),
      gathered: null,
    },
  );
  const head = new TextEncoder().encode(line);
  const zipped = host.zip(body);
  const bytes = new Uint8Array(head.length + zipped.length);
  bytes.set(head);
  bytes.set(zipped, head.length);
  host.writeFile(path, bytes);
}

const sizeOf = ({ length, readOnly }: Disk): Pick<Disk, 'length' | 'readOnly'> => ({ length, readOnly });

/** A disk as a saved world has it: what was, and is, written to it lies in memory, and the image, if there is one, stays as it is. */
export class OverlaidDisk implements Disk {
  readonly name: string;
  readonly readOnly: boolean;
  readonly whole: boolean;
  length: number;
  readonly #image: Disk | null;
  /** Behind it, what the image has is long gone. */
  #imageEnd: number;
  readonly #chunks = new Map<number, Uint8Array>();

  /** @param image null: all of it is in the pieces */
  constructor({ name, length, readOnly }: SavedDisk, image: Disk | null, pieces: readonly SavedPiece[]) {
    this.name = name;
    this.length = length;
    this.readOnly = readOnly;
    this.whole = image === null;
    this.#image = image;
    this.#imageEnd = Math.min(length, image?.length ?? 0);
    for (const { offset, bytes } of pieces) this.#write(offset, bytes, '');
  }

  answer(request: DiskRequest): DiskInput {
    const { path, id } = request;
    if (request.kind === 'disk-read') return { kind: 'disk-chunk', path, id, bytes: this.#chunk(request.chunk, path).slice() };
    if (request.kind === 'disk-write') this.#write(request.offset, request.bytes, path);
    if (request.kind === 'disk-truncate') this.#truncate(request.length, path);
    return { kind: 'disk-done', path, id };
  }

  close(): void {
    this.#image?.close();
  }

  /** All that is not as in the image. */
  pieces(): SavedPiece[] {
    // Where the image was cut off, it must not show again.
    for (let chunk = Math.floor(this.#imageEnd / DISK_CHUNK); chunk * DISK_CHUNK < this.length; chunk++)
      if (this.#image !== null && this.#imageEnd < this.#image.length) this.#chunks.set(chunk, this.#chunk(chunk, ''));
    return [...this.#chunks].sort(([a], [b]) => a - b).map(([chunk, bytes]) => ({ offset: chunk * DISK_CHUNK, bytes }));
  }

  /** The bytes of a chunk, as far as the disk goes. */
  #chunk(chunk: number, path: string): Uint8Array {
    const size = Math.max(0, Math.min(DISK_CHUNK, this.length - chunk * DISK_CHUNK));
    const known = this.#chunks.get(chunk);
    const read = known === undefined ? this.#image?.answer({ kind: 'disk-read', path, id: 0, chunk }) : undefined;
    const left = Math.max(0, this.#imageEnd - chunk * DISK_CHUNK);
    const bytes = known ?? (read?.kind === 'disk-chunk' ? read.bytes.subarray(0, left) : new Uint8Array());
    if (bytes.length === size) return bytes;
    const fitting = new Uint8Array(size);
    fitting.set(bytes.subarray(0, size));
    return fitting;
  }

  #write(offset: number, bytes: Uint8Array, path: string): void {
    const end = offset + bytes.length;
    this.length = Math.max(this.length, end);
    for (let at = offset; at < end; ) {
      const chunk = Math.floor(at / DISK_CHUNK);
      const to = Math.min(end, (chunk + 1) * DISK_CHUNK);
      const changed = this.#chunk(chunk, path).slice();
      changed.set(bytes.subarray(at - offset, to - offset), at - chunk * DISK_CHUNK);
      this.#chunks.set(chunk, changed);
      at = to;
    }
  }

  #truncate(length: number, path: string): void {
    const last = Math.floor(length / DISK_CHUNK);
    const cut = this.#chunk(last, path).slice(0, length - last * DISK_CHUNK);
    for (const chunk of this.#chunks.keys()) if (chunk >= last) this.#chunks.delete(chunk);
    this.length = length;
    this.#imageEnd = Math.min(this.#imageEnd, length);
    if (cut.length > 0) this.#chunks.set(last, cut);
  }
}
