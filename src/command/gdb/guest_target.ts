/** The first Guest of a world as a debugger's target: it is gone along both ways, by its own instructions; whatever else runs between two of them runs, too, and is stepped over. */
import { comparePlaces, Journeys, serveAll, Timeline, walk } from '#world';
import type { Fold, Hit, Journey, Stops, World, WorldEvent, WorldSnapshot, WorldStop } from '#world';
import type { CommandHost } from '../host.ts';
import type { Outside } from '../outside.ts';
import { CORE_BYTES } from './description.ts';
import { monitor } from './monitor.ts';
import { toHex } from './packets.ts';
import type { Halt, Points, Target } from './target.ts';

/** Instructions between two looks at what is outside; and after so many, a place to come back to. */
const SLICE = 500_000;
const MARK = 10_000_000;
/** A debugger that hears nothing for two seconds believes that nobody is there. */
const SILENCE_MS = 1000;

type WatchedRange = Extract<Stops['data'], readonly unknown[]>[number];

/** Watched memory, and for whom. */
interface Watched extends WatchedRange {
  readonly watchpoint: Points['watchpoints'][number];
}

/** What is heard, however often a stretch is run: shown the first time only. */
class Heard implements Fold<Heard> {
  readonly #show: (event: WorldEvent, characters: number) => void;
  #characters: number;

  constructor(show: (event: WorldEvent, characters: number) => void, characters = 0) {
    this.#show = show;
    this.#characters = characters;
  }

  hear(event: WorldEvent): void {
    if (event.kind === 'console') this.#characters += event.text.length;
    this.#show(event, this.#characters);
  }

  gather(world: Pick<World, 'takeConsole' | 'takeLineHits'>): void {
    world.takeConsole();
    world.takeLineHits();
  }

  countOf(): number {
    return 0;
  }

  copy(): Heard {
    return new Heard(this.#show, this.#characters);
  }
}

/** A place of the Guest's, as a debugger sees it. */
interface Standing {
  readonly at: number;
  readonly registers: string;
}

/** A run that was saved: where it goes on, and how many characters had been printed until there. */
export interface GoesOn {
  readonly snapshot: WorldSnapshot;
  readonly printed: number;
}

export class GuestTarget implements Target {
  readonly #timeline: Timeline<World, Heard>;
  readonly #journeys: Journeys<World, Heard>;
  readonly #outside: Outside;
  readonly #host: CommandHost;
  readonly #opened: GoesOn | null;
  #marked = 0;
  /** Instructions before the Guest's first. What is done to its memory until then, nobody of it does. */
  #first = 0;

  /**
   * @param build makes the world; it must keep its inputs
   * @param show is told of each event when it happens for the first time
   * @param opened the run goes on from here
   */
  constructor(
    build: (onEvent: (event: WorldEvent) => void) => World,
    show: (event: WorldEvent) => void,
    outside: Outside,
    host: CommandHost,
    opened: GoesOn | null = null,
  ) {
    let shown = opened?.printed ?? 0;
    const once = (event: WorldEvent, characters: number): void => {
      if (event.kind !== 'console' || characters <= shown) return;
      shown = characters;
      show(event);
    };
    this.#timeline = new Timeline(build, new Heard(once));
    this.#journeys = new Journeys(this.#timeline);
    this.#outside = outside;
    this.#host = host;
    this.#opened = opened;
    if (opened !== null) this.#timeline.open(opened.snapshot, new Heard(once, opened.printed));
  }

  /** To the Guest's first instruction, or to the end of a run that has none; or to where the run goes on. */
  async begin(): Promise<void> {
    if (this.#opened === null) {
      await this.#settled();
      this.#first = this.world.instructions;
      return;
    }
    const point = this.#timeline.standpoint();
    walk(this.#journeys.toCount(0));
    await this.#settled();
    this.#first = this.world.instructions;
    this.#timeline.returnTo(point);
    await this.#settled();
  }

  /** The debugger is gone: the run goes on from here, and nobody goes back any more. */
  release(): void {
    this.#timeline.branch();
  }

  get world(): World {
    return this.#timeline.world;
  }

  registers(): Uint8Array {
    const bytes = new Uint8Array(CORE_BYTES);
    const words = new DataView(bytes.buffer);
    const { general, fpu } = this.world.guest.processor();
    const order = ['eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi', 'eip', 'eflags', 'cs', 'ss', 'ds', 'es', 'fs', 'gs'] as const;
    for (const [index, name] of order.entries()) words.setUint32(index * 4, general[name] >>> 0, true);
    const stack = order.length * 4;
    for (const [index, value] of fpu.stack.entries()) bytes.set(value, stack + index * 10);
    const control = stack + 80;
    for (const [index, value] of [fpu.control, fpu.status, fpu.tag, fpu.cs, fpu.ip, fpu.ds, fpu.dp, fpu.opcode].entries())
      words.setUint32(control + index * 4, value >>> 0, true);
    return bytes;
  }

  read(address: number, length: number): Uint8Array | null {
    return this.world.guest.memory(address, length);
  }

  monitor(command: string, tell: (text: string) => void): Promise<string> {
    const goes = async (journey: Journey): Promise<void> => {
      for (let told = this.#host.now(); journey.next().done !== true; ) {
        if (this.#host.now() - told < SILENCE_MS) continue;
        told = this.#host.now();
        tell(`at instruction ${this.world.instructions}, on the way\n`);
        await this.#host.sleep(0, this.#outside.alarm);
      }
    };
    return monitor(this.world, this.#journeys, (count) => this.#recent(count), goes, command);
  }

  /** The last events until here. */
  #recent(count: number): WorldEvent[] {
    const here = this.#timeline.place;
    const point = this.#timeline.standpoint();
    let events: WorldEvent[] = [];
    for (let near = MARK; ; near *= 8) {
      const from = Math.max(0, here.at - near);
      events = [];
      walk(this.#journeys.hearAll(here, { events: () => true }, (hit) => hit.by === 'event' && void events.push(hit.event), from));
      if (events.length >= count || from === 0) break;
    }
    this.#timeline.returnTo(point);
    return events.slice(-count);
  }

  async step(back: boolean): Promise<Halt> {
    if (back) return this.world.instructions <= this.#first ? this.#beginning() : this.#stepBack();
    const before = this.#standing();
    do {
      const stop = this.#timeline.run(1, Infinity, { requests: true });
      this.#serve();
      const end = endOf(stop);
      if (end !== null) return end;
      if (stop.reason === 'idle' && !(await this.#wait(() => false))) return { why: 'interrupt' };
    } while (!this.#inGuest || this.#isAgain(before));
    return { why: 'step' };
  }

  async go(back: boolean, points: Points, interrupted: () => boolean): Promise<Halt> {
    const stops = this.#stopsOf(points);
    if (back) return this.#goBack(stops, interrupted);
    for (let since = this.#timeline.place; ; since = this.#timeline.place) {
      if (interrupted()) return this.#settle();
      const stop = this.#timeline.run(SLICE, Infinity, { requests: true, stop: { ...stops, since } });
      this.#serve();
      const end = endOf(stop);
      if (end !== null) return end;
      if (stop.reason === 'stop' && (stop.hit.by === 'data' || this.#inGuest)) {
        const halt = haltOf(stop.hit);
        return halt.why === 'watch' && !this.#inGuest ? { ...halt, ...(await this.#settled()) } : halt;
      }
      if (stop.reason === 'idle') await this.#wait(interrupted);
      else await this.#host.sleep(0, this.#outside.alarm);
    }
  }

  /** Whether the processor is about to run an instruction of the Guest's. */
  get #inGuest(): boolean {
    return this.world.worldName === 'guest-kernel' || this.world.worldName === 'guest-user';
  }

  /** Where the Guest stands, and what its registers hold. */
  #standing(): Standing {
    return { at: this.world.instructions, registers: toHex(this.registers()) };
  }

  /** Whether it stands there again, without having done anything: its instruction met a fault that the Host has mended, or somebody else came between. */
  #isAgain({ at, registers }: Standing): boolean {
    return Math.abs(this.world.instructions - at) > 1 && toHex(this.registers()) === registers;
  }

  /** Addresses and memory to stop at; memory is wherever the Guest has it at the moment. */
  #stopsOf({ breakpoints, watchpoints }: Points): { addresses?: readonly number[]; data?: () => readonly Watched[] } {
    const data = (): readonly Watched[] =>
      watchpoints.flatMap((watchpoint) =>
        this.world.guest
          .pieces(watchpoint.address, watchpoint.length)
          .map((piece) => ({ ...piece, reads: watchpoint.kind !== 'watch', writes: watchpoint.kind !== 'rwatch', watchpoint })),
      );
    return { ...(breakpoints.size > 0 ? { addresses: [...breakpoints] } : {}), ...(watchpoints.length > 0 ? { data } : {}) };
  }

  #serve(): void {
    serveAll(this.world, { serve: (request) => this.#outside.serve(this.world, request) });
    if (this.#outside.hasArrivals && !this.world.hasFuture) this.#outside.give(this.world);
    if (this.world.instructions - this.#marked < MARK) return;
    this.#marked = this.world.instructions;
    this.#timeline.mark();
  }

  /** Waits for somebody outside. False: nobody can come. */
  async #wait(interrupted: () => boolean): Promise<boolean> {
    if (!this.#outside.mayHear && !interrupted()) return false;
    await this.#host.sleep(this.#outside.hasArrivals ? 0 : 50, this.#outside.alarm);
    return true;
  }

  /** On to the next instruction of the Guest's, if it has one to run. */
  async #settled(): Promise<object> {
    for (let n = 0; n < 100_000 && !this.#inGuest; n++) {
      const stop = this.#timeline.run(1, Infinity, { requests: true });
      this.#serve();
      if (endOf(stop) !== null || stop.reason === 'idle') break;
    }
    return {};
  }

  async #settle(): Promise<Halt> {
    await this.#settled();
    return { why: 'interrupt' };
  }

  #stepBack(): Halt {
    const standing = this.#standing();
    const found = walk(this.#journeys.toGuestBefore(() => this.#inGuest && !this.#isAgain(standing)));
    return found ? { why: 'step' } : this.#beginning();
  }

  /** To the Guest's first instruction: before it there is nothing to be looked at. */
  #beginning(): Halt {
    walk(this.#journeys.toCount(this.#first));
    return { why: 'beginning' };
  }

  async #goBack(stops: Pick<Stops, 'addresses' | 'data'>, interrupted: () => boolean): Promise<Halt> {
    const here = this.#timeline.place;
    const standing = this.#standing();
    const standpoint = this.#timeline.standpoint();
    let last: Hit | null = null;
    const journey = this.#journeys.toHitBefore(
      stops,
      (hit) => hit.place.at > this.#first && (hit.by === 'data' || (this.#inGuest && !this.#isAgain(standing))),
    );
    for (;;) {
      const { done, value } = journey.next();
      if (done === true) {
        last = value;
        break;
      }
      await this.#host.sleep(0, this.#outside.alarm);
      if (interrupted()) {
        this.#timeline.returnTo(standpoint);
        return { why: 'interrupt' };
      }
    }
    this.#timeline.letGo(standpoint);
    if (last === null || comparePlaces(last.place, here) > 0) return this.#beginning();
    if (last.by === 'data') {
      walk(this.#journeys.toCount(Math.max(0, last.place.at - 1)));
      if (!this.#inGuest) this.#stepBack();
    }
    return haltOf(last);
  }
}

function endOf(stop: WorldStop): Halt | null {
  return stop.reason === 'exited' ? { why: 'end', status: stop.status } : stop.reason === 'panicked' ? { why: 'end', status: 1 } : null;
}

function haltOf(hit: Hit): Halt {
  if (hit.by !== 'data') return { why: 'breakpoint' };
  const { kind, address } = (hit.access.range as Watched).watchpoint;
  return { why: 'watch', kind, address };
}
