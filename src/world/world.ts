import { Machine } from '#machine';
import type { MachineCheckpoint, MachineSnapshot } from '#machine';
import {
  consoleFiles,
  createDisk,
  createFile,
  createKernel,
  createMm,
  createTask,
  currentPlace,
  findTask,
  KernelPanic,
  nextExpiry,
  openRequests,
  runHost,
  takeInput,
  keepFrames,
  within,
} from '#hostos';
import type { Kernel, KernelData, OutsideInput, OutsideRequest, RunPlace } from '#hostos';
import type { LinePosition } from '#tangle/runtime';
import { CodeMap } from './lines/code_map.ts';
import { LineCounts } from './lines/line_counts.ts';
import type { LineHits } from './lines/line_counts.ts';
import { copyOf } from './checkpoints/copy.ts';
import { checkSnapshot, identityOf, SNAPSHOT_FORMAT, SNAPSHOT_VERSION } from './checkpoints/snapshot.ts';
import type { SnapshotHead } from './checkpoints/snapshot.ts';
import { InputMisfit } from './replay/input_log.ts';
import type { InputEntry } from './replay/input_log.ts';
import { comparePlaces, describePlace } from './timeline/place.ts';
import type { Place } from './timeline/place.ts';
import type { ToldEvent, WorldEvent } from './events.ts';
import { namesOf } from './names.ts';
import type { ProgramNames } from './names.ts';
import type { LguestProgram } from './program.ts';
import { Lookout } from './stops.ts';
import type { Hit, Stops } from './stops.ts';
import { countEvent, createStatistics } from './statistics.ts';
import type { Statistics } from './statistics.ts';
import { lookAt, views } from './views/index.ts';
import type { Sight, ViewName, Views } from './views/index.ts';
import type { DeviceView } from './views/queues.ts';
import { worldOf } from './views/registers.ts';
import type { WorldName } from './views/registers.ts';
import { SCENE_DISK, sceneLaunchers } from './scenes/scene.ts';
import type { SceneBundle } from './scenes/scene.ts';

/** What a world is made of. */
export interface WorldOptions {
  /** The lguest that it runs. */
  program: LguestProgram;
  /** The Launcher's arguments, without its name: `['64', 'vmlinux', 'quiet']`. */
  argv: readonly string[];
  /** Further Launchers on the same Host, each with the arguments of its own and a Guest of its own. */
  launchers?: readonly (readonly string[])[];
  /** The files of the Host: asked once for each argument that could be one. */
  files: (path: string) => Uint8Array | undefined;
  /** Files of `--block=` options, whose bytes stay outside and come when they are asked for, by {@link World.takeRequests}; asked before `files`. */
  disks?: (path: string) => DiskOptions | undefined;
  /** Pages that the Host has left when lguest is loaded. Default: more than everybody needs. */
  hostPages?: number | undefined;
  /** The Launchers' standard input and output are terminals, with modes and line editing (the default), or mere pipes. */
  tty?: boolean;
  /** Wires that the outside offers to the Launchers' network devices: `user`, `udp:…`. Default: none. */
  wires?: readonly string[];
  /** Bridges of the Host, by name. Default: none. */
  bridges?: readonly string[];
  /** What came from outside when this run was first made: it comes again, each at its place, and nothing else may before the last one has. */
  replay?: readonly InputEntry[] | undefined;
  /** Hears all that comes from outside, replayed or not. */
  onInput?: (entry: InputEntry) => void;
  /** Keep it for {@link World.inputLog}. Default true. */
  keepInputs?: boolean;
  /** Seed of all randomness; same seed, same input: same run. */
  seed?: number;
  /** As the machine's: false for code that is never translated, a number for code that has run so often. The same run, slower or faster. */
  translate?: boolean | number | undefined;
  /** Hears every event as it happens. */
  onEvent?: (event: WorldEvent) => void;
  /** Keep events for {@link World.takeEvents}. Default true. */
  keepEvents?: boolean;
  /** Only events of these kinds are kept and handed out; all are counted. Default: all. */
  hears?: readonly ToldEvent['kind'][];
  /** The Guest's own code, for line hits. */
  code?: SceneBundle;
}

/** A disk, as the world needs to know it beforehand. */
export interface DiskOptions {
  /** Bytes. */
  length: number;
  readOnly?: boolean | undefined;
}

/** What else ends a run. */
export interface RunBounds {
  /**
   * While all wait, the world's time passes only until then (nanoseconds since its start): for a world that keeps pace with the real one. Default: it skips
   * to the next timer at once, unless it is a disk outside that is waited for.
   */
  until?: number | undefined;
  /** Come back as soon as there is a request for the outside: so the answer's place does not depend on the slices. */
  requests?: boolean | undefined;
  /** Come back as soon as one of these conditions comes true. */
  stop?: Stops | undefined;
}

/**
 * Why {@link World.run} came back: the instructions are used up; the Launcher has exited; everybody waits for input; everybody waits, a timer
 * being due at `time`, which is later than the bound; there is a request to be taken; a condition of the caller's came true; or the Host itself broke. `status` is the first Launcher's.
 */
export type WorldStop =
  | { reason: 'limit' }
  | { reason: 'stop'; hit: Hit }
  | { reason: 'exited'; status: number }
  | { reason: 'idle' }
  | { reason: 'waiting'; time: number }
  | { reason: 'request' }
  | { reason: 'panicked'; message: string };

/** What a world remembers beside its machine. */
interface Memory {
  data: KernelData;
  /** Of its {@link Place}; the other three numbers are in the rest. */
  line: number;
  /** Ids of the Launchers' tasks. */
  launchers: readonly number[];
  seq: number;
  statistics: Statistics;
  /** Devices of Launchers that have exited, as they left them. */
  left: readonly DeviceView[];
}

/** A world at rest: everything needed to go on from here, in this process or another. */
export interface WorldSnapshot extends SnapshotHead, Memory {
  machine: MachineSnapshot;
  /** What had come from outside. */
  inputs: readonly InputEntry[];
}

/** A place in a world's past that the same world can go back to. It shares with its neighbours whatever is the same. */
export interface Checkpoint {
  /** Instructions retired there. */
  readonly instructions: number;
  readonly machine: MachineCheckpoint;
  readonly memory: Memory;
  /** How much had come from outside. */
  readonly inputs: number;
}

/** Memory of the Host beside each Guest's: kernel pages, shadow page tables, devices. */
const HOST_BYTES = 8 * 2 ** 20;
const DEFAULT_MEGABYTES = 64;
const LARGEST_MEGABYTES = 960;
/** The machine has no more. */
const LARGEST_RAM = 1024 * 2 ** 20;
const PAGE_FAULT = 14;

/**
 * One world: a machine, a Host, a Launcher or several, each with its Guest. It runs for as many instructions as it is asked to, and stops exactly there; where the slices
 * end makes no difference to what happens.
 */
export class World {
  readonly #program: LguestProgram;
  readonly #names: ProgramNames;
  readonly #machine: Machine;
  readonly #kernel: Kernel;
  readonly #code: CodeMap;
  readonly #lines: LineCounts;
  readonly #onEvent: ((event: WorldEvent) => void) | undefined;
  readonly #keepEvents: boolean;
  readonly #hears: ReadonlySet<ToldEvent['kind']> | null;
  #events: WorldEvent[] = [];
  #console = '';
  #seq = 0;
  #statistics = createStatistics();
  #launchers: readonly number[];
  #left: readonly DeviceView[] = [];
  #inputs: InputEntry[] = [];
  readonly #onInput: ((entry: InputEntry) => void) | undefined;
  readonly #keepInputs: boolean;
  /** What is still to be replayed. */
  #ahead: InputEntry[];
  #requests: OutsideRequest[] = [];
  /** Who looks out for something while it runs. */
  #lookout: Lookout | null = null;
  /** Why the module did not load. Nothing runs then. */
  #refusal: string | null = null;

  private constructor(options: WorldOptions) {
    const launchers = [options.argv, ...(options.launchers ?? [])];
    const ramBytes = launchers.reduce((sum, argv) => sum + memoryOf(argv), 0);
    if (ramBytes > LARGEST_RAM)
      throw new RangeError(
        `the Guests want too much memory: ${ramBytes >> 20} MB with what the Host needs for them, and there are ${LARGEST_RAM >> 20}`,
      );
    const { program } = options;
    this.#program = program;
    this.#names = namesOf(program);
    this.#onInput = options.onInput;
    this.#keepInputs = options.keepInputs ?? true;
    this.#ahead = [...(options.replay ?? [])];
    this.#onEvent = options.onEvent;
    this.#keepEvents = options.keepEvents ?? true;
    this.#hears = options.hears ? new Set(options.hears) : null;
    this.#machine = new Machine({ ramBytes, translate: options.translate });
    this.#kernel = createKernel({
      machine: this.#machine,
      ramBytes,
      entry: program.hostEntry,
      seed: options.seed ?? 1,
      terminals: launchers.map(() => options.tty ?? true),
      wires: options.wires,
      bridges: options.bridges,
      emit: (event: ToldEvent) => this.#heard(event),
      // What a replayed run asks for has been done; what is still open when it ends is asked then.
      request: (request) => {
        if (this.#ahead.length === 0) this.#requests.push(request);
      },
    });
    this.#code = new CodeMap(program, options.code);
    this.#lines = new LineCounts(program, this.#code, this.#machine, this.#kernel);
    this.#kernel.onProcessor = (runs) => this.#lines.processor(runs);
    this.#kernel.onMove = () => (this.#lines.clock = 0);
    if (this.#code.followsPages) this.#machine.onCode = (frame) => this.#lines.pageOfCode(frame);
    // An instruction that faults never completes; the line was tried all the same. Page faults are mostly tried again.
    this.#machine.hearsSoftware = false;
    this.#machine.onTrap = (vector, _error, kind) => {
      if (kind !== 'exception' || vector === PAGE_FAULT) return;
      const line = this.#code.lineAt(this.#machine, this.#kernel);
      if (line) this.#lines.add(line, 1);
    };
    this.#launchers = this.#within(() => {
      for (const argument of launchers.flat()) addFile(argument, options);
      if (options.hostPages !== undefined) keepFrames(options.hostPages);
      return this.#lines.during(() => this.#load(launchers));
    });
    this.#lines.clock = 0;
  }

  /** Builds a world and stops before its first instruction. */
  static create(options: WorldOptions): World {
    return new World(options);
  }

  /** Builds the world of a chapter's scene. */
  static fromScene(bundle: SceneBundle, options: Omit<WorldOptions, 'argv' | 'launchers' | 'files' | 'disks' | 'code'>): World {
    const [argv, ...launchers] = sceneLaunchers(bundle);
    const images = new Map([
      ...Object.entries(bundle.files ?? {}),
      [bundle.name, bundle.image],
      ...(bundle.others ?? []).map(({ name, image }) => [name, image] as const),
    ]);
    const { disk, hostPages } = bundle.scene;
    return new World({
      ...options,
      code: bundle,
      argv,
      launchers,
      hostPages,
      files(path) {
        const image = images.get(path);
        return image === undefined ? undefined : Uint8Array.from(atob(image), (char) => char.charCodeAt(0));
      },
      disks: (path) => (disk && path === SCENE_DISK ? { length: disk.bytes, readOnly: disk.readOnly } : undefined),
    });
  }

  /** Runs for at most so many instructions, and so many steps of the Host's programs (a step is a system call, mostly). */
  run(instructions: number, steps = Infinity, { until, requests, stop: stops }: RunBounds = {}): WorldStop {
    if (this.#refusal !== null) return { reason: 'panicked', message: this.#refusal };
    const lookout = stops === undefined ? null : new Lookout(stops, this.#machine, this.#kernel, this.#code);
    const work = (): WorldStop => {
      const replayed = this.#ahead.length > 0 ? { place: this.#ahead[0], arrive: () => this.#arrive() } : undefined;
      const stop = runHost(this.instructions + instructions, { steps, until, requests: requests && !replayed, ...replayed });
      if (this.#ahead.length > 0 && (stop === 'idle' || stop === 'waiting' || stop === 'exited')) this.#misfit();
      if (stop === 'halt') return this.#halted(lookout);
      if (stop === 'exited') return { reason: 'exited', status: this.statuses()[0] ?? 0 };
      return stop === 'waiting' ? { reason: 'waiting', time: nextExpiry() } : { reason: stop };
    };
    const counted = (): WorldStop => this.#within(() => this.#lines.during(work, this.#kernel.data.tasks.inGuest));
    this.#lookout = lookout;
    try {
      return lookout === null ? counted() : lookout.during(this.#program.lines, counted);
    } catch (error) {
      if (error instanceof KernelPanic) return { reason: 'panicked', message: error.message };
      throw error;
    } finally {
      this.#lookout = null;
    }
  }

  /** What the run was ended for. */
  #halted(lookout: Lookout | null): WorldStop {
    if (lookout?.hit === null) lookout.access();
    return lookout === null || lookout.hit === null ? { reason: 'limit' } : { reason: 'stop', hit: lookout.hit };
  }

  /** Unloads lguest from the Host, as one may once the Launcher has exited. This world will run no more Guests. */
  unload(): void {
    this.#within(() => this.#lines.during(() => this.#program.fini()));
  }

  /** Instructions retired since the beginning. */
  get instructions(): number {
    return this.#machine.cpu.instructions;
  }

  /** Console output since the last call. */
  takeConsole(): string {
    const text = this.#console;
    this.#console = '';
    return text;
  }

  /** Events since the last call. */
  takeEvents(): WorldEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Lines executed since the last call, in all the world's code that comes from chapters. */
  takeLineHits(): LineHits[] {
    return this.#lines.take();
  }

  /** The line of a chapter that the processor will execute next; null where it stands in nobody's code. */
  currentLine(): LinePosition | null {
    return this.#code.lineAt(this.#machine, this.#kernel);
  }

  /**
   * Something comes from outside: keys, a disk's answer, a frame. It is logged with its place in the run.
   * @throws Error while a replayed log has not come to its end
   */
  input(input: OutsideInput): void {
    if (this.#ahead.length > 0) throw new Error('this world still replays what came from outside before');
    const kept = 'bytes' in input ? { ...input, bytes: input.bytes.slice() } : input;
    this.#within(() => this.#take({ ...this.place(), input: kept }));
  }

  /** What came from outside so far, each at its place: `replay` of {@link WorldOptions} makes the same run of it. */
  inputLog(): readonly InputEntry[] {
    return this.#inputs;
  }

  /** The log and, after a {@link World.goTo} or in a replayed run, what is still to come. */
  wholeLog(): readonly InputEntry[] {
    return [...this.#inputs, ...this.#ahead];
  }

  /**
   * From here on this run is another one: nothing of the log comes any more, and what is not answered is asked again.
   * @returns the least `id` that no request to a disk has had in this run: what the outside did for higher ones has never been
   */
  branch(): number {
    this.#ahead = [];
    this.#requests = this.#within(openRequests);
    return this.#kernel.data.disks.nextId;
  }

  /** Inputs of a replayed log that have not come yet. */
  get inputsAhead(): number {
    return this.#ahead.length;
  }

  /** What the Host has asked of the outside since the last call. After a {@link World.restore}: all that has not been answered. */
  takeRequests(): OutsideRequest[] {
    const requests = this.#requests;
    this.#requests = [];
    return requests;
  }

  /** Which of the Host's interfaces are wired to what. */
  wires(): { interface: string; port: string }[] {
    return this.#kernel.data.net.interfaces.filter(({ wire }) => wire !== '').map(({ name, wire }) => ({ interface: name, port: wire }));
  }

  /** The Host's clock: nanoseconds since its start. */
  get time(): number {
    return this.place().time;
  }

  /** The rate of that clock: 256ths of 10 ns that an instruction takes. */
  get clockRate(): number {
    return this.#kernel.data.time.rate;
  }

  /** Where this world is in its run. */
  place(): Place {
    return { ...this.#within(currentPlace), line: this.#lines.clock };
  }

  /** Each Launcher's exit status; null while it lives. */
  statuses(): (number | null)[] {
    return this.#within(() =>
      this.#launchers.map((id) => {
        const task = findTask(id);
        return task === undefined || task.state !== 'zombie' ? null : task.exitStatus;
      }),
    );
  }

  /** What can be seen of this world as it stands, through the views named. Changes nothing. */
  look(names: Iterable<ViewName>): Partial<Views> {
    return this.#look((sight) => lookAt(sight, names));
  }

  /** Which world the processor is in. */
  get worldName(): WorldName {
    return worldOf(this.#machine, this.#program);
  }

  /** The Guests' devices and their queues, as they stand; where a Launcher has exited, as it left them. Changes nothing. */
  devices(): DeviceView[] {
    return this.#look(views.rings);
  }

  /** Counts since the beginning. */
  statistics(): Statistics {
    return this.#look(views.counters);
  }

  /** A copy of everything that matters from here on. */
  snapshot(): WorldSnapshot {
    return {
      format: SNAPSHOT_FORMAT,
      version: SNAPSHOT_VERSION,
      program: identityOf(this.#program),
      machine: this.#machine.save(),
      ...copyOf(this.#memory()),
      inputs: [...this.#inputs],
    };
  }

  /**
   * Goes back (or forth) to where a snapshot was taken, in this world or in another that was built alike.
   * @throws SnapshotMisfit with a sentence, before anything has changed, where it is none, or none for this world
   */
  restore(snapshot: WorldSnapshot): void {
    checkSnapshot(snapshot, identityOf(this.#program), this.#machine.ram.size);
    const { machine, inputs, data, line, launchers, seq, statistics, left } = snapshot;
    this.#machine.restore(machine);
    this.#remember({ data, line, launchers, seq, statistics, left }, inputs, []);
  }

  /**
   * Marks this place, to come back to. Much cheaper than a snapshot: only what changed since `before` is copied.
   * @param before an earlier checkpoint of this world, or null
   */
  checkpoint(before: Checkpoint | null): Checkpoint {
    return {
      instructions: this.instructions,
      machine: this.#machine.checkpoint(),
      memory: copyOf(this.#memory(), before?.memory),
      inputs: this.#inputs.length,
    };
  }

  /**
   * Goes back to a checkpoint of this world. What came from outside since then will come again, each at its place, until {@link World.branch}. What was not yet taken of
   * its console, events and lines is void.
   */
  goTo(checkpoint: Checkpoint): void {
    this.#lines.collect();
    this.#machine.goTo(checkpoint.machine);
    const log = this.wholeLog();
    this.#remember(checkpoint.memory, log.slice(0, checkpoint.inputs), log.slice(checkpoint.inputs));
    this.#lines.take();
  }

  /** Gives a checkpoint up: what nobody shares with it is freed. */
  forget(checkpoint: Checkpoint): void {
    this.#machine.forget(checkpoint.machine);
  }

  /** Bytes of RAM that the checkpoints hold. */
  get checkpointBytes(): number {
    return this.#machine.checkpointBytes;
  }

  /** A short text that differs wherever two worlds differ in registers or memory. */
  stateHash(): string {
    return this.#machine.stateHash();
  }

  #look<T>(view: (sight: Sight) => T): T {
    const sight = {
      program: this.#program,
      machine: this.#machine,
      kernel: this.#kernel,
      code: this.#code,
      left: this.#left,
      statistics: this.#statistics,
    };
    return this.#within(() => view(sight));
  }

  #take(entry: InputEntry): void {
    if (this.#keepInputs) this.#inputs.push(entry);
    this.#onInput?.(entry);
    this.#lines.during(() => takeInput(entry.input));
  }

  /** The next input of a replayed log is due. Returns where the one behind it is. */
  #arrive(): RunPlace | undefined {
    const [entry] = this.#ahead;
    if (comparePlaces(entry, this.place()) !== 0) this.#misfit();
    this.#ahead.shift();
    this.#take(entry);
    if (this.#ahead.length === 0) this.#requests = openRequests();
    return this.#ahead[0];
  }

  #misfit(): never {
    const [entry] = this.#ahead;
    throw new InputMisfit(
      `the input log does not belong to this run: it has ${entry.input.kind} at ${describePlace(entry)}, and this run is at ${describePlace(this.place())}`,
    );
  }

  #memory(): Memory {
    return {
      data: this.#kernel.data,
      line: this.#lines.clock,
      launchers: this.#launchers,
      seq: this.#seq,
      statistics: this.#statistics,
      left: this.#left,
    };
  }

  #remember(memory: Memory, inputs: readonly InputEntry[], ahead: readonly InputEntry[]): void {
    const { data, line, launchers, seq, statistics, left } = copyOf(memory);
    this.#kernel.data = data;
    this.#lines.clock = line;
    this.#launchers = launchers;
    this.#seq = seq;
    this.#statistics = statistics;
    this.#left = left;
    this.#inputs = [...inputs];
    this.#ahead = [...ahead];
    this.#requests = ahead.length === 0 ? this.#within(openRequests) : [];
    this.#events = [];
    this.#console = '';
  }

  #heard(event: ToldEvent): void {
    // Once the Launcher's memory is gone, nobody knows any more whose code ran where.
    if (event.kind === 'death' || (event.kind === 'task' && event.what === 'exit')) this.#lines.collect();
    if (event.kind === 'task' && event.what === 'exit') this.#keepDevices(this.#launchers.indexOf(event.task));
    countEvent(this.#statistics, event, this.#names);
    if (event.kind === 'console') this.#console += event.text;
    const seq = this.#seq++;
    const listened = this.#keepEvents || this.#onEvent !== undefined || this.#lookout !== null;
    if (!listened || this.#hears?.has(event.kind) === false) return;
    // Every event is a fresh object: it is given its place in the run as it is.
    const stamped = event as WorldEvent;
    stamped.seq = seq;
    stamped.at = this.instructions;
    this.#lookout?.hear(stamped);
    if (this.#keepEvents) this.#events.push(stamped);
    this.#onEvent?.(stamped);
  }

  /** A Launcher is about to let go of its memory, and the rings lie in it. */
  #keepDevices(guest: number): void {
    const last = this.devices().filter((device) => device.guest === guest);
    this.#left = [...this.#left, ...last.map((device) => ({ ...device, ended: true }))];
  }

  /** Loads lguest and starts the Launchers; their tasks' ids. */
  #load(launchers: readonly (readonly string[])[]): number[] {
    const program = this.#program;
    program.install(this.#kernel);
    const error = program.init();
    if (error < 0) {
      this.#refusal = `lguest cannot start on this Host (error ${-error})`;
      return [];
    }
    return launchers.map(
      (argv, tty) => createTask(program.LAUNCHER, program.newLauncher([...argv]), { mm: createMm(), files: consoleFiles(tty), tty }).id,
    );
  }

  /** Does something on this world's Host. */
  #within<T>(work: () => T): T {
    return within(this.#kernel, work);
  }
}

/** Bytes of the machine's memory for one Launcher's Guest. A size that makes no sense is the Launcher's to complain of. */
function memoryOf(argv: readonly string[]): number {
  const megabytes = Number(argv.find((argument) => !argument.startsWith('-')));
  const whole = Number.isInteger(megabytes) && megabytes > 0 && megabytes <= LARGEST_MEGABYTES;
  return (whole ? megabytes : DEFAULT_MEGABYTES) * 2 ** 20 + HOST_BYTES;
}

/** Puts what an argument names into the Host's file system. */
function addFile(argument: string, { disks, files }: WorldOptions): void {
  const [option, path] = argument.startsWith('-') ? argument.split(/=(.*)/s) : ['', argument];
  if (!path) return;
  const disk = option === '--block' ? disks?.(path) : undefined;
  const bytes = disk ? undefined : files(path);
  if (disk) createDisk(path, disk.length, disk.readOnly);
  else if (bytes) createFile(path, bytes);
}
