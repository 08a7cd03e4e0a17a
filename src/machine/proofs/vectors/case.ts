import { seedOf } from '#testing';
import type { InstructionForm } from '../../opcodes/index.ts';
import type { Place } from './places.ts';

/** An instruction, or a few, with everything they start from: what a processor is asked. */
export interface Case {
  name: string;
  place: Place;
  /** The first instruction's; null where its bytes are none. */
  form: InstructionForm | null;
  operandSize: 16 | 32;
  code: number[];
  /** EAX, ECX, EDX, EBX, EBP, ESI, EDI. */
  registers: number[];
  flags: number;
  esp: number;
  /** Four words at the place's data. */
  memory: number[];
  /** Bytes of memory, from the data on, whose contents the manual leaves to the processor. */
  undefined?: readonly [number, number] | undefined;
}

/**
 * Cases that are drawn from one seed: recorded together, found again by their key. A group hangs on nothing but its key and its seed, so that forms may come,
 * go or move without touching any other's cases.
 */
export interface CaseGroup {
  /** What the cases are of: no two groups share it. */
  readonly key: string;
  draw(seed: number): Case[];
}

/** A stream of 32-bit numbers from a seed. Answers are recorded for what it gives: it cannot change any more. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.imul(state ^ (state >>> 15), 0x9e3779b1) >>> 0;
  };
}

// biome-ignore format: a table
const EDGES = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe, 0x12345678, 0x9abcdef0, 0x55aa55aa,
];

/** A number with an edge more often than not. */
export function picker(next: () => number): () => number {
  return () => (next() % 3 === 0 ? next() : EDGES[next() % EDGES.length]) >>> 0;
}

/** A number that stands for all that cases start from: other inputs, another number. */
export function inputsOf(cases: readonly Case[]): number {
  const inputs = cases.map(({ place, code, registers, flags, esp, memory, undefined: open }) => [
    [place.cs, place.ss, place.code, place.data],
    code,
    registers,
    [flags, esp],
    memory,
    open ?? null,
  ]);
  return seedOf(JSON.stringify(inputs));
}
