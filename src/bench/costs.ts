import type { Statistics } from '#world';
import type { BenchedLguest } from './measure.ts';

/** What one operation costs here. */
export interface Cost {
  operation: string;
  /** Instructions of the emulated processor: Guest, Switcher, the Host's own few. */
  instructions: number;
  /** Microseconds of the computer that emulates. */
  microseconds: number;
  /** Microseconds of the original lguest on an emulated PC: QEMU 7.2 (TCG), and v86 0.5.462. */
  original: readonly [qemu: number, v86: number];
}

/** Workload, what it does over and over, how often it did, and what that cost the original. */
const OPERATIONS: readonly (readonly [string, string, (counts: Statistics) => number, readonly [number, number]])[] = [
  ['hcall', 'null hypercall', (counts) => counts.hypercalls.FLUSH_ASYNC?.direct ?? 0, [5.2, 4.0]],
  ['pgflush', 'hidden fault', (counts) => counts.hiddenFaults, [13, 15.5]],
  ['pgmap', 'SET_PTE and hidden fault', (counts) => counts.hypercalls.SET_PTE?.direct ?? 0, [27, 23]],
  ['pgfault', 'reflected fault, two SET_PTE, hidden fault', (counts) => counts.reflectedFaults, [39, 32]],
];

/**
 * Measures them with `bench-lguest.elf`, each warmed up by a first repetition.
 * @param lguest the class, from the bundle under test, and what it runs
 * @param image the ELF file
 * @param now a clock in milliseconds
 */
export function measureCosts({ World, program }: BenchedLguest, image: Uint8Array, now: () => number): Cost[] {
  return OPERATIONS.map(([workload, operation, countOf, original]) => {
    let line = '';
    const marks: { count: number; instructions: number; at: number }[] = [];
    const world = World.create({
      program,
      argv: ['64', 'bench', `w=${workload}`, 'reps=3', 'd=5'],
      files: (path) => (path === 'bench' ? image : undefined),
      keepEvents: false,
      hears: ['console'],
      onEvent: (event) => {
        if (event.kind !== 'console' || event.fd !== 1) return;
        line += event.text;
        if (!line.endsWith('\n')) return;
        if (/@(?:begin|rep)/.test(line)) marks.push({ count: countOf(world.statistics()), instructions: world.instructions, at: now() });
        line = '';
      },
    });
    while (world.run(50_000_000).reason === 'limit');
    const begin = marks[marks.length - 2];
    const end = marks[marks.length - 1];
    const count = end.count - begin.count;
    return {
      operation,
      instructions: (end.instructions - begin.instructions) / count,
      microseconds: ((end.at - begin.at) * 1000) / count,
      original,
    };
  });
}

/** A line an operation. */
export function formatCosts(costs: readonly Cost[]): string {
  return [
    'operation                                   instructions   µs here   µs original (QEMU, v86)',
    ...costs.map(
      ({ operation, instructions, microseconds, original }) =>
        `${operation.padEnd(43)}${instructions.toFixed(0).padStart(13)}${microseconds.toFixed(2).padStart(10)}${`${original[0]}, ${original[1]}`.padStart(26)}`,
    ),
  ].join('\n');
}
