/** One hostile Guest on a whole Host with a real Launcher: a life that is data, what it reached, and what it broke. */
import { switchKernel } from '#hostos';
import type { Kernel } from '#hostos';
import type { Lguest } from '#tangled/host/lg.ts';
import type { LguestProgram, OutsideInput, World } from '#world';
import { base, program } from '../../../../scripts/lib/bundles.mjs';
import { checkInvariants, watch } from '../invariants.ts';
import { bytesOf, compile } from './code.ts';
import type { Act, Dialect } from './code.ts';

/** A Guest, its Launcher's command, and what comes from outside. Whatever is left out is as it should be. */
export interface Life {
  acts: Act[];
  dialect?: Dialect;
  /** Options of the Launcher, before the memory: `disk` and `net` add a device, anything else is said as it is. */
  options?: string[];
  /** Megabytes, as they are said. Default `2`. */
  memory?: string;
  /** Kernel arguments. */
  args?: string[];
  /** A bzImage instead of an ELF file. */
  wrap?: boolean;
  /** Bytes of the image that are different: offset, value. */
  edits?: [number, number][];
  /** The image ends here. */
  cut?: number | undefined;
  /** Bytes of an initial RAM disk. */
  initrd?: number | undefined;
  /** Pages the Host has left. */
  hostPages?: number | undefined;
  /** One after the other, whenever the Guest has run for a while, or waits: keys, a frame (hexadecimal), the end of all keys, an error of the disk. */
  outside?: (['keys', string] | ['frame', string] | ['end'] | ['disk-error'])[];
}

export interface Outcome {
  /** Lines of the chapters that ran, TypeScript and Switcher: `docs/host/core.mdx:12`. */
  lines: Set<string>;
  /** `exit 1`, `limit`, `idle` … */
  end: string;
  /** What must not have happened; null: nothing. */
  broken: string | null;
  console: string;
}

const DISK_BYTES = 8 * 512;
const SLICE = 4000;
const SLICES = 24;
/** Steps of the Host's programs in a slice: more, without an instruction of the Guest, and somebody runs in circles. */
const STEPS = 4000;
/** Sizes of descriptors: disk, network, console. */
const DESCRIPTOR = { disk: 31, net: 29, console: 21 } as const;

/** Lines that are counted in the Host's and the Launcher's TypeScript: what there is to be reached. */
export const PLACES: readonly string[] = [
  ...new Set(
    program.lines.positions
      .map(({ source, line }) => `${source}:${line}`)
      .filter((place) => /^docs\/(host|launcher|preparation)\//.test(place)),
  ),
];

function imageOf(life: Life): Uint8Array {
  const megabytes = Number(life.memory ?? '2');
  const memory = (megabytes >= 2 && megabytes <= 16 ? megabytes : 2) * 2 ** 20;
  const names = [...(life.options ?? []).filter((name) => name === 'disk' || name === 'net'), 'console'] as (keyof typeof DESCRIPTOR)[];
  const devices: number[] = [];
  let at = memory;
  for (const name of names) {
    devices.push(at);
    at += DESCRIPTOR[name];
  }
  let file = compile(life.acts, { dialect: life.dialect ?? 25, memory, devices });
  if (life.wrap) file = bzImage(file.subarray(84));
  for (const [offset, value] of life.edits ?? []) if (offset < file.length) file[offset] = value;
  return life.cut === undefined ? file : file.slice(0, life.cut);
}

/** Two boot sectors, then the kernel for 1 MB. */
function bzImage(kernel: Uint8Array): Uint8Array {
  const file = new Uint8Array(1024 + kernel.length);
  const words = new DataView(file.buffer);
  file[0x1f1] = 1;
  file.set(new TextEncoder().encode('HdrS'), 0x202);
  words.setUint32(0x214, 0x100000, true);
  file.set(kernel, 1024);
  return file;
}

function argumentsOf({ options = [], memory = '2', args = [], initrd }: Life): string[] {
  const own = options.map((option) => (option === 'disk' ? '--block=disk' : option === 'net' ? '--tunnet=user' : option));
  return [...own, ...(initrd === undefined ? [] : ['--initrd=initrd']), memory, 'image', ...args];
}

/** Lives it. */
export function live(life: Life, seed = 1): Outcome {
  let kernel: Kernel | null = null;
  let free = 0;
  const watched: LguestProgram = {
    ...program,
    install(own) {
      kernel = own;
      free = own.data.frames.freeCount;
      program.install(own);
    },
  };
  const image = imageOf(life);
  const outcome: Outcome = { lines: new Set(), end: '', broken: null, console: '' };
  const disk = new base.MemoryDisk('disk', new Uint8Array(DISK_BYTES).fill(0x64));
  try {
    const world = base.World.create({
      program: watched,
      argv: argumentsOf(life),
      files: (path) => (path === 'image' ? image : path === 'initrd' ? new Uint8Array(life.initrd ?? 0).fill(0x69) : undefined),
      disks: (path) => (path === 'disk' ? { length: DISK_BYTES } : undefined),
      wires: ['user'],
      hostPages: life.hostPages,
      keepEvents: false,
      keepInputs: false,
      seed,
    });
    outcome.end = run(world, kernel!, life, disk, free);
    outcome.console = world.takeConsole();
    for (const { source, line } of world.takeLineHits()) outcome.lines.add(`${source}:${line}`);
  } catch (error) {
    outcome.broken = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
  }
  if (outcome.end.startsWith('broken')) outcome.broken = outcome.end;
  return outcome;
}

function run(world: World, kernel: Kernel, life: Life, disk: InstanceType<typeof base.MemoryDisk>, atFirst: number): string {
  const outside = [...(life.outside ?? [])];
  const free = kernel.data.frames.freeCount;
  let failing = false;
  let seen: ReturnType<typeof watch> | null = null;
  let still = 0;
  for (let slice = 0; slice < SLICES; slice++) {
    const before = world.instructions;
    const stop = world.run(SLICE, STEPS);
    if (stop.reason === 'panicked') return /cannot start on this Host/.test(stop.message) ? 'no start' : `broken: ${stop.message}`;
    still = world.instructions === before && stop.reason === 'limit' ? still + 1 : 0;
    if (still > 8) return 'broken: the Host’s programs run in circles';
    switchKernel(kernel);
    seen ??= watch();
    const guest = guestOf(kernel);
    if (guest !== null) checkInvariants(seen, guest, slice % 4 === 0);
    if (stop.reason === 'exited') {
      if (kernel.data.frames.freeCount !== free) return `broken: ${free - kernel.data.frames.freeCount} pages lost`;
      world.unload();
      if (kernel.data.frames.freeCount !== atFirst) return `broken: ${atFirst - kernel.data.frames.freeCount} pages lost with the module`;
      return `exit ${stop.status}`;
    }
    let answered = false;
    for (const request of world.takeRequests()) {
      const answer = disk.answer(request);
      if (answer === null) continue;
      answered = true;
      world.input(failing && 'id' in answer ? { kind: 'disk-error', path: 'disk', id: answer.id, error: 5 } : answer);
    }
    const next = outside.shift();
    if (next?.[0] === 'disk-error') failing = true;
    else if (next !== undefined) world.input(inputOf(next));
    else if (stop.reason === 'idle' && !answered) return 'idle';
  }
  return 'limit';
}

function inputOf(input: ['keys', string] | ['frame', string] | ['end']): OutsideInput {
  if (input[0] === 'keys') return { kind: 'keys', tty: 0, bytes: new TextEncoder().encode(input[1]) };
  if (input[0] === 'end') return { kind: 'end-of-keys', tty: 0 };
  return { kind: 'frame', interface: 'tap0', bytes: Uint8Array.from(bytesOf(input[1])) };
}

/** The Guest, as the invariants want it. Null: there is none yet, or no more. */
function guestOf({ data: { tasks } }: Kernel): Parameters<typeof checkInvariants>[1] | null {
  for (const task of tasks.all) {
    const file = task.files?.fds.find((one) => one?.ops === 'lguest' && one.privateData !== null);
    if (task.program !== program.LAUNCHER || task.mm === null || !file) continue;
    const lg = file.privateData as Lguest;
    return { lg, cpu: lg.cpus[0], task, mm: task.mm, fd: 0 };
  }
  return null;
}
