import type { HostEvent } from '#hostos';

/**
 * What a world understands of what its lguest tells it: counts it, draws it, stops at it. Addresses and words are unsigned. The chapters declare what they tell; where
 * their program is put together, the compiler holds it against this.
 */
export type ProgramEvent =
  /** The processor changed worlds. */
  | { kind: 'switch'; to: 'guest' | 'host' }
  /** The Guest came back. */
  | { kind: 'trap'; vector: number; error: number; eip: number; cs: number; cr2?: number }
  /** A page fault was judged: mended behind the Guest's back, or its own affair. */
  | { kind: 'fault'; address: number; error: number; hidden: boolean }
  /** A trap or a virtual interrupt was put on the Guest's stack. */
  | { kind: 'deliver'; vector: number; gate: number }
  /** A virtual interrupt became pending. */
  | { kind: 'irq'; n: number }
  /** A hypercall, direct or from a place in the ring. */
  | { kind: 'hypercall'; nr: number; edx: number; ebx: number; ecx: number; eip: number; ring?: number }
  /** The Guest rang for a device. */
  | { kind: 'notify'; address: number }
  /** A command to /dev/lguest. */
  | { kind: 'request'; request: number; argument: number }
  /** A port instruction, or a device's bytes. */
  | { kind: 'io'; what: string; address: number; size: number }
  /** The Guest was condemned. */
  | { kind: 'death'; reason: string };

/** What may be told of in a world: by the Host, and by lguest. */
export type ToldEvent = HostEvent | ProgramEvent;

/** An event with its place in the run. */
export type WorldEvent = ToldEvent & {
  /** Serial number, from 0. */
  seq: number;
  /** Instructions retired when it happened. */
  at: number;
};
