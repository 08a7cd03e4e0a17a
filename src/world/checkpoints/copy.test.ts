import { describe, expect, it } from 'vitest';
import { copyOf } from './copy.ts';

describe('a copy of plain data', () => {
  it('is equal and shares nothing that can be changed', () => {
    const value = { a: 1, list: [1, 'two', null, undefined, { deep: true }], bytes: Uint8Array.of(1, 2, 3), half: new Float64Array(4) };
    const copy = copyOf(value);
    expect(copy).toEqual(value);
    (copy.list[4] as { deep: boolean }).deep = false;
    copy.bytes[0] = 9;
    expect(value.bytes[0]).toBe(1);
    expect(value.list[4]).toEqual({ deep: true });
  });

  it('keeps what is one object one', () => {
    const shared = { n: 1 };
    const loop: { me?: unknown } = {};
    loop.me = loop;
    const copy = copyOf({ a: shared, b: [shared], loop });
    expect(copy.a).toBe(copy.b[0]);
    expect(copy.loop.me).toBe(copy.loop);
  });

  it('shares long arrays with the copy before, as long as they are the same', () => {
    const value = { same: new Uint8Array(5000).fill(7), other: new Uint32Array(2000), short: new Uint8Array(8) };
    const before = copyOf(value);
    value.other[1999] = 1;
    const copy = copyOf(value, before);
    expect(copy).toEqual(value);
    expect(copy.same).toBe(before.same);
    expect(copy.other).not.toBe(before.other);
    expect(copy.short).not.toBe(before.short);
    expect(before.other[1999]).toBe(0);
  });

  it('takes of a view only what it shows', () => {
    const copy = copyOf(new Uint8Array(new ArrayBuffer(1 << 20), 16, 8));
    expect([copy.length, copy.buffer.byteLength]).toEqual([8, 8]);
  });

  it.each([[() => 1], [new Map()], [new Date()]])('refuses what is not plain', (value) =>
    expect(() => copyOf({ value })).toThrow(TypeError),
  );
});
