/** A program of a scene's on the bare machine: no Host, no Launcher, no Guest; one image in ring 0, as `lguest-machine` runs it. */
import { ImageError, loadMultiboot, makeDevices, readPort, STATUS_IMAGE, STATUS_SHUTDOWN, writePort } from '#bare';
import type { BareDevices } from '#bare';
import { Machine } from '#machine';
import { clts, createMm, current, currentTask, PAGE_SIZE, sysExit } from '#hostos';
import type { HostEvent, Kernel, Mm } from '#hostos';
import type { LguestProgram } from '../program.ts';
import type { SceneBundle } from './scene.ts';

/** Its task among the programs, and its variables among the modules'. */
const BARE = 'bare';

/** What it remembers. */
interface BareData {
  readonly devices: BareDevices;
  /** All of the machine's memory, each page where it is: there the code map finds the lines. */
  readonly mm: Mm;
  /** Why the image is none for this machine; empty where it is. */
  readonly fault: string;
}

const dataOf = ({ data }: Kernel): BareData => data.modules[BARE] as BareData;

/** What a scene's world runs: the lguest that it is given, or a program on the bare machine in its place. */
export function sceneProgram({ scene }: SceneBundle, lguest: LguestProgram): LguestProgram {
  return scene.bare === true ? bareProgram(lguest) : lguest;
}

/**
 * What a world runs in place of lguest: the same Host starts it, as the one task that it has, and never runs again. So a bare program is stepped, watched and taken back as a Guest is.
 * @param book lends the Host's beginnings and the counters of its lines, of which none will run
 */
function bareProgram(book: LguestProgram): LguestProgram {
  return {
    ...book,
    bare: true,
    switcher: { base: 0, text: new Uint8Array(), symbols: {}, lines: [] },
    hypercalls: {},
    requests: {},
    LAUNCHER: BARE,
    install(kernel) {
      kernel.code.programs.set(BARE, step);
      const devices = (): BareDevices => dataOf(kernel).devices;
      kernel.machine.ports = {
        in: (port, size) => readPort(devices(), port, size),
        out(port, _size, value) {
          writePort(devices(), port, value);
          const { printed, exited } = devices();
          if (printed.length > 0) print(kernel, String.fromCharCode(...printed.splice(0)));
          if (exited) kernel.machine.stop();
        },
      };
    },
    init: () => 0,
    fini: () => undefined,
    newLauncher: load,
    guests: (kernel) => [{ tty: 0, mm: dataOf(kernel).mm, guestBase: 0, guestLimit: kernel.data.ramBytes, devices: [], cpu: null }],
    realTables: () => null,
    switcherPages: () => [],
  };
}

function print(kernel: Kernel, text: string): void {
  kernel.emit<HostEvent>({ kind: 'console', text, fd: 1, tty: 0 });
  // The processor is in the middle of its run: where somebody wants to stop at what it has just said, it ends here, and not where its slice would.
  if (kernel.halt < Infinity) kernel.machine.stop();
}

/** The machine as after a reset, with the image in it. @param argv of the Launcher that is not there: memory, image */
function load([, path]: readonly string[]): null {
  const { machine, data } = current;
  machine.restore(new Machine({ ramBytes: data.ramBytes, translate: false }).save());
  const node = data.nodes[path];
  let fault = '';
  try {
    loadMultiboot(machine, node.kind === 'regular' ? node.bytes : new Uint8Array(), '');
  } catch (thrown) {
    if (!(thrown instanceof ImageError)) throw thrown;
    fault = thrown.message;
  }
  const frames = Uint32Array.from({ length: data.ramBytes / PAGE_SIZE }, (_, frame) => frame);
  const mm: Mm = { ...createMm(), areas: [{ start: 0, end: data.ramBytes, frames }] };
  data.modules[BARE] = { devices: makeDevices(), mm, fault } satisfies BareData;
  return null;
}

/** Lets the processor run, to the end of the time slice or its own. */
function step(): void {
  const { machine, data } = current;
  const { devices, fault } = dataOf(current);
  if (fault !== '') {
    print(current, `${fault}\n`);
    sysExit(STATUS_IMAGE);
    return;
  }
  // Whoever begins finds the FPU free.
  if (!data.tasks.entered) clts();
  data.tasks.entered = true;
  const { instructions } = machine.cpu;
  current.onProcessor?.(true);
  const { reason } = machine.run(current.limit);
  if (machine.cpu.instructions !== instructions) current.onMove?.(false);
  if (reason === 'limit' || (reason === 'stop' && !devices.exited)) {
    if (reason === 'stop') current.halt = Math.min(current.halt, machine.cpu.instructions);
    current.onProcessor?.(false);
    return;
  }
  if (reason === 'shutdown') print(current, 'A triple fault: the processor gave up.\n');
  currentTask().data = null;
  sysExit(reason === 'shutdown' ? STATUS_SHUTDOWN : devices.value & 0xff);
}
