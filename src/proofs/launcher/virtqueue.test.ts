import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { addVirtqueue, newDevice, VIRTIO_ID } from '#tangled/launcher/devices.ts';
import { readGuest, writeGuest } from '#tangled/launcher/memory.ts';
import { addUsed, addUsedAndTrigger, gather, getVqDesc, lengthOf, scatter, vringSize } from '#tangled/launcher/virtqueue.ts';
import { GUEST_BYTES, lastWords, testLauncher, TestRing } from './testing.ts';
import type { TestLauncher, TestSegment } from './testing.ts';

function ringAt(start: number): { guest: TestLauncher; ring: TestRing } {
  const guest = testLauncher((launcher) => addVirtqueue(launcher, newDevice(launcher, 'test', VIRTIO_ID.CONSOLE), 'enable-fd'));
  return { guest, ring: new TestRing(guest.launcher, guest.launcher.devices[0].queues[0], start) };
}

test('a ring of 128 has the size and the places that the Guest computes', () => {
  expect(vringSize(128)).toBe(5124);
  const { ring } = ringAt(0);
  expect([ring.availAt - ring.descAt, ring.usedAt - ring.descAt]).toEqual([0x800, 0x1000]);
});

describe('chains of all shapes, in random batches', () => {
  const segment = fc.record({ kind: fc.constant<'o' | 'i'>('o'), addr: fc.nat(GUEST_BYTES - 4096), len: fc.nat(4000) });
  const chain = fc
    .record({ out: fc.array(segment, { maxLength: 6 }), in: fc.array(segment, { maxLength: 6 }) })
    .map(({ out, in: filled }): TestSegment[] => [...out, ...filled.map((one) => ({ ...one, kind: 'i' as const }))])
    .filter((segments) => segments.length > 0);
  const batches = fc.array(fc.record({ offered: fc.array(chain, { maxLength: 30 }), taken: fc.nat(40), seed: fc.nat(1000) }), {
    maxLength: 12,
  });

  test.each([0, 1, 127, 65500, 65535])('all indexes begin at %i', (start) => {
    fc.assert(
      fc.property(batches, (all) => {
        const {
          guest: { launcher },
          ring,
        } = ringAt(start);
        const waiting: { head: number; segments: TestSegment[] }[] = [];
        for (const { offered, taken, seed } of all) {
          for (const segments of offered) {
            if (segments.length > ring.free) break;
            waiting.push({ head: ring.add(segments, (below) => seed % below), segments });
          }
          const back: { head: number; len: number }[] = [];
          for (let i = 0; i < taken; i++) {
            const got = getVqDesc(launcher, ring.queue);
            const wanted = waiting.shift();
            const shape = (kind: string): unknown =>
              wanted?.segments.filter((one) => one.kind === kind).map(({ addr, len }) => ({ addr, len }));
            expect(got).toEqual(wanted === undefined ? null : { head: wanted.head, out: shape('o'), in: shape('i') });
            if (got === null) break;
            const used = { head: got.head, len: lengthOf(got.in) };
            addUsed(launcher, ring.queue, used.head, used.len);
            back.push(used);
          }
          expect(ring.takeUsed()).toEqual(back);
        }
      }),
      { numRuns: 20, seed: 5 },
    );
  });

  test('seventy thousand chains, one at a time: every index goes round', () => {
    const {
      guest: { launcher },
      ring,
    } = ringAt(0);
    for (let i = 0; i < 70000; i++) {
      const head = ring.add([{ kind: 'o', addr: i, len: 1 }]);
      const got = getVqDesc(launcher, ring.queue);
      if (got?.head !== head || got.out[0].addr !== i) expect(got).toEqual({ head, out: [{ addr: i, len: 1 }], in: [] });
      addUsed(launcher, ring.queue, head, i);
      const [back] = ring.takeUsed();
      if (back.head !== head || back.len !== i) expect(back).toEqual({ head, len: i });
    }
    expect(ring.availIdx).toBe(70000 & 0xffff);
    expect(getVqDesc(launcher, ring.queue)).toBeNull();
  });

  test('a full ring: 128 chains at once, and one of 128', () => {
    const {
      guest: { launcher },
      ring,
    } = ringAt(65530);
    const heads = Array.from({ length: 128 }, (_, i) => ring.add([{ kind: 'i', addr: i, len: 1 }]));
    expect(heads.map(() => getVqDesc(launcher, ring.queue)?.head)).toEqual(heads);
    for (const head of heads) addUsed(launcher, ring.queue, head, 1);
    expect(ring.takeUsed()).toHaveLength(128);
    ring.add(heads.map((_, i) => ({ kind: 'o', addr: i, len: 0 })));
    expect(getVqDesc(launcher, ring.queue)?.out).toHaveLength(128);
  });
});

describe('what is copied', () => {
  test('is gathered from segments, and scattered over them, in their order', () => {
    const { launcher } = testLauncher();
    const segments = [
      { addr: 0x5ff0, len: 0x20 },
      { addr: 0x3000, len: 0 },
      { addr: 0x1fff, len: 2 },
      { addr: 0x8000, len: 100 },
    ];
    const bytes = Uint8Array.from({ length: 60 }, (_, i) => i + 1);
    scatter(launcher, segments, bytes);
    expect(gather(launcher, segments, 60)).toEqual(bytes);
    expect(gather(launcher, segments)).toHaveLength(0x20 + 2 + 100);
    for (let from = 0; from <= 60; from++)
      for (const most of [0, 1, 31, 32, 33, 60])
        expect(gather(launcher, segments, Math.min(most, 60 - from), from)).toEqual(bytes.slice(from, from + most));
    expect(readGuest(launcher, 0x1fff, 2).getUint16(0, false)).toBe(0x2122);
    expect(readGuest(launcher, 0x8000, 27).getUint8(26)).toBe(0);
  });
});

describe('the interrupt', () => {
  test('comes with every chain, unless the Guest asks for none', () => {
    const { guest, ring } = ringAt(0);
    addUsedAndTrigger(guest.launcher, ring.queue, ring.add([{ kind: 'o', addr: 0, len: 0 }]), 0);
    expect(guest.takeIrqs()).toBe(1 << ring.queue.irq);
    ring.noInterrupt = true;
    addUsedAndTrigger(guest.launcher, ring.queue, ring.add([{ kind: 'o', addr: 0, len: 0 }]), 0);
    expect(guest.takeIrqs()).toBe(0);
    expect(ring.takeUsed()).toHaveLength(2);
  });
});

describe('a malformed ring ends the Launcher with a sentence', () => {
  const limit = GUEST_BYTES + 3 * 4096;
  const good: TestSegment = { kind: 'o', addr: 0x1000, len: 16 };
  const bad =
    (segment: Partial<TestSegment>) =>
    (ring: TestRing): void => {
      ring.add([{ ...good, ...segment }]);
    };

  test.each<[string, (ring: TestRing) => void, RegExp]>([
    [
      'the index jumps by 129',
      (ring) => {
        ring.availIdx += 129;
      },
      /index jumped from 7 to 136, in a ring of 128/,
    ],
    [
      'the index jumps back',
      (ring) => {
        ring.availIdx -= 1;
      },
      /index jumped from 7 to 6/,
    ],
    [
      'the index jumps by half its range',
      (ring) => {
        ring.availIdx += 0x8000;
      },
      /index jumped from 7 to 32775/,
    ],
    [
      'a head that is none',
      (ring) => {
        ring.slot(128);
        ring.availIdx++;
      },
      /made descriptor 128 available, and there are 128/,
    ],
    [
      'a head far away',
      (ring) => {
        ring.slot(0xffff);
        ring.availIdx++;
      },
      /made descriptor 65535 available/,
    ],
    [
      'a chain that leads out of the table',
      (ring) => {
        ring.desc(0, good, 128);
        ring.slot(0);
        ring.availIdx++;
      },
      /descriptor 0 goes on with descriptor 128, and there are 128/,
    ],
    [
      'a descriptor that follows itself',
      (ring) => {
        ring.desc(3, good, 3);
        ring.slot(3);
        ring.availIdx++;
      },
      /chain of descriptor 3 goes round in a circle/,
    ],
    [
      'two that follow each other',
      (ring) => {
        ring.desc(3, good, 4);
        ring.desc(4, good, 3);
        ring.slot(3);
        ring.availIdx++;
      },
      /goes round in a circle/,
    ],
    [
      'a chain that ends in a loop',
      (ring) => {
        ring.desc(0, good, 1);
        ring.desc(1, good, 2);
        ring.desc(2, good, 1);
        ring.slot(0);
        ring.availIdx++;
      },
      /goes round in a circle/,
    ],
    [
      'something to be read after something to be written',
      (ring) => ring.add([{ ...good, kind: 'i' }, good]),
      /descriptor 1 is to be read, and comes after/,
    ],
    [
      'a buffer right behind the memory',
      bad({ addr: limit }),
      /buffer of 16 bytes at 0x103000 is not in the Guest's memory, which ends at 0x103000/,
    ],
    ['a buffer that ends exactly with it', bad({ addr: limit - 16 }), /buffer of 16 bytes at 0x102ff0 is not in/],
    ['a buffer that ends behind it', bad({ addr: limit - 8 }), /is not in the Guest's memory/],
    ['no bytes, but behind the memory', bad({ addr: limit, len: 0 }), /buffer of 0 bytes/],
    ['a length that goes once around', bad({ addr: 0x2000, len: 0xffffe000 }), /buffer of 4294959104 bytes at 0x2000/],
    ['an address of more than 32 bits', bad({ addr: 2 ** 32 + 0x1000 }), /buffer of 16 bytes at 0x100001000/],
    ['the largest address of all', bad({ addr: 2 ** 63 }), /is not in the Guest's memory/],
    [
      'more bytes than there is memory',
      (ring) => ring.add(Array.from({ length: 128 }, () => ({ kind: 'i' as const, addr: 0, len: 65536 }))),
      /longer than the Guest's memory/,
    ],
  ])('%s', (_, deed, sentence) => {
    const { guest, ring } = ringAt(7);
    deed(ring);
    expect(
      lastWords(guest, () => {
        getVqDesc(guest.launcher, ring.queue);
      }),
    ).toMatch(sentence);
  });

  test.each<[string, Partial<TestSegment>]>([
    ['no bytes at all', { len: 0 }],
    ['the last byte but one', { addr: limit - 2, len: 1 }],
    ['the very first', { addr: 0, len: 1 }],
  ])('but %s are fine', (_, segment) => {
    const { guest, ring } = ringAt(7);
    bad(segment)(ring);
    expect(getVqDesc(guest.launcher, ring.queue)?.out).toHaveLength(1);
  });

  test('whatever stands in the ring, the Launcher takes a chain, finds none, or leaves with a sentence', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 5124, maxLength: 5124 }), fc.nat(0xffff), (bytes, lastAvail) => {
        const { guest, ring } = ringAt(0);
        writeGuest(guest.launcher, ring.descAt, bytes);
        ring.queue.lastAvail = lastAvail;
        ring.availIdx = lastAvail + 1;
        const words = lastWords(guest, () => {
          getVqDesc(guest.launcher, ring.queue);
        });
        if (words !== null) expect(words).toMatch(/^lguest: .+\n$/);
      }),
      { numRuns: 60, seed: 6 },
    );
  });
});
