import { Machine } from '#machine';
import type { MachineSnapshot } from '#machine';
import {
  closeConsole, consoleFiles, consoleInput, createFile, createKernel, createMm, createTask, findTask, KernelPanic, runHost, switchKernel,
} from '#hostos';
import type { HostEvent, Kernel, KernelData } from '#hostos';
import { fini, init } from '#tangled/host/core.ts';
import { newLauncher } from '#tangled/launcher/lguest.ts';
import hostEntry from '#tangled/switcher/host_entry.S';
import { drainHits } from '#tangle/runtime';
import type { LinePosition } from '#tangle/runtime';
import { CodeMap, instructionText } from './code_map.ts';
import { countEvent, createStatistics } from './statistics.ts';
import type { Statistics } from './statistics.ts';
import type { SceneBundle } from './scene.ts';

/** An event with its place in the run. */
export type WorldEvent = HostEvent & {
  /** Serial number, from 0. */
  seq: number;
  /** Instructions retired when it happened. */
  at: number;
};

/** What a world is made of. */
export interface WorldOptions {
  /** The Launcher's arguments, without its name: `['64', 'vmlinux', 'quiet']`. */
  argv: readonly string[];
  /** The files of the Host: asked once for each argument that could be one. */
  files: (path: string) => Uint8Array | undefined;
  /** Seed of all randomness; same seed, same input: same run. */
  seed?: number;
  /** Hears every event as it happens. */
  onEvent?: (event: WorldEvent) => void;
  /** Keep events for {@link World.takeEvents}. Default true. */
  keepEvents?: boolean;
  /** The Guest's own code, for line hits. */
  code?: SceneBundle;
}

/**
 * Why {@link World.run} came back: the instructions are used up; the Launcher has exited; everybody waits for input; or the Host itself broke.
 */
export type WorldStop =
  | { reason: 'limit' }
  | { reason: 'exited'; status: number }
  | { reason: 'idle' }
  | { reason: 'panicked'; message: string };

/** Which world the processor is in. */
export type WorldName = 'guest-user' | 'guest-kernel' | 'switcher' | 'host';

/** The processor's registers, and whose they are at the moment. */
export interface Registers {
  world: WorldName;
  eax: number; ebx: number; ecx: number; edx: number; esi: number; edi: number; ebp: number; esp: number;
  eip: number; eflags: number; cs: number; ss: number; ds: number; es: number; fs: number; gs: number;
  cr0: number; cr2: number; cr3: number; cpl: number;
}

/** Executions of one line of a chapter. */
export type LineHits = LinePosition & { count: number };

/** A world at rest: everything needed to go on from here, in this process or another. */
export interface WorldSnapshot {
  machine: MachineSnapshot;
  data: KernelData;
  /** Id of the Launcher's task. */
  launcher: number;
  seq: number;
  statistics: Statistics;
}

/** Memory of the Host beside the Guest's: kernel pages, shadow page tables, devices. */
const HOST_BYTES = 8 * 2 ** 20;
const DEFAULT_MEGABYTES = 64;
const LARGEST_MEGABYTES = 960;
const SWITCHER_ADDR = 0xffc00000;
const PAGE_FAULT = 14;

/**
 * One world: a machine, a Host, a Launcher, a Guest. It runs for as many instructions as it is asked to, and stops exactly there; where the slices
 * end makes no difference to what happens.
 */
export class World {
  readonly #machine: Machine;
  readonly #kernel: Kernel;
  readonly #code: CodeMap;
  readonly #onEvent: ((event: WorldEvent) => void) | undefined;
  readonly #keepEvents: boolean;
  #events: WorldEvent[] = [];
  #console = '';
  #lines = new Map<string, LineHits>();
  #seq = 0;
  #statistics = createStatistics();
  /** The Host's code is only unwinding from an interrupted Guest, or winding back in: nothing that a tour should count. */
  #onTheWay = false;
  #launcher: number;

  private constructor(options: WorldOptions) {
    const megabytes = Number(options.argv.find((argument) => !argument.startsWith('-')));
    const guestBytes = (megabytes > 0 && megabytes <= LARGEST_MEGABYTES ? megabytes : DEFAULT_MEGABYTES) * 2 ** 20;
    const ramBytes = guestBytes + HOST_BYTES;
    this.#onEvent = options.onEvent;
    this.#keepEvents = options.keepEvents ?? true;
    this.#machine = new Machine({ ramBytes });
    this.#kernel = createKernel({
      machine: this.#machine, ramBytes, entry: hostEntry, seed: options.seed ?? 1, emit: (event) => this.#heard(event),
    });
    this.#kernel.onProcessor = (runs) => this.#processor(runs);
    this.#code = new CodeMap(options.code);
    // An instruction that faults never completes; the line was tried all the same. Page faults are mostly tried again.
    this.#machine.onTrap = (vector, _error, kind) => {
      if (kind !== 'exception' || vector === PAGE_FAULT) return;
      const line = this.#code.lineAt(this.#machine, this.#kernel);
      if (line) this.#addHits(line, 1);
    };
    switchKernel(this.#kernel);
    drainHits(() => {});
    for (const argument of options.argv) {
      const path = argument.startsWith('-') ? argument.split(/=(.*)/s)[1] : argument;
      const bytes = path ? options.files(path) : undefined;
      if (path && bytes) createFile(path, bytes);
    }
    drainHits(() => {});
    const error = init();
    if (error < 0) throw new Error(`lguest cannot start on this Host (error ${-error})`);
    this.#launcher = createTask('launcher', newLauncher([...options.argv]), { mm: createMm(), files: consoleFiles() }).id;
    this.#collectLines();
  }

  /** Builds a world and stops before its first instruction. */
  static create(options: WorldOptions): World {
    return new World(options);
  }

  /** Builds the world of a chapter's scene. */
  static fromScene(bundle: SceneBundle, options: Pick<WorldOptions, 'onEvent' | 'keepEvents' | 'seed'> = {}): World {
    const image = Uint8Array.from(atob(bundle.image), (char) => char.charCodeAt(0));
    const args = bundle.scene.args ? bundle.scene.args.split(' ') : [];
    return new World({
      ...options, code: bundle, argv: [...(bundle.scene.options ?? []), String(bundle.scene.memory), bundle.name, ...args], files: (path) => (path === bundle.name ? image : undefined),
    });
  }

  /** Runs for at most so many instructions, and so many steps of the Host's programs (a step is a system call, mostly). */
  run(instructions: number, steps = Infinity): WorldStop {
    switchKernel(this.#kernel);
    drainHits(() => {});
    this.#onTheWay = this.#kernel.data.tasks.inGuest;
    try {
      const stop = runHost(this.instructions + instructions, steps);
      if (stop === 'exited') return { reason: 'exited', status: findTask(this.#launcher)?.exitStatus ?? 0 };
      return { reason: stop };
    } catch (error) {
      if (error instanceof KernelPanic) return { reason: 'panicked', message: error.message };
      throw error;
    } finally {
      if (this.#onTheWay) drainHits(() => {});
      else this.#collectLines();
    }
  }

  /** Unloads lguest from the Host, as one may once the Launcher has exited. This world will run no more Guests. */
  unload(): void {
    switchKernel(this.#kernel);
    drainHits(() => {});
    fini();
    this.#collectLines();
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
    const hits = [...this.#lines.values()];
    this.#lines = new Map();
    return hits;
  }

  /** The line of a chapter that the processor will execute next; null where it stands in nobody's code. */
  currentLine(): LinePosition | null {
    switchKernel(this.#kernel);
    return this.#code.lineAt(this.#machine, this.#kernel);
  }

  /** The instruction that the processor will execute next, as text; null where nothing is mapped. */
  instructionText(): string | null {
    return instructionText(this.#machine);
  }

  /** Somebody types. */
  input(bytes: Iterable<number>): void {
    switchKernel(this.#kernel);
    consoleInput(bytes);
  }

  /** Nobody will type any more. */
  closeInput(): void {
    switchKernel(this.#kernel);
    closeConsole();
  }

  /** The processor's registers as they stand. */
  registers(): Registers {
    const { cpu } = this.#machine;
    const world = cpu.cpl === 3 ? 'guest-user' : cpu.cpl === 1 ? 'guest-kernel' : cpu.eip >= SWITCHER_ADDR ? 'switcher' : 'host';
    return {
      world, eax: cpu.eax, ebx: cpu.ebx, ecx: cpu.ecx, edx: cpu.edx, esi: cpu.esi, edi: cpu.edi, ebp: cpu.ebp, esp: cpu.esp,
      eip: cpu.eip, eflags: cpu.eflags, es: cpu.selector(0), cs: cpu.selector(1), ss: cpu.selector(2), ds: cpu.selector(3),
      fs: cpu.selector(4), gs: cpu.selector(5), cr0: cpu.cr0, cr2: cpu.cr2, cr3: cpu.cr3, cpl: cpu.cpl,
    };
  }

  /** Counts since the beginning. */
  statistics(): Statistics {
    return { ...structuredClone(this.#statistics), instructions: this.instructions };
  }

  /** A copy of everything that matters from here on. */
  snapshot(): WorldSnapshot {
    return {
      machine: this.#machine.save(), data: structuredClone(this.#kernel.data), launcher: this.#launcher, seq: this.#seq, statistics: structuredClone(this.#statistics),
    };
  }

  /** Goes back (or forth) to where a snapshot was taken. */
  restore(snapshot: WorldSnapshot): void {
    this.#machine.restore(snapshot.machine);
    this.#kernel.data = structuredClone(snapshot.data);
    this.#launcher = snapshot.launcher;
    this.#seq = snapshot.seq;
    this.#statistics = structuredClone(snapshot.statistics);
    this.#events = [];
    this.#console = '';
  }

  /** A short text that differs wherever two worlds differ in registers or memory. */
  stateHash(): string {
    return this.#machine.stateHash();
  }

  #heard(event: HostEvent): void {
    // Once the Launcher's memory is gone, nobody knows any more whose code ran where.
    if (event.kind === 'death' || (event.kind === 'task' && event.what === 'exit')) this.#collectLines();
    countEvent(this.#statistics, event);
    if (event.kind === 'console') this.#console += event.text;
    const seq = this.#seq++;
    if (!this.#keepEvents && this.#onEvent === undefined) return;
    // Every event is a fresh object: it is given its place in the run as it is.
    const stamped = event as WorldEvent;
    stamped.seq = seq;
    stamped.at = this.instructions;
    if (this.#keepEvents) this.#events.push(stamped);
    this.#onEvent?.(stamped);
  }

  #collectLines(): void {
    const add = (position: LinePosition, count: number): void => this.#addHits(position, count);
    drainHits(add);
    this.#code.drain(this.#machine, this.#kernel, add);
  }

  #processor(runs: boolean): void {
    if (!runs) this.#collectLines();
    else if (this.#onTheWay) drainHits(() => {});
    this.#onTheWay = !runs;
  }

  #addHits(position: LinePosition, count: number): void {
    const key = `${position.source}:${position.line}`;
    const line = this.#lines.get(key);
    if (line) line.count += count;
    else this.#lines.set(key, { ...position, count });
  }
}
