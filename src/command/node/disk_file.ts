import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readFileSync, readSync, statSync, writeSync } from 'node:fs';
import { DISK_CHUNK as CHUNK } from '#hostos';
import type { DiskInput, DiskRequest } from '#hostos';
import type { Disk } from '../host.ts';
import { otherThanFile, reasonOf } from './whole_file.ts';

/** Linux's numbers of the errors that a file may give; all others are input/output errors. */
const ERRNO: Readonly<Record<string, number>> = { EPERM: 1, EIO: 5, EINVAL: 22, EFBIG: 27, ENOSPC: 28, EROFS: 30 };
const EIO = 5;

/** A real file (or block device) as a disk. A write has reached the operating system when it is answered, a sync the medium. */
export class DiskFile implements Disk {
  readonly length: number;
  readonly readOnly: boolean;
  readonly #file: number;
  /** How long the file must be, after what was done to it here. */
  #known: number;

  private constructor(file: number, readOnly: boolean) {
    this.#file = file;
    this.readOnly = readOnly;
    const stat = fstatSync(file);
    this.length = stat.isBlockDevice() ? deviceBytes(stat.rdev) : stat.size;
    this.#known = this.length;
  }

  /**
   * Opens one for reading and writing, or, where that is not allowed, for reading; undefined where there is none of that name.
   * @throws Error with a reason that stands behind the name
   */
  static open(path: string): DiskFile | undefined {
    try {
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat === undefined) return undefined;
      const other = stat.isBlockDevice() ? undefined : otherThanFile(stat);
      if (other !== undefined) throw new Error(other);
      return DiskFile.#opened(path);
    } catch (error) {
      throw new Error(reasonOf(error), { cause: error });
    }
  }

  static #opened(path: string): DiskFile {
    try {
      return new DiskFile(openSync(path, 'r+'), false);
    } catch (error) {
      if (!['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) throw error;
      return new DiskFile(openSync(path, 'r'), true);
    }
  }

  answer(request: DiskRequest): DiskInput {
    const { path, id } = request;
    try {
      switch (request.kind) {
        case 'disk-read':
          return { kind: 'disk-chunk', path, id, bytes: this.#read(request.chunk * CHUNK) };
        case 'disk-write':
          this.#write(request.offset, request.bytes);
          break;
        case 'disk-sync':
          fdatasyncSync(this.#file);
          break;
        case 'disk-truncate':
          ftruncateSync(this.#file, request.length);
          this.#known = request.length;
          break;
      }
      return { kind: 'disk-done', path, id };
    } catch (error) {
      return { kind: 'disk-error', path, id, error: ERRNO[codeOf(error)] ?? EIO };
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  #read(offset: number): Uint8Array {
    const bytes = new Uint8Array(CHUNK);
    let done = 0;
    for (let more = -1; done < CHUNK && more !== 0; done += more) more = readSync(this.#file, bytes, done, CHUNK - done, offset + done);
    // Somebody else has made it shorter: what was there is not zeros.
    if (done < Math.min(CHUNK, this.#known - offset)) throw new Error('a part of the file is gone');
    return bytes.subarray(0, done);
  }

  #write(offset: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const more = writeSync(this.#file, bytes, done, bytes.length - done, offset + done);
      if (more === 0) throw new Error('nothing more is taken');
      done += more;
    }
    this.#known = Math.max(this.#known, offset + bytes.length);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** The size of a block device, as Linux tells it: in sectors of 512 bytes. */
function deviceBytes(device: number): number {
  return 512 * Number(readFileSync(`/sys/dev/block/${(device >> 8) & 0xfff}:${(device & 0xff) | ((device >> 12) & 0xfff00)}/size`, 'utf8'));
}
