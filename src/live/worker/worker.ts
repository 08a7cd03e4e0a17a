/** The page's worker: holds one world and does what the page asks. Bundled on its own. */
import { Makings, MemoryDisk, namesOf, SCENE_DISK, sceneOptions, sceneProgram, steadyClock } from '#world';
import type { LguestProgram, OutsideInput, ProgramNames } from '#world';
import type { Disk } from '../disks/index.ts';
import { Editing } from './editing.ts';
import { readGuest } from './own_guest.ts';
import type { ReadGuest } from './own_guest.ts';
import { beside } from './beside.ts';
import type { Breakpoint, Edits, Report, Request, Sight, Stride } from '../protocol.ts';
import { savedName } from '../saved_file.ts';
import { conditionsOf, speakOfVariables } from './breakpoints.ts';
import { inquire } from './inquiries.ts';
import type { Inquiry } from './inquiries.ts';
import { chunkOf } from './chunks.ts';
import { DebugBuild } from './debug_build.ts';
import { keptRun } from './kept_run.ts';
import { OneWorld, wayOn } from './one_world.ts';
import type { Known, Make } from './one_world.ts';
import { FetchedScenes } from './fetched_scenes.ts';
import { reasonOf } from './reason.ts';
import type { Outside } from './outside.ts';
import { ownOutside } from './own_outside.ts';
import type { Runner } from './runner.ts';
import type { RunnerOptions } from './runnable.ts';
import { readSavedGuest } from './saved_guest.ts';
import { diskToSave, ownDiskToSave, readFileOf, wholeDisk } from './saving.ts';
import type { DiskToSave } from './saving.ts';
import { takeStep } from './steps.ts';
import { goExactly, goToLine, goToStop } from './ways.ts';

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
const programOf = async (patches: string | null): Promise<LguestProgram> =>
  (await (patches === null ? book : (import(beside(`lguest.${patches.replaceAll(':', '-')}.js`)) as typeof book))).program;
const clock = (): number => performance.now();

/** Builds the world anew; null before there is one. One for all, with what follows: a worker holds one world. */
let build: (() => void) | null = null;
let one: OneWorld | null = null;
let runner: Runner | null = null;
let disk: Disk | null = null;
let latestPlan = 0;
/** What the program calls its numbers. */
let names: ProgramNames | null = null;
/** What the page watches. */
let watched: readonly Sight[] = [];
/** The debug build of what runs, fetched when somebody wants to see its lines one by one. */
let debugBuild: DebugBuild | null = null;
/** What edited code is made with. */
const editing = new Editing();
const scenes = new FetchedScenes();
/** The scene has a disk. */
let hasDisk = false;
/** Where the scene is, and how many times something was to be loaded. */
let url = '';
let asked = 0;
/** Where runs stop. */
let breakpoints: readonly Breakpoint[] = [];

const send = (report: Report): void => scope.postMessage(report);
const fresh = (): void => send({ type: 'fresh' });

/** Puts the next slice behind whatever requests have come in the meantime; a slice planned before is void. */
function schedule(wait: number): void {
  const plan = ++latestPlan;
  if (wait > 0) setTimeout(turn, wait, plan);
  else channel.port2.postMessage(plan);
}

function turn(plan: number): void {
  const go = (): void => {
    if (plan !== latestPlan || runner === null || !runner.running) return;
    const wait = runner.slice(clock);
    if (runner.running) schedule(wait);
  };
  // Who comes to stand before a line of the Host's by running sees its variables as who steps there does.
  if (runner?.settlesMidway) onceStudied(go);
  else guarded(go);
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

/** A new world in place of the old. */
function begin(options: RunnerOptions, make: Make, known: Known): void {
  let now = known;
  const hands = { send, clock, isSurveyed: () => watched.includes('timeline') };
  build = () => {
    debugBuild?.forget();
    if (!now.opened) void disk?.settle();
    one = new OneWorld({ ...options, watched, fresh }, make, now, hands);
    const way = wayOn(now);
    // What lies ahead hangs on a disk's answers only where they were not kept.
    const asks = hasDisk && !now.opened;
    // The next one begins at the beginning.
    now = { ...known, again: undefined, opened: null };
    const own = (runner = one.runner);
    own.breakpoints = () => conditionsOf(breakpointsOn(null), options.names, own.world);
    names = options.names;
    debugBuild?.know(one.world);
    fresh();
    if (way === null) own.report();
    else studied(() => runner === own && goExactly(own, way.where, way.midway, asks, fresh), way.midway);
  };
  build();
}

/** @param how the run that is to be had again, or the file of a world that goes on */
async function load(edits: Edits, { again, saved }: Pick<Extract<Request, { type: 'load' }>, 'again' | 'saved'> = {}): Promise<void> {
  const turn = ++asked;
  const built = await scenes.at(url);
  const made = await editing.make(built, edits);
  if (turn !== asked) return;
  if ('problems' in made) {
    send({ type: 'refused', problems: made.problems });
    return;
  }
  const { edited, bundle } = made;
  const program = made.program ?? (await programOf(bundle.patches ?? null));
  const ran = sceneProgram(bundle, program);
  const opened = saved === undefined ? null : await readFileOf(saved, () => Promise.resolve(ran));
  if (turn !== asked) return;
  editing.runs(made);
  const { scene } = bundle;
  hasDisk = scene.disk !== undefined;
  debugBuild = new DebugBuild(built.isUnwoven ? undefined : bundle.patches);
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
    typist: scene.keys !== undefined && opened?.world.inputs.some(({ input }) => input.kind === 'keys') !== true,
    bare: scene.bare === true,
    edited,
  });
  let before = opened;
  const make: Make = (onEvent, replay) => {
    memory = scene.disk && (before === null ? MemoryDisk.fromScene(scene.disk) : wholeDisk(before, SCENE_DISK));
    before = null;
    return new Makings({ program: ran, onEvent, replay, keepEvents: false, ...sceneOptions(bundle) });
  };
  begin({ names: namesOf(program), outside, keys: scene.keys }, make, {
    again,
    opened,
    patches: bundle.patches ?? null,
    symbols: null,
    disks: () => Promise.resolve(memory === undefined ? [] : [diskToSave(memory, scene.disk?.readOnly ?? false)]),
    keep: (place, log) => ({ type: 'kept', run: keptRun(place, log, scene.disk !== undefined) }),
  });
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
let reboot: (() => Promise<void>) | null = null;

/** Begins, or goes on with, a Guest of somebody's own. @param read reads its files */
async function boot(read: (told: typeof send) => Promise<ReadGuest>): Promise<void> {
  const turn = ++asked;
  reboot = () => boot(read);
  debugBuild = new DebugBuild();
  const tell = (report: Report): void => {
    if (turn === asked) send(report);
  };
  const [{ program }, told] = await Promise.all([book, read(tell)]);
  if (turn !== asked) return;
  disk = told.disk;
  const tellDisk = (): void => {
    if (disk === null) return;
    const { source, written, lasts, trouble } = disk;
    send({ type: 'disk', name: source.name, bytes: source.length, written, lasts, trouble });
  };
  closeOutside?.();
  const outside = ownOutside({
    disk,
    wires: told.options.wires ?? [],
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
    title: told.title,
    panels: ['terminal', 'lanes', 'counters'],
    terminals: 1 + (told.options.launchers?.length ?? 0),
    typist: false,
    bare: false,
    edited: [],
  });
  const options = { names: namesOf(program), outside, outsideClock: steadyClock(clock, () => Date.now()), countsTicks: told.linux };
  const make: Make = (onEvent, replay) => new Makings({ program, ...told.options, onEvent, replay, keepEvents: false });
  const disks = async (): Promise<DiskToSave[]> => (told.disk === null ? [] : [await ownDiskToSave(told.disk)]);
  begin(options, make, { opened: told.opened, patches: null, symbols: told.symbols, disks });
}

async function merge(): Promise<void> {
  if (disk !== null) send({ type: 'image', name: disk.source.name, blob: await disk.merged() });
}

async function discard(): Promise<void> {
  runner = null;
  await disk?.discard();
  await reboot?.();
}

/** Does something as soon as the debug build is there, or known not to come: then lines tell nothing of their variables. @param needed else at once */
function studied(deed: () => void, needed = true): void {
  const then = (): void => {
    deed();
    if (runner?.running) schedule(0);
  };
  (needed ? onceStudied : guarded)(then);
}

function onceStudied(then: () => void): void {
  const wanted = debugBuild;
  if (wanted === null || wanted.ready) guarded(then);
  else void wanted.load().then(() => debugBuild === wanted && guarded(then));
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
  const turn = asked;
  work.catch((error: unknown) => turn === asked && send({ type: 'failed', message: reasonOf(error) }));
}

/** The Guest is gone. What was fetched and made for the program stays for the next. */
function leave(): void {
  asked++;
  latestPlan++;
  closeOutside?.();
  [build, one, runner, disk, names, debugBuild, closeOutside, reboot] = [null, null, null, null, null, null, null, null];
  [watched, breakpoints, hasDisk] = [[], [], false];
  send({ type: 'left' });
}

scope.onmessage = ({ data }) => {
  if (data.type === 'ping') return send({ type: 'alive' });
  guarded(() => {
    switch (data.type) {
      case 'load':
        url = data.url;
        later(load(data.edits ?? {}, data));
        break;
      case 'edit':
        later(load(data.edits));
        break;
      case 'prepare-edits':
        later(editing.prepare());
        break;
      case 'boot':
        later(boot((told) => readGuest(data.guest, told)));
        break;
      case 'open':
        later(boot((told) => readSavedGuest(data.file, data.disk, ({ patches }) => programOf(patches), told)));
        break;
      case 'save':
        if (one !== null) later(one.save(data.about).then((blob) => send({ type: 'image', name: savedName(data.about.title), blob })));
        break;
      case 'merge':
        later(merge());
        break;
      case 'discard':
        later(discard());
        break;
      case 'run':
        studied(() => runner?.start(data.pace, clock()), speakOfVariables(breakpoints));
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
        studied(() => runner?.running && runner.aim(), speakOfVariables(breakpoints));
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
        studied(() => runner && goToLine(runner, data.place, data.backwards, fresh));
        break;
      case 'to-place':
        runner?.toCount(data.at, fresh);
        break;
      case 'input':
        one?.branches();
        runner?.input({ kind: 'keys', tty: data.tty, bytes: Uint8Array.from(data.bytes) }, clock());
        break;
      case 'play':
        runner?.play(clock());
        break;
      case 'look':
        watched = data.at;
        runner?.look(watched);
        one?.survey(true);
        break;
      case 'reset':
        build?.();
        break;
      case 'leave':
        leave();
        break;
    }
    if (runner?.running) schedule(0);
  });
};
