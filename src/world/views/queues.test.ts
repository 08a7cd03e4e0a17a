import { describe, expect, it } from 'vitest';
import { viewQueue } from './queues.ts';
import type { QueueFacts, QueueView } from './queues.ts';

/** A queue in memory, and the two that share it. */
class Ring {
  readonly memory = new DataView(new ArrayBuffer(0x4000));
  readonly num: number;
  avail = 0;
  used = 0;
  lastAvail = 0;

  constructor(num = 8, start = 0) {
    this.num = num;
    this.avail = this.used = this.lastAvail = start;
    this.#indexes();
  }

  get #used(): number {
    return 0x1000 + Math.ceil((16 * this.num + 2 * (2 + this.num)) / 4096) * 4096;
  }
  #indexes(): void {
    this.memory.setUint16(0x1000 + 16 * this.num + 2, this.avail, true);
    this.memory.setUint16(this.#used + 2, this.used, true);
  }

  /** `5w100>2r8`: descriptor 5, 100 bytes that the device writes, then descriptor 2. */
  chain(text: string): number {
    const parts = text.split('>').map((part) => /^(\d+)([rw])(\d+)$/.exec(part) as RegExpExecArray);
    parts.forEach(([, index, direction, length], n) => {
      const at = 0x1000 + 16 * Number(index);
      this.memory.setBigUint64(at, BigInt(0x10000 * Number(index)), true);
      this.memory.setUint32(at + 8, Number(length), true);
      this.memory.setUint16(at + 12, (direction === 'w' ? 2 : 0) | (n + 1 < parts.length ? 1 : 0), true);
      if (n + 1 < parts.length) this.memory.setUint16(at + 14, Number(parts[n + 1][1]), true);
    });
    return Number(parts[0][1]);
  }

  offer(head: number): void {
    this.memory.setUint16(0x1000 + 16 * this.num + 4 + 2 * (this.avail % this.num), head, true);
    this.avail = (this.avail + 1) & 0xffff;
    this.#indexes();
  }

  take(): void {
    this.lastAvail = (this.lastAvail + 1) & 0xffff;
  }

  giveBack(head: number, length = 0): void {
    this.memory.setUint32(this.#used + 4 + 8 * (this.used % this.num), head, true);
    this.memory.setUint32(this.#used + 8 + 8 * (this.used % this.num), length, true);
    this.used = (this.used + 1) & 0xffff;
    this.#indexes();
  }

  flags({ noInterrupt = false, noNotify = false }): void {
    this.memory.setUint16(0x1000 + 16 * this.num, Number(noInterrupt), true);
    this.memory.setUint16(this.#used, Number(noNotify), true);
  }

  view(): QueueView {
    const facts: QueueFacts = { pfn: 1, num: this.num, irq: 2, lastAvail: this.lastAvail, resets: 0 };
    return viewQueue(
      (phys, length) => (phys + length <= 0x4000 ? new Uint8Array(this.memory.buffer, phys, length) : null),
      facts,
    ) as QueueView;
  }

  /** `waiting | in flight`, by heads. */
  heads(): string {
    const { waiting, inFlight } = this.view();
    return [waiting, inFlight].map((chains) => chains.map(({ head }) => head).join(' ')).join(' | ');
  }
}

describe('a queue', () => {
  it('tells chains that wait from those in flight, in whatever order they come back', () => {
    const ring = new Ring();
    for (const head of [3, 5, 1]) ring.offer(head);
    expect(ring.heads()).toBe('3 5 1 | ');
    ring.take();
    ring.take();
    expect(ring.heads()).toBe('1 | 3 5');
    ring.giveBack(5);
    expect(ring.heads()).toBe('1 | 3');
    ring.giveBack(3, 77);
    expect(ring.heads()).toBe('1 | ');
    expect(ring.view().lastUsed).toEqual({ head: 3, len: 77 });
  });

  it.each([0, 5, 65_530])('agrees with a simple model over hundreds of turns, from index %i', (start) => {
    const ring = new Ring(8, start);
    let seed = start + 1;
    const next = (below: number): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % below;
    let free = [0, 1, 2, 3, 4, 5, 6, 7];
    const waiting: number[] = [];
    let kept: number[] = [];
    for (let turn = 0; turn < 400; turn++) {
      const what = next(3);
      if (what === 0 && free.length > 0) {
        const head = free[next(free.length)];
        free = free.filter((one) => one !== head);
        ring.chain(`${head}r16`);
        ring.offer(head);
        waiting.push(head);
      } else if (what === 1 && waiting.length > 0) {
        ring.take();
        kept.push(waiting.shift() as number);
      } else if (what === 2 && kept.length > 0) {
        const [head] = kept;
        kept = kept.filter((one) => one !== head);
        free.push(head);
        ring.giveBack(head);
      }
      const view = ring.view();
      expect(view.waiting.map(({ head }) => head)).toEqual(waiting);
      if (turn > 200) expect(view.inFlight.map(({ head }) => head).sort()).toEqual([...kept].sort());
    }
  });

  it('follows chains, and says which are broken', () => {
    const ring = new Ring();
    ring.offer(ring.chain('5r16>2w512>0w1'));
    expect(ring.view().waiting[0]).toEqual({
      head: 5,
      broken: false,
      parts: [
        { index: 5, addr: 0x50000, len: 16, write: false },
        { index: 2, addr: 0x20000, len: 512, write: true },
        { index: 0, addr: 0, len: 1, write: true },
      ],
    });
    ring.offer(ring.chain('6r1>7r1'));
    ring.memory.setUint16(0x1000 + 16 * 7 + 12, 1, true);
    ring.memory.setUint16(0x1000 + 16 * 7 + 14, 6, true);
    expect(ring.view().waiting[1].broken).toBe(true);
    ring.offer(9);
    expect(ring.view().waiting[2]).toEqual({ head: 9, parts: [], broken: true });
  });

  it('sees an index that jumped, and what either side would rather not hear', () => {
    const ring = new Ring();
    ring.avail = 9;
    ring.offer(0);
    expect(ring.view()).toMatchObject({ jumped: true, waiting: [] });
    ring.flags({ noInterrupt: true });
    expect(ring.view()).toMatchObject({ noInterrupt: true, noNotify: false });
    ring.flags({ noNotify: true });
    expect(ring.view()).toMatchObject({ noInterrupt: false, noNotify: true });
  });

  it('is not there where its pages are not', () =>
    expect(viewQueue(() => null, { pfn: 1, num: 8, irq: 1, lastAvail: 0, resets: 0 })).toBeNull());
});
