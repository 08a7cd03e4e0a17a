/**
 * What can be seen of a world, as plain data: a function for each view. Nothing is changed by looking, so a view may be asked for at any place of a run, or not at all, and
 * the run is the same.
 */
import type { Machine } from '#machine';
import type { Kernel } from '#hostos';
import type { Frame } from '#tangle/runtime';
import type { CodeMap } from '../lines/code_map.ts';
import type { LguestProgram } from '../program.ts';
import type { Statistics } from '../statistics.ts';
import { viewBareGuest, viewBareTables } from './bare.ts';
import { viewCallers } from './callers.ts';
import { viewSegments, viewTables } from './descriptors.ts';
import type { DescriptorsView, GuestDescriptors } from './descriptors.ts';
import { viewDevices } from './devices.ts';
import { viewGuests } from './guests.ts';
import type { GuestView } from './guests.ts';
import { viewListing } from './listing.ts';
import { viewLocals } from './locals.ts';
import { viewMemory } from './memory.ts';
import { viewNext } from './next.ts';
import { viewPageTables } from './page_tables.ts';
import type { TreeView } from './page_tables.ts';
import type { DeviceView } from './queues.ts';
import { viewRegisters } from './registers.ts';

export { GuestEye } from './guest_eye.ts';

/** What is kept of Launchers that have exited, as they left it. */
export interface Left {
  readonly devices: readonly DeviceView[];
  readonly guests: readonly GuestView[];
  readonly tables: readonly TreeView[];
  readonly descriptors: readonly GuestDescriptors[];
}

/** What views look at. */
export interface Sight {
  /** What it runs, which knows where the Guests are. */
  readonly program: LguestProgram;
  readonly machine: Machine;
  readonly kernel: Kernel;
  /** From addresses to lines of chapters. */
  readonly code: CodeMap;
  readonly left: Left;
  /** In the middle of what the Host does: the functions that have not returned, the latest first, where they are known. */
  readonly frames: readonly Frame[];
  /** Counts since the beginning, but for the instructions. */
  readonly statistics: Statistics;
}

/** All views, by name. */
export const views = {
  /** The processor's registers. */
  registers: ({ machine, program }: Sight) => viewRegisters(machine, program),
  /** The functions of Host and Launcher that have been called and have not returned, and their variables. */
  locals: ({ frames }: Sight) => viewLocals(frames),
  /** Who called the machine code at which the processor stands. */
  callers: viewCallers,
  /** The instruction that comes next. */
  next: viewNext,
  /** The instructions around it, with the lines of chapters that have them. */
  listing: viewListing,
  /** The memory where the processor's registers point. */
  memory: viewMemory,
  /** The Guests' devices and their queues; where a Launcher has exited, as it left them. */
  rings: ({ program, kernel, machine, left }: Sight): DeviceView[] =>
    [...left.devices, ...viewDevices(program.guests(kernel), machine.ram)].sort((a, b) => a.guest - b.guest),
  /** The Guests' own registers; where a Launcher has exited, as its Guest left them. */
  guests: (sight: Sight): GuestView[] =>
    sight.program.bare === true ? [viewBareGuest(sight)] : [...sight.left.guests, ...viewGuests(sight)].sort((a, b) => a.guest - b.guest),
  /** The Guests' page tables beside their shadows; where a Launcher has exited, as they were then. */
  tables: (sight: Sight): TreeView[] => [...sight.left.tables, ...viewPageTables(sight)].sort((a, b) => a.guest - b.guest),
  /** The processor's segments; the Guests' descriptors and gates; where a Launcher has exited, as they were then. */
  descriptors: (sight: Sight): DescriptorsView => ({
    ...viewSegments(sight.machine),
    guests:
      sight.program.bare === true
        ? [viewBareTables(sight)]
        : [...sight.left.descriptors, ...viewTables(sight)].sort((a, b) => a.guest - b.guest),
  }),
  /** Counts since the beginning. */
  counters: ({ statistics, machine }: Sight): Statistics => ({ ...structuredClone(statistics), instructions: machine.cpu.instructions }),
};

/** Name of a view. */
export type ViewName = keyof typeof views;

/** All there are. */
export const viewNames = Object.keys(views) as readonly ViewName[];

/** What each view shows. */
export type Views = { readonly [Name in ViewName]: ReturnType<(typeof views)[Name]> };

/** Looks at a world through the views named. */
export function lookAt(sight: Sight, names: Iterable<ViewName>): Partial<Views> {
  return Object.fromEntries(Array.from(names, (name) => [name, views[name](sight)]));
}

/** A Launcher is about to let go of its memory, in which the rings lie, and of its Guest's registers: what is kept then. */
export function leaving(sight: Sight, guest: number): Left {
  const last = <T extends { guest: number }>(all: readonly T[]): T[] =>
    all.filter((one) => one.guest === guest).map((one) => ({ ...one, ended: true }));
  const { rings = [], guests = [], tables = [], descriptors } = lookAt(sight, ['rings', 'guests', 'tables', 'descriptors']);
  const { left } = sight;
  return {
    devices: [...left.devices, ...last(rings)],
    guests: [...left.guests, ...last(guests)],
    tables: [...left.tables, ...last(tables)],
    descriptors: [...left.descriptors, ...last(descriptors?.guests ?? [])],
  };
}
