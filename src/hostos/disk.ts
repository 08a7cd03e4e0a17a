/**
 * Disks: files whose bytes lie outside of the world. A page cache keeps what has been read, in chunks; a read that needs more asks the outside and sleeps. A
 * write goes into the cache and out, and is done when the outside has it.
 */
import { current } from './kernel.ts';
import { O_RDONLY, O_WRONLY, SEEK_CUR, SEEK_END, SEEK_SET } from './files.ts';
import type { FileOperations } from './code.ts';
import { ask } from './requests.ts';
import { currentTask, findTask, sleepOn, wakeUp } from './tasks.ts';
import type { DiskInput, DiskRequest } from './outside.ts';
import { EBADF, EFBIG, EINVAL, EIO, ENOENT, EROFS } from './errno.ts';
import type { DiskData, DiskNode, OpenFile, PendingRequest } from './data.ts';

/** Bytes of a chunk: what is asked of the outside at a time. */
export const DISK_CHUNK = 65536;
/** Chunks that the cache keeps: 32 MiB. */
const CACHED = 512;
/** Bytes that one read returns at most, whatever was asked for. */
const LONGEST_READ = 16 * 2 ** 20;
/** No file is longer: sectors are counted in 32 bits (the kernel's own limit at that time, 2 TiB). */
const LARGEST = 2 ** 41;

export function createDisks(): DiskData {
  return { pending: [], nextId: 1, results: {}, uses: 0 };
}

/** Puts a disk into the file system. */
export function createDisk(path: string, length: number, readOnly = false): void {
  current.data.nodes[path] = { kind: 'disk', length, readOnly, chunks: {}, wanted: {}, queue: [] };
}

/** Takes in an answer from outside. */
export function answerDisk(input: DiskInput): void {
  const { disks, nodes } = current.data;
  const at = disks.pending.findIndex(({ request }) => request.id === input.id && request.path === input.path);
  const node = nodes[input.path];
  if (at < 0 || node.kind !== 'disk') return;
  const [pending] = disks.pending.splice(at, 1);
  const { request } = pending;
  if (request.kind === 'disk-read') {
    if (input.kind === 'disk-chunk') fillChunk(node, request.chunk, input.bytes);
    else failRead(node, request.chunk, errorOf(input));
  } else {
    const error = errorOf(input);
    if (error < 0) undo(node, pending);
    if (findTask(pending.task)?.state === 'interruptible') disks.results[pending.task] = error;
  }
  wakeUp(node.queue);
}

function errorOf(input: DiskInput): number {
  if (input.kind === 'disk-error') return input.error > 0 ? -input.error : -EIO;
  return input.kind === 'disk-done' ? 0 : -EIO;
}

function fillChunk(node: DiskNode, chunk: number, from: Uint8Array): void {
  const bytes = new Uint8Array(DISK_CHUNK);
  bytes.set(from.subarray(0, Math.max(0, Math.min(DISK_CHUNK, node.length - chunk * DISK_CHUNK))));
  node.chunks[chunk] = { bytes, used: ++current.data.disks.uses };
  const kept = Object.entries(node.chunks);
  if (kept.length <= CACHED) return;
  const wanted = Object.values(node.wanted);
  const spare = kept.filter(([key]) => !wanted.some(([first, last]) => Number(key) >= first && Number(key) <= last));
  spare.sort(([, a], [, b]) => a.used - b.used);
  for (const [key] of spare.slice(0, kept.length - CACHED)) delete node.chunks[Number(key)];
}

function failRead(node: DiskNode, chunk: number, error: number): void {
  for (const [task, [first, last]] of Object.entries(node.wanted))
    if (chunk >= first && chunk <= last) current.data.disks.results[Number(task)] = error || -EIO;
}

/** What a request that failed had done to the cache. */
function undo(node: DiskNode, { request, length }: PendingRequest): void {
  if (request.kind !== 'disk-write' && request.kind !== 'disk-truncate') return;
  node.length = length;
  const [first, last] =
    request.kind === 'disk-write' ? chunksOf(request.offset, request.bytes.length) : [Math.floor(request.length / DISK_CHUNK), Infinity];
  for (const key of Object.keys(node.chunks)) if (Number(key) >= first && Number(key) <= last) delete node.chunks[Number(key)];
}

function chunksOf(offset: number, length: number): [first: number, last: number] {
  return [Math.floor(offset / DISK_CHUNK), Math.floor((offset + length - 1) / DISK_CHUNK)];
}

/** Is a request of this kind under way that touches one of these chunks? */
function underWay(path: string, kind: 'disk-read' | 'disk-write', first: number, last: number): boolean {
  return current.data.disks.pending.some(({ request }) => {
    if (request.path !== path || request.kind !== kind) return false;
    const [from, to] = request.kind === 'disk-read' ? [request.chunk, request.chunk] : chunksOf(request.offset, request.bytes.length);
    return from <= last && to >= first;
  });
}

/** Sends a request of the current task. */
function send(request: DiskRequest, length: number): void {
  current.data.disks.pending.push({ request, task: currentTask().id, length });
  ask(request);
}

/** A request that its task waits for: sleeps while it is under way; its result once there is one; null if it has not been made. */
function outcome(node: DiskNode): number | null {
  const { disks, tasks } = current.data;
  const result = disks.results[tasks.current];
  if (result !== undefined) {
    delete disks.results[tasks.current];
    return result;
  }
  const waits = disks.pending.some(({ task, request }) => task === tasks.current && request.kind !== 'disk-read');
  return waits ? sleepOn(node.queue) : null;
}

function nodeOf(file: OpenFile): DiskNode | null {
  const node = current.data.nodes[file.path];
  return node?.kind === 'disk' ? node : null;
}

function read(file: OpenFile, count: number): Uint8Array | number {
  const node = nodeOf(file);
  if (node === null) return -ENOENT;
  if (file.flags === O_WRONLY) return -EBADF;
  const { disks, tasks } = current.data;
  const failed = disks.results[tasks.current];
  if (failed !== undefined) {
    delete disks.results[tasks.current];
    delete node.wanted[tasks.current];
    return failed;
  }
  const length = Math.min(count, LONGEST_READ, node.length - file.pos);
  if (length <= 0) return new Uint8Array(0);
  const [first, last] = chunksOf(file.pos, length);
  let complete = true;
  for (let chunk = first; chunk <= last; chunk++) {
    if (node.chunks[chunk] !== undefined) continue;
    complete = false;
    const busy = underWay(file.path, 'disk-read', chunk, chunk) || underWay(file.path, 'disk-write', chunk, chunk);
    if (!busy) send({ kind: 'disk-read', path: file.path, id: disks.nextId++, chunk }, node.length);
  }
  if (!complete) {
    node.wanted[tasks.current] = [first, last];
    return sleepOn(node.queue);
  }
  delete node.wanted[tasks.current];
  const bytes = new Uint8Array(length);
  eachPiece(file.pos, length, (chunk, within, at, size) => {
    const cached = node.chunks[chunk];
    cached.used = ++disks.uses;
    bytes.set(cached.bytes.subarray(within, within + size), at);
  });
  file.pos += length;
  return bytes;
}

function write(file: OpenFile, bytes: Uint8Array): number {
  const node = nodeOf(file);
  if (node === null) return -ENOENT;
  const result = outcome(node);
  if (result !== null) {
    if (result !== 0) return result;
    file.pos += bytes.length;
    return bytes.length;
  }
  if (file.flags === O_RDONLY) return -EBADF;
  if (node.readOnly) return -EROFS;
  if (bytes.length === 0) return 0;
  if (file.pos + bytes.length > LARGEST) return -EFBIG;
  // A chunk that is on its way must not overtake what is written to it now.
  if (underWay(file.path, 'disk-read', ...chunksOf(file.pos, bytes.length))) return sleepOn(node.queue);
  send({ kind: 'disk-write', path: file.path, id: current.data.disks.nextId++, offset: file.pos, bytes: bytes.slice() }, node.length);
  node.length = Math.max(node.length, file.pos + bytes.length);
  eachPiece(file.pos, bytes.length, (chunk, within, at, size) => {
    const cached = node.chunks[chunk];
    if (cached === undefined) return;
    const changed = cached.bytes.slice();
    changed.set(bytes.subarray(at, at + size), within);
    cached.bytes = changed;
  });
  return sleepOn(node.queue);
}

/** Goes through a range chunk by chunk: offset within the chunk, offset within the range, bytes. */
function eachPiece(offset: number, length: number, visit: (chunk: number, within: number, at: number, size: number) => void): void {
  for (let at = 0; at < length; ) {
    const within = (offset + at) % DISK_CHUNK;
    const size = Math.min(length - at, DISK_CHUNK - within);
    visit(Math.floor((offset + at) / DISK_CHUNK), within, at, size);
    at += size;
  }
}

function truncate(file: OpenFile, length: number): number {
  const node = nodeOf(file);
  if (node === null) return -ENOENT;
  const result = outcome(node);
  if (result !== null) return result;
  if (length < 0 || length > LARGEST || file.flags === O_RDONLY) return -EINVAL;
  if (node.readOnly) return -EROFS;
  if (underWay(file.path, 'disk-read', 0, Infinity)) return sleepOn(node.queue);
  send({ kind: 'disk-truncate', path: file.path, id: current.data.disks.nextId++, length }, node.length);
  const within = length % DISK_CHUNK;
  for (const [key, cached] of Object.entries(node.chunks)) {
    if (Number(key) * DISK_CHUNK >= length) delete node.chunks[Number(key)];
    else if (Number(key) === Math.floor(length / DISK_CHUNK))
      cached.bytes = Uint8Array.from(cached.bytes, (byte, i) => (i < within ? byte : 0));
  }
  node.length = length;
  return sleepOn(node.queue);
}

export const diskOperations: FileOperations = {
  open(file) {
    return nodeOf(file)?.readOnly === true && file.flags !== O_RDONLY ? -EROFS : 0;
  },
  read,
  write,
  truncate,
  fdatasync(file) {
    const node = nodeOf(file);
    if (node === null) return -ENOENT;
    const result = outcome(node);
    if (result !== null) return result;
    send({ kind: 'disk-sync', path: file.path, id: current.data.disks.nextId++ }, node.length);
    return sleepOn(node.queue);
  },
  seek(file, offset, whence) {
    const from = { [SEEK_SET]: 0, [SEEK_CUR]: file.pos, [SEEK_END]: nodeOf(file)?.length ?? 0 }[whence];
    if (from === undefined || !(from + offset >= 0)) return -EINVAL;
    return (file.pos = from + offset);
  },
};
