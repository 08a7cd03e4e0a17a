import { describe, expect, it, vi } from 'vitest';
import { namesOf } from '#world';
import type {
  Checkpoint,
  InputEntry,
  Place,
  OutsideInput,
  OutsideRequest,
  RunBounds,
  Standstill,
  Views,
  WorldEvent,
  WorldStop,
} from '#world';
import type { LineHit, Progress } from '../protocol.ts';
import { Runner } from './runner.ts';
import type { Runnable } from './runnable.ts';

/** A world that only counts: an event every hundred instructions, and an end. */
class CountingWorld implements Runnable {
  instructions = 0;
  readonly #onEvent: (event: WorldEvent) => void;
  readonly #end: number;
  readonly #stop: WorldStop;
  readonly runs: number[] = [];
  typed: number[] = [];
  clockRate = 256;
  beforehand = (): null => null;
  #moved = { at: 0, to: 0 };
  readonly #log: InputEntry[] = [];
  #ahead: InputEntry[] = [];

  constructor(onEvent: (event: WorldEvent) => void, end: number, stop: WorldStop) {
    this.#onEvent = onEvent;
    this.#end = end;
    this.#stop = stop;
  }

  get time(): number {
    return this.#moved.to + Math.floor(((this.instructions - this.#moved.at) * 10 * this.clockRate) / 256);
  }

  run(instructions: number, _steps = Infinity, { stop }: RunBounds = {}): WorldStop {
    this.runs.push(instructions);
    let until = Math.min(this.instructions + instructions, this.#end);
    for (let at = Math.ceil((this.instructions + 1) / 100) * 100; at <= until; at += 100) {
      const event: WorldEvent = { kind: 'irq', n: 0, seq: at / 100, at };
      this.#onEvent(event);
      if (stop?.events?.(event) !== true) continue;
      if (stop.notes !== undefined) {
        stop.notes({ by: 'event', place: { ...this.place(), at }, event }, () => []);
        continue;
      }
      until = this.instructions = at;
      return { reason: 'stop', hit: { by: 'event', place: this.place(), event } };
    }
    while (this.#ahead.length > 0 && this.#ahead[0].at < until) this.#take(this.#ahead.shift() as InputEntry);
    this.instructions = until;
    return until === this.#end ? this.#stop : { reason: 'limit' };
  }

  standstill(): Standstill | null {
    const { reason } = this.#stop;
    return this.instructions === this.#end && (reason === 'exited' || reason === 'idle') ? this.#stop : null;
  }

  get guest(): never {
    throw new Error('nobody looks');
  }
  snapshot(): never {
    throw new Error('nobody saves');
  }
  restore(): void {}

  codeFacts(): { lines: []; entry: null } {
    return { lines: [], entry: null };
  }

  #take(entry: InputEntry): void {
    this.#log.push(entry);
    if (entry.input.kind === 'keys') this.typed.push(...entry.input.bytes);
    if (entry.input.kind !== 'clock') return;
    this.#moved = { at: this.instructions, to: this.time + entry.input.ahead };
    this.clockRate = entry.input.rate;
  }

  input(input: OutsideInput): void {
    this.#take({ at: this.instructions, step: 0, time: 0, line: 0, input });
  }
  takeRequests(): OutsideRequest[] {
    return [];
  }
  readonly boot = { stage: 'clock', hello: 0, alone: true, shown: null } as const;

  get inputsAhead(): number {
    return this.#ahead.length;
  }
  place(): Place {
    return { at: this.instructions, step: 0, time: 0, line: 0 };
  }
  readonly midway = null;
  #known = 0;
  get hasFuture(): boolean {
    return this.#ahead.length > 0 || this.#known > this.instructions;
  }
  wholeLog(): readonly InputEntry[] {
    return [...this.#log, ...this.#ahead];
  }
  branch(): number {
    this.#ahead = [];
    this.#known = 0;
    return 1;
  }

  takeConsole(): string {
    return '';
  }
  takeLineHits(): LineHit[] {
    return [];
  }
  currentLine(): null {
    return null;
  }
  readonly worldName = 'host';
  look(): Partial<Views> {
    return {};
  }
  readonly checkpointBytes = 0;
  wentTo: number[] = [];
  checkpoint(): Checkpoint {
    return { place: this.place(), inputs: this.#log.length } as Checkpoint;
  }
  goTo({ place: { at }, inputs }: Checkpoint): void {
    this.#known = Math.max(this.#known, this.instructions);
    this.instructions = at;
    this.#ahead.unshift(...this.#log.splice(inputs));
    this.typed = this.#log.flatMap(({ input }) => (input.kind === 'keys' ? [...input.bytes] : []));
    this.wentTo.push(at);
  }
  forget(): void {}
}

const keys = (...bytes: number[]): OutsideInput => ({ kind: 'keys', tty: 0, bytes: Uint8Array.from(bytes) });

function setUp(
  end: number,
  stop: WorldStop,
  outsideClock?: () => number,
): { runner: Runner; world: () => CountingWorld; reports: Progress[] } {
  const reports: Progress[] = [];
  let world: CountingWorld | undefined;
  const runner = new Runner(
    (onEvent) => (world = new CountingWorld(onEvent, end, stop)),
    (report) => {
      if (report.type === 'progress') reports.push(report);
    },
    { names: namesOf({ hypercalls: {}, requests: {} }), watched: ['events'], outsideClock },
  );
  return { runner, world: () => world as CountingWorld, reports };
}

/** A clock on which nothing takes time: whatever is asked for is done at once. */
const still = (): number => 0;

describe('the runner', () => {
  it('steps exactly one instruction, and says that it was one', () => {
    const { runner, reports } = setUp(1000, { reason: 'exited', status: 0 });
    runner.step(1);
    runner.step(1);
    expect(reports.map(({ instructions, single, standing }) => [instructions, single, standing.phase])).toEqual([
      [1, true, 'paused'],
      [2, true, 'paused'],
    ]);
  });

  it('steps back to the beginning and forth again, with the same input at the same instruction', () => {
    const { runner, world, reports } = setUp(1000, { reason: 'exited', status: 0 });
    runner.step(150);
    runner.input(keys(65), 0);
    runner.step(100);
    runner.input(keys(66), 0);
    runner.step(750);
    const fresh = vi.fn();
    runner.back(751, fresh, still);
    expect(world().wentTo).toEqual([0]);
    expect(fresh).toHaveBeenCalledOnce();
    expect(world().typed).toEqual([65]);
    expect(reports.at(-1)).toMatchObject({ instructions: 249, standing: { phase: 'paused' }, events: [{ at: 100 }, { at: 200 }] });
    runner.step(1);
    expect(reports.at(-1)).toMatchObject({ instructions: 250, single: true });
  });

  it('goes the same way again until somebody types: then what was to come is no more', () => {
    const { runner, world } = setUp(1000, { reason: 'exited', status: 0 });
    runner.step(150);
    runner.input(keys(65), 0);
    runner.step(100);
    runner.input(keys(66), 0);
    runner.step(300);
    runner.back(500, () => undefined, still);
    expect(world().typed).toEqual([]);
    runner.step(150);
    expect(world().typed).toEqual([65]);
    runner.input(keys(67), 0);
    runner.step(400);
    expect(world().typed).toEqual([65, 67]);
  });

  it('goes back from a checkpoint where a run has been long enough to have some', () => {
    const { runner, world, reports } = setUp(1e9, { reason: 'idle' });
    let time = 0;
    runner.start(20_000, 0);
    runner.input(keys(65), 0);
    while (time < 4000) runner.slice(() => (time += 5));
    runner.pause();
    const [first, there] = [world(), world().instructions];
    runner.back(1, () => undefined, still);
    expect(world()).toBe(first);
    expect(world().instructions).toBe(there - 1);
    expect(world().wentTo[0]).toBeGreaterThan(there / 2);
    expect(world().typed).toEqual([65]);
    const again = setUp(1e9, { reason: 'idle' });
    again.runner.step(there - 1);
    expect(reports.at(-1)).toEqual({ ...again.reports.at(-1), single: false });
  });

  it('steps back to where the event before was', () => {
    const { runner, reports } = setUp(1000, { reason: 'exited', status: 0 });
    runner.step(230);
    const places: number[] = [];
    for (let i = 0; i < 3; i++) {
      runner.backToEvent(() => undefined, still);
      places.push(reports.at(-1)?.instructions ?? -1);
    }
    expect(places).toEqual([200, 100, 0]);
  });

  it('steps to the next event', () => {
    const { runner, reports } = setUp(1000, { reason: 'exited', status: 0 });
    runner.step(30);
    runner.stepToEvent(still);
    expect(reports.at(-1)).toMatchObject({ instructions: 100, events: [{ at: 100 }] });
  });

  it('changes nothing where a line has not run before, or nothing runs any more, and says so', () => {
    const { runner, reports } = setUp(1000, { reason: 'exited', status: 0 });
    const fresh = vi.fn();
    runner.step(230);
    runner.toLine({ source: 'docs/host/core.mdx', line: 1 }, true, fresh, still);
    expect(reports.at(-1)).toMatchObject({
      instructions: 230,
      standing: { phase: 'paused' },
      remark: 'That line has not run before.',
      events: [],
    });
    runner.step(1000);
    const ended = reports.at(-1)?.standing;
    runner.toLine({ source: 'docs/host/core.mdx', line: 1 }, false, fresh, still);
    expect(reports.at(-1)).toMatchObject({ instructions: 1000, standing: ended, remark: 'Nothing runs any more.', events: [] });
    expect(fresh).not.toHaveBeenCalled();
  });

  it('goes on looking in slices, and leaves off when told to', () => {
    const { runner, world, reports } = setUp(1e9, { reason: 'idle' });
    let time = 0;
    runner.toLine(
      { source: 'docs/host/core.mdx', line: 1 },
      false,
      () => undefined,
      () => (time += 8),
    );
    expect(runner.running).toBe(true);
    const before = world().instructions;
    runner.slice(() => (time += 8));
    expect(world().instructions).toBeGreaterThan(before);
    runner.pause();
    expect(reports.at(-1)).toMatchObject({ standing: { phase: 'paused' }, instructions: world().instructions });
  });

  it('runs to the end and reports its exit status', () => {
    const { runner, reports } = setUp(50_000, { reason: 'exited', status: 1 });
    let time = 0;
    runner.start(null, 0);
    while (runner.running) runner.slice(() => (time += 4));
    expect(reports.at(-1)).toMatchObject({ standing: { phase: 'exited', status: 1 }, instructions: 50_000, single: false });
  });

  it('does not run what has ended', () => {
    const { runner, world } = setUp(10, { reason: 'exited', status: 0 });
    runner.step(100);
    const before = world().runs.length;
    runner.start(null, 0);
    runner.step(1);
    expect(runner.running).toBe(false);
    expect(world().runs.length).toBe(before);
  });

  it('keeps a pace: what time entitles it to, no more', () => {
    const { runner, world } = setUp(1e9, { reason: 'idle' });
    let time = 0;
    runner.start(1000, 0);
    for (let i = 0; i < 50; i++) {
      time += 20;
      runner.slice(() => time);
    }
    expect(world().instructions).toBe(1000);
  });

  it('does not try to catch up after a long sleep', () => {
    const { runner, world } = setUp(1e9, { reason: 'idle' });
    runner.start(1000, 0);
    runner.slice(() => 60_000);
    expect(world().instructions).toBeLessThanOrEqual(100);
  });

  it('makes its slices smaller when they take too long, larger when they are short', () => {
    for (const [took, grows] of [
      [80, false],
      [1, true],
    ] as const) {
      const { runner, world } = setUp(1e12, { reason: 'idle' });
      let time = 0;
      runner.start(null, 0);
      const slices = Array.from({ length: 6 }, () => {
        const before = world().instructions;
        runner.slice(() => (time += took));
        return world().instructions - before;
      });
      expect(slices[5] > slices[0]).toBe(grows);
    }
  });

  it('sends the latest events when there are too many, and counts the rest', () => {
    const { runner, reports } = setUp(1e9, { reason: 'idle' });
    runner.step(100_000);
    const [{ events, dropped }] = reports;
    expect(events.length + dropped).toBe(1000);
    expect(events.at(-1)?.at).toBe(100_000);
  });

  it('wakes an idle world when somebody types', () => {
    const { runner, world } = setUp(100, { reason: 'idle' });
    runner.step(100);
    runner.input(keys(104, 105), 0);
    expect(world().typed).toEqual([104, 105]);
    expect(runner.running).toBe(true);
  });
});

describe('the clock of a world that keeps pace', () => {
  /** Runs for so long, as the page's worker would, on a computer that takes 25 ns for an instruction. */
  function run(runner: Runner, world: () => CountingWorld, real: { ms: number }, milliseconds: number): void {
    for (const end = real.ms + milliseconds; real.ms < end; ) {
      const before = world().instructions;
      // The clock is looked at before a run, and behind it.
      let looks = 0;
      const wait = runner.slice(() => real.ms + (looks++ === 0 ? 0 : ((world().instructions - before) * 25) / 1e6));
      real.ms += ((world().instructions - before) * 25) / 1e6 + wait + 0.01;
    }
  }

  it('is told the date, follows the outside’s while it runs, and stands still while it is stopped', () => {
    const real = { ms: Date.UTC(2026, 4, 1) };
    const start = real.ms;
    const { runner, world } = setUp(1e12, { reason: 'idle' }, () => real.ms);
    expect(
      world()
        .wholeLog()
        .map(({ input }) => input),
    ).toEqual([{ kind: 'date', sec: start / 1000, nsec: 0 }]);
    runner.start(null, real.ms);
    run(runner, world, real, 3000);
    expect(Math.abs(world().time / 1e6 - (real.ms - start))).toBeLessThan(20);
    runner.pause();
    real.ms += 60_000;
    runner.start(null, real.ms);
    run(runner, world, real, 2000);
    expect(Math.abs(world().time / 1e6 - (real.ms - start - 60_000))).toBeLessThan(40);
  });

  it('counts instructions where no clock is given', () => {
    const { runner, world } = setUp(1e12, { reason: 'idle' });
    const real = { ms: 0 };
    runner.start(null, 0);
    run(runner, world, real, 500);
    expect(world().wholeLog()).toEqual([]);
    expect(world().time).toBe(world().instructions * 10);
  });
});
