import { describe, expect, test } from 'vitest';
import { createDisk, createFile, current, EIO, takeInput } from '#hostos';
import { setupBlockFile } from '#tangled/launcher/block.ts';
import { handleInput, handleOutput } from '#tangled/launcher/devices.ts';
import { readGuest, writeGuest } from '#tangled/launcher/memory.ts';
import { lastWords, testLauncher, TestRing } from './testing.ts';
import type { TestLauncher, TestSegment } from './testing.ts';
import { MemoryDisk } from '#world';
import { Dice, effort } from '#testing';

const PAGE = 4096;
const SECTOR = 512;
const BARRIER = 0x80000000;
const IN = 0;
const OUT = 1;
const SCSI = 2;
/** Where the test's requests have their headers and status bytes, 64 bytes a descriptor, and their data, 4 KB a descriptor. */
const HEADERS = 0x10000;
const DATA = 0x40000;

interface DiskGuest {
  guest: TestLauncher;
  ring: TestRing;
  disk: MemoryDisk;
  kick(): void;
  /** The outside answers so many requests, in their order, and all that follows from it happens. */
  answer(count?: number): void;
  /** Offers a request; `pieces` are the sizes of its data. Returns its head. */
  ask(type: number, sector: number, pieces: readonly number[], data?: Uint8Array): number;
  statusOf(head: number): number;
  dataOf(head: number, length: number): Uint8Array;
}

function diskGuest(bytes: Uint8Array, kind: 'disk' | 'regular' = 'disk'): DiskGuest {
  const guest = testLauncher((launcher) => {
    if (kind === 'disk') createDisk('disk', bytes.length);
    else createFile('disk', bytes);
    setupBlockFile(launcher, 'disk');
  });
  const [device] = guest.launcher.devices;
  writeGuest(guest.launcher, device.descriptor + 4, Uint8Array.of(7));
  const ring = new TestRing(guest.launcher, device.queues[0]);
  const disk = new MemoryDisk('disk', bytes.slice());
  guest.settle();
  let answered = 0;
  return {
    guest,
    ring,
    disk,
    kick() {
      handleOutput(guest.launcher, ring.queue.pfn * PAGE);
      guest.settle();
    },
    answer(count = Infinity) {
      for (; count > 0 && answered < guest.requests.length; count--) {
        const input = disk.answer(guest.requests[answered++]);
        if (input) takeInput(input);
        guest.settle();
      }
    },
    ask(type, sector, pieces, data = new Uint8Array(0)) {
      const head = ring.nextFree;
      const at = HEADERS + 64 * head;
      const header = new DataView(new ArrayBuffer(16));
      header.setUint32(0, type, true);
      header.setBigUint64(8, BigInt(sector), true);
      writeGuest(guest.launcher, at, new Uint8Array(header.buffer));
      writeGuest(guest.launcher, at + 16, Uint8Array.of(0xee));
      writeGuest(guest.launcher, DATA + PAGE * head, data);
      let offset = DATA + PAGE * head;
      const middle = pieces.map((len): TestSegment => ({ kind: type & OUT ? 'o' : 'i', addr: (offset += len) - len, len }));
      return ring.add([{ kind: 'o', addr: at, len: 16 }, ...middle, { kind: 'i', addr: at + 16, len: 1 }]);
    },
    statusOf: (head) => readGuest(guest.launcher, HEADERS + 64 * head + 16, 1).getUint8(0),
    dataOf(head, length) {
      const { buffer, byteOffset } = readGuest(guest.launcher, DATA + PAGE * head, length);
      return new Uint8Array(buffer, byteOffset, length);
    },
  };
}

/** Bytes that tell where they are. */
const pattern = (length: number, seed = 0): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 9) + seed * 31) & 0xff);

describe.each(['disk', 'regular'] as const)('one request at a time, on a file of kind %s', (kind) => {
  const done = (guest: DiskGuest): { head: number; len: number }[] => {
    guest.kick();
    guest.answer();
    return guest.ring.takeUsed();
  };

  test('reads sectors into pieces of any size', () => {
    const guest = diskGuest(pattern(8 * SECTOR), kind);
    const head = guest.ask(IN, 3, [100, 0, 412, 512]);
    expect(done(guest)).toEqual([{ head, len: 1025 }]);
    expect([guest.statusOf(head), guest.dataOf(head, 1024)]).toEqual([0, pattern(8 * SECTOR).subarray(3 * SECTOR, 5 * SECTOR)]);
  });

  test('writes them, behind a barrier or not, and they stay', () => {
    const guest = diskGuest(pattern(8 * SECTOR), kind);
    const data = pattern(SECTOR, 5);
    const heads = [guest.ask(OUT | BARRIER, 7, [512], data), guest.ask(IN | BARRIER, 7, [512])];
    expect(done(guest)).toEqual([
      { head: heads[0], len: 1 },
      { head: heads[1], len: 513 },
    ]);
    expect(guest.dataOf(heads[1], SECTOR)).toEqual(data);
    if (kind === 'disk')
      expect(guest.guest.requests.map((request) => request.kind)).toEqual(['disk-sync', 'disk-write', 'disk-sync', 'disk-read']);
  });

  test.each<[string, number, number, number[], { status: number; len: number }]>([
    ['a read that ends behind the end', IN, 7, [512, 512], { status: 0, len: 513 }],
    ['a read that begins behind the end', IN, 8, [512], { status: 0, len: 1 }],
    ['a read a long way behind the end', IN, 2 ** 40, [512], { status: 0, len: 1 }],
    ['a read of nothing', IN, 1, [], { status: 0, len: 1 }],
    ['a write of nothing', OUT, 1, [], { status: 0, len: 1 }],
    ['a SCSI command', SCSI, 1, [512], { status: 2, len: 1 }],
    ['a SCSI command that would write', SCSI | OUT, 1, [512], { status: 2, len: 1 }],
  ])('%s', (_, type, sector, pieces, { status, len }) => {
    const guest = diskGuest(pattern(8 * SECTOR), kind);
    const head = guest.ask(type, sector, pieces);
    expect(done(guest)).toEqual([{ head, len }]);
    expect(guest.statusOf(head)).toBe(status);
  });
});

describe('what goes wrong outside is an I/O error, and nothing more', () => {
  test.each<[string, number, string]>([
    ['reading', IN, 'disk-read'],
    ['writing', OUT, 'disk-write'],
    ['flushing', OUT | BARRIER, 'disk-sync'],
  ])('%s', (_, type, kind) => {
    const { guest, ring, kick, ask, statusOf } = diskGuest(pattern(8 * SECTOR));
    const head = ask(type, 0, [512], pattern(512));
    kick();
    const request = guest.requests[0];
    if (!('id' in request)) throw new Error('no request to a disk');
    expect(request.kind).toBe(kind);
    takeInput({ kind: 'disk-error', path: 'disk', id: request.id, error: EIO });
    guest.settle();
    expect([ring.takeUsed(), statusOf(head)]).toEqual([[{ head, len: 1 }], 1]);
  });
});

test('the Launcher raises an interrupt for each request, when the thread has told it', () => {
  const { guest, ring, kick, answer, ask } = diskGuest(pattern(8 * SECTOR));
  ask(IN, 0, [512]);
  ask(IN, 1, [512]);
  kick();
  answer();
  expect(guest.takeIrqs()).toBe(0);
  handleInput(guest.launcher);
  expect(guest.takeIrqs()).toBe(1 << ring.queue.irq);
  expect(guest.launcher.watched).toHaveLength(1);
});

test('a reset in the middle of a request: the request is forgotten, and the next driver finds an untouched ring', () => {
  const { guest, ring, kick, answer, ask, statusOf } = diskGuest(pattern(8 * SECTOR));
  const head = ask(IN, 0, [512]);
  kick();
  writeGuest(guest.launcher, guest.launcher.devices[0].descriptor + 4, Uint8Array.of(0));
  handleOutput(guest.launcher, guest.launcher.devices[0].descriptor);
  answer();
  expect([ring.usedIdx, ring.availIdx, statusOf(head)]).toEqual([0, 0, 0xee]);
  const next = new TestRing(guest.launcher, ring.queue);
  expect(next.takeUsed()).toEqual([]);
});

describe('a request that is none ends the thread with a sentence, and with it the Launcher', () => {
  const header: TestSegment = { kind: 'o', addr: HEADERS, len: 16 };
  const status: TestSegment = { kind: 'i', addr: HEADERS + 16, len: 1 };
  const data: TestSegment = { kind: 'i', addr: DATA, len: 512 };

  test.each<[string, TestSegment[], RegExp]>([
    ['without a status', [header], /place for the status of a request is missing/],
    ['without a header', [data, status], /header of a request is missing/],
    [
      'with a short header',
      [{ ...header, len: 15 }, status],
      /header of a request in 15 bytes at 0x10000: it has 16 bytes, at a multiple of 4/,
    ],
    [
      'with a long header',
      [{ ...header, len: 17 }, data, status],
      /header of a request in 17 bytes at 0x10000: it has 16 bytes, at a multiple of 4/,
    ],
    [
      'with a header of nothing',
      [{ ...header, len: 0 }, data, status],
      /header of a request in 0 bytes at 0x10000: it has 16 bytes, at a multiple of 4/,
    ],
    [
      'with a header at an odd address',
      [{ ...header, addr: HEADERS + 2 }, data, status],
      /in 16 bytes at 0x10002: it has 16 bytes, at a multiple of 4/,
    ],
    ['with a wide status', [header, data, { ...status, len: 2 }], /status of a request in 2 bytes/],
    ['with a status of nothing', [header, { ...status, len: 0 }], /status of a request in 0 bytes/],
    ['with data nowhere', [header, { ...data, addr: 0x40000000 }, status], /is not in the Guest's memory/],
  ])('%s', (_, segments, sentence) => {
    const { guest, ring, kick } = diskGuest(pattern(8 * SECTOR));
    ring.add(segments);
    kick();
    expect(guest.printed()).toMatch(sentence);
    expect(lastWords(guest, () => handleInput(guest.launcher))).toBe('lguest: block: the I/O thread has died\n');
  });

  test.each<[string, number, number, number[]]>([
    ['writing the sector after the last', OUT, 8, [512]],
    ['writing two, of which the second is not there', OUT, 7, [512, 512]],
    ['writing a byte too many', OUT, 7, [512, 1]],
    ['writing far outside', OUT, 2 ** 43, [1]],
  ])('%s', (_, type, sector, pieces) => {
    const { guest, disk, kick, ask, answer } = diskGuest(pattern(8 * SECTOR));
    ask(type, sector, pieces);
    kick();
    answer();
    expect(guest.printed()).toMatch(/writes past the end of its disk/);
    expect(disk.bytes).toEqual(pattern(8 * SECTOR));
  });

  test('a sector whose number has 64 bits', () => {
    const { guest, kick, ask } = diskGuest(pattern(8 * SECTOR));
    ask(IN, 2 ** 60, [512]);
    kick();
    expect(guest.printed()).toBe('lguest: disk: there is no sector 1152921504606846976\n');
  });

  test('and a Guest that kicks a queue whose thread has died loses its Launcher', () => {
    const { guest, ring, kick } = diskGuest(pattern(8 * SECTOR));
    ring.add([header]);
    kick();
    expect(lastWords(guest, () => handleOutput(guest.launcher, ring.queue.pfn * PAGE))).toMatch(
      /no I\/O thread to be sent to work \(Broken pipe\)/,
    );
  });
});

describe('random requests in random batches, answered whenever the outside likes', () => {
  interface Asked {
    head: number;
    write: boolean;
    sector: number;
    data: Uint8Array;
  }
  const SECTORS = 300;

  test.each([1, 2, 3, 4])(
    'do what they would do one after the other; and whoever is killed loses nothing that was acknowledged, seed %i',
    (seed) => {
      const dice = new Dice(seed);
      for (let round = 0; round < 4 * effort(); round++) {
        const { guest, ring, disk, kick, answer, ask, statusOf, dataOf } = diskGuest(pattern(SECTORS * SECTOR, seed));
        const model = disk.bytes.slice();
        /** What is surely outside: everything up to the last write that was acknowledged. */
        const acknowledged = disk.bytes.slice();
        const waiting: Asked[] = [];
        const check = (): void => {
          for (const { head, len } of ring.takeUsed()) {
            const asked = waiting.shift()!;
            expect([asked.head, statusOf(head)]).toEqual([head, 0]);
            if (asked.write) acknowledged.set(asked.data, asked.sector * SECTOR);
            else expect([len, dataOf(head, len - 1)]).toEqual([1 + asked.data.length, asked.data]);
            expect(len).toBe(asked.write ? 1 : 1 + asked.data.length);
          }
          const maybe = new Map<number, Uint8Array[]>();
          for (const { write, sector, data } of waiting)
            for (let i = 0; write && i < data.length / SECTOR; i++)
              maybe.set(sector + i, [...(maybe.get(sector + i) ?? []), data.subarray(i * SECTOR, (i + 1) * SECTOR)]);
          for (let sector = 0; sector < SECTORS; sector++) {
            const [outside, sure] = [disk.bytes, acknowledged].map((bytes) =>
              Buffer.from(bytes.subarray(sector * SECTOR, (sector + 1) * SECTOR)),
            );
            if (!outside.equals(sure) && !(maybe.get(sector) ?? []).some((data) => outside.equals(data)))
              expect(sector, 'a sector that was acknowledged and is lost').toBe(-1);
          }
        };
        for (let batch = 0; batch < 12; batch++) {
          for (let i = dice.below(6); i > 0 && ring.free >= 8; i--) {
            const sectors = 1 + dice.below(6);
            const sector = dice.below(SECTORS - sectors + 1);
            const write = dice.oneIn(2);
            const data = write ? pattern(sectors * SECTOR, dice.below(200)) : model.slice(sector * SECTOR, (sector + sectors) * SECTOR);
            if (write) model.set(data, sector * SECTOR);
            const cut = dice.below(data.length);
            const head = ask(
              (write ? OUT : IN) | (dice.oneIn(5) ? BARRIER : 0),
              sector,
              [cut, data.length - cut],
              write ? data : undefined,
            );
            waiting.push({ head, write, sector, data });
          }
          kick();
          answer(dice.below(5));
          check();
        }
        while (waiting.length > 0) {
          answer(1);
          check();
        }
        expect(disk.bytes).toEqual(model);
        handleInput(guest.launcher);
      }
    },
  );
});

test('a disk that cannot be written is refused, and so is one that is not there', () => {
  const guest = testLauncher();
  createDisk('sealed', 4096, true);
  expect(lastWords(guest, () => setupBlockFile(guest.launcher, 'sealed'))).toBe(
    'lguest: sealed: cannot be opened: read-only file system\n',
  );
  expect(lastWords(guest, () => setupBlockFile(guest.launcher, 'nothing'))).toBe(
    'lguest: nothing: cannot be opened: no such file or directory\n',
  );
});

test.each([
  [0, 0],
  [511, 0],
  [512, 1],
  [4096 + 100, 8],
])('a file of %i bytes has %i sectors', (bytes, sectors) => {
  const guest = testLauncher((launcher) => {
    createDisk('disk', bytes);
    setupBlockFile(launcher, 'disk');
  });
  const { descriptor } = guest.launcher.devices[0];
  expect([...new Uint8Array(readGuest(guest.launcher, descriptor, 31).buffer)]).toEqual([
    2,
    1,
    1,
    16,
    0,
    128,
    0,
    1,
    0,
    1,
    1,
    0,
    0,
    5,
    0,
    sectors,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    126,
    0,
    0,
    0,
  ]);
  expect(current.data.tasks.all.map(({ program }) => program)).toEqual(['played by the test', 'io-thread', 'waker']);
});
