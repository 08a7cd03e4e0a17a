import type { HostEvent } from '#hostos';
import { diagnoseKernel, explainEarlyDeath } from './diagnose_kernel.ts';
import { World } from './world.ts';
import type { WorldEvent } from './world.ts';

/** What the command needs from wherever it runs: files, and somewhere to write. */
export interface CommandHost {
  /** A file's bytes, or undefined where there is none. */
  readFile(path: string): Uint8Array | undefined;
  /** Begins (or replaces) a file to be written piece by piece; throws with a sentence where that cannot be done. */
  createFile(path: string): { write(text: string): void; close(): void };
  stdout(bytes: Uint8Array): void;
  stderr(text: string): void;
}

/** Exit statuses of the command. */
export const STATUS = { powerOff: 0, death: 1, bad: 2, outOfInstructions: 3 } as const;

const OWN_OPTIONS = `
Beside the original's options:
  --stats               one line of JSON with the counts of the run, on standard error
  --trace=FILE          every event as a line of JSON
  --max-instructions=N  stop after N instructions (status 3)
Status: 0 the Guest powered off, 1 it died, 2 the command or a file was bad, 3 out of instructions.
`;

interface OwnOptions {
  stats: boolean;
  trace: string | null;
  maxInstructions: number;
  /** What is left for the Launcher. */
  argv: string[];
}

function parse(args: readonly string[]): OwnOptions | string {
  const own: OwnOptions = { stats: false, trace: null, maxInstructions: Infinity, argv: [] };
  let image = 0;
  for (const argument of args) {
    const [name, value] = argument.split(/=(.*)/s);
    // Past memory and image, all is the kernel's.
    if (image >= 2 || !argument.startsWith('-')) {
      image++;
      own.argv.push(argument);
    } else if (argument === '--stats') {
      own.stats = true;
    } else if (name === '--trace' && value) {
      own.trace = value;
    } else if (name === '--max-instructions' && value !== undefined) {
      if (!/^[1-9]\d{0,15}$/.test(value)) return `--max-instructions wants a positive number, not “${value}”`;
      own.maxInstructions = Number(value);
    } else {
      own.argv.push(argument);
    }
  }
  return own;
}

/** Instructions between two looks at the outside world. */
const SLICE = 5_000_000;

/**
 * Runs `lguest` with its arguments (without program name) until the Guest ends. Never throws for what the arguments, the
 * files or the Guest do; each ends in one sentence on standard error and a {@link STATUS}.
 */
export function runCommand(args: readonly string[], host: CommandHost): number {
  const own = parse(args);
  if (typeof own === 'string') {
    host.stderr(`lguest: ${own}\n`);
    return STATUS.bad;
  }
  if (args.length === 0 || args.includes('--help')) {
    host.stderr(`Usage: lguest [--verbose] [--initrd=<filename>] <mem-in-mb> <image> [args...]\n${OWN_OPTIONS}`);
    return STATUS.bad;
  }
  let trace: { write(text: string): void; close(): void } | null = null;
  try {
    trace = own.trace === null ? null : host.createFile(own.trace);
  } catch (error) {
    host.stderr(`lguest: ${own.trace}: cannot be written: ${error instanceof Error ? error.message : String(error)}\n`);
    return STATUS.bad;
  }
  let reason = '';
  const world = World.create({
    argv: own.argv,
    files: (path) => host.readFile(path),
    onEvent: (event: WorldEvent) => {
      trace?.write(`${JSON.stringify(event)}\n`);
      if (event.kind === 'death') reason = event.reason;
      show(event, host);
    },
    keepEvents: false,
  });
  const status = runToEnd(world, own.maxInstructions, host);
  if (status === STATUS.death && world.statistics().hypercalls.LGUEST_INIT === undefined) explainStillborn(own.argv, reason, host);
  if (own.stats) host.stderr(`${JSON.stringify(world.statistics())}\n`);
  trace?.close();
  return status;
}

/** Tells what the file and the way it died tell of a kernel that never said hello. */
function explainStillborn(argv: readonly string[], reason: string, host: CommandHost): void {
  const image = host.readFile(argv.filter((argument) => !argument.startsWith('-'))[1] ?? '');
  const diagnosis = image && diagnoseKernel(image);
  const told = diagnosis?.guest === 'no' ? diagnosis.findings : [explainEarlyDeath(reason)];
  for (const sentence of told) if (sentence !== null) host.stderr(`lguest: ${sentence}\n`);
}

function runToEnd(world: World, most: number, host: CommandHost): number {
  for (;;) {
    const left = most - world.instructions;
    if (left <= 0) {
      host.stderr(`lguest: stopped after ${world.instructions} instructions, as asked\n`);
      return STATUS.outOfInstructions;
    }
    const stop = world.run(Math.min(SLICE, left));
    if (stop.reason === 'exited') return stop.status;
    if (stop.reason === 'panicked') {
      host.stderr(`lguest: the Host gave up: ${stop.message}\n`);
      return STATUS.death;
    }
    if (stop.reason === 'idle') {
      host.stderr('lguest: the Guest waits for something that will never come: no timer, no device, no key\n');
      return STATUS.death;
    }
  }
}

function show(event: HostEvent, host: CommandHost): void {
  if (event.kind !== 'console') return;
  if (event.fd === 1) host.stdout(Uint8Array.from(event.text, (char) => char.charCodeAt(0)));
  else host.stderr(new TextDecoder().decode(Uint8Array.from(event.text, (char) => char.charCodeAt(0))));
}
