/** The page's worker: holds one world and does what the page asks. Bundled on its own. */
import { MemoryDisk, namesOf, parseInput, steadyClock, wholeScene, World } from '#world';
import type { InputEntry, LguestProgram, OutsideInput, ProgramNames, SceneBundle, StoredScene, WorldEvent } from '#world';
import type { Disk } from '../disks/index.ts';
import { Editing } from './editing.ts';
import { readGuest } from './own_guest.ts';
import { beside, located } from './beside.ts';
import type { Breakpoint, Edits, KeptRun, Looked, OwnGuest, Progress, Report, Request, Searching, Sight, Stride } from '../protocol.ts';
import { conditionsOf } from './breakpoints.ts';
import { inquire } from './inquiries.ts';
import type { Inquiry } from './inquiries.ts';
import { chunkOf } from './chunks.ts';
import { DebugBuild } from './debug_build.ts';
import { keptRun } from './kept_run.ts';
import { OverviewKeeper } from './overview.ts';
import { fetchJson, reasonOf } from './reason.ts';
import type { Outside } from './outside.ts';
import { ownOutside } from './own_outside.ts';
import { Runner } from './runner.ts';
import type { RunnerOptions } from './runnable.ts';
import { takeStep } from './steps.ts';
import { goExactly, goToStop } from './ways.ts';

/** The part of a worker's global scope used here; the DOM's types do not know it. */
interface WorkerScope {
  postMessage(report: Report): void;
  onmessage: ((message: { data: Request }) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
/** Leads back to ourselves. One for all: a worker holds one world. */
const channel = new MessageChannel();
/** The book's lguest lies beside us; it stands on the same base. */
const book = import(beside('lguest.js')) as Promise<{ program: LguestProgram }>;
// If it does not come, it is told when it is wanted.
book.catch(() => undefined);
/** The program that a scene asks for: the book's, or one with patches, which lies beside it. */
const programOf = ({ patches }: SceneBundle): typeof book =>
  patches === undefined ? book : (import(beside(`lguest.${patches.replaceAll(':', '-')}.js`)) as typeof book);
const clock = (): number => performance.now();

/** Builds the world anew; null before there is one. One for all, with what follows: a worker holds one world. */
let build: (() => void) | null = null;
let runner: Runner | null = null;
let disk: Disk | null = null;
let latestPlan = 0;
/** What the program calls its numbers. */
let names: ProgramNames | null = null;
/** What the page watches. */
let watched: readonly Sight[] = [];
/** Milliseconds between two words about the whole of a run that goes on. */
const SURVEY_MS = 150;
let surveyedAt = 0;
/** Tells of the whole run, if somebody watches. @param now, or when it is time again */
let survey: ((now: boolean) => void) | null = null;
/** What came from outside in this run. */
let inputs: () => readonly InputEntry[] = () => [];
/** Tells how the run could be had again. Milliseconds between two such words about a run that goes on. */
let keep: ((at: number, still: boolean) => void) | null = null;
const KEEP_MS = 1000;
let keptAt = 0;
/** The debug build of what runs, fetched when somebody wants to see its lines one by one. */
let debugBuild: DebugBuild | null = null;
/** What edited code is made with. */
const editing = new Editing();
/** The scene has a disk. */
let hasDisk = false;
/** Where the scene is, and how many times it has been asked for. */
let url = '';
let asked = 0;
/** Where runs stop. */
let breakpoints: readonly Breakpoint[] = [];
/** From here on the run is another one. */
let branch: (() => void) | null = null;

const send = (report: Report): void => scope.postMessage(report);
const fresh = (): void => send({ type: 'fresh' });

/** Puts the next slice behind whatever requests have come in the meantime; a slice planned before is void. */
function schedule(wait: number): void {
  const plan = ++latestPlan;
  if (wait > 0) setTimeout(turn, wait, plan);
  else channel.port2.postMessage(plan);
}

function turn(plan: number): void {
  if (plan !== latestPlan || runner === null || !runner.running) return;
  guarded(() => {
    const wait = runner?.slice(clock) ?? 0;
    if (runner?.running) schedule(wait);
  });
}

channel.port1.onmessage = ({ data }) => turn(data as number);

/** A fault of ours must be seen, not swallowed by the worker. */
function guarded(action: () => void): void {
  try {
    action();
  } catch (error) {
    runner = null;
    const problem = editing.problemOf(error);
    send({ type: 'failed', message: reasonOf(error), ...(problem && { problem }) });
    // What a reader has written is no fault of ours.
    if (problem === null) throw error;
  }
}

/** How a world is made. */
type Make = (onEvent: (event: WorldEvent) => void, replay: readonly InputEntry[]) => World;

/**
 * A new world in place of the old.
 * @param again what came from outside in the run that it is to make, if it is one that was made before
 */
function begin(options: RunnerOptions, make: Make, again: readonly InputEntry[] = []): void {
  let given = again;
  build = () => {
    debugBuild?.forget();
    void disk?.settle();
    const overview = new OverviewKeeper(options.names);
    const heard = (onEvent: (event: WorldEvent) => void) => (event: WorldEvent) => {
      overview.hear(event);
      onEvent(event);
    };
    const tell = (report: Progress | Looked | Searching): void => {
      send(report);
      if (report.type === 'searching') return;
      if (report.type === 'progress') overview.reach(report.instructions);
      const still = report.type === 'looked' || report.standing.phase !== 'running';
      survey?.(still);
      if (report.type === 'progress') keep?.(report.instructions, still);
    };
    let world: World | null = null;
    const own = new Runner((onEvent) => (world = make(heard(onEvent), given)), tell, { ...options, watched, fresh });
    given = [];
    runner = own;
    own.breakpoints = () => conditionsOf(breakpointsOn(null), options.names, own.world);
    names = options.names;
    if (world !== null) debugBuild?.know(world);
    inputs = () => world?.wholeLog() ?? [];
    survey = (now) => {
      if (!watched.includes('timeline') || (!now && clock() - surveyedAt < SURVEY_MS)) return;
      surveyedAt = clock();
      send({ type: 'overview', overview: overview.tell(own.rungs) });
    };
    branch = () => overview.cut(world?.instructions ?? 0);
    fresh();
    own.report();
  };
  build();
}

/** @param again the run that is to be had again */
async function load(edits: Edits, again?: KeptRun): Promise<void> {
  const turn = ++asked;
  const stored = (await fetchJson(located(url), 'the scene')) as StoredScene;
  const built = await wholeScene(stored, (file) => fetchJson(located(new URL(`../parts/${file}`, url).href), 'a part of the scene'));
  const made = await editing.make(built, edits);
  if (turn !== asked) return;
  if ('problems' in made) {
    send({ type: 'refused', problems: made.problems });
    return;
  }
  const { edited, bundle } = made;
  const program = made.program ?? (await programOf(bundle)).program;
  if (turn !== asked) return;
  editing.runs(made);
  const { scene } = bundle;
  hasDisk = scene.disk !== undefined;
  debugBuild = new DebugBuild(bundle.patches);
  let memory: MemoryDisk | undefined;
  const outside: Outside = {
    ask: (request) => memory?.answer(request) ?? null,
    undoFrom: () => undefined,
  };
  send({
    type: 'loaded',
    title: scene.title,
    panels: scene.panels,
    terminals: 1 + (scene.launchers?.length ?? 0),
    typist: scene.keys !== undefined,
    edited,
  });
  keep = (at, still) => {
    if (!still && clock() - keptAt < KEEP_MS) return;
    keptAt = clock();
    send({ type: 'kept', run: keptRun(at, inputs(), scene.disk !== undefined) });
  };
  const make: Make = (onEvent, replay) => {
    memory = scene.disk && MemoryDisk.fromScene(scene.disk);
    return World.fromScene(bundle, { program, onEvent, replay, keepEvents: false });
  };
  begin({ names: namesOf(program), outside, keys: scene.keys }, make, again?.inputs.map(parseInput));
  if (again !== undefined) runner?.toCount(again.at, fresh);
  if (runner?.running) schedule(0);
}

/** An answer from outside. */
function hear(input: OutsideInput): void {
  guarded(() => {
    runner?.input(input, clock());
    if (runner?.running) schedule(0);
  });
}

/** One for all, with what follows: a worker holds one world. */
let closeOutside: (() => void) | null = null;
let own: OwnGuest | null = null;

async function boot(guest: OwnGuest): Promise<void> {
  own = guest;
  debugBuild = new DebugBuild();
  const [{ program }, told] = await Promise.all([book, readGuest(guest, send)]);
  disk = told.disk;
  const tellDisk = (): void => {
    if (disk === null) return;
    const { source, written, lasts, trouble } = disk;
    send({ type: 'disk', name: source.name, bytes: source.length, written, lasts, trouble });
  };
  closeOutside?.();
  const outside = ownOutside({
    disk,
    network: guest.network,
    answer: hear,
    // Who looks at the past hears nothing new: a frame is lost, as frames are.
    frame: (input) => {
      if (runner?.running === true && !runner.world.hasFuture) hear(input);
    },
    changed: tellDisk,
    asker: () => runner,
    clock,
  });
  closeOutside = outside.close;
  tellDisk();
  send({
    type: 'loaded',
    title: guest.kernel.name,
    panels: ['terminal', 'lanes', 'counters'],
    terminals: guest.network === 'pair' ? 2 : 1,
    typist: false,
    edited: [],
  });
  begin({ names: namesOf(program), outside, outsideClock: steadyClock(clock, () => Date.now()), countsTicks: told.linux }, (onEvent) =>
    World.create({ program, ...told.options, onEvent, keepEvents: false }),
  );
}

async function merge(): Promise<void> {
  if (disk !== null) send({ type: 'image', name: disk.source.name, blob: await disk.merged() });
}

async function discard(): Promise<void> {
  runner = null;
  await disk?.discard();
  if (own !== null) await boot(own);
}

/** Does something as soon as the debug build is there, or known not to come: then lines tell nothing of their variables. */
function studied(deed: () => void): void {
  const then = (): void =>
    guarded(() => {
      deed();
      if (runner?.running) schedule(0);
    });
  if (debugBuild === null || debugBuild.ready) then();
  else void debugBuild.load().then(then);
}

/** The breakpoint asked for, or all that are on. */
const breakpointsOn = (id: number | null): Breakpoint[] => breakpoints.filter((one) => (id === null ? one.on : one.id === id));

function toBreakpoint(id: number | null, backwards: boolean): void {
  if (runner !== null && names !== null) goToStop(runner, conditionsOf(breakpointsOn(id), names, runner.world), backwards, fresh);
}

function ask(inquiry: Inquiry): void {
  if (runner !== null && names !== null) inquire(runner, inquiry, { names, breakpoints, send, fresh });
}

function stride(how: Stride, backwards: boolean): void {
  const own = runner;
  if (own === null) return;
  const place = own.world.currentLine();
  if (how !== 'chunk' || place === null) takeStep(own, { stride: how, backwards, chunk: null, fresh });
  else
    void chunkOf(place).then((chunk) =>
      guarded(() => {
        if (runner === own) takeStep(own, { stride: how, backwards, chunk, fresh });
        if (runner?.running) schedule(0);
      }),
    );
}

/** Work that waits for something; what goes wrong is told. */
function later(work: Promise<void>): void {
  work.catch((error: unknown) => send({ type: 'failed', message: reasonOf(error) }));
}

scope.onmessage = ({ data }) => {
  guarded(() => {
    switch (data.type) {
      case 'load':
        url = data.url;
        later(load(data.edits ?? {}, data.again));
        break;
      case 'edit':
        later(load(data.edits));
        break;
      case 'prepare-edits':
        later(editing.prepare());
        break;
      case 'boot':
        later(boot(data.guest));
        break;
      case 'merge':
        later(merge());
        break;
      case 'discard':
        later(discard());
        break;
      case 'run':
        // Conditions speak of variables.
        if (breakpoints.some((one) => one.on && one.kind === 'line' && Boolean(one.when))) studied(() => runner?.start(data.pace, clock()));
        else runner?.start(data.pace, clock());
        break;
      case 'pause':
        runner?.pause();
        break;
      case 'step':
        runner?.step(data.instructions);
        break;
      case 'event':
        runner?.stepToEvent();
        break;
      case 'breakpoints':
        breakpoints = data.breakpoints;
        break;
      case 'to-breakpoint':
        studied(() => toBreakpoint(data.id, data.backwards));
        break;
      case 'who':
      case 'find':
      case 'note':
      case 'span':
        studied(() => ask(data));
        break;
      case 'to-exact':
        studied(() => runner && goExactly(runner, data.where, data.midway, hasDisk, fresh));
        break;
      case 'stride':
        studied(() => stride(data.stride, data.backwards));
        break;
      case 'back':
        runner?.back(data.instructions, fresh);
        break;
      case 'back-to-event':
        runner?.backToEvent(fresh);
        break;
      case 'line':
        studied(() => runner?.toLine(data.place, data.backwards, fresh));
        break;
      case 'to-place':
        runner?.toCount(data.at, fresh);
        break;
      case 'input':
        branch?.();
        runner?.input({ kind: 'keys', tty: data.tty, bytes: Uint8Array.from(data.bytes) }, clock());
        break;
      case 'play':
        runner?.play(clock());
        break;
      case 'look':
        watched = data.at;
        runner?.look(watched);
        survey?.(true);
        break;
      case 'reset':
        build?.();
        break;
    }
    if (runner?.running) schedule(0);
  });
};
