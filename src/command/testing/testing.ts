/** A place for the command to run in tests: files in memory, a clock that only moves when somebody sleeps, keys and frames at given times. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { DiskInput, DiskRequest } from '#hostos';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import type { MemoryDisk } from '#world';
import type { CommandHost, Disk, Keyboard, Wire } from '../host.ts';

export interface TestHost extends CommandHost {
  /** What was printed. */
  out: string;
  err: string;
  /** Files written. */
  written: Record<string, string>;
  disks: Record<string, MemoryDisk>;
  /** Frames that left, by wire. */
  sent: Record<string, Uint8Array[]>;
  /** How long it slept, in ms. */
  slept: number;
  /** Something that happens at a time, in ms. */
  at(time: number, deed: () => void): void;
  /** A frame comes in. */
  receive(port: string, frame: Uint8Array): void;
}

/** What a test gives it. */
export interface TestOptions {
  files?: Record<string, Uint8Array>;
  disks?: Record<string, Uint8Array>;
  readOnly?: boolean;
  /** Keys by time; a null is their end. Without it nobody types. */
  keys?: readonly (readonly [time: number, text: string | null])[] | undefined;
  isTty?: boolean;
  /** Milliseconds that go by whenever somebody looks at the clock: as if the computer were that slow. */
  look?: number;
  /** Files have room for so many characters. */
  full?: number;
  /** Answers a frame that leaves. */
  answer?: (frame: Uint8Array) => Uint8Array | null;
}

class TestDisk implements Disk {
  readonly length: number;
  readonly readOnly: boolean;
  readonly #disk: MemoryDisk;

  constructor(disk: MemoryDisk, readOnly: boolean) {
    this.length = disk.bytes.length;
    this.readOnly = readOnly;
    this.#disk = disk;
  }

  answer(request: DiskRequest): DiskInput {
    return this.#disk.answer(request) as DiskInput;
  }

  close(): void {}
}

/** The wall's clock when the other shows 0: 1 May 2026, 12:00:00 UTC. */
export const START_OF_TESTS = Date.UTC(2026, 4, 1, 12);

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

export function testHost({
  files = {},
  disks = {},
  readOnly = false,
  keys,
  isTty = false,
  look = 0.001,
  full = Infinity,
  answer,
}: TestOptions = {}): TestHost {
  let clock = 1000;
  const events: { time: number; deed: () => void }[] = [];
  const ears = new Map<string, (frame: Uint8Array) => void>();
  const keyboard: Keyboard | null =
    keys === undefined
      ? null
      : {
          isTty,
          open(type, end) {
            for (const [time, text] of keys) host.at(time, () => (text === null ? end() : type(bytesOf(text))));
          },
          close() {},
        };
  const host: TestHost = {
    program,
    out: '',
    err: '',
    written: {},
    sent: {},
    slept: 0,
    keyboard,
    disks: Object.fromEntries(Object.entries(disks).map(([path, bytes]) => [path, new base.MemoryDisk(path, bytes)])),
    at(time, deed) {
      events.push({ time: 1000 + time, deed });
      events.sort((a, b) => a.time - b.time);
    },
    receive: (port, frame) => ears.get(port)?.(frame),
    readFile: (path) => files[path] ?? (host.written[path] === undefined ? undefined : new TextEncoder().encode(host.written[path])),
    createFile(path) {
      if (path.startsWith('/nowhere')) throw new Error('no such directory');
      host.written[path] = '';
      return {
        write: (text) => {
          if (host.written[path].length + text.length > full) throw new Error('no space left');
          host.written[path] += text;
        },
        close() {},
      };
    },
    writeFile: (path, bytes) => {
      if (path.startsWith('/nowhere')) throw new Error('no such directory');
      files[path] = bytes;
    },
    zip: (bytes) => new Uint8Array(gzipSync(bytes)),
    unzip(bytes) {
      try {
        return new Uint8Array(gunzipSync(bytes));
      } catch {
        return null;
      }
    },
    openDebuggerPort: () => Promise.reject(new Error('nobody calls in a test')),
    openDisk: (path) => (host.disks[path] === undefined ? undefined : new TestDisk(host.disks[path], readOnly)),
    async openWire(port, hear): Promise<Wire> {
      if (port.includes('taken')) throw new Error(`${port}: the port is taken`);
      ears.set(port, hear);
      host.sent[port] = [];
      return {
        send(frame) {
          host.sent[port].push(frame);
          const reply = answer?.(frame) ?? null;
          if (reply !== null) host.at(clock - 1000 + 5, () => hear(reply));
        },
        close: () => Promise.resolve([]),
      };
    },
    stdout: (bytes) => {
      host.out += new TextDecoder().decode(bytes);
    },
    stderr: (text) => {
      host.err += text;
    },
    now: () => (clock += look),
    date: () => START_OF_TESTS + clock,
    async sleep(milliseconds) {
      const due = Math.min(clock + milliseconds, events[0]?.time ?? Infinity);
      if (due === Infinity) throw new Error('the command sleeps for ever');
      host.slept += Math.max(0, due - clock);
      clock = Math.max(clock, due);
      while (events.length > 0 && events[0].time <= clock) events.shift()?.deed();
    },
  };
  return host;
}
