/** The processor's segments with their hidden parts; the descriptors and gates that a Guest has asked for, and those that it really runs with. Nothing is touched by looking. */
import { layout } from '#machine';
import type { Machine, Ram } from '#machine';
import type { Kernel } from '#hostos';
import type { LguestProgram, ProgramGuest } from '../program.ts';

const GDT_ENTRIES = 32;
const VECTORS = 256;
/** Bits of a descriptor's high word (Intel SDM vol. 3, 3.4.5). */
const PRESENT = 0x8000;
const DPL = 13;
const SEGMENT = 0x1000;

const REGISTERS = ['es', 'cs', 'ss', 'ds', 'fs', 'gs', 'ldtr', 'tr'] as const;

/** A segment register: what a program sees of it, and what the processor has loaded with it. */
export interface SegmentView {
  readonly name: (typeof REGISTERS)[number];
  readonly selector: number;
  readonly base: number;
  /** The last byte's offset. */
  readonly limit: number;
  /** The descriptor's bits 8 to 15 and 20 to 23, brought down by eight; 0: nothing is loaded. */
  readonly attributes: number;
}

/** A register that leads to segments: one of them, or one that says where a table is. */
export type SegmentName = (typeof REGISTERS)[number] | 'gdtr' | 'idtr';

/** A place of a descriptor table: the words that the Guest has asked for, as the Host lets it have them, and those that are there. */
export interface DescriptorPair {
  readonly index: number;
  /** The physical address of those that are there, eight bytes; null: it cannot be told. */
  readonly at: number | null;
  readonly asked: readonly [low: number, high: number];
  readonly real: readonly [low: number, high: number];
}

/**
 * Where a vector leads: `straight` to the Guest, without the Host; `reflected`: to the Host, which hands it to the handler of the Guest's; `host`: to the Host, and the Guest has no handler. On the
 * bare machine there is no Host: `straight`, or `nowhere`, where there is no gate.
 */
export type Route = 'straight' | 'reflected' | 'host' | 'nowhere';

/** A gate, of 256. */
export interface GateView extends DescriptorPair {
  readonly route: Route;
  /** Rings from 0 to this one may raise it by an instruction; from others that is a general protection fault. */
  readonly reach: number;
}

/** What a Guest has. */
export interface GuestDescriptors {
  /** Which: 0, 1, … */
  readonly guest: number;
  /** Its Launcher is gone: so it was. */
  readonly ended: boolean;
  readonly descriptors: readonly DescriptorPair[];
  readonly gates: readonly GateView[];
}

/** The processor's segments, and the Guests' tables. */
export interface DescriptorsView {
  readonly segments: readonly SegmentView[];
  /** Linear address and last byte of the processor's tables. */
  readonly gdtr: { readonly base: number; readonly limit: number };
  readonly idtr: { readonly base: number; readonly limit: number };
  readonly guests: readonly GuestDescriptors[];
}

/** What this view looks at. */
export interface DescriptorsSight {
  readonly program: Pick<LguestProgram, 'guests' | 'realTables'>;
  readonly machine: {
    readonly ram: Pick<Ram, 'read32'>;
    readonly cpu: Pick<Machine['cpu'], 'selector' | 'segment' | 'gdtBase' | 'gdtLimit' | 'idtBase' | 'idtLimit'>;
  };
  readonly kernel: Kernel;
}

/** The processor's part of it. */
export function viewSegments({ cpu }: DescriptorsSight['machine']): Omit<DescriptorsView, 'guests'> {
  return {
    segments: REGISTERS.map((name, n) => ({
      name,
      selector: cpu.selector(n),
      base: cpu.segment(n, layout.SEG_BASE),
      limit: cpu.segment(n, layout.SEG_LIMIT),
      attributes: cpu.segment(n, layout.SEG_ATTR),
    })),
    gdtr: { base: cpu.gdtBase, limit: cpu.gdtLimit },
    idtr: { base: cpu.idtBase, limit: cpu.idtLimit },
  };
}

/** The tables of the Guests whose Launchers live. Where there are several, the real ones are those of the Guest that ran last. */
export function viewTables({ program, machine: { ram }, kernel }: DescriptorsSight): GuestDescriptors[] {
  const real = program.realTables(kernel);
  if (real === null) return [];
  const wordsAt = (table: number, index: number): readonly [number, number] => [
    ram.read32(table + 8 * index) >>> 0,
    ram.read32(table + 8 * index + 4) >>> 0,
  ];
  return program.guests(kernel).flatMap(({ tty, cpu }: ProgramGuest) => {
    if (cpu === null) return [];
    const pair = (asked: Uint32Array, table: number, index: number): DescriptorPair => ({
      index,
      at: table + 8 * index,
      asked: [asked[2 * index], asked[2 * index + 1]],
      real: wordsAt(table, index),
    });
    const descriptors = Array.from({ length: GDT_ENTRIES }, (_, index) => pair(cpu.gdt, real.gdt, index));
    const gates = Array.from({ length: VECTORS }, (_, vector): GateView => {
      const gate = pair(cpu.idt, real.idt, vector);
      return { ...gate, route: routeOf(gate, descriptors), reach: (gate.real[1] >>> DPL) & 3 };
    });
    return [{ guest: tty, ended: false, descriptors, gates }];
  });
}

/** A gate leads into the ring of the code segment that it names. */
function routeOf({ asked, real }: DescriptorPair, descriptors: readonly DescriptorPair[]): Route {
  const [low, high] = real;
  const code = descriptors[low >>> 19]?.real[1] ?? 0;
  const intoGuest = (high & PRESENT) !== 0 && (code & SEGMENT) !== 0 && ((code >>> DPL) & 3) !== 0;
  return intoGuest ? 'straight' : asked[1] & PRESENT ? 'reflected' : 'host';
}
