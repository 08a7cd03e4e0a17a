import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { GuestCode } from './testing.ts';

/** The Guest's way of reading a descriptor (guest/lguest_device.S), on descriptors of all shapes. */
const PAGE = 0x40000;
const DEVICE = 0x60000;
const COPY = 0x70000;
const DESC = 12;

interface Shape {
  type: number;
  queues: number;
  features: number[];
  config: number[];
}

const byte = fc.nat(255);
const shape: fc.Arbitrary<Shape> = fc.record({
  type: fc.integer({ min: 1, max: 9 }),
  queues: fc.nat(6),
  features: fc.array(byte, { maxLength: 5 }),
  config: fc.array(byte, { maxLength: 40 }),
});

const sizeOf = ({ queues, features, config }: Shape): number => 5 + 8 * queues + 2 * features.length + config.length;

/** A descriptor with 0x5a in its queues, and in whatever lies behind it. */
function write(code: GuestCode, at: number, one: Shape): void {
  const { ram } = code.machine;
  ram.writeBytes(at, new Uint8Array(sizeOf(one) + 8).fill(0x5a));
  ram.writeBytes(at, Uint8Array.of(one.type, one.queues, one.features.length, one.config.length, 0));
  const features = at + 5 + 8 * one.queues;
  ram.writeBytes(features, Uint8Array.from(one.features));
  ram.writeBytes(features + one.features.length, new Uint8Array(one.features.length));
  ram.writeBytes(features + 2 * one.features.length, Uint8Array.from(one.config));
  ram.write32(DEVICE + DESC, at);
}

const code = new GuestCode('guests/lguest_device.S');
const { ram } = code.machine;
const bytesAt = (at: number, length: number): number[] => Array.from({ length }, (_, i) => ram.read8(at + i));

test('everything is where the lengths say', () => {
  fc.assert(
    fc.property(shape, (one) => {
      write(code, PAGE, one);
      const at = (routine: string): number | undefined => code.call(routine, { ebx: DEVICE })?.eax;
      const features = PAGE + 5 + 8 * one.queues;
      expect([at('lg_vq'), at('lg_features'), at('lg_config')]).toEqual([PAGE + 5, features, features + 2 * one.features.length]);
      expect(code.call('desc_size', { esi: PAGE })?.eax).toBe(sizeOf(one));
    }),
    { numRuns: 100, seed: 3 },
  );
});

test('a feature is taken if it is offered, and no byte changes but its own', () => {
  fc.assert(
    fc.property(shape, fc.array(fc.nat(60), { maxLength: 12 }), (one, bits) => {
      write(code, PAGE, one);
      const taken = one.features.map(() => 0);
      for (const bit of bits) {
        const offered = (((one.features[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1;
        expect(code.call('lg_feature', { ebx: DEVICE, eax: bit })?.carry, `bit ${bit}`).toBe(!offered);
        if (offered) taken[bit >> 3] |= 1 << (bit & 7);
      }
      const features = PAGE + 5 + 8 * one.queues;
      expect(bytesAt(features, 2 * one.features.length + one.config.length)).toEqual([...one.features, ...taken, ...one.config]);
      expect(bytesAt(PAGE + sizeOf(one), 8)).toEqual(new Array(8).fill(0x5a));
    }),
    { numRuns: 100, seed: 4 },
  );
});

test('configuration is read and written as far as it goes, and beyond that is a bug', () => {
  fc.assert(
    fc.property(shape, fc.nat(45), fc.nat(45), (one, offset, length) => {
      write(code, PAGE, one);
      ram.writeBytes(COPY, new Uint8Array(64).fill(0xee));
      const fits = offset + length <= one.config.length;
      expect(code.call('lg_get', { ebx: DEVICE, eax: offset, ecx: length, edi: COPY }) !== null).toBe(fits);
      if (!fits) return;
      expect(bytesAt(COPY, 64)).toEqual([...one.config.slice(offset, offset + length), ...new Array(64 - length).fill(0xee)]);
      ram.writeBytes(COPY, new Uint8Array(64).fill(0x77));
      expect(code.call('lg_set', { ebx: DEVICE, eax: offset, ecx: length, esi: COPY })).not.toBeNull();
      const wanted = [...one.config];
      wanted.fill(0x77, offset, offset + length);
      expect(bytesAt(PAGE + sizeOf(one) - one.config.length, one.config.length + 8)).toEqual([...wanted, ...new Array(8).fill(0x5a)]);
    }),
    { numRuns: 200, seed: 5 },
  );
});

describe('the status', () => {
  test('gathers bits, and zero is not one of them', () => {
    write(code, PAGE, { type: 3, queues: 2, features: [], config: [] });
    for (const [bit, status] of [
      [1, 1],
      [2, 3],
      [0x80, 0x83],
    ]) {
      code.call('add_status', { ebx: DEVICE, eax: bit });
      expect(ram.read8(PAGE + 4)).toBe(status);
    }
    expect(code.call('lg_set_status', { ebx: DEVICE, eax: 0 })).toBeNull();
    expect(code.call('lg_get_status', { ebx: DEVICE })?.eax).toBe(0x83);
  });
});

test.each([
  [1, 2],
  [2, 2],
  [128, 2],
  [256, 3],
  [1024, 8],
])('a ring of %i takes %i pages', (places, pages) => {
  expect(code.call('vring_pages', { eax: places })?.eax).toBe(pages);
});
