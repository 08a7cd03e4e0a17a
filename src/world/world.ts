import { Machine } from '#machine';
import { KernelPanic, nextExpiry, openRequests, runHost, takeInput, within } from '#hostos';
import type { Kernel, OutsideInput, OutsideRequest, RunPlace } from '#hostos';
import type { LinePosition } from '#tangle/runtime';
import type { RunBounds, WorldStop } from './bounds.ts';
import { Chronicle } from './chronicle.ts';
import type { Checkpoint, Memory, WorldSnapshot } from './checkpoints/checkpoint.ts';
import { copyOf } from './checkpoints/copy.ts';
import { checkSnapshot, headOf, identityOf } from './checkpoints/snapshot.ts';
import type { ToldEvent, WorldEvent } from './events.ts';
import { addFiles, createHost, launchersOf, loadLguest, statusesOf, beforehand } from './load.ts';
import { codeFacts, CodeMap } from './lines/code_map.ts';
import type { CodeFacts } from './lines/code_map.ts';
import { asDebugBuild, byDebugBuild } from './lines/debug_build.ts';
import { LineCounts } from './lines/line_counts.ts';
import type { LineHits } from './lines/line_counts.ts';
import { namesOf } from './names.ts';
import { ramBytesOf } from './options.ts';
import type { WorldOptions } from './options.ts';
import type { LguestProgram } from './program.ts';
import type { InputEntry } from './replay/input_log.ts';
import { Replay } from './replay/replay.ts';
import { sceneProgram } from './scenes/bare_program.ts';
import { sceneOptions } from './scenes/scene.ts';
import type { SceneBundle } from './scenes/scene.ts';
import { standstillOf } from './standstill.ts';
import type { Standstill } from './standstill.ts';
import type { Statistics } from './statistics.ts';
import { Lookout, StopAtLine } from './stops.ts';
import type { Place } from './timeline/place.ts';
import { Whereabouts } from './timeline/whereabouts.ts';
import { GuestEye, leaving, lookAt, views } from './views/index.ts';
import type { Left, Sight, ViewName, Views } from './views/index.ts';
import { worldOf } from './views/registers.ts';
import type { WorldName } from './views/registers.ts';

/**
 * One world: a machine, a Host, a Launcher or several, each with its Guest. It runs for as many instructions as it is asked to, and stops exactly there; where the slices
 * end makes no difference to what happens.
 */
export class World {
  readonly #program: LguestProgram;
  readonly #machine: Machine;
  readonly #kernel: Kernel;
  readonly #code: CodeMap;
  readonly #lines: LineCounts;
  readonly #told: Chronicle;
  #launchers: readonly number[];
  #left: Left = { devices: [], guests: [], tables: [], descriptors: [] };
  readonly #onInput: ((entry: InputEntry) => void) | undefined;
  readonly #replay: Replay;
  #requests: OutsideRequest[] = [];
  /** Who looks out for something while it runs. */
  #lookout: Lookout | null = null;
  readonly #where: Whereabouts;
  #debug: LguestProgram | null = null;

  private constructor(options: WorldOptions) {
    const { program } = options;
    this.#program = program;
    this.#onInput = options.onInput;
    this.beforehand = beforehand(options, () => program.switcherPages(this.#kernel));
    this.#replay = new Replay(options.replay ?? [], options.keepInputs ?? true);
    this.#told = new Chronicle(namesOf(program), options);
    this.#machine = new Machine({ ramBytes: ramBytesOf(launchersOf(options)), translate: options.translate });
    this.#kernel = createHost(
      options,
      this.#machine,
      (event) => this.#heard(event),
      // What a replayed run asks for has been done; what is still open when it ends is asked then.
      (request) => {
        if (!this.#replay.goesOn) this.#requests.push(request);
      },
    );
    this.#code = new CodeMap(program, options.code);
    this.#lines = new LineCounts(program, this.#code, this.#machine, this.#kernel);
    this.#where = new Whereabouts(this.#kernel, this.#lines);
    this.#within(() => addFiles(options));
    const loaded = this.#within(() => this.#lines.during(() => loadLguest(program, this.#kernel, launchersOf(options))));
    if (typeof loaded === 'string') this.#kernel.data.panicked = loaded;
    this.#launchers = typeof loaded === 'string' ? [] : loaded;
    this.#where.rests(0);
  }

  /** Builds a world and stops before its first instruction. */
  static create(options: WorldOptions): World {
    return new World(options);
  }

  /** Builds the world of a chapter's scene. */
  static fromScene(bundle: SceneBundle, options: Omit<WorldOptions, 'argv' | 'launchers' | 'files' | 'disks' | 'code'>): World {
    return new World({ ...options, ...sceneOptions(bundle), program: sceneProgram(bundle, options.program) });
  }

  /**
   * Runs for at most so many instructions, and so many steps of the Host's programs (a step is a system call, mostly).
   * @throws Error where it stands {@link midway}
   */
  run(instructions: number, steps = Infinity, { until, requests, tired, stop: stops }: RunBounds = {}): WorldStop {
    this.#where.mustRest();
    const lookout = stops === undefined ? null : new Lookout(stops, this.#machine, this.#kernel, this.#code, this.#where, this.#lines);
    const work = (): WorldStop => {
      const place = this.#replay.next;
      const replayed = place === undefined ? { requests } : { place, arrive: () => this.#arrive() };
      const stop = runHost(this.instructions + instructions, { steps, until, tired, ...replayed });
      if (stop === 'idle' || stop === 'exited' || (stop === 'waiting' && until === undefined)) this.#replay.check(this.place());
      if (stop === 'halt') return this.#halted(lookout);
      if (stop === 'exited') return { reason: 'exited', status: this.statuses()[0] ?? 0 };
      return stop === 'waiting' ? { reason: 'waiting', time: nextExpiry() } : { reason: stop };
    };
    const counted = (): WorldStop => this.#within(() => this.#lines.during(work, this.#kernel.data.tasks.entered));
    const debug = stops?.debug === true || stops?.before !== undefined ? this.#debug : null;
    this.#lookout = lookout;
    this.#where.rests();
    try {
      const looking = (): WorldStop => lookout?.during((debug ?? this.#program).lines, counted) ?? counted();
      const stop = debug === null ? looking() : byDebugBuild(debug, this.#program, this.#kernel, this.#lines, looking);
      this.#where.rests();
      return stop;
    } catch (error) {
      if (error instanceof KernelPanic) return { reason: 'panicked', message: error.message };
      if (!(error instanceof StopAtLine)) throw error;
      this.#where.stands(error.position, error.frames);
      return this.#halted(lookout);
    } finally {
      this.#lookout = null;
      this.#where.ends();
    }
  }

  /** What the run was ended for. */
  #halted(lookout: Lookout | null): WorldStop {
    if (lookout?.hit === null) lookout.access();
    return lookout === null || lookout.hit === null ? { reason: 'limit' } : { reason: 'stop', hit: lookout.hit };
  }

  /**
   * From now on, whatever stops before a given place, or is to know more of each line, runs by a debug build of the program.
   * @throws Error where it is one of another program
   */
  study(debug: LguestProgram): void {
    this.#debug = asDebugBuild(debug, this.#program);
  }

  /** Unloads lguest from the Host, as one may once the Launcher has exited. This world will run no more Guests. */
  unload(): void {
    this.#where.mustRest();
    this.#lines.collect();
    this.#within(() => this.#lines.during(() => this.#program.fini()));
  }

  /** Instructions retired since the beginning. */
  get instructions(): number {
    return this.#machine.cpu.instructions;
  }

  /** Console output since the last call. */
  readonly takeConsole = (): string => this.#told.takeConsole();
  /** Events since the last call. */
  readonly takeEvents = (): WorldEvent[] => this.#told.takeEvents();

  /** Lines executed since the last call, in all the world's code that comes from chapters. */
  takeLineHits(): LineHits[] {
    return this.#lines.take();
  }

  /**
   * The line of TypeScript that the Host or a Launcher is about to run, where a run was stopped just before one; null where the world is at rest. In the middle of what they do
   * a world can be looked at, and nothing else: it can only go to a checkpoint, and run again.
   */
  get midway(): LinePosition | null {
    return this.#where.midway;
  }

  /** How it has ended, or that all wait for the outside; null where it goes on by itself. */
  readonly standstill = (): Standstill | null =>
    this.#where.midway === null ? standstillOf(this.#kernel, this.statuses()[0] ?? null, this.hasFuture) : null;

  /** The line of a chapter that will run next, as far as that can be told: TypeScript where it stands {@link midway}, else the processor's; null where that stands in nobody's code. */
  currentLine(): LinePosition | null {
    return this.#where.midway ?? this.#code.lineAt(this.#machine, this.#kernel);
  }

  /**
   * Something comes from outside: keys, a disk's answer, a frame. It is logged with its place in the run.
   * @throws Error while a replayed log has not come to its end, and where it stands {@link midway}
   */
  input(input: OutsideInput): void {
    this.#where.mustRest();
    if (this.inputsAhead > 0) throw new Error('this world still replays what came from outside before');
    this.#replay.branch();
    const kept = 'bytes' in input ? { ...input, bytes: input.bytes.slice() } : input;
    const entry = { ...this.place(), input: kept };
    this.#replay.add(entry);
    this.#within(() => this.#take(entry));
  }

  /** What came from outside so far, each at its place: `replay` of {@link WorldOptions} makes the same run of it. */
  readonly inputLog = (): readonly InputEntry[] => this.#replay.past;
  /** The log and, after a {@link World.goTo} or in a replayed run, what is still to come. */
  readonly wholeLog = (): readonly InputEntry[] => this.#replay.whole;
  /** Which line wrote to the Switcher's pages last before this run began, as lguest was loaded; null: none. */
  readonly beforehand: (physical: number, length: number) => LinePosition | null;

  /**
   * From here on this run is another one: nothing of the log comes any more, and what is not answered is asked again.
   * @returns the least `id` that no request to a disk has had in this run: what the outside did for higher ones has never been
   */
  branch(): number {
    this.#replay.branch();
    this.#requests = this.#within(openRequests);
    return this.#kernel.data.disks.nextId;
  }

  /** Inputs of a replayed log that have not come yet. */
  get inputsAhead(): number {
    return this.#replay.ahead.length;
  }

  /** Whether what comes next has been before, with the same input, and has not branched since. */
  get hasFuture(): boolean {
    return this.#replay.goesOn;
  }

  /** What the Host has asked of the outside since the last call. After a {@link World.restore}: all that has not been answered. */
  takeRequests(): OutsideRequest[] {
    return this.#where.midway === null ? this.#requests.splice(0) : [];
  }

  /** Which of the Host's interfaces are wired to what. */
  wires(): { interface: string; port: string }[] {
    return this.#kernel.data.net.interfaces.flatMap(({ name, wire }) => (wire === '' ? [] : [{ interface: name, port: wire }]));
  }

  /** The Host's clock: nanoseconds since its start. */
  get time(): number {
    return this.#where.time;
  }

  /** Its rate: 256ths of 10 ns that an instruction takes. */
  get clockRate(): number {
    return this.#kernel.data.time.rate;
  }

  /** How far the Guest has come that still boots: with its clock, and when it said hello. */
  get boot(): Chronicle['boots']['boot'] {
    return this.#told.boots.boot;
  }

  /** Where this world is in its run. */
  place(): Place {
    return this.#where.place;
  }

  /** Each Launcher's exit status; null while it lives. */
  statuses(): (number | null)[] {
    return this.#within(() => statusesOf(this.#launchers));
  }

  /** What can be seen of this world as it stands, through the views named. Changes nothing. */
  look(names: Iterable<ViewName>): Partial<Views> {
    return this.#look((sight) => lookAt(sight, names));
  }

  /** The first Guest, as a debugger looks at it. */
  get guest(): GuestEye {
    return this.#look((sight) => new GuestEye(sight));
  }

  /** All lines of chapters that can run here, and where the Switcher enters a Guest. */
  codeFacts(): CodeFacts {
    return codeFacts(this.#program, this.#code);
  }

  /** Which world the processor is in. */
  get worldName(): WorldName {
    return worldOf(this.#machine, this.#program);
  }

  /** Counts since the beginning. */
  statistics(): Statistics {
    return this.#look(views.counters);
  }

  /** A copy of everything that matters from here on. */
  snapshot(): WorldSnapshot {
    this.#where.mustRest();
    return {
      ...headOf(this.#program),
      machine: this.#machine.save(),
      ...copyOf(this.#memory()),
      inputs: [...this.#replay.past],
    };
  }

  /**
   * Goes back (or forth) to where a snapshot was taken, in this world or in another that was built alike.
   * @throws SnapshotMisfit with a sentence, before anything has changed, where it is none, or none for this world
   */
  restore(snapshot: WorldSnapshot): void {
    checkSnapshot(snapshot, identityOf(this.#program), this.#machine.ram.size);
    const { machine, inputs, data, line, launchers, seq, statistics, left } = snapshot;
    this.#lines.collect();
    this.#machine.restore(machine);
    this.#replay.restart(inputs);
    this.#remember({ data, line, launchers, seq, statistics, left });
  }

  /**
   * Marks this place, to come back to. Much cheaper than a snapshot: only what changed since `before` is copied.
   * @param before an earlier checkpoint of this world, or null
   */
  checkpoint(before: Checkpoint | null): Checkpoint {
    this.#where.mustRest();
    return {
      place: this.place(),
      machine: this.#machine.checkpoint(),
      memory: copyOf(this.#memory(), before?.memory),
      inputs: this.#replay.past.length,
    };
  }

  /**
   * Goes back, or forth, to a checkpoint of this world. What is known to come from outside will come again, each at its place, and what the world asks for is not asked
   * again, until it has been everywhere where it was, or {@link World.branch} or an input makes it another run. What was not yet taken of its console, events and lines is void.
   */
  goTo(checkpoint: Checkpoint): void {
    const { rest } = this.#where;
    this.#lines.collect();
    this.#machine.goTo(checkpoint.machine);
    this.#replay.goTo(checkpoint.inputs, checkpoint.place, rest);
    this.#remember(checkpoint.memory);
    this.#lines.forget();
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
  readonly stateHash = (): string => this.#machine.stateHash();

  #look<T>(view: (sight: Sight) => T): T {
    const [program, machine, kernel, code, left] = [this.#program, this.#machine, this.#kernel, this.#code, this.#left];
    const sight = { program, machine, kernel, code, left, frames: this.#where.frames, statistics: this.#told.statistics };
    return this.#within(() => view(sight));
  }

  #take(entry: InputEntry): void {
    this.#onInput?.(entry);
    this.#lines.during(() => takeInput(entry.input));
  }

  /** The next input of a replayed log is due, or the end of what is known has come. Returns the next such place. */
  #arrive(): RunPlace | undefined {
    const entry = this.#replay.arrive(this.place());
    if (entry !== null) this.#take(entry);
    if (!this.#replay.goesOn) this.#requests = openRequests();
    return this.#replay.next;
  }

  #memory(): Memory {
    return {
      data: this.#kernel.data,
      line: this.#lines.clock,
      launchers: this.#launchers,
      seq: this.#told.seq,
      statistics: this.#told.statistics,
      left: this.#left,
    };
  }

  #remember(memory: Memory): void {
    const { data, line, launchers, seq, statistics, left } = copyOf(memory);
    this.#kernel.data = data;
    this.#launchers = launchers;
    this.#told.restart(seq, statistics);
    this.#left = left;
    this.#requests = this.#replay.goesOn ? [] : this.#within(openRequests);
    this.#where.rests(line);
  }

  #heard(event: ToldEvent): void {
    // Once the Launcher's memory is gone, nobody knows any more whose code ran where.
    const gone = event.kind === 'task' && event.what === 'exit' ? event.task : null;
    if (gone !== null || event.kind === 'death') this.#lines.collect();
    if (gone !== null) this.#left = this.#look((sight) => leaving(sight, this.#launchers.indexOf(gone)));
    this.#told.hear(event, this, this.#kernel, this.#lookout);
  }

  /** Does something on this world's Host. */
  #within<T>(work: () => T): T {
    return within(this.#kernel, work);
  }
}
