import type { Machine } from '#machine';
import { BOOT_FRAMES, layOut } from './boot.ts';
import type { CodeImage } from './boot.ts';
import { createDisks } from './disk.ts';
import { createFrames } from './frames.ts';
import { createTime } from './hrtimer.ts';
import { switchKernel } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { addBridge, createNet, tunInit } from './net/index.ts';
import { createRandom } from './random.ts';
import { createTasks } from './tasks.ts';
import { createTerminal } from './terminal.ts';
import type { OutsideRequest } from './outside.ts';
import type { ModuleEvent } from './events.ts';
import { createFpu, startProcessor } from './processor.ts';
import { createCode } from './operations.ts';

/** What a Host is made of. */
export interface KernelOptions {
  machine: Machine;
  /** Bytes of physical memory the machine was made with. */
  ramBytes: number;
  /** host_entry.S. */
  entry: CodeImage;
  /** Seed of all randomness. Default 1. */
  seed?: number;
  /** Wall clock at the start, seconds since 1970. Default: the evening Linux 2.6.25 came out. */
  epoch?: number;
  /** Terminals, one for each Launcher: true for a real one, false for a pair of pipes. Default: one real terminal. */
  terminals?: readonly boolean[];
  /** Wires that the outside offers to network interfaces. Default: none. */
  wires?: readonly string[] | undefined;
  /** Bridges that are there from the start. Default: none. */
  bridges?: readonly string[] | undefined;
  /** Takes the events, the Host's own and those of the modules that will be in it: whoever loads them knows which. */
  emit(this: void, event: ModuleEvent): void;
  /** Takes what the Host wants of the outside. Absent: nobody is there. */
  request?: (request: OutsideRequest) => void;
}

/** 17 April 2008, 02:49:44 UTC, the time stamp of the release. */
const RELEASE_OF_2_6_25 = 1208400584;

/** Starts a Host: lays out its memory and puts the processor to rest in it, ready for its first program. It is the current one. */
export function createKernel({
  machine,
  ramBytes,
  entry,
  seed = 1,
  epoch = RELEASE_OF_2_6_25,
  terminals = [true],
  wires,
  bridges = [],
  emit,
  request,
}: KernelOptions): Kernel {
  const boot = layOut(machine, entry);
  startProcessor(machine, boot);
  const kernel: Kernel = {
    machine,
    emit,
    request,
    asked: 0,
    halt: Infinity,
    limit: 0,
    code: createCode(),
    data: {
      ramBytes,
      boot,
      frames: createFrames(ramBytes, BOOT_FRAMES.firstFree, BOOT_FRAMES.zeroPage),
      time: createTime(epoch),
      tasks: createTasks(),
      nodes: {},
      terminals: terminals.map((isTty) => createTerminal(isTty)),
      disks: createDisks(),
      net: createNet(wires),
      random: createRandom(seed),
      fpu: createFpu(),
      modules: {},
    },
  };
  machine.onInterruptTaken = () => {
    kernel.data.time.raised = false;
    machine.setInterruptLine(null);
  };
  switchKernel(kernel);
  tunInit();
  bridges.forEach(addBridge);
  return kernel;
}
