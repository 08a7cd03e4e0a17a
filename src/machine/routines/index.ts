import * as L from '../state/layout.ts';
import { I32, ModuleWriter } from '../wasm/encoder.ts';
import { FPU_WAYS } from '../fpu/index.ts';
import { Routine } from './routine.ts';
import { loadTable, ltr, modeChanged, moveToSegment, setSegment } from './segments.ts';
import { X87_ROUTINES } from './x87_forms.ts';
import { attend, callFarMemory, cli, gate, iret, moveToControl, pushfImage, softwareInterrupt } from './transfers.ts';

/**
 * The short ways of what crosses worlds (far transfers, segment loads, CR3), and of the x87. Each is written in the micro-operations' own expressions and does what
 * the TypeScript of the same name does where nothing is unusual: 32-bit gates and stacks, descriptors of the GDT that need no Accessed bit set, pages
 * that the TLB (or a remembered walk) knows. Anything else it leaves, untouched, to the TypeScript, which alone knows all the rules and all the faults.
 *
 * A routine looks at memory in the same order as the TypeScript does, and at nothing that it would not look at: the TLB, which is state, is the same
 * whichever way was taken.
 */
interface RoutineDefinition {
  readonly parameters: number;
  readonly write: (r: Routine) => void;
  /** The helper that serves where the routine gives up; without one the routine returns 0 then. */
  readonly slow?: string;
}

const helper = (name: string, write: (r: Routine) => void): [string, RoutineDefinition] => [name, { parameters: 2, write, slow: name }];

/** In an order in which each calls only those before it. */
const ROUTINES: readonly (readonly [string, RoutineDefinition])[] = [
  ['modeChanged', { parameters: 0, write: modeChanged }],
  ['setSegment', { parameters: 4, write: setSegment }],
  ['attend', { parameters: 0, write: attend }],
  ['gate', { parameters: 3, write: gate }],
  helper('moveToSegment', moveToSegment),
  helper('loadSegment', moveToSegment),
  helper('lgdt32', loadTable(L.GDTR)),
  helper('lidt32', loadTable(L.IDTR)),
  helper('ltr', ltr),
  helper('moveToControl', moveToControl),
  helper('iret32', iret),
  helper('softwareInterrupt', softwareInterrupt),
  helper('callFarMemory32', callFarMemory),
  helper('pushfImage', pushfImage),
  helper('cli', cli),
];

/** Of the x87: each serves for some of what `fpu` does. */
const X87: readonly (readonly [string, RoutineDefinition])[] = FPU_WAYS.map((name) => [
  name,
  { parameters: 2, write: X87_ROUTINES[name], slow: 'fpu' },
]);

/** What the routines are built on: functions in WebAssembly. */
const BASICS: Readonly<Record<string, number>> = { locate: 2, flushTlb: 0, flagsWord: 0 };

/** The module of what crosses worlds: it imports the helpers of the same names and the basics, and exports the routines. */
export function routinesModule(): Uint8Array<ArrayBuffer> {
  return write(ROUTINES, BASICS);
}

/** One for all: made when a program first uses the x87, and the same from then on. */
let x87: WebAssembly.Module | null = null;
/** The module of the x87's routines: it imports `fpu`. Most programs never want it. */
export function x87Module(): WebAssembly.Module {
  x87 ??= new WebAssembly.Module(write(X87, {}));
  return x87;
}

function write(
  routines: readonly (readonly [string, RoutineDefinition])[],
  basics: Readonly<Record<string, number>>,
): Uint8Array<ArrayBuffer> {
  const module = new ModuleWriter();
  const type = (parameters: number): number =>
    module.type(
      Array.from({ length: parameters }, () => I32),
      I32,
    );
  const indices = new Map<string, number>();
  const slow = new Map<string, number>();
  for (const [name, parameters] of Object.entries(basics)) indices.set(name, module.import(name, type(parameters)));
  for (const [, { slow: name, parameters }] of routines)
    if (name !== undefined && !slow.has(name)) slow.set(name, module.import(name, type(parameters)));
  const first = module.importNames.length;
  routines.forEach(([name], n) => indices.set(name, first + n));
  const find = (name: string): number => {
    const index = slow.get(name) ?? indices.get(name);
    if (index === undefined) throw new Error(`no routine ${name}`);
    return index;
  };
  for (const [name, { parameters, write: body, slow: fallback }] of routines) {
    const routine = new Routine(parameters, find, fallback ?? null);
    body(routine);
    module.add(type(parameters), routine.code.op('unreachable'), name);
  }
  return module.encode(0);
}
