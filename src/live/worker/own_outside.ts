/** The outside of a Guest of the reader's own: its disk, and where its network leads. */
import type { OutsideInput } from '#world';
import type { Disk } from '../disks/index.ts';
import type { Outside } from './outside.ts';
import { GATEWAY } from './own_guest.ts';
import { openWire } from './wire.ts';

/** What it is made of. */
export interface OwnOutsideOptions {
  readonly disk: Disk | null;
  /** The wires that the world has: one of them leads to a gateway in this page, the others nowhere. */
  readonly wires: readonly string[];
  /** Takes an answer. */
  readonly answer: (input: OutsideInput) => void;
  /** Takes a frame for the Guest. */
  readonly frame: (input: OutsideInput) => void;
  /** The disk is no longer as it was. */
  readonly changed: () => void;
  /** Who asks at present: what is answered to another is lost. */
  readonly asker: () => unknown;
  readonly clock: () => number;
}

/** Its outside, and how that is closed. */
export function ownOutside({
  disk,
  wires,
  answer,
  frame,
  changed,
  asker,
  clock,
}: OwnOutsideOptions): Outside & { readonly close: () => void } {
  /** Interfaces that have sent something: whoever wants to be heard is one of them. */
  const ends = new Set<string>();
  const hear = (bytes: Uint8Array): void => ends.forEach((end) => frame({ kind: 'frame', interface: end, bytes }));
  const wire = wires.includes(GATEWAY) ? openWire(hear, clock) : null;
  return {
    ask(request) {
      if (request.kind === 'frame' && request.port === GATEWAY) {
        ends.add(request.interface);
        wire?.send(request.bytes, request.interface);
      }
      if (!('id' in request) || disk === null) return null;
      const who = asker();
      void disk.answer(request).then((input) => {
        if (asker() === who) answer(input);
        if (request.kind === 'disk-write' || input.kind === 'disk-error') changed();
      });
      return null;
    },
    undoFrom: (id) => void disk?.undoFrom(id).then(changed),
    close: () => wire?.close(),
  };
}
