/** The world's outside, as far as the command goes: keys, disks and wires, each giving what it has to the world when the world is looking. */
import { KeyFeed } from '#world';
import type { OutsideInput, OutsideRequest, World } from '#world';
import type { Alarm, CommandHost, Disk, Wire } from './host.ts';

/** ^]: if the next key is the digit of a Guest, all others go there. Twice it is one, and before any other key it goes where that goes. */
const ESCAPE = 0x1d;
const DIGIT_ONE = 0x31;
/** … and if it is this, the world is saved, where that was asked for. */
const LETTER_S = 0x73;

export class Outside {
  readonly #host: CommandHost;
  readonly #disks: ReadonlyMap<string, Disk>;
  readonly #wires = new Map<string, Wire>();
  /** What has come and was not yet given to the world. Frames have the wire in place of the interface. */
  #arrived: (OutsideInput | { kind: 'from-wire'; port: string; bytes: Uint8Array })[] = [];
  /** Somebody may type yet. */
  #typing = false;
  #terminals = 1;
  #focus = 0;
  #escaped = false;
  #saves = false;
  /** Somebody wants the world to be saved, and the run to end. */
  wantsSave = false;
  readonly #keys = new KeyFeed((input) => this.#arrive(input));
  readonly alarm: Alarm = { wake: () => {} };

  constructor(host: CommandHost, disks: ReadonlyMap<string, Disk>) {
    this.#host = host;
    this.#disks = disks;
  }

  /** Opens wires. @throws Error with a sentence */
  async openWires(ports: readonly string[]): Promise<void> {
    for (const port of ports) {
      this.#wires.set(port, await this.#host.openWire(port, (bytes) => this.#arrive({ kind: 'from-wire', port, bytes })));
    }
  }

  /** Lets keys in. @param saves there is a key that saves the world */
  openKeyboard(terminals: number, saves = false): void {
    this.#terminals = terminals;
    this.#saves = saves;
    const { keyboard } = this.#host;
    this.#typing = keyboard !== null;
    for (let tty = keyboard === null ? 0 : keyboard.isTty ? terminals : 1; tty < terminals; tty++) this.#keys.end(tty);
    keyboard?.open(
      (bytes) => this.#type(bytes, keyboard.isTty),
      () => this.#endOfKeys(keyboard.isTty),
    );
  }

  /** Whether anything can come yet. */
  get mayHear(): boolean {
    return this.#typing || this.#wires.size > 0 || this.#arrived.length > 0;
  }

  get hasArrivals(): boolean {
    return this.#arrived.length > 0;
  }

  /** Gives the world what has come. */
  give(world: World): void {
    const arrived = this.#arrived;
    this.#arrived = [];
    for (const one of arrived) {
      if (one.kind !== 'from-wire') world.input(one);
      else
        for (const { interface: name, port } of world.wires())
          if (port === one.port) world.input({ kind: 'frame', interface: name, bytes: one.bytes });
    }
  }

  /** Does what the world asks for. Returns the answer, if there is one. */
  serve(world: World, request: OutsideRequest): OutsideInput | undefined {
    if ('path' in request) return this.#disks.get(request.path)?.answer(request);
    if (request.kind === 'frame') {
      this.#wires.get(request.port)?.send(request.bytes, request.interface);
    } else if (request.kind === 'unwire') {
      this.#wires.get(request.port)?.unplug?.(request.interface);
    } else if (request.kind === 'more-keys') {
      this.#keys.more(request.tty);
      this.give(world);
    }
    return undefined;
  }

  /** Lets go of everything. Returns a sentence for each thing that did not come to its end. */
  async close(): Promise<string[]> {
    this.#host.keyboard?.close();
    for (const disk of this.#disks.values()) disk.close();
    return (await Promise.all([...this.#wires.values()].map((wire) => wire.close()))).flat();
  }

  #arrive(input: OutsideInput | { kind: 'from-wire'; port: string; bytes: Uint8Array }): void {
    this.#arrived.push(input);
    this.alarm.wake();
  }

  #type(bytes: Uint8Array, isTty: boolean): void {
    if (!isTty || (this.#terminals === 1 && !this.#saves)) {
      this.#keys.type(0, bytes);
      return;
    }
    let waiting: number[] = [];
    const send = (): void => {
      if (waiting.length > 0) this.#keys.type(this.#focus, Uint8Array.from(waiting));
      waiting = [];
    };
    for (const byte of bytes) {
      const chosen = byte - DIGIT_ONE;
      if (this.#escaped && this.#saves && byte === LETTER_S) {
        this.#escaped = false;
        this.wantsSave = true;
        this.alarm.wake();
      } else if (this.#escaped && chosen >= 0 && chosen < this.#terminals) {
        send();
        this.#focus = chosen;
        this.#escaped = false;
      } else if (byte === ESCAPE && !this.#escaped) {
        this.#escaped = true;
      } else {
        if (this.#escaped && byte !== ESCAPE) waiting.push(ESCAPE);
        this.#escaped = false;
        waiting.push(byte);
      }
    }
    send();
  }

  #endOfKeys(isTty: boolean): void {
    this.#typing = false;
    if (this.#escaped) this.#keys.type(this.#focus, Uint8Array.of(ESCAPE));
    this.#escaped = false;
    for (let tty = 0; tty < (isTty ? this.#terminals : 1); tty++) this.#keys.end(tty);
  }
}
