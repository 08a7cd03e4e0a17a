/** What the command needs from wherever it runs. */
import type { DiskInput, DiskRequest } from '#hostos';
import type { LguestProgram } from '#world';

/** Files, wires, keys, clocks: the command’s own outside. */
export interface CommandHost {
  /** The lguest to run. */
  readonly program: LguestProgram;
  /** A file's bytes, or undefined where there is none. @throws Error with a reason that stands behind the name, where it cannot be read */
  readFile(path: string): Uint8Array | undefined;
  /** Begins (or replaces) a file to be written piece by piece; throws with a sentence where that cannot be done. */
  createFile(path: string): TextFile;
  /** Writes a whole file; throws with a sentence where that cannot be done. */
  writeFile(path: string, bytes: Uint8Array): void;
  /** Makes bytes fewer (gzip, RFC 1952). */
  zip(bytes: Uint8Array): Uint8Array;
  /** Makes them what they were; null where they are no such bytes. */
  unzip(bytes: Uint8Array): Uint8Array | null;
  /** Opens a file as a disk; undefined where there is none. @throws Error with a reason that stands behind the name, where it will not do */
  openDisk(path: string): Disk | undefined;
  /**
   * Opens a wire: `user`, `udp:…`.
   * @param hear takes the frames that come in
   * @throws Error with a sentence
   */
  openWire(port: string, hear: (frame: Uint8Array) => void): Promise<Wire>;
  /**
   * A port of this computer at which a debugger may call; 0: any that is free.
   * @throws Error with a sentence
   */
  openDebuggerPort(port: number): Promise<DebuggerPort>;
  /** Where keys come from; null: nobody types. */
  keyboard: Keyboard | null;
  /** The Guest’s console. */
  stdout(bytes: Uint8Array): void;
  /** The command’s own words. */
  stderr(text: string): void;
  /** Milliseconds of any clock that goes on. */
  now(): number;
  /** Milliseconds since 1970, as the computer's own clock has them. */
  date(): number;
  /** Lets other things happen, and comes back after so many milliseconds, or as soon as `wake` of {@link Alarm} is called. */
  sleep(milliseconds: number, alarm: Alarm): Promise<void>;
}

/** Ends a sleep. */
export interface Alarm {
  /** Called by whatever happened meanwhile; whoever sleeps sets it. */
  wake: () => void;
}

/** A file that is being written. */
export interface TextFile {
  /** Adds text. */
  write(text: string): void;
  /** All of it is written. */
  close(): void;
}

/** A disk outside of the world. */
export interface Disk {
  /** Bytes. */
  readonly length: number;
  readonly readOnly: boolean;
  /** Carries out a request at once. */
  answer(request: DiskRequest): DiskInput;
  /** Lets go of the file. */
  close(): void;
}

/** A wire that leads out of the world. */
export interface Wire {
  /** A frame goes out. @param end which of the Host's interfaces it comes from */
  send(frame: Uint8Array, end: string): void;
  /** An interface is gone, and whoever was behind it. */
  unplug?(end: string): void;
  /** Lets go, once all that was said has gone out. Returns a sentence for each thing that has not. */
  close(): Promise<string[]>;
}

/** Keys. */
export interface Keyboard {
  /** A real terminal, with somebody in front of it. */
  readonly isTty: boolean;
  /** From now on keys come to `type`, until `end` is called or {@link Keyboard.close} lets go. A terminal gives single keys, unseen. */
  open(type: (bytes: Uint8Array) => void, end: () => void): void;
  /** Leaves the terminal as it was. */
  close(): void;
}

/** Where a debugger calls. */
export interface DebuggerPort {
  /** The port's number. */
  readonly port: number;
  /** Comes back when somebody has called. */
  called(): Promise<void>;
  /** From now on what the caller says comes to `hear`, and `end` is called when it has hung up. */
  open(hear: (bytes: Uint8Array) => void, end: () => void): void;
  send(bytes: Uint8Array): void;
  close(): Promise<void>;
}
