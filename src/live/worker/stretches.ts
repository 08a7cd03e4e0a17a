/** From events to lanes: who ran, when, and what ended it. A fold over the stream, so that slices do not matter. */
import type { ProgramNames, WorldEvent } from '#world';
import { vectorName } from '../vectors.ts';
import { hex, worldOfEvent } from './event_text.ts';
import type { Stretch } from '../protocol.ts';
import type { WorldName } from '../worlds.ts';

/** Stretches that are kept, at least. */
const KEPT = 4000;

/** What a keeper remembers, as plain data. */
export interface LaneData {
  world: WorldName;
  launchers: readonly number[];
  guest: number;
  bare: boolean;
  since: number;
  done: Stretch[];
  count: number;
}

/** Follows one world's events. */
export class LaneKeeper {
  readonly #names: ProgramNames;
  #world: WorldName = 'launcher';
  /** Tasks of the Launchers, in the order of their Guests; and whose turn it is. */
  #launchers: readonly number[] = [];
  #guest = 0;
  /** There is no Launcher that could print: a program has the bare machine for itself. */
  #bare = false;
  #since = 0;
  /** The latest. */
  #done: Stretch[] = [];
  /** How many there were, and how many of them have been taken. */
  #count = 0;
  #told = 0;

  constructor(names: ProgramNames) {
    this.#names = names;
  }

  /** Whose turn it is, where there are several Guests. */
  get guest(): number {
    return this.#guest;
  }

  /** Tells of an event. */
  hear(event: WorldEvent): void {
    switch (event.kind) {
      case 'switch':
        if (event.to === 'guest') {
          this.#turn('switcher', event.at, 'into the Guest');
          this.#turn('guest-kernel', event.at, 'crossing');
        } else {
          this.#turn('switcher', event.at, 'back to the Host');
          this.#turn('host', event.at, 'crossing');
        }
        break;
      case 'trap':
        // Where it came out of is known only now.
        this.#nameGuest(worldOfEvent(event), vectorName(event.vector));
        break;
      case 'hypercall':
        this.#amend('guest-kernel', this.#names.hypercall(event.nr));
        break;
      case 'fault':
        this.#amend('guest-kernel', `page fault at ${hex(event.address)}`);
        break;
      case 'syscall':
      case 'request':
      case 'console':
        if (this.#bare) break;
        this.#turn('launcher', event.at, 'return to the Launcher');
        if (event.kind === 'syscall' && event.name === 'read') this.#turn('host', event.at, 'read()');
        break;
      case 'task':
        if (event.program === 'launcher' && event.what === 'create') this.#launchers = [...this.#launchers, event.task];
        if (event.program === 'launcher' && event.what === 'run') this.#turnOf(this.#launchers.indexOf(event.task), event.at);
        if (event.what === 'run') this.#turn(worldOfEvent(event), event.at, `${event.program}’s turn`);
        if (event.program === 'bare') this.#bare = true;
        if (this.#bare && event.what === 'exit') this.#turn('host', event.at, 'the end');
        break;
      default: // of the others none changes who runs
    }
  }

  /** The stretches finished since the last call, of too many the latest. */
  take(most = Infinity): Stretch[] {
    const fresh = Math.min(this.#count - this.#told, most, this.#done.length);
    this.#told = this.#count;
    return fresh === 0 ? [] : this.#done.slice(-fresh);
  }

  /** A copy that keeps the latest stretches, none of which has been taken. */
  copy(most: number): LaneKeeper {
    return LaneKeeper.of(this.#names, this.data(most));
  }

  /** All that it remembers, with the latest stretches. */
  data(most: number): LaneData {
    return {
      world: this.#world,
      launchers: this.#launchers,
      guest: this.#guest,
      bare: this.#bare,
      since: this.#since,
      done: this.#done.slice(-most),
      count: this.#count,
    };
  }

  /** One that remembers this, of which nothing has been taken. */
  static of(names: ProgramNames, { world, launchers, guest, bare, since, done, count }: LaneData): LaneKeeper {
    const keeper = new LaneKeeper(names);
    keeper.#world = world;
    keeper.#launchers = launchers;
    keeper.#guest = guest;
    keeper.#bare = bare;
    keeper.#since = since;
    keeper.#done = [...done];
    keeper.#count = count;
    return keeper;
  }

  /** Another Guest's Launcher has the processor. */
  #turnOf(guest: number, at: number): void {
    if (guest < 0 || guest === this.#guest) return;
    if (this.#world !== 'host') this.#turn('host', at, 'another Launcher’s turn');
    this.#guest = guest;
  }

  #turn(to: WorldName, at: number, why: string): void {
    if (to === this.#world) return;
    this.#done.push({ world: this.#world, guest: this.#guest, at: this.#since, instructions: at - this.#since, end: why });
    this.#count++;
    if (this.#done.length >= 2 * KEPT) this.#done.splice(0, KEPT);
    this.#world = to;
    this.#since = at;
  }

  /** Says what ended the last stretch of the Guest, and in which ring it was. */
  #nameGuest(world: WorldName, why: string): void {
    const index = this.#lastGuest();
    if (index >= 0) this.#done[index] = { ...this.#done[index], world, end: why };
    else if (this.#world === 'guest-kernel') this.#world = world;
  }

  #amend(world: WorldName, why: string): void {
    const index = this.#lastGuest();
    if (index >= 0 && (this.#done[index].world === world || this.#done[index].world === 'guest-user'))
      this.#done[index] = { ...this.#done[index], end: why };
  }

  /** A Guest's stretch right behind the present one, with nothing but a crossing between. */
  #lastGuest(): number {
    for (let i = this.#done.length - 1; i >= Math.max(0, this.#done.length - 2); i--) {
      if (this.#done[i].world.startsWith('guest')) return i;
    }
    return -1;
  }
}
