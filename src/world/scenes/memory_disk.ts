import { DISK_CHUNK } from '#hostos';
import type { DiskInput, OutsideRequest } from '#hostos';
import { formatExt2 } from './ext2.ts';
import { SCENE_DISK } from './scene.ts';
import type { SceneDisk } from './scene.ts';

/** A disk of bytes in memory, on the outside of a world: for scenes and tests. */
export class MemoryDisk {
  readonly path: string;
  bytes: Uint8Array;

  constructor(path: string, bytes: Uint8Array) {
    this.path = path;
    this.bytes = bytes;
  }

  /** The disk that a scene describes. */
  static fromScene({ bytes: length, sectors = {}, ext2 }: SceneDisk): MemoryDisk {
    const bytes = ext2 ? formatExt2({ ...ext2, bytes: length }) : new Uint8Array(length);
    for (const [sector, text] of Object.entries(sectors)) bytes.set(new TextEncoder().encode(text), Number(sector) * 512);
    return new MemoryDisk(SCENE_DISK, bytes);
  }

  /** Carries out a request. Returns what to give the world; null if the request is not for this disk. */
  answer(request: OutsideRequest): DiskInput | null {
    if (!('path' in request) || request.path !== this.path) return null;
    const { path, id } = request;
    switch (request.kind) {
      case 'disk-read':
        return { kind: 'disk-chunk', path, id, bytes: this.bytes.slice(request.chunk * DISK_CHUNK, (request.chunk + 1) * DISK_CHUNK) };
      case 'disk-write':
        this.#resize(Math.max(this.bytes.length, request.offset + request.bytes.length));
        this.bytes.set(request.bytes, request.offset);
        break;
      case 'disk-truncate':
        this.#resize(request.length);
        break;
      case 'disk-sync':
        break;
    }
    return { kind: 'disk-done', path, id };
  }

  #resize(length: number): void {
    if (length === this.bytes.length) return;
    const bytes = new Uint8Array(length);
    bytes.set(this.bytes.subarray(0, length));
    this.bytes = bytes;
  }
}
