/** What a reader is set to do, held against what came of it: a changed program against what is wanted of a scene, and an answer against what a Guest does. */
import { drive } from '../drive.ts';
import type { OutsideRequest } from '#hostos';
import type { LinePosition } from '#tangle/runtime';
import type { WorldEvent } from '../events.ts';
import type { LguestProgram } from '../program.ts';
import { viewNames } from '../views/index.ts';
import type { ViewName } from '../views/index.ts';
import { World } from '../world.ts';
import { brokenPromises, numberAt } from './intent.ts';
import { MemoryDisk } from './memory_disk.ts';
import { runScene } from './run_scene.ts';
import type { Scene, SceneBundle } from './scene.ts';

/** What a change is to bring about, in a scene's run. What is not named may be as it likes. */
export interface Wanted {
  /** The console, as scenes say it. */
  readonly says?: readonly string[];
  /** What is not to be printed anywhere. */
  readonly never?: readonly string[];
  /** How it ends. Default: as the scene does. */
  readonly ends?: NonNullable<Scene['ends']>;
  /** Counts, by their way into the run's statistics. */
  readonly facts?: Readonly<Record<string, number>>;
  /** The least and the most that counts may come to; null: no bound. */
  readonly bounds?: Readonly<Record<string, readonly [least: number | null, most: number | null]>>;
  /** The most instructions of the run, if not the scene's. */
  readonly instructions?: number;
}

/** What came of a change. */
export interface Judgement {
  /** A sentence for each thing that is not as it should be; none: passed. */
  readonly faults: readonly string[];
  /** All that was printed. */
  readonly console: string;
}

/** Runs a scene under a changed program, and tells what is not as wanted. */
export function judge(program: LguestProgram, bundle: SceneBundle, wanted: Wanted): Judgement {
  const { says = ['…'], never = [], ends, facts = {}, bounds = {}, instructions = bundle.scene.instructions } = wanted;
  const scene: Scene = { ...bundle.scene, says, facts, instructions, ...(ends !== undefined && { ends }) };
  const result = runScene(program, { ...bundle, scene });
  const beyond = Object.entries(bounds).flatMap(([way, [least, most]]) => {
    const found = numberAt(result.summary, way);
    if (least !== null && found < least) return [`should count at least ${least} for ${way}, and counts ${found}`];
    return most !== null && found > most ? [`should count at most ${most} for ${way}, and counts ${found}`] : [];
  });
  const said = never.filter((words) => result.console.includes(words)).map((words) => `should not say “${words}”`);
  return { faults: [...brokenPromises(scene, result), ...said, ...beyond], console: result.console };
}

/** What is to be found out of a run: one of these. */
export type Sought =
  /** A count of the whole run, by its way into the statistics. */
  | { readonly fact: string }
  /** What was printed, by a regular expression: its first group. */
  | { readonly prints: string }
  /** How many times a line ran. */
  | { readonly hits: LinePosition }
  /** Something of an event: of the first, or the `time`th (from 1), of its kind that has it, and all of `where`. */
  | {
      readonly event: WorldEvent['kind'];
      readonly where?: Readonly<Record<string, number | string | boolean>>;
      readonly time?: number;
      readonly look: string;
    }
  /** What a view shows just before a line runs for the `time`th time (from 1): the way to it, `registers.eax`. */
  | { readonly before: LinePosition; readonly time?: number; readonly look: string };

/** Finds it out; null where there is no such thing. */
export function findOut(program: LguestProgram, bundle: SceneBundle, sought: Sought): number | string | null {
  if ('before' in sought) return lookBefore(program, bundle, sought);
  if ('event' in sought) return lookAtEvent(program, bundle, sought);
  if ('hits' in sought) return countHits(program, bundle, sought.hits);
  const { summary, console } = runScene(program, bundle);
  if ('fact' in sought) return numberAt(summary, sought.fact);
  return new RegExp(sought.prints).exec(console)?.[1] ?? null;
}

/** Runs a scene to its end, with a look at something on the way. @param hear is told before each run of the line */
function runWith(
  program: LguestProgram,
  bundle: SceneBundle,
  line: LinePosition | null,
  hear: (world: World) => void,
  onEvent?: (event: WorldEvent) => void,
): World {
  const world = World.fromScene(bundle, { program, keepEvents: false, ...(onEvent && { onEvent }) });
  const disk = bundle.scene.disk && MemoryDisk.fromScene(bundle.scene.disk);
  const driver = { serve: (request: OutsideRequest) => disk?.answer(request), script: [...(bundle.scene.keys ?? [])] };
  const stop = line === null ? {} : { stop: { since: world.place(), lines: [line], notes: () => hear(world) } };
  drive(world, bundle.scene.instructions, driver, stop);
  return world;
}

function countHits(program: LguestProgram, bundle: SceneBundle, { source, line }: LinePosition): number {
  const hits = runWith(program, bundle, null, () => undefined).takeLineHits();
  return hits.find((one) => one.source === source && one.line === line)?.count ?? 0;
}

function lookAtEvent(
  program: LguestProgram,
  bundle: SceneBundle,
  { event: kind, where = {}, time = 1, look }: Extract<Sought, { readonly event: string }>,
): number | string | null {
  let hits = 0;
  let seen: unknown;
  const hear = (event: WorldEvent): void => {
    const told = event as unknown as Readonly<Record<string, unknown>>;
    if (event.kind !== kind || told[look] === undefined) return;
    if (Object.entries(where).every(([name, value]) => told[name] === value) && ++hits === time) seen = told[look];
  };
  runWith(program, bundle, null, () => undefined, hear);
  return plain(seen);
}

function lookBefore(
  program: LguestProgram,
  bundle: SceneBundle,
  { before, time = 1, look }: Extract<Sought, { readonly before: LinePosition }>,
): number | string | null {
  const [view, ...way] = look.split('.');
  if (!isView(view)) return null;
  let hits = 0;
  let seen: unknown;
  runWith(program, bundle, before, (world) => {
    if (++hits === time) seen = structuredClone(world.look([view])[view]);
  });
  for (const step of way) seen = seen !== null && typeof seen === 'object' ? (seen as Record<string, unknown>)[step] : undefined;
  return plain(seen);
}

function plain(seen: unknown): number | string | null {
  return typeof seen === 'number' ? seen >>> 0 : typeof seen === 'string' ? seen : null;
}

const isView = (name: string): name is ViewName => viewNames.includes(name as ViewName);
