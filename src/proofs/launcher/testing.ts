/**
 * For tests of the Launcher's chapters: a Launcher with a Guest that never runs, so that a test can play the Guest: write descriptors and rings, and see
 * what the Launcher makes of them.
 */
import { Machine } from '#machine';
import {
  consoleFiles,
  createKernel,
  createMm,
  createTask,
  current,
  fileOf,
  registerProgram,
  runHost,
  sleepInterruptibly,
  switchKernel,
  sysMmapZeroed,
  sysOpen,
  sysWrite,
} from '#hostos';
import type { OutsideRequest, Task } from '#hostos';
import type { ToldEvent } from '#world';
import { init } from '#tangled/host/core.ts';
import type { Lguest } from '#tangled/host/lg.ts';
import { LHREQ } from '#tangled/host/lguest_user.ts';
import { newLauncher } from '#tangled/launcher/lguest.ts';
import { DEVICE_PAGES, getPages, readGuest, writeGuest } from '#tangled/launcher/memory.ts';
import type { Launcher } from '#tangled/launcher/memory.ts';
import { Leaving } from '#tangled/launcher/program.ts';
import { setupWaker } from '#tangled/launcher/waker.ts';
import type { Virtqueue } from '#tangled/launcher/virtqueue.ts';
import { install } from '#tangled/lguest.ts';
import hostEntry from '#tangled/switcher/host_entry.S';

const PAGE = 4096;
export const GUEST_BYTES = 2 ** 20;

/** What a test has in hand. */
export interface TestLauncher {
  launcher: Launcher;
  task: Task;
  events: ToldEvent[];
  /** What has been asked of the outside. */
  requests: OutsideRequest[];
  /** Lets the Waker and the other tasks run until all sleep. Then it is the Launcher's turn again. */
  settle(): void;
  /** What was printed since the last call. */
  printed(): string;
  /** Makes another task the current one. */
  become(task: Task): void;
  /** Interrupts that wait for the Guest, as a set of bits; they are taken. */
  takeIrqs(): number;
}

/** A Launcher with {@link GUEST_BYTES} of Guest memory, the devices that `setup` gives it, a Waker that has not run yet, and a pair of pipes or a terminal. */
export function testLauncher(setup: (launcher: Launcher) => void = () => {}, isTty = false): TestLauncher {
  const events: ToldEvent[] = [];
  const requests: OutsideRequest[] = [];
  const ramBytes = 16 << 20;
  switchKernel(
    createKernel({
      machine: new Machine({ ramBytes }),
      ramBytes,
      entry: hostEntry,
      terminals: [isTty],
      emit: (event: ToldEvent) => {
        events.push(event);
      },
      request: (request) => {
        requests.push(request);
      },
    }),
  );
  install(current);
  registerProgram(current, 'played by the test', () => {
    sleepInterruptibly();
  });
  if (init() !== 0) throw new Error('lguest does not start');
  const launcher = newLauncher(['1', 'image']);
  const task = createTask('played by the test', launcher, { mm: createMm(), files: consoleFiles() });
  const become = (next: Task): void => {
    current.data.tasks.current = next.id;
  };
  become(task);
  launcher.guestBase = sysMmapZeroed(GUEST_BYTES + DEVICE_PAGES * PAGE);
  launcher.guestLimit = GUEST_BYTES;
  launcher.guestMax = GUEST_BYTES + DEVICE_PAGES * PAGE;
  launcher.descriptorPage = getPages(launcher, 1);
  setup(launcher);
  launcher.lguestFd = sysOpen('/dev/lguest');
  const request = Uint32Array.of(LHREQ.INITIALIZE, launcher.guestBase, launcher.guestLimit / PAGE, 0x1000, 0x2000);
  sysWrite(launcher.lguestFd, new Uint8Array(request.buffer));
  setupWaker(launcher);
  const cpu = (fileOf(launcher.lguestFd)!.privateData as Lguest).cpus[0];
  let heard = 0;
  return {
    launcher,
    task,
    events,
    requests,
    become,
    settle() {
      runHost(Infinity);
      become(task);
    },
    printed() {
      const text = events
        .slice(heard)
        .map((event) => (event.kind === 'console' ? event.text : ''))
        .join('');
      heard = events.length;
      return decode(text);
    },
    takeIrqs() {
      const pending = cpu.irqsPending;
      cpu.irqsPending = 0;
      return pending;
    },
  };
}

/** Texts of the console come a byte a character. */
function decode(text: string): string {
  return new TextDecoder().decode(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}

/** What the Launcher says when it leaves over something; `null` if it does not. Anything else that is thrown is a failure of the test. */
export function lastWords(guest: TestLauncher, deed: () => void): string | null {
  guest.printed();
  try {
    deed();
  } catch (thrown) {
    if (thrown instanceof Leaving) return guest.printed();
    throw thrown;
  }
  return null;
}

/** A descriptor as a test writes it: `o` to be read, `i` to be written. */
export interface TestSegment {
  kind: 'o' | 'i';
  addr: number;
  len: number;
}

/** The Guest's side of a ring, as any driver would keep it. */
export class TestRing {
  readonly #launcher: Launcher;
  readonly queue: Virtqueue;
  readonly #free: number[];
  readonly #chains = new Map<number, number[]>();
  #lastUsed: number;

  /** @param start value of all indexes to begin with */
  constructor(launcher: Launcher, queue: Virtqueue, start = 0) {
    this.#launcher = launcher;
    this.queue = queue;
    this.#free = Array.from({ length: queue.num }, (_, index) => index);
    this.#lastUsed = start;
    queue.lastAvail = start;
    this.availIdx = start;
    this.write16(this.usedAt + 2, start);
  }

  get descAt(): number {
    return this.queue.pfn * PAGE;
  }
  get availAt(): number {
    return this.descAt + 16 * this.queue.num;
  }
  get usedAt(): number {
    return this.descAt + Math.ceil((16 * this.queue.num + 4 + 2 * this.queue.num) / PAGE) * PAGE;
  }
  get availIdx(): number {
    return this.read16(this.availAt + 2);
  }
  set availIdx(value: number) {
    this.write16(this.availAt + 2, value);
  }
  get usedIdx(): number {
    return this.read16(this.usedAt + 2);
  }
  get free(): number {
    return this.#free.length;
  }
  /** The head that the next chain will have. */
  get nextFree(): number {
    return this.#free[0];
  }
  set noInterrupt(value: boolean) {
    this.write16(this.availAt, value ? 1 : 0);
  }

  read16(at: number): number {
    return readGuest(this.#launcher, at, 2).getUint16(0, true);
  }
  write16(at: number, value: number): void {
    writeGuest(this.#launcher, at, Uint8Array.of(value, value >>> 8));
  }

  /** Writes one descriptor. */
  desc(index: number, { kind, addr, len }: TestSegment, next?: number): void {
    const bytes = new DataView(new ArrayBuffer(16));
    bytes.setBigUint64(0, BigInt(addr), true);
    bytes.setUint32(8, len, true);
    bytes.setUint16(12, (kind === 'i' ? 2 : 0) + (next === undefined ? 0 : 1), true);
    bytes.setUint16(14, next ?? 0xffff, true);
    writeGuest(this.#launcher, this.descAt + 16 * index, new Uint8Array(bytes.buffer));
  }

  /** Puts a head into the next slot of the available ring, without telling. */
  slot(head: number, ahead = 0): void {
    this.write16(this.availAt + 4 + 2 * ((this.availIdx + ahead) % this.queue.num), head);
  }

  /** Makes a chain of free descriptors available, taken from `pick`'s places in the list of those that are free. Returns its head. */
  add(segments: readonly TestSegment[], pick: (below: number) => number = () => 0): number {
    const indexes = segments.map(() => this.#free.splice(pick(this.#free.length), 1)[0]);
    segments.forEach((segment, i) => this.desc(indexes[i], segment, indexes[i + 1]));
    this.#chains.set(indexes[0], indexes);
    this.slot(indexes[0]);
    this.availIdx = (this.availIdx + 1) & 0xffff;
    return indexes[0];
  }

  /** What has come back since the last call. */
  takeUsed(): { head: number; len: number }[] {
    const back: { head: number; len: number }[] = [];
    for (; this.#lastUsed !== this.usedIdx; this.#lastUsed = (this.#lastUsed + 1) & 0xffff) {
      const entry = readGuest(this.#launcher, this.usedAt + 4 + 8 * (this.#lastUsed % this.queue.num), 8);
      const head = entry.getUint32(0, true);
      this.#free.push(...(this.#chains.get(head) ?? []));
      this.#chains.delete(head);
      back.push({ head, len: entry.getUint32(4, true) });
    }
    return back;
  }
}

/** The Guest's driver takes the first device: its rings. */
export function startDevice({ launcher }: TestLauncher): TestRing[] {
  const [device] = launcher.devices;
  // Seen, known, and ready to go.
  writeGuest(launcher, device.descriptor + 4, Uint8Array.of(7));
  return device.queues.map((queue) => new TestRing(launcher, queue));
}
