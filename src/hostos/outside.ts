/**
 * The border. Everything a Host wants of the world outside is a request, plain data; everything that comes from there is an input. Nothing else passes,
 * so the inputs, with the places in the run where they came, are all it takes to have the same run again.
 */
/** What a Host wants of the outside. Requests for one disk are to be carried out in their order: a read sees the writes before it. */
export type OutsideRequest = DiskRequest | FrameRequest | WireRequest | KeysRequest;

/** A request to a disk. It is answered by a {@link DiskInput} with its `id`. */
export type DiskRequest =
  /** The bytes of one chunk: {@link DISK_CHUNK} of them from `chunk * DISK_CHUNK`, fewer where the disk ends. */
  | { kind: 'disk-read'; path: string; id: number; chunk: number }
  /** Put these bytes there; done once they would survive the end of this process. */
  | { kind: 'disk-write'; path: string; id: number; offset: number; bytes: Uint8Array }
  /** Make everything written so far survive a loss of power. */
  | { kind: 'disk-sync'; path: string; id: number }
  | { kind: 'disk-truncate'; path: string; id: number; length: number };

/** A frame leaves through a wire. No answer is expected. */
export interface FrameRequest {
  kind: 'frame';
  interface: string;
  /** The wire that the interface was given: `user`, `udp:…`. */
  port: string;
  bytes: Uint8Array;
}

/** An interface was given a wire, or is gone. */
export interface WireRequest {
  kind: 'wire' | 'unwire';
  interface: string;
  port: string;
}

/** A terminal has room again for what was held back ({@link TerminalInput}). */
export interface KeysRequest {
  kind: 'more-keys';
  tty: number;
}

/** What comes from outside. */
export type OutsideInput = TerminalInput | DiskInput | FrameInput | ClockInput;

/** What comes to a terminal from outside. */
export type TerminalInput =
  /** Somebody types. `more`: and has yet more, which he holds back until he is asked for it by a {@link KeysRequest}, since a terminal keeps only so much. */
  | { kind: 'keys'; tty: number; bytes: Uint8Array; more?: true }
  /** Nobody will type there any more. */
  | { kind: 'end-of-keys'; tty: number };

/** The answer to a {@link DiskRequest}, by its `id`. Answers to nothing that is waited for are passed over. */
export type DiskInput =
  | { kind: 'disk-chunk'; path: string; id: number; bytes: Uint8Array }
  | { kind: 'disk-done'; path: string; id: number }
  /** `error`: a positive error number, as {@link EIO}. */
  | { kind: 'disk-error'; path: string; id: number; error: number };

/** A frame comes in through a wire. */
export interface FrameInput {
  kind: 'frame';
  interface: string;
  bytes: Uint8Array;
}

/** What somebody with a clock of his own does to the Host's. Whole numbers. */
export type ClockInput =
  /** It is so late. */
  | { kind: 'date'; sec: number; nsec: number }
  /** Set ahead by so many nanoseconds, and from now on at another rate: see {@link adjustClock}. */
  | { kind: 'clock'; ahead: number; rate: number };
