/** The border of a world: the same input at the same places makes the same run; disks survive an end at any point; several Launchers share a Host. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { assemble } from '#asm';
import { ERESTARTNOINTR, registerProgram, SEEK_SET, sysExit, sysFdatasync, sysLseek, sysOpen, sysRead, sysWrite } from '#hostos';
import type { Task } from '#hostos';
import { program } from '#lguest';
import { formatInput, MemoryDisk, parseInput, World } from '#world';
import type { InputEntry, LguestProgram, OutsideInput, WorldEvent, WorldOptions, WorldSnapshot } from '#world';
import { Dice, effort } from '#testing';

/**
 * A program in a Launcher's place that reads keys and writes each into the next place of the disk, and syncs at every fifth; `r` reads it all back and
 * prints it, `q` ends. Its state is data.
 */
interface Scribe {
  fd: number;
  at: number;
  todo: ('write' | 'sync' | 'read')[];
  key: number;
}
const scribe = (task: Task): void => {
  const data = task.data as Scribe;
  if (data.fd === undefined) {
    task.data = { fd: sysOpen('disk'), at: 0, todo: [], key: 0 } satisfies Scribe;
    return;
  }
  const done = <T>(result: T | number): result is T => {
    if (result === -ERESTARTNOINTR) return false;
    data.todo.shift();
    return true;
  };
  if (data.todo[0] === 'write') {
    sysLseek(data.fd, data.at, SEEK_SET);
    if (done(sysWrite(data.fd, Uint8Array.of(data.key)))) data.at += 1000;
  } else if (data.todo[0] === 'sync') {
    if (done(sysFdatasync(data.fd))) sysWrite(1, Uint8Array.of(0x2e));
  } else if (data.todo[0] === 'read') {
    sysLseek(data.fd, 0, SEEK_SET);
    const bytes = sysRead(data.fd, data.at);
    if (done(bytes) && typeof bytes !== 'number')
      sysWrite(
        1,
        bytes.filter((byte) => byte !== 0),
      );
  } else {
    const keys = sysRead(0, 1);
    if (typeof keys === 'number') return;
    data.key = keys[0] ?? 0x71;
    if (data.key === 0x71) sysExit(0);
    else if (data.key === 0x72) data.todo.push('read');
    else data.todo.push('write', ...(data.at % 5000 === 4000 ? ['sync' as const] : []));
  }
};

const HCALL = 'int $0x1f';
/** A Guest that adds up a number in the FPU, in the middle of which it is interrupted many times, and says whether the sum is right. */
function adder(constant: string, sum: number, rounds: number): string {
  return `
    .text
    movl $1, %eax ; movl $0x180000, %edx ; movl $0xc0000000, 0x180468 ; movl $0x80, 0x18046c ; ${HCALL}
    fninit
    fldz
    movl $${rounds}, %ecx
1:  ${constant}
    faddp
    movl $30, %ebx
2:  decl %ebx
    jnz 2b
    decl %ecx
    jnz 1b
    fistpl 0x180800
    movl $right, %edx
    cmpl $${sum}, 0x180800
    je 3f
    movl $wrong, %edx
3:  movl $17, %eax ; ${HCALL}
    movl $2, %eax ; movl $over, %edx ; movl $1, %ebx ; ${HCALL}
right: .asciz "the sum is right\\n"
wrong: .asciz "the sum is wrong\\n"
over:  .asciz "Power down"`;
}

function image(text: string): Uint8Array {
  const done = assemble([{ name: 'guest.S', text }], { base: 0x100000 });
  if (!done.ok) throw new Error(done.errors.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  const elf = done.elf();
  new DataView(elf.buffer, elf.byteOffset).setUint32(24, done.entry, true);
  return elf;
}

describe('several Launchers on one Host', () => {
  const files: Record<string, Uint8Array> = {
    ones: image(adder('fld1', 20_000, 20_000)),
    zeros: image(adder('fldz', 0, 20_000)),
    halves: image(adder('flds half', 30_000, 20_000) + '\n.balign 4\nhalf: .float 1.5'),
  };
  const options = (argv: string[], ...launchers: string[][]): WorldOptions => ({ program, argv, launchers, files: (path) => files[path] });

  /** What each terminal showed. */
  function shown(events: readonly WorldEvent[]): string[] {
    const texts: string[] = [];
    for (const event of events) if (event.kind === 'console') texts[event.tty] = (texts[event.tty] ?? '') + event.text;
    return texts;
  }

  test.each([
    [['4', 'ones']],
    [
      ['4', 'ones'],
      ['4', 'ones'],
    ],
    [
      ['4', 'ones'],
      ['8', 'halves'],
      ['4', 'zeros'],
    ],
    [
      ['2', 'halves'],
      ['2', 'ones'],
      ['3', 'halves'],
      ['2', 'ones'],
      ['2', 'zeros'],
      ['5', 'halves'],
    ],
  ])('%j: each Guest has its registers, its FPU, its memory and its terminal to itself', (...argvs: string[][]) => {
    const [argv, ...launchers] = argvs;
    const world = World.create(options(argv, ...launchers));
    expect(world.run(50_000_000)).toEqual({ reason: 'exited', status: 0 });
    expect(world.statuses()).toEqual(argvs.map(() => 0));
    const events = world.takeEvents();
    expect(shown(events)).toEqual(argvs.map(() => 'the sum is right\nlguest: CRASH: Power down\n'));
    const turns = events.filter((event) => event.kind === 'task' && event.what === 'run').length;
    if (argvs.length > 1) expect(turns, 'they take turns').toBeGreaterThan(5 * argvs.length);
    world.unload();
  });

  test('may be cut into slices, kept and taken up by another world', () => {
    const make = (): World => World.create(options(['4', 'ones'], ['4', 'halves'], ['4', 'zeros']));
    const whole = make();
    whole.run(Infinity);
    const dice = new Dice(5);
    for (let i = 0; i < 3 * effort(); i++) {
      const [one, two] = [make(), make()];
      one.run(dice.below(whole.instructions));
      const before = one.takeEvents();
      two.restore(one.snapshot());
      while (two.run(1 + dice.below(100_000)).reason === 'limit');
      expect(two.stateHash()).toBe(whole.stateHash());
      expect(two.statistics()).toEqual(whole.statistics());
      expect(before.length + two.takeEvents().length).toBe(whole.statistics().events);
    }
  });

  test('need memory: all of theirs together, and not more than there is', () => {
    expect(() => World.create(options(['600', 'ones'], ['500', 'ones']))).toThrow(/the Guests want too much memory: 1116 MB .*1024/);
  });
});

describe('what comes from outside', () => {
  /** A program like lguest, but for the scribe in the Launchers' place. */
  const scribes: LguestProgram = {
    ...program,
    newLauncher: () => ({}),
    guests: () => [],
    install(kernel) {
      program.install(kernel);
      registerProgram(kernel, program.LAUNCHER, scribe);
    },
  };

  const LENGTH = 200_000;
  const make = (more: Partial<WorldOptions> = {}): World =>
    World.create({
      program: scribes,
      argv: ['4', '--block=disk'],
      launchers: [['4', '--block=disk']],
      files: () => undefined,
      disks: () => ({ length: LENGTH }),
      ...more,
    });

  interface Outcome {
    console: string;
    events: WorldEvent[];
    hash: string;
    digest: string;
  }
  function outcome(world: World): Outcome {
    return {
      console: world.takeConsole(),
      events: world.takeEvents(),
      hash: world.stateHash(),
      digest: createHash('sha1').update(JSON.stringify(world.snapshot().data)).digest('hex'),
    };
  }

  /** Somebody types, and a disk answers, at random places. */
  function live(seed: number, world: World, disk: MemoryDisk, onTurn: (turn: number) => void = () => {}): void {
    const dice = new Dice(seed);
    const waiting: OutsideInput[] = [];
    let left = 60;
    for (let turn = 0; turn < 5000; turn++) {
      onTurn(turn);
      const stop = world.run(1000, 1 + dice.below(6), {
        requests: dice.oneIn(2),
        until: dice.oneIn(3) ? world.time + dice.below(50_000) : undefined,
      });
      if (stop.reason === 'exited') return;
      for (const request of world.takeRequests()) {
        const answer = disk.answer(request);
        if (answer) waiting.push(answer);
      }
      if (waiting.length > 0 && (dice.oneIn(3) || stop.reason === 'idle')) world.input(waiting.shift() as OutsideInput);
      else if (left > 0 && (dice.oneIn(4) || stop.reason === 'idle'))
        world.input({ kind: 'keys', tty: dice.below(2), bytes: Uint8Array.of(left-- % 9 === 0 ? 0x72 : 0x41 + dice.below(26)) });
      else if (left === 0 && stop.reason === 'idle') {
        world.input({ kind: 'end-of-keys', tty: 0 });
        world.input({ kind: 'end-of-keys', tty: 1 });
      }
    }
    throw new Error('no end');
  }

  test.each(Array.from({ length: 4 * effort() }, (_, i) => i + 1))(
    'comes again, each at its place, and the run is the same, seed %i',
    (seed) => {
      const heard: InputEntry[] = [];
      const world = make({ tty: false, onInput: (entry) => heard.push(entry) });
      live(seed, world, new MemoryDisk('disk', new Uint8Array(LENGTH)));
      const whole = outcome(world);
      expect(whole.console).toMatch(/[A-Z.]{5}/);
      const log = world.inputLog();
      expect(log).toEqual(heard);
      const parsed = log.map((entry) => parseInput(formatInput(entry)));
      expect(parsed).toEqual(log);
      const dice = new Dice(seed);
      for (const most of [Infinity, 3, 500]) {
        const again = make({ tty: false, replay: parsed });
        while (again.run(1000, most === Infinity ? most : 1 + dice.below(most)).reason === 'limit');
        expect(again.inputsAhead).toBe(0);
        expect(again.takeRequests()).toEqual([]);
        expect(outcome(again)).toEqual(whole);
        expect(again.inputLog()).toEqual(log);
      }
    },
  );

  test('a part of a log leads to the place where it ends, and from there on the run is free', () => {
    const disk = new MemoryDisk('disk', new Uint8Array(LENGTH));
    const world = make({ tty: false });
    const snapshots: { inputs: number; snapshot: WorldSnapshot; disk: Uint8Array }[] = [];
    live(9, world, disk, (turn) => {
      if (turn % 40 === 0) snapshots.push({ inputs: world.inputLog().length, snapshot: world.snapshot(), disk: disk.bytes.slice() });
    });
    const whole = outcome(world);
    const log = world.inputLog();
    for (const { inputs, snapshot } of snapshots) {
      // From a snapshot on, the rest of the log leads to the same end.
      const later = make({ tty: false });
      later.restore(snapshot);
      expect(later.takeRequests().length).toBe(snapshot.data.disks.pending.length);
      expect(later.inputLog()).toEqual(log.slice(0, inputs));
      for (const entry of log.slice(inputs)) {
        const place = (): unknown => ({ ...later.place() });
        for (
          let n = 0;
          n < 5000 && JSON.stringify(place()) !== JSON.stringify({ at: entry.at, step: entry.step, time: entry.time, line: entry.line });
          n++
        )
          later.run(1000, 1, { until: entry.time });
        later.input(entry.input);
      }
      later.run(1000);
      expect(outcome(later)).toMatchObject({ hash: whole.hash, digest: whole.digest });
    }
  });

  test('is not mixed with a replay, and a log of another run is found out', () => {
    const world = make({ tty: false });
    live(3, world, new MemoryDisk('disk', new Uint8Array(LENGTH)));
    const log = world.inputLog();
    const again = make({ tty: false, replay: log });
    expect(() => again.input({ kind: 'keys', tty: 0, bytes: Uint8Array.of(1) })).toThrow(/still replays/);
    const other = make({ tty: false, replay: log.slice(3) });
    expect(() => other.run(1e6)).toThrow(/the input log does not belong to this run: it has .* at instruction \d+, step \d+/);
  });

  test.each([
    ['{', /not a line of JSON/],
    ['{}', /without its place/],
    ['{"at":1,"step":0,"time":-1}', /without its place/],
    ['{"at":1,"step":0,"time":0}', /without its place/],
    ['{"at":1,"step":0,"time":0,"line":0}', /no known kind/],
    ['{"at":1,"step":0,"time":0,"line":0,"input":{"kind":"smoke"}}', /no known kind/],
    ['{"at":1,"step":0,"time":0,"line":0,"input":{"kind":"keys","tty":0}}', /of kind keys without bytes/],
    ['{"at":1,"step":0,"time":0,"line":0,"input":{"kind":"keys","tty":0,"bytes":"*"}}', /not base 64/],
  ])('a line that is no input: %s', (line, sentence) => {
    expect(() => parseInput(line)).toThrow(sentence);
  });

  test.each(Array.from({ length: 4 * effort() }, (_, i) => i + 1))(
    'ends at any point without losing what a program was told is written, seed %i',
    (seed) => {
      const disk = new MemoryDisk('disk', new Uint8Array(LENGTH));
      const world = make({ tty: false });
      const end = new Dice(seed * 31).below(300);
      class Enough extends Error {}
      try {
        live(seed, world, disk, (turn) => {
          if (turn === end) throw new Enough();
        });
      } catch (error) {
        if (!(error instanceof Enough)) throw error;
      }
      for (const { data } of world.snapshot().data.tasks.all) {
        const { at = 0 } = data as Scribe;
        for (let place = 0; place < at; place += 1000) expect(disk.bytes[place], `acknowledged at ${place}`).not.toBe(0);
      }
    },
  );

  test('while a disk outside is waited for, the clock does not race; with a bound it goes as far as that', () => {
    const world = make({ tty: false });
    world.input({ kind: 'keys', tty: 0, bytes: Uint8Array.of(0x41) });
    expect(world.run(1e6)).toEqual({ reason: 'idle' });
    expect(world.time).toBe(world.instructions * 10);
    expect(world.run(1e6, Infinity, { until: 5000 })).toEqual({ reason: 'idle' });
    expect(world.time).toBe(5000);
    expect(world.takeRequests()).toMatchObject([{ kind: 'disk-write', path: 'disk', offset: 0 }]);
  });
});
