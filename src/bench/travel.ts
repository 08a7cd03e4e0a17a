import type { LguestProgram, LinePosition, namesOf as NamesOf, WorldEvent, World as WorldClass } from '#world';

/** What of the page's runner is measured. */
interface Traveller {
  readonly running: boolean;
  start(pace: number | null, now: number): void;
  slice(clock: () => number): number;
  pause(): void;
  back(instructions: number, fresh: () => void): void;
  toLine(place: LinePosition, backwards: boolean, fresh: () => void): void;
}
type Build = (onEvent: (event: WorldEvent) => void) => WorldClass;
type TravellerClass = new (build: Build, report: () => void, options: { names: ReturnType<typeof NamesOf> }) => Traveller;

/** Times of one operation, in milliseconds: the middle one, and what 95 of 100 stay below; and what they were while all of RAM was compared each time, where that was measured. */
export interface Travel {
  operation: string;
  median: number;
  most: number;
  before: readonly [median: number, most: number] | null;
}

const INSTRUCTIONS = 1e9;

/**
 * Measures checkpoints of a world of 64 MB that wrote a few pages since the last, and single steps back at the end of 10^9 instructions.
 * @param image bench-lguest.elf
 * @param now a clock in milliseconds
 */
export function measureTravel(
  World: typeof WorldClass,
  program: LguestProgram,
  Runner: TravellerClass,
  names: ReturnType<typeof NamesOf>,
  image: Uint8Array,
  now: () => number,
): Travel[] {
  const options = {
    program,
    argv: ['64', 'bench', 'w=fib', 'reps=400', 'n=4'],
    files: (path: string) => (path === 'bench' ? image : undefined),
    keepEvents: false,
  };
  const timed = (times: number[], work: () => void): void => {
    const begin = now();
    work();
    times.push(now() - begin);
  };
  const world = World.create(options);
  world.run(60_000_000);
  let last = world.checkpoint(null);
  const [marks, returns]: number[][] = [[], []];
  for (let i = 0; i < 200; i++) {
    world.run(100_000);
    timed(marks, () => (last = world.checkpoint(last)));
    world.run(100_000);
    timed(returns, () => world.goTo(last));
  }
  let far: WorldClass | undefined;
  const runner = new Runner(
    (onEvent) => (far = World.create({ ...options, onEvent })),
    () => undefined,
    { names },
  );
  const [first, again, line]: number[][] = [[], [], []];
  const hot = { source: '', line: 0, count: 0 };
  const run = (until: () => boolean): void => {
    runner.start(null, now());
    while (runner.running && !until()) runner.slice(now);
    runner.pause();
  };
  run(() => (far?.instructions ?? 0) >= INSTRUCTIONS);
  const kept = (far?.checkpointBytes ?? 0) / 2 ** 20;
  const arrive = (ask: () => void): void => {
    ask();
    while (runner.running) runner.slice(now);
  };
  // A line of the Host that runs at each of its ticks.
  const ran = new Map<string, LinePosition & { count: number }>();
  const tick = World.create(options);
  tick.run(80_000_000);
  tick.takeLineHits();
  tick.run(20_000_000);
  for (const hit of tick.takeLineHits())
    if (program.lines.positions.some((one) => one.source === hit.source && one.line === hit.line))
      ran.set(`${hit.source}:${hit.line}`, hit);
  Object.assign(hot, [...ran.values()].sort((a, b) => b.count - a.count)[0]);
  for (let i = 0; i < 20; i++) {
    const end = now() + 200;
    run(() => now() >= end);
    timed(first, () => arrive(() => runner.back(1, () => undefined)));
    for (let n = 0; n < 5; n++) timed(again, () => arrive(() => runner.back(1, () => undefined)));
    for (let n = 0; n < 5; n++) timed(line, () => arrive(() => runner.toLine(hot, true, () => undefined)));
  }
  const row = (operation: string, times: readonly number[], before: Travel['before']): Travel => {
    const sorted = [...times].sort((a, b) => a - b);
    return { operation, median: sorted[sorted.length >> 1], most: sorted[Math.floor(sorted.length * 0.95)], before };
  };
  return [
    row('checkpoint, few pages written', marks, [12.5, 34]),
    row('back to it', returns, [13.8, 36]),
    row('first step back after a run', first, [114, 180]),
    row('each further one', again, [14.5, 32]),
    row('back to when a line of the Host last ran', line, null),
    { operation: 'RAM that 10^9 instructions’ checkpoints hold, MB', median: kept, most: kept, before: null },
  ];
}

/** A line an operation. */
export function formatTravel(travel: readonly Travel[]): string {
  return [
    'operation                                           ms median      95 %   before: median, 95 %',
    ...travel.map(
      ({ operation, median, most, before }) =>
        `${operation.padEnd(50)}${median.toFixed(2).padStart(12)}${most.toFixed(2).padStart(10)}${(before === null ? '' : `${before[0]}, ${before[1]}`).padStart(23)}`,
    ),
  ].join('\n');
}
