/** One disk on the outside of a world: an image that nobody changes, and the chunks that were written. */
import type { OutsideInput, OutsideRequest } from '#world';
import { MemoryOverlay } from './overlay.ts';
import type { Overlay } from './overlay.ts';
import type { DiskSource } from './source.ts';

/** Bytes of a chunk: what a world asks for at a time. */
export const CHUNK = 65536;
/** Linux's error numbers for what went wrong outside: an input/output error, no space left. */
const EIO = 5;
const ENOSPC = 28;
/** Bytes of old chunks that are kept to undo writes. */
const UNDO_BYTES = 128 * 2 ** 20;

type DiskRequest = Extract<OutsideRequest, { readonly id: number }>;
type DiskInput = Extract<OutsideInput, { readonly id: number }>;

/** What a write replaced. */
interface Undo {
  readonly id: number;
  readonly chunk: number;
  /** The chunk before; null: as in the image. */
  readonly before: Uint8Array | null;
}

/** Carries out requests one after the other, as they came. */
export class Disk {
  /** Where the world has it. */
  readonly path: string;
  readonly source: DiskSource;
  readonly #overlay: Overlay;
  readonly #written: Set<number>;
  readonly #undo: Undo[] = [];
  #undoBytes = 0;
  /** Writes of requests up to this `id` can no more be undone. */
  #settledTo = -Infinity;
  #trouble: string | null = null;
  /** The last piece of work in the queue. */
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(path: string, source: DiskSource, overlay: Overlay, written: readonly number[]) {
    this.path = path;
    this.source = source;
    this.#overlay = overlay;
    this.#written = new Set(written);
  }

  /** A disk with all that was written to it at earlier visits. */
  static async open(path: string, source: DiskSource, overlay: Overlay): Promise<Disk> {
    return new Disk(path, source, overlay, await overlay.list(source.id));
  }

  /** A disk that differs from its image in some chunks, for as long as the page lives. @param settledTo what requests up to this `id` wrote can no more be undone */
  static async differing(
    path: string,
    source: DiskSource,
    pieces: readonly { readonly offset: number; readonly bytes: Uint8Array }[],
    settledTo: number,
  ): Promise<Disk> {
    const overlay = new MemoryOverlay();
    for (const { offset, bytes } of pieces) await overlay.put(source.id, offset / CHUNK, bytes);
    const disk = await Disk.open(path, source, overlay);
    disk.#settledTo = settledTo;
    return disk;
  }

  /** Chunks that differ from the image. */
  get written(): number {
    return this.#written.size;
  }

  /** Whether what is written is there again after a reload. */
  get lasts(): boolean {
    return this.#overlay.lasts;
  }

  /** What went wrong last, as a sentence; the world only hears an error number. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Carries out a request; never rejects. */
  answer(request: DiskRequest): Promise<DiskInput> {
    const { path, id } = request;
    return this.#inTurn(async () => {
      try {
        if (request.kind === 'disk-read') return { kind: 'disk-chunk', path, id, bytes: await this.#chunk(request.chunk) };
        if (request.kind === 'disk-write') await this.#write(id, request.offset, request.bytes);
        if (request.kind === 'disk-sync') await this.#sync();
        if (request.kind === 'disk-truncate' && request.length < this.source.length) throw new Error('an image keeps its length');
        return { kind: 'disk-done', path, id };
      } catch (error) {
        const full = error instanceof Error && error.name === 'QuotaExceededError';
        this.#trouble = full
          ? 'the browser keeps no more: the room that it grants this site is full'
          : error instanceof Error
            ? error.message
            : String(error);
        return { kind: 'disk-error', path, id, error: full || error instanceof RangeError ? ENOSPC : EIO };
      }
    });
  }

  /** Undoes the writes of requests with this `id` or a higher one, the latest first; {@link trouble} tells of what cannot be undone. Never rejects. */
  undoFrom(id: number): Promise<void> {
    return this.#inTurn(async () => {
      if (id <= this.#settledTo) this.#trouble = 'what was written so long ago cannot be taken back: the disk is as it was later';
      for (let last; (last = this.#undo.at(-1)) !== undefined && last.id >= id; this.#undo.pop()) {
        await this.#put(last.chunk, last.before);
        this.#undoBytes -= last.before?.length ?? 0;
      }
    }).catch((error: unknown) => {
      this.#trouble = `what was written cannot be taken back: ${error instanceof Error ? error.message : String(error)}`;
    });
  }

  /** A new run begins, whose requests are numbered anew: what was written before stays. */
  settle(): Promise<void> {
    return this.#inTurn(() => {
      this.#forgetUndo();
      return Promise.resolve();
    });
  }

  /** The whole image, with what was written in its place. Nothing is copied until somebody reads it. */
  merged(): Promise<Blob> {
    return this.#inTurn(async () => {
      const parts: Blob[] = [];
      let from = 0;
      for (const chunk of [...this.#written].sort((a, b) => a - b)) {
        const bytes = await this.#overlay.get(this.source.id, chunk);
        if (bytes === null) continue;
        if (chunk * CHUNK > from) parts.push(await this.source.part(from, chunk * CHUNK));
        parts.push(new Blob([bytes as Uint8Array<ArrayBuffer>]));
        from = chunk * CHUNK + bytes.length;
      }
      if (from < this.source.length) parts.push(await this.source.part(from, this.source.length));
      return new Blob(parts, { type: 'application/octet-stream' });
    });
  }

  /** All that differs from the image. */
  pieces(): Promise<{ readonly offset: number; readonly bytes: Uint8Array }[]> {
    return this.#inTurn(async () => {
      const pieces: { offset: number; bytes: Uint8Array }[] = [];
      for (const chunk of [...this.#written].sort((a, b) => a - b)) {
        const bytes = await this.#overlay.get(this.source.id, chunk);
        if (bytes !== null) pieces.push({ offset: chunk * CHUNK, bytes });
      }
      return pieces;
    });
  }

  /** Forgets what was written. Not for a disk in use: a world that knows what is on it would be surprised. */
  discard(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#overlay.clear(this.source.id);
      this.#written.clear();
      this.#forgetUndo();
      this.#trouble = null;
    });
  }

  #forgetUndo(): void {
    this.#undo.length = 0;
    this.#undoBytes = 0;
    this.#settledTo = -Infinity;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work, work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #chunk(chunk: number): Promise<Uint8Array> {
    const kept = this.#written.has(chunk) ? await this.#overlay.get(this.source.id, chunk) : null;
    return kept ?? this.source.read(chunk * CHUNK, Math.min(CHUNK, Math.max(0, this.source.length - chunk * CHUNK)));
  }

  async #write(id: number, offset: number, bytes: Uint8Array): Promise<void> {
    const end = offset + bytes.length;
    if (end > this.source.length) throw new RangeError('something was written behind the end of the disk');
    for (let at = offset; at < end; ) {
      const chunk = Math.floor(at / CHUNK);
      const to = Math.min(end, (chunk + 1) * CHUNK);
      const old = await this.#chunk(chunk);
      const changed = old.slice();
      changed.set(bytes.subarray(at - offset, to - offset), at - chunk * CHUNK);
      this.#remember({ id, chunk, before: this.#written.has(chunk) ? old : null });
      await this.#put(chunk, changed);
      at = to;
    }
  }

  async #put(chunk: number, bytes: Uint8Array | null): Promise<void> {
    await this.#overlay.put(this.source.id, chunk, bytes);
    if (bytes === null) this.#written.delete(chunk);
    else this.#written.add(chunk);
  }

  /** The last chunk once more, this time to last. */
  async #sync(): Promise<void> {
    const last = this.#undo.at(-1)?.chunk;
    if (last !== undefined) await this.#overlay.put(this.source.id, last, this.#written.has(last) ? await this.#chunk(last) : null, true);
  }

  #remember(undo: Undo): void {
    this.#undo.push(undo);
    this.#undoBytes += undo.before?.length ?? 0;
    for (let oldest; this.#undoBytes > UNDO_BYTES && (oldest = this.#undo.shift()) !== undefined; ) {
      this.#undoBytes -= oldest.before?.length ?? 0;
      this.#settledTo = oldest.id;
    }
  }
}
