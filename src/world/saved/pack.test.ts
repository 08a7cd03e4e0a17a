import { describe, expect, test } from 'vitest';
import { pack, PackFault, unpack } from './pack.ts';

describe('packed data', () => {
  test.each<[string, unknown]>([
    ['primitive values', [1, -1.5, 'a text: ü\n', true, false, null]],
    ['what JSON does not have', [undefined, NaN, Infinity, -Infinity, -0, { a: undefined }]],
    ['nothing in nothing', [{}, [], [[]], new Uint8Array()]],
    [
      'typed arrays',
      [Uint8Array.of(1, 2, 3), Uint16Array.of(65535), Uint32Array.of(2 ** 32 - 1), Int32Array.of(-1), Float64Array.of(NaN, 1e300)],
    ],
    ['a list longer than a stack', Array.from({ length: 300_000 }, (_, i) => i)],
    ['names of all kinds', JSON.parse('{"__proto__": {"a": 1}, "": 2, "constructor": 3}')],
  ])('is as it was: %s', (_, value) => {
    expect(unpack(pack(value))).toEqual(value);
  });

  test('what is one is one again, and what is alike lies there once and is two again', () => {
    const one = { n: 1 };
    const ring: { self?: unknown } = {};
    ring.self = ring;
    const bytes = new Uint8Array(10_000).fill(7);
    const packed = pack({ a: one, b: one, ring, x: bytes, y: bytes.slice(), part: bytes.subarray(1) });
    expect(packed.length).toBeLessThan(21_000);
    const { a, b, ring: again, x, y, part } = unpack(packed) as Record<string, Record<string, unknown>>;
    expect(a).toBe(b);
    expect(again.self).toBe(again);
    expect([x.length, y.length, part.length]).toEqual([10_000, 10_000, 9999]);
    x[0] = 1;
    expect(y[0]).toBe(7);
  });

  test('is nothing else', () => {
    for (const wrong of [() => 1, Symbol('a'), 1n, new Map(), new Date()]) expect(() => pack([wrong])).toThrow(TypeError);
  });

  test('cut, or no such thing, is said to be so', () => {
    const whole = pack({ list: [1, 2, 3], bytes: new Uint8Array(104) });
    for (let end = 0; end < whole.length; end++) expect(() => unpack(whole.subarray(0, end)), `${end}`).toThrow(PackFault);
    expect(() => unpack(new TextEncoder().encode('\x08\0\0\0[["{}",'))).toThrow(PackFault);
    expect(() => unpack(new TextEncoder().encode('\x0c\0\0\0[["[]",[9]]]'))).toThrow(PackFault);
  });
});
