/**
 * What a Launcher may write to /dev/bond (M:010), and what becomes of a Guest that its Launcher has told lies of. Nothing falls but who has lied: a write is refused, or a
 * Guest dies, with a reason.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Kernel, Task } from '#hostos';
import { LHCALL, REG, REGS_OFFSET } from '#tangled/host/lg.ts';
import { base, programOf } from '../../../scripts/lib/bundles.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { SceneBundle } from '#world';

const { EAGAIN, EBADF, EBUSY, EFAULT, EINVAL, ENOENT, EPERM } = base;
const PAGE = 4096;
const PAGES = 256;
/** Pages of a Guest: what it shares with the Host, its card's descriptor, its rings, its buffers. */
const AT = { data: 0x10, card: 0x11, input: 0x20, output: 0x40, buffers: 0x60 } as const;

const bundle = sceneBundles().find(({ name }) => name === 'mastery_bond.M-010') as SceneBundle;
const program = await programOf(bundle);

/** What is looked at of a Guest, in the Host's own variables. */
interface Lg {
  lguestData: number;
  readonly memBase: number;
  readonly abi: { readonly data: { readonly hcallStatus: number } };
  dead: string | number | null;
  readonly cpus: { hcall: boolean; breakOut: boolean; pendingNotify: number; irqsPending: number; readonly regsPage: number }[];
}

/** A Guest that never runs, and its Launcher, which does as it is told. */
interface Puppet {
  readonly task: Task;
  readonly fd: number;
  readonly lg: Lg;
}

let kernel: Kernel;
beforeEach(() => {
  const install = (own: Kernel): void => {
    kernel = own;
    program.install(own);
  };
  base.World.fromScene(bundle, { program: { ...program, install } });
});

/** Does something as a task. */
const as = <T>({ task }: { readonly task: Task }, work: () => T): T => {
  kernel.data.tasks.current = task.id;
  return base.within(kernel, work);
};

const bytesOf = (...words: number[]): Uint8Array => new Uint8Array(Uint32Array.from(words).buffer);
const fill = (mm: Task['mm'], at: number, bytes: Uint8Array): void => {
  if (!base.copyToUser(mm, at, bytes)) throw new Error('no memory there');
};

function puppet(): Puppet {
  const task = base.within(kernel, () =>
    base.createTask('puppet', null, { mm: base.createMm(), files: { fds: [null, null, null], users: 1 } }),
  );
  return as({ task }, () => {
    const memory = base.mmapAnonymous(task.mm!, PAGES * PAGE);
    const fd = base.sysOpen('/dev/lguest');
    base.sysWrite(fd, bytesOf(program.requests.INITIALIZE, memory, PAGES, PAGE, PAGE));
    const lg = base.fileOf(fd)!.privateData as Lg;
    // It has introduced itself, asks for nothing in its ring of hypercalls, and its driver is there.
    lg.lguestData = memory + AT.data * PAGE;
    fill(task.mm, lg.lguestData + lg.abi.data.hcallStatus, new Uint8Array(64).fill(0xff));
    fill(task.mm, memory + AT.card * PAGE + 4, Uint8Array.of(7));
    return { task, fd, lg };
  });
}

const WIRE: readonly number[] = [...new TextEncoder().encode('wire')];

interface Request {
  readonly fd?: number;
  readonly card?: number;
  readonly num?: number;
  readonly input?: number;
  readonly output?: number;
  readonly irqs?: readonly [number, number];
  readonly name?: readonly number[];
}

/** What a Launcher writes, as it should be but for what is said. */
function request(guest: Puppet, its: Request): Uint8Array {
  const {
    fd = guest.fd,
    card = AT.card * PAGE,
    num = 128,
    input = AT.input,
    output = AT.output,
    irqs: [inIrq, outIrq] = [5, 6],
    name = WIRE,
  } = its;
  return new Uint8Array([...bytesOf(fd, card, num, input, inIrq, output, outIrq), ...name]);
}

/** Opens a bond, and writes. */
function bond(guest: Puppet, its: Request = {}): { file: number; result: number } {
  return as(guest, () => {
    const file = base.sysOpen('/dev/bond');
    return { file, result: base.sysWrite(file, request(guest, its)) };
  });
}

const ends = (): readonly object[] => (kernel.data.modules.lguest as { bonds?: readonly object[] }).bonds ?? [];

/** The Guest notifies an address, and is broken out before it could run. What its Launcher's read gives: -EAGAIN where the Host has dealt with it. */
function ring(guest: Puppet, address: number): number | Uint8Array {
  const [cpu] = guest.lg.cpus;
  return as(guest, () => {
    kernel.machine.ram.write32(cpu.regsPage + REGS_OFFSET + REG.eax, LHCALL.NOTIFY);
    kernel.machine.ram.write32(cpu.regsPage + REGS_OFFSET + REG.edx, address);
    cpu.hcall = true;
    cpu.breakOut = true;
    return base.sysRead(guest.fd, 4);
  });
}

/** Descriptors of a ring, and the heads that are offered. */
type Chain = readonly { readonly at?: number; readonly len: number; readonly write?: boolean }[];
function offer(guest: Puppet, page: number, num: number, chains: readonly Chain[]): void {
  const start = guest.lg.memBase + page * PAGE;
  const heads: number[] = [];
  let free = 0;
  as(guest, () => {
    for (const chain of chains) {
      heads.push(free);
      for (const [n, { at = AT.buffers * PAGE, len, write = false }] of chain.entries()) {
        const more = n + 1 < chain.length;
        fill(guest.task.mm, start + 16 * free, bytesOf(at, 0, len, (more ? 1 : 0) | (write ? 2 : 0) | ((free + 1) << 16)));
        free++;
      }
    }
    available(guest, page, num, heads);
  });
}

function available(guest: Puppet, page: number, num: number, heads: readonly number[]): void {
  const at = guest.lg.memBase + page * PAGE + 16 * num;
  as(guest, () => fill(guest.task.mm, at, new Uint8Array(Uint16Array.of(0, heads.length, ...heads).buffer)));
}

/** How many chains a Guest has had back from a ring. */
function used(guest: Puppet, page: number, num: number): number {
  const at = guest.lg.memBase + page * PAGE + Math.ceil((18 * num + 4) / PAGE) * PAGE + 2;
  const [low, high] = as(guest, () => base.copyFromUser(guest.task.mm, at, 2))!;
  return low | (high << 8);
}

const frame = (len = 60): Chain => [{ len: 10 }, { len }];
const room = (len = 1514): Chain => [
  { len: 10, write: true },
  { len, write: true },
];
const times = (n: number, chain: Chain): Chain[] => Array.from({ length: n }, () => chain);

const times256 = (letter: string): number[] => Array.from({ length: 256 }, () => letter.charCodeAt(0));

/** Another Launcher's Guest, whose file has come into one's own hands. */
const borrowed = (guest: Puppet, other: Puppet): number =>
  as(guest, () => {
    const file = other.task.files.fds[other.fd]!;
    file.refs++;
    return guest.task.files.fds.push(file) - 1;
  });

/** A descriptor that was one, and will not be the next to be given out. */
const closed = (guest: Puppet): number =>
  as(guest, () => {
    const [first, second] = [base.sysOpen('/dev/lguest'), base.sysOpen('/dev/lguest')];
    for (const fd of [first, second]) base.sysClose(fd);
    return second;
  });

const close = (guest: Puppet, file: number): number => as(guest, () => base.sysClose(file));

describe('a write is refused', () => {
  test.each<[string, (guest: Puppet, other: Puppet) => Uint8Array, number]>([
    ['of nothing', () => new Uint8Array(), EFAULT],
    ['of one byte', () => Uint8Array.of(3), EFAULT],
    ['that is a byte too short', (guest) => request(guest, { name: [] }).subarray(0, 27), EFAULT],
    ['without a name', (guest) => request(guest, { name: [] }), EINVAL],
    ['with a name of 256 bytes', (guest) => request(guest, { name: times256('n') }), EINVAL],
    ['with a name of a million bytes', (guest) => request(guest, { name: Array.from({ length: 1e6 }, () => 0x6e) }), EINVAL],
    ['of a descriptor that is closed', (guest) => request(guest, { fd: closed(guest) }), EBADF],
    ['of a descriptor that never was', (guest) => request(guest, { fd: 99 }), EBADF],
    ['of descriptor -1', (guest) => request(guest, { fd: 0xffffffff }), EBADF],
    ['of a file that is no Guest’s', (guest) => request(guest, { fd: as(guest, () => base.sysOpen('/dev/net/tun')) }), EINVAL],
    ['of another bond', (guest) => request(guest, { fd: bond(guest).file, name: [1] }), EINVAL],
    ['of a Guest that is not made yet', (guest) => request(guest, { fd: as(guest, () => base.sysOpen('/dev/lguest')) }), EINVAL],
    ['of a Guest that is somebody else’s', (guest, other) => request(guest, { fd: borrowed(guest, other) }), EPERM],
    [
      'of a Guest that is dead',
      (guest) => {
        guest.lg.dead = 'of a test';
        return request(guest, {});
      },
      ENOENT,
    ],
    ['with rings of no places', (guest) => request(guest, { num: 0 }), EINVAL],
    ['with rings of 3 places', (guest) => request(guest, { num: 3 }), EINVAL],
    ['with rings of 100 places', (guest) => request(guest, { num: 100 }), EINVAL],
    ['with rings of 2,048 places', (guest) => request(guest, { num: 2048 }), EINVAL],
    ['with rings of 32,769 places', (guest) => request(guest, { num: 0x8001 }), EINVAL],
    ['with rings of 65,536 places', (guest) => request(guest, { num: 0x10000 }), EINVAL],
    ['with rings of 2,147,483,648 places', (guest) => request(guest, { num: 0x80000000 }), EINVAL],
    ['with rings of 4,294,967,295 places', (guest) => request(guest, { num: 0xffffffff }), EINVAL],
    ['with interrupt 32 for what comes in', (guest) => request(guest, { irqs: [32, 6] }), EINVAL],
    ['with interrupt 32 for what goes out', (guest) => request(guest, { irqs: [5, 32] }), EINVAL],
    ['with interrupt 4,294,967,295', (guest) => request(guest, { irqs: [0xffffffff, 6] }), EINVAL],
  ])('%s', (_, write, error) => {
    const [guest, other] = [puppet(), puppet()];
    const bytes = write(guest, other);
    const before = ends();
    const result = as(guest, () => base.sysWrite(base.sysOpen('/dev/bond'), bytes));
    expect([result, other.lg.dead]).toEqual([-error, null]);
    expect(ends()).toEqual(before);
  });

  test('a second time on one file, and the first end stays as it is', () => {
    const guest = puppet();
    const { file, result } = bond(guest);
    expect(result).toBe(32);
    const before = [...ends()];
    expect(as(guest, () => base.sysWrite(file, request(guest, { name: [1, 2] })))).toBe(-EBUSY);
    expect(ends()).toEqual(before);
  });

  test('as the third end of a cable, until one of the two is gone', () => {
    const [one, two, three] = [puppet(), puppet(), puppet()];
    const { file } = bond(one);
    expect(bond(two).result).toBe(32);
    expect(bond(three).result).toBe(-EBUSY);
    expect(close(one, file)).toBe(0);
    expect(bond(three).result).toBe(32);
    expect(bond(one).result).toBe(-EBUSY);
  });
});

describe('a write is taken', () => {
  test.each([1, 2, 64, 1024])('with rings of %i places', (num) => expect(bond(puppet(), { num }).result).toBe(32));
  test.each([0, 31])('with interrupt %i', (irq) => expect(bond(puppet(), { irqs: [irq, irq] }).result).toBe(32));
  test('with a name of 255 bytes', () => expect(bond(puppet(), { name: times256('n').slice(1) }).result).toBe(28 + 255));

  test.each([
    ['that are no UTF-8', [0xff], [0xfe]],
    ['of which one is cut', [0xe2, 0x82], [0xe2]],
    ['of which one has a mark in front', [0xef, 0xbb, 0xbf, 0x61], [0x61]],
    ['of which one has a zero behind', [0x61, 0], [0x61]],
  ])('and names %s are two cables', (_, name, another) => {
    const [one, two, three] = [puppet(), puppet(), puppet()];
    for (const guest of [one, two]) expect(bond(guest, { name }).result).toBeGreaterThan(0);
    expect(bond(three, { name }).result).toBe(-EBUSY);
    expect(bond(three, { name: another }).result).toBeGreaterThan(0);
  });
});

/** A Guest with bad news of its own, and one that is on the same cable. */
function pair(its: Request): [Puppet, Puppet] {
  const [bad, good] = [puppet(), puppet()];
  expect([bond(bad, its).result, bond(good).result]).toEqual([32, 32]);
  offer(good, AT.input, 128, times(4, room()));
  offer(good, AT.output, 128, times(4, frame()));
  return [bad, good];
}

const NOWHERE = [PAGES - 1, PAGES, PAGES + 1, 0xfffff, 0x100000, 0x7fffffff, 0xffffffff];

describe.each(NOWHERE)('a page %i, where there is no room for a ring,', (pfn) => {
  test.each<[string, Request]>([
    ['that is said to have the one that fills', { input: pfn }],
    ['that is said to have the one that is sent from', { output: pfn }],
    ['that is said to have both', { input: pfn, output: pfn }],
  ])('%s kills the Guest and nobody else', (_, its) => {
    const [bad, good] = pair(its);
    for (const page of [AT.output, AT.input, AT.output]) expect(ring(good, page * PAGE)).toBe(-EAGAIN);
    expect(bad.lg.dead).toMatch(/^bad read address/);
    expect(good.lg.dead).toBeNull();
    // What was sent to the dead goes nowhere, and the sender has its buffers back.
    expect(used(good, AT.output, 128)).toBe(4);
  });

  test('kills the Guest that notifies it', () => {
    const [bad, good] = pair({ output: pfn });
    const result = ring(bad, (pfn * PAGE) % 2 ** 32);
    // It can only notify what has 32 bits.
    if (pfn <= 0xfffff)
      expect([result, bad.lg.dead]).toEqual([-EAGAIN, `bad read address 0x${(pfn * PAGE + PAGE + 2).toString(16)} len 2`]);
    expect(good.lg.dead).toBeNull();
  });
});

test.each(
  NOWHERE.slice(1)
    .map((page) => page * PAGE)
    .filter((at) => at < 2 ** 32),
)('a card at %i kills the Guest that rings', (card) => {
  const [bad, good] = pair({ card });
  ring(bad, AT.output * PAGE);
  expect([bad.lg.dead, good.lg.dead]).toEqual([expect.stringMatching(/^bad read address/), null]);
});

test('a driver that has not said a word is none, and its Launcher hears of it', () => {
  const [bad, good] = pair({ card: AT.buffers * PAGE });
  expect(ring(bad, AT.output * PAGE)).toEqual(bytesOf(AT.output * PAGE));
  expect([bad.lg.dead, good.lg.dead]).toEqual([null, null]);
});

describe('an end whose Guest is closed, and whose own file is kept,', () => {
  test('is no end: nothing is read of it, and its place on the cable is free', () => {
    const [gone, good] = pair({});
    offer(gone, AT.input, 128, times(4, room()));
    expect(close(gone, gone.fd)).toBe(0);
    expect(ring(good, AT.output * PAGE)).toBe(-EAGAIN);
    expect([used(good, AT.output, 128), used(gone, AT.input, 128), gone.lg.cpus[0].irqsPending]).toEqual([4, 0, 0]);
    expect(bond(puppet()).result).toBe(32);
  });
});

describe('one hypercall', () => {
  test.each([2, 128, 1024])('carries all that rings of %i places hold', (num) => {
    const [from, to] = [puppet(), puppet()];
    bond(from, { num });
    bond(to, { num });
    offer(from, AT.output, num, times(num / 2, frame()));
    offer(to, AT.input, num, times(num / 2, room()));
    expect(ring(from, AT.output * PAGE)).toBe(-EAGAIN);
    expect([used(from, AT.output, num), used(to, AT.input, num)]).toEqual([num / 2, num / 2]);
    expect([from.lg.dead, to.lg.dead, to.lg.cpus[0].irqsPending]).toEqual([null, null, 1 << 5]);
  });

  /** A chain through the whole ring, offered at each of its places. */
  const tangle = (guest: Puppet, page: number, num: number, write: boolean): void => {
    offer(guest, page, num, [Array.from({ length: num }, (_, n) => ({ len: n === 0 ? 10 : 1, write }))]);
    available(
      guest,
      page,
      num,
      Array.from({ length: num }, () => 0),
    );
  };

  test.each(['sends', 'fills'])('goes round no square: chains that share what the Guest %s kill it', (which) => {
    const num = 1024;
    const [bad, good] = [puppet(), puppet()];
    bond(bad, { num });
    bond(good, { num });
    offer(good, AT.output, num, times(num / 2, frame()));
    offer(good, AT.input, num, times(num / 2, room()));
    tangle(bad, AT.output, num, false);
    tangle(bad, AT.input, num, true);
    ring(good, (which === 'sends' ? AT.input : AT.output) * PAGE);
    expect([bad.lg.dead, good.lg.dead]).toEqual(['bonded ring: the chain of descriptor 0 has descriptors of others', null]);
  });

  test('looks for no room for what is no frame', () => {
    const [from, to] = [puppet(), puppet()];
    bond(from);
    bond(to);
    offer(from, AT.output, 128, [frame(13), frame(65_554), frame(14)]);
    expect(ring(from, AT.output * PAGE)).toBe(-EAGAIN);
    // The two that are none are swallowed; the third waits for room.
    expect([used(from, AT.output, 128), from.lg.dead]).toEqual([2, null]);
    offer(to, AT.input, 128, [room()]);
    expect(ring(to, AT.input * PAGE)).toBe(-EAGAIN);
    expect([used(from, AT.output, 128), used(to, AT.input, 128)]).toEqual([3, 1]);
  });
});
