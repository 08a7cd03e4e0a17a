/** A world into a file, and out of one again. */
import { MemoryDisk, readSaved, saveWorld, SavedMisfit } from '#world';
import type { LguestProgram, Makings, SavedDisk, SavedHead, SavedPiece, SavedWorld, WorldSnapshot } from '#world';
import type { SymbolTable } from '#kernels';
import type { Disk } from '../disks/index.ts';
import type { SaveRequest } from '../protocol.ts';
import { headOfFile } from '../saved_file.ts';
import type { OverviewData } from './overview.ts';
import type { Opened } from './runnable.ts';
import type { TranscriptData } from './transcript.ts';

/** What the page's worker keeps beside the world, so that all there was to see is there at once. */
export interface Gathered {
  readonly kind: 'page 1';
  readonly transcript: TranscriptData;
  readonly overview: OverviewData;
  /** Of a Guest whose file has no names. */
  readonly symbols: SymbolTable | null;
}

/** A disk and its bytes. */
export interface DiskToSave extends SavedDisk {
  readonly pieces: readonly SavedPiece[];
}

/** The parts of a world that is at rest, and where it is. */
export interface ToSave {
  readonly snapshot: WorldSnapshot;
  readonly makings: Makings;
  readonly where: SavedHead['where'];
  readonly midway: boolean;
  readonly patches: string | null;
  readonly gathered: Gathered;
  readonly disks: readonly DiskToSave[];
}

/** The file. */
export async function fileOf(
  about: SaveRequest['about'],
  { snapshot, makings, where, midway, patches, gathered, disks }: ToSave,
): Promise<Blob> {
  const { line, body } = saveWorld(
    { snapshot: () => snapshot },
    makings,
    { ...about, where, midway, patches, disks: disks.map(({ pieces: _, ...disk }) => disk) },
    {
      consoles: gathered.transcript.screens.map(({ text }) => text),
      printed: gathered.transcript.screens.reduce((sum, { printed }) => sum + printed, 0),
      disks: Object.fromEntries(disks.map(({ path, pieces }) => [path, pieces])),
      gathered,
    },
  );
  return new Blob([line, await through(new Blob([body as Uint8Array<ArrayBuffer>]), new CompressionStream('gzip'))], {
    type: 'application/octet-stream',
  });
}

/** A file that was opened. */
export interface OpenedFile {
  readonly head: SavedHead;
  readonly world: SavedWorld;
  /** Null: another than a page has saved it. */
  readonly gathered: Gathered | null;
}

/** Reads a file. @throws SavedMisfit */
export async function readFileOf(file: Blob, programOf: (head: SavedHead) => Promise<LguestProgram>): Promise<OpenedFile> {
  const { head, bodyAt } = await headOfFile(file);
  const program = await programOf(head);
  let body: ArrayBuffer;
  try {
    body = await (await through(file.slice(bodyAt), new DecompressionStream('gzip'))).arrayBuffer();
  } catch {
    throw new SavedMisfit('this saved run is damaged: what is behind its first line cannot be unpacked; save or fetch it again');
  }
  const world = readSaved(head, new Uint8Array(body), program);
  const { kind } = Object(world.gathered) as Partial<Gathered>;
  return { head, world, gathered: kind === 'page 1' ? (world.gathered as Gathered) : null };
}

/** A disk of a scene, as it is in a saved world. */
export function wholeDisk({ world }: OpenedFile, path: string): MemoryDisk {
  const pieces = Object.hasOwn(world.disks, path) ? world.disks[path] : [];
  const bytes = new Uint8Array(pieces.reduce((end, piece) => Math.max(end, piece.offset + piece.bytes.length), 0));
  for (const piece of pieces) bytes.set(piece.bytes, piece.offset);
  return new MemoryDisk(path, bytes);
}

/** A disk of a scene, to be saved. */
export function diskToSave({ path, bytes }: MemoryDisk, readOnly: boolean): DiskToSave {
  return { path, name: path, length: bytes.length, readOnly, whole: true, pieces: [{ offset: 0, bytes }] };
}

/** One of somebody's own. */
export async function ownDiskToSave(disk: Disk): Promise<DiskToSave> {
  const { path, source } = disk;
  return { path, name: source.name, length: source.length, readOnly: false, whole: source.isEmpty === true, pieces: await disk.pieces() };
}

/** How a runner begins with it: at once where all is there, else by making the run again. */
export function openedOf({ world: { snapshot }, gathered }: OpenedFile): Opened {
  return snapshot === null || gathered === null ? { snapshot: null } : { snapshot, transcript: gathered.transcript };
}

async function through(blob: Blob, stream: CompressionStream | DecompressionStream): Promise<Blob> {
  return await new Response(blob.stream().pipeThrough(stream)).blob();
}
