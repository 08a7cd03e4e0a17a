import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { current, takeInput, tcgetattr } from '#hostos';
import type { OutsideInput } from '#hostos';
import { setupConsole } from '#tangled/launcher/console.ts';
import { handleInput, handleOutput } from '#tangled/launcher/devices.ts';
import { writeGuest } from '#tangled/launcher/memory.ts';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { TOP } from '../../../scripts/lib/paths.mjs';
import { lastWords, startDevice, testLauncher, TestRing } from './testing.ts';
import type { TestLauncher } from './testing.ts';
import type { SceneBundle } from '#world';

const { World } = base;
const echo = { ...JSON.parse(readFileSync(`${TOP}/static/live/scenes/console.json`, 'utf8')), name: 'console' } as SceneBundle;

const PAGE = 4096;
const typed = (text: string): OutsideInput => ({ kind: 'keys', tty: 0, bytes: new TextEncoder().encode(text) });
/** Virtual nanoseconds pass. */
const wait = (seconds: number): void => {
  current.data.time.movedTo += seconds * 1e9;
};

interface Console {
  guest: TestLauncher;
  input: TestRing;
  output: TestRing;
  kick(): void;
  type(text: string): void;
}

function console_(): Console {
  const guest = testLauncher(setupConsole);
  const [input, output] = startDevice(guest);
  return {
    guest,
    input,
    output,
    kick: () => handleOutput(guest.launcher, input.queue.pfn * PAGE),
    type(text) {
      takeInput(typed(text));
      handleInput(guest.launcher);
    },
  };
}

const buffer = { kind: 'i' as const, addr: 0x2000, len: 16 };

describe('input', () => {
  test('goes into the next buffer, as much as it holds, until none is left; and what is left over waits', () => {
    const { guest, input, kick, type } = console_();
    input.add([
      { ...buffer, len: 4 },
      { ...buffer, addr: 0x3000, len: 2 },
    ]);
    input.add([{ ...buffer, len: 1 }]);
    type('abcdefghij');
    expect(input.takeUsed().map(({ len }) => len)).toEqual([6, 1]);
    expect(guest.takeIrqs()).toBe(1 << input.queue.irq);
    expect(guest.launcher.watched).toEqual([]);
    input.add([buffer]);
    kick();
    expect(guest.launcher.watched).toEqual([0]);
    handleInput(guest.launcher);
    expect(input.takeUsed().map(({ len }) => len)).toEqual([3]);
  });

  test('without a buffer is not listened to, until the Guest supplies one', () => {
    const { guest, type } = console_();
    type('x');
    expect(guest.launcher.watched).toEqual([]);
    handleInput(guest.launcher);
    expect(current.data.terminals[0].input).toHaveLength(1);
  });

  test('that has ended is told once, and not listened to any more', () => {
    const { guest, input, kick } = console_();
    input.add([buffer]);
    takeInput({ kind: 'end-of-keys', tty: 0 });
    handleInput(guest.launcher);
    expect(guest.printed()).toBe('lguest: the console has no more input\n');
    input.add([buffer]);
    kick();
    handleInput(guest.launcher);
    expect([guest.printed(), guest.launcher.watched]).toEqual(['', []]);
  });
});

describe('output', () => {
  /** The Guest's memory is a megabyte; none of its bytes is like its neighbour. */
  const memory = Uint8Array.from({ length: 0xf0000 }, (_, i) => 0x20 + ((i * 7 + (i >>> 8)) % 90));
  const rings = (): Console & { shown(): Uint8Array } => {
    const all = console_();
    writeGuest(all.guest.launcher, 0x1000, memory);
    const shown = (): Uint8Array =>
      new TextEncoder().encode(all.guest.events.map((event) => (event.kind === 'console' ? event.text : '')).join(''));
    return { ...all, shown };
  };
  test.each<[string, number[]]>([
    ['of one byte', [1]],
    ['of a page', [4096]],
    ['of 64 KB', [65536]],
    ['of one byte more', [65537]],
    ['of 64 KB and one byte, in two buffers', [65536, 1]],
    ['of three buffers that end anywhere', [40000, 1, 200001]],
    ['of buffers with nothing in them between', [0, 70000, 0, 0, 70000, 0]],
    ['of nothing at all', [0]],
    ['of nearly all memory', [0xeffff]],
    ['of 128 buffers', Array.from({ length: 128 }, (_, i) => 1000 + i)],
  ])('in a chain %s: not a byte is lost, and the Guest is told so', (_, lengths) => {
    const { guest, output, shown } = rings();
    let at = 0;
    const head = output.add(lengths.map((len) => ({ kind: 'o', addr: 0x1000 + (at += len) - len, len })));
    handleOutput(guest.launcher, output.queue.pfn * PAGE);
    expect(Buffer.compare(shown(), memory.subarray(0, at))).toBe(0);
    expect(output.takeUsed()).toEqual([{ head, len: at }]);
  });
});

describe('buffers in the wrong direction end the Launcher', () => {
  test('input', () => {
    const { guest, input, type } = console_();
    input.add([{ ...buffer, kind: 'o' }]);
    expect(lastWords(guest, () => type('x'))).toMatch(/console's input queue a buffer to be read/);
  });
  test('output', () => {
    const { guest, output } = console_();
    output.add([buffer]);
    expect(lastWords(guest, () => handleOutput(guest.launcher, output.queue.pfn * PAGE))).toMatch(
      /console's output queue a buffer to be written/,
    );
  });
});

describe('the terminal', () => {
  const raw = { isig: false, icanon: false, echo: false };
  const cooked = { isig: true, icanon: true, echo: true };

  test('gives every key at once and shows none, until its input ends', () => {
    const guest = testLauncher(setupConsole, true);
    expect(tcgetattr(0)).toEqual(raw);
    const input = new TestRing(guest.launcher, guest.launcher.devices[0].queues[0]);
    input.add([buffer]);
    takeInput({ kind: 'end-of-keys', tty: 0 });
    handleInput(guest.launcher);
    expect(tcgetattr(0)).toEqual(cooked);
  });

  test.each<[string, OutsideInput[]]>([
    ['when the Guest has powered off', [typed('quit')]],
    ['when it was left by three ^C', [typed('\x03'), typed('\x03'), typed('\x03')]],
  ])('is as it was %s', (_, inputs) => {
    const world = World.fromScene(echo, { program });
    for (const input of [null, ...inputs]) {
      if (input) world.input(input);
      world.run(1e6);
    }
    const modes = world
      .takeEvents()
      .flatMap((event) => (event.kind === 'terminal' ? [{ isig: event.isig, icanon: event.icanon, echo: event.echo }] : []));
    expect(modes).toEqual([raw, cooked]);
  });
});

describe('three ^C', () => {
  /** Types, one read a word; a number waits so many seconds. Returns whether the Launcher left. */
  function leaves(...words: (string | number)[]): boolean {
    const { guest, input, kick, type } = console_();
    return (
      lastWords(guest, () => {
        for (const word of words) {
          input.add([buffer]);
          kick();
          if (typeof word === 'number') wait(word);
          else type(word);
        }
      }) !== null
    );
  }
  test.each<[string, (string | number)[], boolean]>([
    ['in a row', ['\x03', '\x03', '\x03'], true],
    ['within a second', ['\x03', 0.5, '\x03', 0.5, '\x03'], true],
    ['in a little more', ['\x03', 0.5, '\x03', 0.51, '\x03'], false],
    ['and a letter before', ['a', '\x03', '\x03', '\x03'], true],
    ['in three seconds', ['\x03', 1.5, '\x03', 1.5, '\x03'], false],
    ['with a letter between', ['\x03', '\x03', 'a', '\x03'], false],
    ['with a letter between, in one read', ['\x03\x03a\x03'], false],
    ['in one read', ['\x03\x03\x03'], true],
    ['in one read, and two letters before', ['ab\x03\x03\x03'], true],
    ['in two reads', ['\x03\x03', '\x03'], true],
    ['in two reads, with letters around', ['a\x03', '\x03\x03b'], true],
    ['and one long before', ['\x03', 60, '\x03', '\x03', '\x03'], true],
    ['and two long before', ['\x03\x03', 60, '\x03', '\x03', '\x03'], true],
    ['of which one was long before', ['\x03', 60, '\x03\x03'], false],
  ])('%s', (_, words, expected) => {
    expect(leaves(...words)).toBe(expected);
  });
});

describe('a whole Guest, which repeats what it hears', () => {
  function run(...inputs: string[]): { text: string; ending: string; programs: string[] } {
    const world = World.fromScene(echo, { program });
    world.run(1e6);
    for (const input of inputs) {
      world.input(typed(input));
      world.run(1e6);
    }
    const stop = world.run(1e6);
    const ended = world.takeEvents().flatMap((event) => (event.kind === 'task' && event.what === 'exit' ? [event.program] : []));
    return { text: world.takeConsole(), ending: stop.reason === 'exited' ? `exit ${stop.status}` : stop.reason, programs: ended };
  }

  test('waits, is woken by the Waker, and goes, and the Waker with it', () => {
    const { text, ending, programs } = run('hello ', 'you ', 'quit\n');
    expect(text).toBe('I repeat what you say, until it begins with a q.\nhello you quit\nGood night\nlguest: CRASH: Power down\n');
    expect([ending, programs]).toEqual(['exit 0', ['launcher', 'waker']]);
  });

  test('is left by three ^C, and nobody stays behind', () => {
    const { ending, programs } = run('\x03', '\x03', '\x03');
    expect([ending, programs]).toEqual(['exit 2', ['launcher', 'waker']]);
  });

  test('does the same, whenever the keys come and however long the slices are', () => {
    const one = (slice: number): string => {
      const world = World.fromScene(echo, { program });
      while (world.instructions < 700) world.run(Math.min(slice, 700 - world.instructions));
      world.input(typed('in the middle of something'));
      for (;;) if (world.run(slice).reason !== 'limit') break;
      return `${world.takeConsole()} ${world.instructions} ${world.stateHash()}`;
    };
    expect(one(7)).toBe(one(1e6));
    expect(one(7)).toContain('in the middle of something');
  });
});

test('a Guest that dies while the Waker taps takes it along, whenever that is', () => {
  for (let late = 0; late < 400; late += 13) {
    const world = World.fromScene(echo, { program, keepEvents: false });
    world.run(1e6);
    world.input(typed('q'));
    world.run(late);
    world.input(typed('x'));
    expect(world.run(1e6)).toEqual({ reason: 'exited', status: 0 });
  }
});
