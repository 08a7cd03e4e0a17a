/** The command `lguest`: the original's, and what it takes to live outside of a kernel. */
import { diagnoseKernel, explainEarlyDeath, isLinux } from '#kernels';
import { digestOf, InputMisfit, Makings, savedOptions, World } from '#world';
import type { InputEntry, WorldEvent, WorldOptions, WorldSnapshot } from '#world';
import { converse, GuestTarget } from './gdb/index.ts';
import type { CommandHost, Disk, TextFile } from './host.ts';
import { runLive } from './loop.ts';
import type { Ending } from './loop.ts';
import { HELP, parseCommandLine, valuesOf } from './options.ts';
import type { CommandLine } from './options.ts';
import { Outside } from './outside.ts';
import { endLine, inputLine, parseRecording } from './recording.ts';
import type { RecordedWorld, Recording } from './recording.ts';
import { damageOf, OverlaidDisk, openWorld, writeWorld } from './saved.ts';
import type { OpenedWorld } from './saved.ts';
import { Screen } from './screen.ts';

/** Exit statuses of the command. */
export const STATUS = { powerOff: 0, death: 1, bad: 2, outOfInstructions: 3 } as const;

/** A world that stands at once where it was saved. */
type AtOnce = OpenedWorld & { readonly world: { readonly snapshot: WorldSnapshot } };

/** Characters of a terminal that are saved. */
const CONSOLE_KEPT = 200_000;

/** Said on standard error, and status 2. */
class Complaint extends Error {}

/**
 * Runs `lguest` with its arguments (without program name) until the Guests end. Never throws for what the arguments, the files or the Guests do; each ends in
 * one sentence on standard error and a {@link STATUS}.
 */
export async function runCommand(args: readonly string[], host: CommandHost): Promise<number> {
  const line = parseCommandLine(args);
  if (args.length === 0 || args.includes('--help')) {
    host.stderr(HELP);
    return STATUS.bad;
  }
  try {
    if (typeof line === 'string') throw new Complaint(line);
    return await new Run(line, host).toEnd();
  } catch (error) {
    const told = error instanceof Complaint ? error.message : typeof line === 'string' ? null : damageOf(line.open, error);
    if (told === null) throw error;
    host.stderr(`lguest: ${told}\n`);
    return STATUS.bad;
  }
}

/** A text that a failure explains itself with. */
function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** One run of the command. */
class Run {
  readonly #line: CommandLine;
  readonly #host: CommandHost;
  readonly #screen: Screen;
  readonly #recording: Recording | null;
  readonly #opened: AtOnce | null;
  #makings: Makings | null = null;
  /** What each terminal has shown, where that is to be saved; and how many characters in all. */
  readonly #consoles: string[] = [];
  #printed = 0;
  readonly #disks = new Map<string, Disk>();
  /** What is asked of the host while the world is built. */
  readonly #files: RecordedWorld['files'] = [];
  /** Why each Guest died. */
  readonly #deaths: string[] = [];
  #trace: TextFile | null = null;
  #record: TextFile | null = null;

  constructor(line: CommandLine, host: CommandHost) {
    this.#line = line;
    this.#host = host;
    this.#screen = new Screen(host);
    this.#recording = line.replay === null ? null : this.#readRecording(line.replay);
    this.#opened = line.open === null ? null : this.#readWorld(line.open);
    this.#trace = this.#create(line.trace);
    this.#record = this.#create(line.record);
  }

  async toEnd(): Promise<number> {
    const outside = new Outside(this.#host, this.#disks);
    try {
      const before = this.#recording?.world ?? this.#opened?.world.madeOf;
      const guests = before?.guests ?? this.#line.guests;
      const networks = valuesOf(guests, '--tunnet');
      const wires = [...new Set(networks.filter((network) => network === 'user' || network.startsWith('udp:')))];
      if (this.#recording === null)
        await outside.openWires(wires).catch((error: unknown) => {
          throw new Complaint(textOf(error));
        });
      const tty = before?.tty ?? this.#host.keyboard?.isTty ?? false;
      const bridges = [...new Set(networks.filter((network) => network.startsWith('bridge:')).map((network) => network.slice(7)))];
      const seed = before?.seed ?? this.#line.seed ?? (wires.some((wire) => wire !== 'user') ? seedOf(guests) : 1);
      const about = { guests, seed, tty, wires, bridges };
      if (this.#line.gdb !== null) return await this.#debugged(this.#line.gdb, about, outside);
      const world = this.#build(about, (event) => this.#heard(event), this.#line.save !== null);
      this.#goOn(world);
      const ending =
        this.#recording === null ? await this.#live(world, outside, tty || wires.length > 0) : this.#again(world, this.#recording);
      return this.#conclude(world, ending, guests);
    } finally {
      this.#screen.flush();
      for (const sentence of await outside.close()) this.#host.stderr(`lguest: ${sentence}\n`);
      this.#trace?.close();
      this.#record?.close();
    }
  }

  /** Lets a debugger at the first Guest until it takes its leave; then the run goes on without it. */
  async #debugged(at: number, about: Omit<RecordedWorld, 'lguest' | 'files' | 'disks'>, outside: Outside): Promise<number> {
    const port = await this.#host.openDebuggerPort(at).catch((error: unknown) => {
      throw new Complaint(textOf(error));
    });
    try {
      const target = new GuestTarget(
        (onEvent) => this.#build(about, onEvent, true),
        (event) => this.#heard(event),
        outside,
        this.#host,
        this.#opened && { snapshot: this.#opened.world.snapshot, printed: this.#opened.world.printed },
      );
      outside.openKeyboard(about.guests.length);
      await target.begin();
      this.#host.stderr(`lguest: gdb may call at port ${port.port}: target remote :${port.port}\n`);
      const leave = await converse(port, target);
      if (leave === 'killed') {
        this.#host.stderr('lguest: ended by the debugger\n');
        return STATUS.death;
      }
      target.release();
      return this.#conclude(
        target.world,
        await runLive(target.world, outside, this.#host, false, this.#line.maxInstructions),
        about.guests,
      );
    } finally {
      await port.close();
    }
  }

  /** @param onEvent hears of all that happens @param keepInputs the run will be gone along backwards */
  #build(about: Omit<RecordedWorld, 'lguest' | 'files' | 'disks'>, onEvent: (event: WorldEvent) => void, keepInputs = false): World {
    const options: WorldOptions = {
      program: this.#host.program,
      argv: about.guests[0],
      launchers: about.guests.slice(1),
      seed: about.seed,
      tty: about.tty,
      wires: about.wires,
      bridges: about.bridges,
      keepEvents: false,
      keepInputs,
      files: (path) => this.#file(path),
      disks: (path) => this.#recording?.world.disks.find((disk) => disk.path === path) ?? this.#disk(path),
      onEvent,
      onInput: (entry: InputEntry) => this.#record?.write(inputLine(entry)),
      replay: this.#recording?.inputs,
    };
    this.#makings = new Makings(this.#opened === null ? options : { ...options, ...this.#savedOptions(this.#opened) });
    let world: World;
    try {
      world = World.create(this.#makings.options);
    } catch (error) {
      if (error instanceof RangeError) throw new Complaint(error.message);
      throw error;
    }
    const disks = [...this.#disks].map(([path, { length, readOnly }]) => ({ path, length, readOnly }));
    const first: RecordedWorld = { lguest: 'input log 2', ...about, files: this.#files, disks };
    this.#record?.write(`${JSON.stringify(first)}\n`);
    return world;
  }

  /** What an opened world is to be built with: its disks lie in the file, or beside it. */
  #savedOptions({ head, world }: OpenedWorld): Partial<WorldOptions> {
    const [given] = valuesOf(this.#line.guests, '--block');
    return {
      ...savedOptions(world),
      disks: (path) => {
        const told = head.disks.find((disk) => disk.path === path);
        const was = world.madeOf.disks.find((disk) => disk.path === path);
        if (told === undefined || was === undefined) return undefined;
        const pieces = world.disks[path] ?? [];
        const image = told.whole ? null : this.#disk(given ?? path);
        this.#disks.delete(given ?? path);
        if (image === undefined)
          throw new Complaint(
            `${this.#line.open}: its disk ${told.name} (${told.length} bytes) is not in the file: give its image by --block=IMAGE`,
          );
        if (image !== null && image.length !== told.length)
          throw new Complaint(
            `${given ?? path}: is not the disk of this run: it has ${image.length} bytes, and ${told.name} had ${told.length}`,
          );
        // What a command wrote lies in the image; what a page wrote does not.
        this.#disks.set(path, image === null || pieces.length > 0 ? new OverlaidDisk(told, image, pieces) : image);
        return was;
      },
    };
  }

  /** To where the world was saved, with what its terminals showed. */
  #goOn(world: World): void {
    if (this.#opened === null) return;
    const { snapshot, consoles, printed } = this.#opened.world;
    world.restore(snapshot);
    for (const [tty, text] of consoles.entries()) this.#screen.show({ kind: 'console', tty, fd: 1, text });
    this.#consoles.push(...consoles);
    this.#printed = printed;
  }

  async #live(world: World, outside: Outside, lively: boolean): Promise<Ending> {
    const { time, maxInstructions, save } = this.#line;
    const guests = this.#opened?.world.madeOf.guests ?? this.#line.guests;
    outside.openKeyboard(guests.length, save !== null);
    const real = time === null ? lively : time === 'real';
    const countsTicks = real && guests.some((argv) => isLinux(this.#image(argv)));
    const ending = await runLive(world, outside, this.#host, real, maxInstructions, countsTicks);
    const waits = ending.reason === 'waits for nothing';
    const asked = ending.reason === 'out of instructions' || ending.reason === 'put away';
    if (ending.reason !== 'panicked') this.#record?.write(endLine(world, waits ? 'waits' : asked ? 'asked' : null));
    if (save !== null && (asked || waits)) this.#save(save, world, guests[0]);
    return ending;
  }

  #save(path: string, world: World, argv: readonly string[]): void {
    const title = this.#opened?.head.title ?? kernelOf(argv).replace(/^.*\//, '');
    const known = { title, consoles: this.#consoles, printed: this.#printed, disks: this.#disks, opened: this.#opened };
    try {
      writeWorld(path, this.#host, world, this.#makings as Makings, known);
    } catch (error) {
      throw new Complaint(`${path}: cannot be written: ${textOf(error)}`);
    }
    this.#host.stderr(`lguest: saved after ${world.instructions} instructions: go on with --open=${path}, or in the book's page\n`);
  }

  /** Runs what was recorded. */
  #again(world: World, { end, inputs }: Recording): Ending {
    let isToldEnd = end !== null;
    const bound = Math.min(this.#line.maxInstructions, end?.asked === true ? end.at : Infinity);
    try {
      for (;;) {
        const left = bound - world.instructions;
        if (left <= 0) return { reason: 'out of instructions' };
        const stop = world.run(Math.min(5_000_000, left));
        if (!isToldEnd && world.inputsAhead === 0) {
          isToldEnd = true;
          const last = inputs.at(-1)?.at ?? 0;
          this.#host.stderr(
            `lguest: the recording breaks off: its last input came after ${last} instructions, and how it went on is not in it (^C or --max-instructions ends this)\n`,
          );
        }
        if (stop.reason !== 'exited' && stop.reason !== 'panicked' && stop.reason !== 'idle') continue;
        const waits = stop.reason === 'idle';
        if (end !== null && (waits !== (end.waits === true) || end.state !== world.stateHash()))
          throw new Complaint(`${this.#line.replay}: the run did not end as it was recorded`);
        return waits ? { reason: 'waits for nothing' } : stop;
      }
    } catch (error) {
      if (error instanceof InputMisfit) throw new Complaint(`${this.#line.replay}: ${error.message}`);
      throw error;
    } finally {
      this.#host.stderr(`lguest: replayed ${inputs.length - world.inputsAhead} of ${inputs.length} inputs\n`);
    }
  }

  #conclude(world: World, ending: Ending, guests: readonly (readonly string[])[]): number {
    if (ending.reason === 'out of instructions') this.#host.stderr(`lguest: stopped after ${world.instructions} instructions, as asked\n`);
    if (ending.reason === 'panicked') this.#host.stderr(`lguest: the Host gave up: ${ending.message}\n`);
    if (ending.reason === 'waits for nothing')
      this.#host.stderr('lguest: the Guest waits for something that will never come: no timer, no device, no key\n');
    const status =
      ending.reason === 'out of instructions'
        ? STATUS.outOfInstructions
        : ending.reason === 'put away'
          ? STATUS.powerOff
          : ending.reason === 'exited'
            ? (world.statuses().find((one) => one !== 0) ?? STATUS.powerOff)
            : STATUS.death;
    if (status === STATUS.death && world.statistics().hypercalls.LGUEST_INIT === undefined) this.#explainStillborn(guests[0]);
    if (this.#line.stats) this.#host.stderr(`${JSON.stringify(world.statistics())}\n`);
    return status;
  }

  /** Tells what the file and the way it died tell of a kernel that never said hello. */
  #explainStillborn(argv: readonly string[]): void {
    const diagnosis = diagnoseKernel(this.#image(argv));
    const told = diagnosis.guest === 'no' ? diagnosis.findings : [explainEarlyDeath(this.#deaths.at(-1) ?? '')];
    for (const sentence of told) if (sentence !== null) this.#host.stderr(`lguest: ${sentence}\n`);
  }

  /** The kernel of a Guest; nothing where there is none. */
  #image(argv: readonly string[]): Uint8Array {
    const path = kernelOf(argv);
    return this.#opened?.world.files[path] ?? this.#whole(path) ?? new Uint8Array();
  }

  #heard(event: WorldEvent): void {
    this.#trace?.write(`${JSON.stringify(event)}\n`);
    if (event.kind === 'death') this.#deaths.push(event.reason);
    if (event.kind === 'console' && this.#line.save !== null) {
      while (this.#consoles.length <= event.tty) this.#consoles.push('');
      this.#consoles[event.tty] = (this.#consoles[event.tty] + event.text).slice(-CONSOLE_KEPT);
      this.#printed += event.text.length;
    }
    this.#screen.show(event);
  }

  /** A file's bytes; what is there and cannot be read ends the run, with a sentence. */
  #whole(path: string): Uint8Array | undefined {
    try {
      return this.#host.readFile(path);
    } catch (error) {
      throw new Complaint(`${path}: cannot be read: ${textOf(error)}`);
    }
  }

  #file(path: string): Uint8Array | undefined {
    const bytes = this.#whole(path);
    const recorded = this.#recording?.world.files.find((file) => file.path === path);
    if (bytes === undefined && recorded !== undefined)
      throw new Complaint(`${path}: cannot be opened: no such file, and there was one when this run was recorded`);
    if (bytes === undefined) return undefined;
    // Only a recording tells of it, and a large kernel's takes a moment.
    if (recorded === undefined && this.#record === null) return bytes;
    const digest = digestOf(bytes);
    if (recorded !== undefined && recorded.digest !== digest)
      throw new Complaint(`${path}: is not the file that it was when this run was recorded`);
    this.#files.push({ path, digest });
    return bytes;
  }

  #disk(path: string): Disk | undefined {
    let disk = this.#disks.get(path);
    if (disk !== undefined) return disk;
    try {
      disk = this.#host.openDisk(path);
    } catch (error) {
      throw new Complaint(`${path}: cannot be a disk: ${textOf(error)}`);
    }
    if (disk === undefined) return undefined;
    this.#disks.set(path, disk);
    // Sectors of 512 bytes, and only whole ones.
    const rest = disk.length % 512;
    if (rest !== 0) this.#host.stderr(`lguest: ${path}: its last ${rest} bytes are no whole sector: no Guest sees them\n`);
    return disk;
  }

  /** A file that is written piece by piece; what cannot be written ends the run, with a sentence. */
  #create(path: string | null): TextFile | null {
    if (path === null) return null;
    const told = <T>(deed: () => T): T => {
      try {
        return deed();
      } catch (error) {
        throw new Complaint(`${path}: cannot be written: ${textOf(error)}`);
      }
    };
    const file = told(() => this.#host.createFile(path));
    return { write: (text) => told(() => file.write(text)), close: () => told(() => file.close()) };
  }

  #readWorld(path: string): AtOnce {
    const file = this.#whole(path);
    try {
      const opened = openWorld(file, this.#host);
      const { snapshot } = opened.world;
      if (snapshot === null)
        throw new Error('this run was saved by a machine that is laid out otherwise; open it with the lguest that saved it');
      return { ...opened, world: { ...opened.world, snapshot } };
    } catch (error) {
      throw new Complaint(`${path}: ${textOf(error)}`);
    }
  }

  #readRecording(path: string): Recording {
    const bytes = this.#whole(path);
    if (bytes === undefined) throw new Complaint(`${path}: cannot be opened: no such file`);
    try {
      const recording = parseRecording(new TextDecoder().decode(bytes));
      if (recording.cut) this.#host.stderr(`lguest: ${path}: the last line is cut off, and left out\n`);
      return recording;
    } catch (error) {
      throw new Complaint(`${path}: ${textOf(error)}`);
    }
  }
}

/** The image among a Launcher's arguments. */
function kernelOf(argv: readonly string[]): string {
  return argv.filter((argument) => !argument.startsWith('-'))[1] ?? '';
}

/** Two commands that are wired to each other must not draw the same hardware addresses: the seed comes from how they were called. */
function seedOf(guests: readonly (readonly string[])[]): number {
  return parseInt(digestOf(new TextEncoder().encode(JSON.stringify(guests))).slice(0, 8), 16) || 1;
}
