import { beforeEach, describe, expect, it } from 'vitest';
import {
  createDisk,
  createMm,
  createTask,
  DISK_CHUNK,
  findTask,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  openDiskRequests,
  registerProgram,
  runHost,
  SEEK_END,
  SEEK_SET,
  SIGKILL,
  sysExit,
  sysFdatasync,
  sysFtruncate,
  sysKill,
  sysLseek,
  sysOpen,
  sysRead,
  sysWrite,
  takeInput,
} from './index.ts';
import { EBADF, EINVAL, EIO, ENOSPC, ERESTARTNOINTR, EROFS } from './errno.ts';
import { current } from './kernel.ts';
import { testKernel } from './testing/kernel.ts';
import type { DiskInput, DiskRequest } from './outside.ts';
import type { Task } from './data.ts';

/** Steps of one call each; a step that must wait is made again. */
type Script = (() => unknown)[];
const scripts: Script[] = [];
function runScript(task: Task): void {
  const script = scripts[task.data as number];
  if (script[0]() === -ERESTARTNOINTR) return;
  script.shift();
  if (script.length === 0) sysExit(0);
}
const start = (...script: Script): number =>
  createTask('disk script', scripts.push(script) - 1, { mm: createMm(), files: { fds: [], users: 1 } }).id;

/** The outside: a disk with a volatile cache of its own. */
class Outside {
  bytes: Uint8Array;
  /** What a loss of power leaves. */
  durable: Uint8Array;
  served = { 'disk-read': 0, 'disk-write': 0, 'disk-sync': 0, 'disk-truncate': 0 };

  constructor(length: number, fill: (at: number) => number = () => 0) {
    this.bytes = Uint8Array.from({ length }, (_, at) => fill(at));
    this.durable = this.bytes.slice();
  }

  /** Carries out the oldest open request. */
  serve(): boolean {
    const request = openDiskRequests().at(0);
    if (request === undefined) return false;
    this.served[request.kind]++;
    takeInput(this.#answer(request));
    return true;
  }

  #answer(request: DiskRequest): DiskInput {
    const { path, id } = request;
    if (request.kind === 'disk-read')
      return { kind: 'disk-chunk', path, id, bytes: this.bytes.slice(request.chunk * DISK_CHUNK, (request.chunk + 1) * DISK_CHUNK) };
    if (request.kind === 'disk-write') this.#put(request.offset, request.bytes);
    if (request.kind === 'disk-truncate') this.#resize(request.length);
    if (request.kind === 'disk-sync') this.durable = this.bytes.slice();
    return { kind: 'disk-done', path, id };
  }

  #put(offset: number, bytes: Uint8Array): void {
    this.#resize(Math.max(this.bytes.length, offset + bytes.length));
    this.bytes.set(bytes, offset);
  }

  #resize(length: number): void {
    const bytes = new Uint8Array(length);
    bytes.set(this.bytes.subarray(0, length));
    this.bytes = bytes;
  }
}

/** Runs everybody, with the outside answering whenever all wait, to the end. */
function finish(outside: Outside): void {
  for (let turns = 0; turns < 100_000; turns++) {
    const stop = runHost(1e9);
    if (stop === 'exited') return;
    expect(stop).toBe('idle');
    if (!outside.serve()) throw new Error('everybody waits for nothing');
  }
  throw new Error('no end');
}

const pattern = (at: number): number => (at * 7 + (at >> 8) * 13 + (at >> 16)) & 0xff;
const slice = (from: number, length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => pattern(from + i));

beforeEach(() => {
  registerProgram(testKernel().kernel, 'disk script', runScript);
});

describe('a read', () => {
  const LENGTH = 3 * DISK_CHUNK + 1000;
  it.each([
    ['within a chunk', 100, 50, 1, 50],
    ['over an edge', DISK_CHUNK - 10, 20, 2, 20],
    ['of everything', 0, LENGTH, 4, LENGTH],
    ['beyond the end', LENGTH - 5, 100, 1, 5],
    ['at the end', LENGTH, 100, 0, 0],
    ['far behind it', LENGTH + 1e9, 100, 0, 0],
    ['of nothing', 0, 0, 0, 0],
  ])('%s comes in one go, and only what it needs is asked for', (_, from, count, chunks, expected) => {
    const outside = new Outside(LENGTH, pattern);
    createDisk('disk', LENGTH);
    let got: Uint8Array | number = -1;
    let fd = -1;
    start(
      () => (fd = sysOpen('disk')),
      () => sysLseek(fd, from, SEEK_SET),
      () => (got = sysRead(fd, count)),
      () => expect(sysLseek(fd, 0, 1)).toBe(from + expected),
    );
    finish(outside);
    expect(got).toEqual(slice(from, expected));
    expect(outside.served['disk-read']).toBe(chunks);
  });

  it('of what has been read asks nobody; of what two want, once', () => {
    const outside = new Outside(DISK_CHUNK, pattern);
    createDisk('disk', DISK_CHUNK);
    for (const at of [0, 5000]) {
      let fd = -1;
      start(
        () => (fd = sysOpen('disk')),
        () => sysLseek(fd, at, SEEK_SET),
        () => sysRead(fd, 10),
        () => expect(sysRead(fd, 10)).toEqual(slice(at + 10, 10)),
      );
    }
    finish(outside);
    expect(outside.served['disk-read']).toBe(1);
  });

  it('keeps 32 MiB at most, and what was used last', () => {
    const outside = new Outside(600 * DISK_CHUNK);
    createDisk('disk', outside.bytes.length);
    let fd = -1;
    start(
      () => (fd = sysOpen('disk')),
      ...Array.from({ length: 600 }, (_, chunk) => [() => sysLseek(fd, chunk * DISK_CHUNK, SEEK_SET), () => sysRead(fd, 1)]).flat(),
    );
    finish(outside);
    const node = current.data.nodes['disk'];
    const kept = node.kind === 'disk' ? Object.keys(node.chunks).map(Number) : [];
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([512, 88, 599]);
  });
});

describe('errors', () => {
  it.each<[string, boolean, number, (fd: number) => unknown, number]>([
    ['writing to a read-only disk', true, O_RDONLY, (fd) => sysWrite(fd, Uint8Array.of(1)), -EBADF],
    ['reading what is open for writing', false, O_WRONLY, (fd) => sysRead(fd, 1), -EBADF],
    ['seeking before the start', false, O_RDWR, (fd) => sysLseek(fd, -1, SEEK_SET), -EINVAL],
    ['seeking nowhere', false, O_RDWR, (fd) => sysLseek(fd, NaN, SEEK_SET), -EINVAL],
    ['cutting what is open for reading', false, O_RDONLY, (fd) => sysFtruncate(fd, 0), -EINVAL],
  ])('%s', (_, readOnly, flags, call, error) => {
    createDisk('disk', 100, readOnly);
    let fd = -1;
    start(
      () => (fd = sysOpen('disk', flags)),
      () => expect(call(fd)).toBe(error),
    );
    finish(new Outside(100));
  });

  it('a read-only disk cannot be opened for writing', () => {
    createDisk('disk', 100, true);
    start(() => expect(sysOpen('disk')).toBe(-EROFS));
    finish(new Outside(100));
  });

  it('of the outside come back as they are, and what failed is not in the cache', () => {
    createDisk('disk', 100);
    const results: unknown[] = [];
    let fd = -1;
    const lseek = (): unknown => sysLseek(fd, 0, SEEK_SET);
    const note = (call: () => unknown) => (): unknown => {
      const result = call();
      if (result !== -ERESTARTNOINTR) results.push(result);
      return result;
    };
    start(
      () => (fd = sysOpen('disk')),
      note(() => sysRead(fd, 10)),
      note(() => sysRead(fd, 10)),
      lseek,
      note(() => sysWrite(fd, Uint8Array.of(1, 2))),
      note(() => sysFdatasync(fd)),
      lseek,
      note(() => sysRead(fd, 2)),
    );
    const answers: ((request: DiskRequest) => DiskInput)[] = [
      ({ path, id }) => ({ kind: 'disk-error', path, id, error: EIO }),
      ({ path, id }) => ({ kind: 'disk-chunk', path, id, bytes: new Uint8Array(10) }),
      ({ path, id }) => ({ kind: 'disk-error', path, id, error: ENOSPC }),
      ({ path, id }) => ({ kind: 'disk-error', path, id, error: EIO }),
      ({ path, id }) => ({ kind: 'disk-chunk', path, id, bytes: new Uint8Array(100) }),
    ];
    for (const answer of answers) {
      expect(runHost(1e9)).toBe('idle');
      takeInput(answer(openDiskRequests()[0]));
    }
    expect(runHost(1e9)).toBe('exited');
    expect(results).toEqual([-EIO, new Uint8Array(10), -ENOSPC, -EIO, new Uint8Array(2)]);
  });

  it('answers that nobody waits for, of the wrong kind or for no disk at all are passed over or fail the call', () => {
    createDisk('disk', 100);
    let fd = -1;
    start(
      () => (fd = sysOpen('disk')),
      () => {
        const result = sysRead(fd, 10);
        expect([-EIO, -ERESTARTNOINTR]).toContain(result);
        return result;
      },
    );
    runHost(1e9);
    const [{ id }] = openDiskRequests();
    takeInput({ kind: 'disk-chunk', path: 'disk', id: id + 7, bytes: new Uint8Array(100) });
    takeInput({ kind: 'disk-chunk', path: 'no such disk', id, bytes: new Uint8Array(100) });
    expect(runHost(1e9)).toBe('idle');
    takeInput({ kind: 'disk-done', path: 'disk', id });
    expect(openDiskRequests()).toEqual([]);
    expect(runHost(1e9)).toBe('exited');
  });
});

/** A small source of numbers. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

describe.each([1, 2, 3, 4])('random reads, writes, syncs and cuts, seed %i', (seed) => {
  it('agree with a model; whatever was acknowledged survives an end at any point, whatever was synced a loss of power', () => {
    const roll = dice(seed * 7919);
    const length = 3 * DISK_CHUNK;
    const outside = new Outside(length, pattern);
    createDisk('disk', length);
    // Two programs share the disk, each with every other run of 1000 bytes; of the model everybody knows what was acknowledged.
    const model = outside.bytes.slice();
    let synced: Uint8Array = model.slice();
    const written = new Map<number, Uint8Array>();
    const programs = [0, 1].map((who) => {
      let fd = -1;
      const steps: Script = [() => (fd = sysOpen('disk'))];
      for (let n = 0; n < 60; n++) {
        const at = (roll(Math.floor(length / 2000)) * 2 + who) * 1000 + roll(500);
        const count = 1 + roll(500);
        steps.push(() => sysLseek(fd, at, SEEK_SET));
        if (roll(2) === 0) {
          steps.push(() => {
            const got = sysRead(fd, count);
            if (typeof got !== 'number') expect(got).toEqual(model.slice(at, at + count));
            return got;
          });
        } else if (roll(5) > 0) {
          const bytes = Uint8Array.from({ length: count }, () => roll(256));
          steps.push(() => {
            const result = sysWrite(fd, bytes);
            if (result === count) model.set(bytes, at);
            written.set(who, bytes);
            return result;
          });
        } else {
          let before: Uint8Array | null = null;
          steps.push(() => {
            before ??= model.slice();
            const result = sysFdatasync(fd);
            if (result === 0) synced = before;
            return result;
          });
        }
      }
      return start(...steps);
    });
    const end = roll(200);
    for (let turn = 0; turn < 1000; turn++) {
      const stop = runHost(1e9, { steps: 1 + roll(4) });
      if (stop === 'exited' || turn === end) break;
      if (stop === 'idle' || roll(3) === 0) outside.serve();
      // What is acknowledged is outside; what is not may be.
      for (let i = 0; i < length; i += 97)
        if (outside.bytes[i] !== model[i]) expect([...written.values()].some((bytes) => bytes.includes(outside.bytes[i]))).toBe(true);
      if (turn % 20 === 0)
        for (let i = 0; i < length; i += 97)
          if (outside.durable[i] !== synced[i]) expect(outside.bytes[i] === outside.durable[i] || model[i] !== synced[i]).toBe(true);
    }
    for (const id of programs) sysKill(id, SIGKILL);
    while (outside.serve());
    expect(runHost(1e9)).toBe('exited');
    expect(programs.every((id) => findTask(id)?.state === 'zombie')).toBe(true);
  });
});

it('a write past the end makes the disk longer, a cut shorter, and what comes back behind a cut is zeros', () => {
  const outside = new Outside(1000, () => 1);
  createDisk('disk', 1000);
  let fd = -1;
  start(
    () => (fd = sysOpen('disk')),
    () => sysRead(fd, 10),
    () => sysLseek(fd, 0, SEEK_END),
    () => sysWrite(fd, new Uint8Array(DISK_CHUNK).fill(2)),
    () => expect(sysLseek(fd, 0, SEEK_END)).toBe(1000 + DISK_CHUNK),
    () => sysFtruncate(fd, 500),
    () => expect(sysLseek(fd, 0, SEEK_END)).toBe(500),
    () => sysFtruncate(fd, 1000),
    () => sysLseek(fd, 490, SEEK_SET),
    () => {
      const got = sysRead(fd, 100);
      if (typeof got !== 'number') expect(got).toEqual(Uint8Array.from({ length: 100 }, (_, i) => (i < 10 ? 1 : 0)));
      return got;
    },
  );
  finish(outside);
  expect(outside.bytes).toEqual(Uint8Array.from({ length: 1000 }, (_, i) => (i < 500 ? 1 : 0)));
});
