/** From events to lanes: who ran, when, and what ended it. A fold over the stream, so that slices do not matter. */
import type { WorldEvent } from '#world';
import { hypercallName } from '#world';
import { hex, vectorName, worldOfEvent } from './event_text.ts';
import type { Stretch } from './protocol.ts';
import type { WorldName } from './worlds.ts';

/** Follows one world's events. */
export class LaneKeeper {
  #world: WorldName = 'launcher';
  #since = 0;
  #done: Stretch[] = [];

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
        this.#amend('guest-kernel', hypercallName(event.nr));
        break;
      case 'fault':
        this.#amend('guest-kernel', `page fault at ${hex(event.address)}`);
        break;
      case 'syscall': case 'request': case 'console':
        this.#turn('launcher', event.at, 'return to the Launcher');
        if (event.kind === 'syscall' && event.name === 'read') this.#turn('host', event.at, 'read()');
        break;
      case 'task':
        if (event.what === 'run') this.#turn(worldOfEvent(event), event.at, `${event.program}’s turn`);
        break;
    }
  }

  /** The stretches finished since the last call. */
  take(): Stretch[] {
    const done = this.#done;
    this.#done = [];
    return done;
  }

  #turn(to: WorldName, at: number, why: string): void {
    if (to === this.#world) return;
    this.#done.push({ world: this.#world, at: this.#since, instructions: at - this.#since, end: why });
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
    if (index >= 0 && (this.#done[index].world === world || this.#done[index].world === 'guest-user')) this.#done[index] = { ...this.#done[index], end: why };
  }

  /** A Guest's stretch right behind the present one, with nothing but a crossing between. */
  #lastGuest(): number {
    for (let i = this.#done.length - 1; i >= Math.max(0, this.#done.length - 2); i--) {
      if (this.#done[i].world.startsWith('guest')) return i;
    }
    return -1;
  }
}
