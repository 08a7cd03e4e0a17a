import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { GuestCode } from './testing.ts';
import type { Answer } from './testing.ts';

/**
 * The Guest's side of a virtqueue (guest/virtio_ring.S) runs on a bare processor; the other side is the model below, which takes chains in their
 * order, returns them in any, and looks at every descriptor of them.
 */
const RING = 0x40000;
const QUEUE = 0x60000;
const PIECES = 0x70000;
/** Offsets in the queue, as D:140.struct has them. */
const VQ = { num: 0, callback: 12, notify: 16, desc: 20, avail: 24, used: 28, free: 36, lastUsed: 48, broken: 52 };

interface Piece {
  addr: number;
  len: number;
}
interface Chain {
  out: Piece[];
  in: Piece[];
}

class GuestRing {
  readonly code = new GuestCode('guests/virtio_ring_mirror.S');
  readonly machine = this.code.machine;
  readonly size: number;

  constructor(size: number, start = 0, callback = true) {
    this.size = size;
    this.begin(start, callback);
  }

  /** A ring as new. */
  begin(start: number, callback = true): void {
    const { ram } = this.machine;
    this.code.reload();
    ram.writeBytes(RING, new Uint8Array(0x2000));
    ram.writeBytes(QUEUE, new Uint8Array(0x400));
    ram.write16(QUEUE + VQ.num, this.size);
    ram.write32(QUEUE + VQ.desc, RING);
    ram.write32(QUEUE + VQ.notify, this.code.symbol('notified'));
    if (callback) ram.write32(QUEUE + VQ.callback, this.code.symbol('called'));
    if (this.call('vring_init').carry) return;
    ram.write16(this.avail + 2, start);
    ram.write16(this.used + 2, start);
    ram.write32(QUEUE + VQ.lastUsed, start);
  }

  get avail(): number {
    return this.queue(VQ.avail);
  }
  get used(): number {
    return this.queue(VQ.used);
  }
  get free(): number {
    return this.queue(VQ.free);
  }
  get notifications(): number {
    return this.machine.ram.read32(this.code.symbol('notifications'));
  }
  get callbacks(): number {
    return this.machine.ram.read32(this.code.symbol('calls'));
  }
  queue(offset: number): number {
    return this.machine.ram.read32(QUEUE + offset) >>> 0;
  }

  call(routine: string, registers: { eax?: number; ecx?: number; edx?: number } = {}): Answer {
    return this.code.call(routine, { ...registers, ebx: QUEUE, esi: PIECES }) as Answer;
  }

  /** Offers a chain; false: no room. */
  add(chain: Chain, token: number): boolean {
    for (const [i, { addr, len }] of [...chain.out, ...chain.in].entries()) {
      this.machine.ram.write32(PIECES + i * 8, addr);
      this.machine.ram.write32(PIECES + i * 8 + 4, len);
    }
    return !this.call('vring_add_buf', { eax: token, ecx: chain.out.length, edx: chain.in.length }).carry;
  }
}

/** The model of the other side. */
class OtherSide {
  #lastAvail: number;
  readonly #guest: GuestRing;
  /** Chains it has taken and not yet returned. */
  readonly held: { head: number; chain: Chain }[] = [];

  constructor(guest: GuestRing, start = 0) {
    this.#guest = guest;
    this.#lastAvail = start;
  }

  takeAll(): void {
    const {
      machine: { ram },
      avail,
      size,
    } = this.#guest;
    for (; this.#lastAvail !== ram.read16(avail + 2); this.#lastAvail = (this.#lastAvail + 1) & 0xffff) {
      const head = ram.read16(avail + 4 + (this.#lastAvail & (size - 1)) * 2);
      this.held.push({ head, chain: this.#walk(head) });
    }
  }

  #walk(head: number): Chain {
    const {
      machine: { ram },
      size,
    } = this.#guest;
    const chain: Chain = { out: [], in: [] };
    for (let at = head, seen = 0; ; seen++) {
      expect(seen, 'a chain without end').toBeLessThan(size);
      const desc = RING + at * 16;
      const flags = ram.read16(desc + 12);
      expect(ram.read32(desc + 4), 'the upper half of an address').toBe(0);
      if (flags & 2) chain.in.push({ addr: ram.read32(desc) >>> 0, len: ram.read32(desc + 8) >>> 0 });
      else {
        expect(chain.in, 'something to read behind something to write').toEqual([]);
        chain.out.push({ addr: ram.read32(desc) >>> 0, len: ram.read32(desc + 8) >>> 0 });
      }
      if (!(flags & 1)) return chain;
      at = ram.read16(desc + 14);
    }
  }

  giveBack(id: number, len: number): void {
    const {
      machine: { ram },
      used,
      size,
    } = this.#guest;
    const idx = ram.read16(used + 2);
    ram.write32(used + 4 + (idx & (size - 1)) * 8, id);
    ram.write32(used + 8 + (idx & (size - 1)) * 8, len);
    ram.write16(used + 2, (idx + 1) & 0xffff);
  }
}

const piece = fc.record({ addr: fc.nat(0xfffff000), len: fc.nat(0xffff) });
const chainOf = (most: number): fc.Arbitrary<Chain> =>
  fc
    .record({ out: fc.array(piece, { maxLength: most }), in: fc.array(piece, { maxLength: most }) })
    .filter((chain) => chain.out.length + chain.in.length > 0);
const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), chain: chainOf(5) }),
  fc.record({ kind: fc.constant('kick' as const) }),
  fc.record({ kind: fc.constant('return' as const), which: fc.nat(200), len: fc.nat(100000) }),
  fc.record({ kind: fc.constant('get' as const) }),
);

describe.each([1, 2, 8, 128])('a ring of %i against a model', (size) => {
  test.each([0, 65530, 65535])('whatever is done with it, from index %i on', (start) => {
    const guest = new GuestRing(size, start);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        guest.begin(start);
        const other = new OtherSide(guest, start);
        let token = 0;
        let free = size;
        let notifications = 0;
        let shown = 0;
        const offered: { chain: Chain; token: number }[] = [];
        const byHead = new Map<number, { chain: Chain; token: number }>();
        const finished: { chain: Chain; token: number; len: number }[] = [];
        for (const one of steps) {
          if (one.kind === 'add') {
            const pieces = one.chain.out.length + one.chain.in.length;
            const fits = pieces <= free;
            expect(guest.add(one.chain, ++token)).toBe(fits);
            if (fits) {
              offered.push({ chain: one.chain, token });
              free -= pieces;
            } else notifications++;
          } else if (one.kind === 'kick') {
            guest.call('vring_kick');
            notifications++;
            const before = other.held.length;
            other.takeAll();
            const taken = other.held.slice(before);
            expect(taken.map(({ chain }) => chain)).toEqual(offered.slice(shown).map(({ chain }) => chain));
            for (const [i, { head }] of taken.entries()) byHead.set(head, offered[shown + i]);
            shown = offered.length;
          } else if (one.kind === 'return' && other.held.length > 0) {
            const [{ head }] = other.held.splice(one.which % other.held.length, 1);
            other.giveBack(head, one.len);
            finished.push({ ...(byHead.get(head) as { chain: Chain; token: number }), len: one.len });
          } else if (one.kind === 'get') {
            const wanted = finished.shift();
            const got = guest.call('vring_get_buf');
            expect(got.carry).toBe(wanted === undefined);
            if (wanted === undefined) continue;
            expect({ token: got.eax, len: got.ecx }).toEqual({ token: wanted.token, len: wanted.len });
            free += wanted.chain.out.length + wanted.chain.in.length;
          }
          if (guest.free !== free || guest.notifications !== notifications)
            expect({ free: guest.free, notifications: guest.notifications }).toEqual({ free, notifications });
        }
      }),
      { numRuns: 25, seed: 7 },
    );
  });
});

test.each([0, 3, 6, 100, 127, 65535])('%i places are no ring', (size) => {
  const guest = new GuestRing(size);
  expect(guest.call('vring_init').carry).toBe(true);
});

describe('what the other side must not say', () => {
  test.each<[string, number, number]>([
    ['a number beyond the ring', 8, 0],
    ['the end of the world', 0xffffffff, 0],
    ['a chain that was never offered', 5, 0],
    ['the middle of a chain', 1, 0],
    ['the same chain twice', 0, 1],
  ])('%s breaks the ring, and it stays broken', (_, id, honest) => {
    const guest = new GuestRing(8);
    const other = new OtherSide(guest);
    const chain = {
      out: [
        { addr: 1, len: 1 },
        { addr: 2, len: 2 },
      ],
      in: [],
    };
    expect(guest.add(chain, 42)).toBe(true);
    guest.call('vring_kick');
    for (let i = 0; i < honest; i++) {
      other.giveBack(0, 0);
      expect(guest.call('vring_get_buf')).toMatchObject({ carry: false, eax: 42 });
    }
    other.giveBack(id, 0);
    expect(guest.call('vring_get_buf').carry).toBe(true);
    expect(guest.queue(VQ.broken)).toBe(1);
    other.giveBack(0, 0);
    expect(guest.call('vring_get_buf').carry).toBe(true);
    guest.call('vring_interrupt');
    expect(guest.callbacks).toBe(0);
  });
});

describe('who is told, and when', () => {
  const chain = { out: [{ addr: 0x1000, len: 16 }], in: [] };

  test('a kick is silent if the other side wants no notification; a full ring is not', () => {
    const guest = new GuestRing(2);
    guest.machine.ram.write16(guest.used, 1);
    for (let i = 0; i < 2; i++) expect(guest.add(chain, 1)).toBe(true);
    guest.call('vring_kick');
    expect(guest.notifications).toBe(0);
    expect(guest.add(chain, 1)).toBe(false);
    expect(guest.notifications).toBe(1);
  });

  test.each([
    [true, 0],
    [false, 1],
  ])('with a callback (%s) the flag against interrupts is %i at first', (callback, flag) => {
    const guest = new GuestRing(8, 0, callback);
    expect(guest.machine.ram.read16(guest.avail)).toBe(flag);
  });

  test('turning callbacks on tells whether something came meanwhile', () => {
    const guest = new GuestRing(8);
    const other = new OtherSide(guest);
    guest.call('vring_disable_cb');
    expect(guest.machine.ram.read16(guest.avail)).toBe(1);
    guest.add(chain, 9);
    guest.call('vring_kick');
    expect(guest.call('vring_enable_cb').carry).toBe(false);
    expect(guest.machine.ram.read16(guest.avail)).toBe(0);
    guest.call('vring_disable_cb');
    other.giveBack(0, 0);
    guest.call('vring_interrupt');
    expect(guest.callbacks).toBe(0);
    expect(guest.call('vring_enable_cb').carry).toBe(true);
    guest.call('vring_interrupt');
    expect(guest.callbacks).toBe(1);
    expect(guest.call('vring_get_buf')).toMatchObject({ carry: false, eax: 9 });
    guest.call('vring_interrupt');
    expect(guest.callbacks).toBe(1);
  });
});
