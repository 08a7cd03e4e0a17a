import type { Machine } from '#machine';
import { createCode } from '../operations.ts';
import { createDisks } from '../disk.ts';
import { createFrames, PAGE_SIZE } from '../frames.ts';
import { createTime } from '../hrtimer.ts';
import { switchKernel } from '../kernel.ts';
import { createFpu } from '../processor.ts';
import { createRandom } from '../random.ts';
import { createTasks } from '../tasks.ts';
import { createTerminal } from '../terminal.ts';
import { createNet, tunInit } from '../net/index.ts';
import type { HostEvent, ModuleEvent } from '../events.ts';
import type { Kernel } from '../kernel.ts';
import type { OutsideRequest } from '../outside.ts';
import type { BootData } from '../data.ts';

/** A kernel for tests of its own parts: real memory, and a clock to be set by hand in place of a processor. */
export interface TestKernel {
  kernel: Kernel;
  events: HostEvent[];
  requests: OutsideRequest[];
  /** Lets instructions pass. */
  pass(instructions: number): void;
  /** Instructions' worth of time that the processor was told to have passed without it. */
  passed(): number;
}

/** Makes one with so many pages of memory, of which page 1 is the page of zeros, and switches to it. */
export function testKernel(pages = 32): TestKernel {
  const bytes = new Uint8Array(pages * PAGE_SIZE);
  const view = new DataView(bytes.buffer);
  const cpu = { instructions: 0, cr0: 0 };
  let passed = 0;
  const machine = {
    cpu,
    timeStampRate: 1,
    get timeStamp(): number {
      return cpu.instructions + passed;
    },
    passTime: (ticks: number) => {
      passed += ticks;
    },
    ram: {
      bytes,
      read8: (at: number) => view.getUint8(at),
      read32: (at: number) => view.getUint32(at, true),
      write32: (at: number, value: number) => view.setUint32(at, value, true),
      readBytes: (at: number, length: number) => bytes.slice(at, at + length),
      writeBytes: (at: number, from: Uint8Array) => bytes.set(from, at),
      fill: (at: number, length: number, value: number) => bytes.fill(value, at, at + length),
      copy: (to: number, from: number, length: number) => bytes.copyWithin(to, from, from + length),
    },
  };
  const events: HostEvent[] = [];
  const requests: OutsideRequest[] = [];
  const kernel: Kernel = {
    // Only what the parts under test use of a machine.
    machine: machine as unknown as Machine,
    emit: (event) => {
      events.push(event as ModuleEvent as HostEvent);
    },
    request: (request) => {
      requests.push(request);
    },
    asked: 0,
    halt: Infinity,
    limit: Infinity,
    code: createCode(),
    data: {
      ramBytes: bytes.length,
      frames: createFrames(bytes.length, 2, PAGE_SIZE),
      boot: {} as BootData,
      time: createTime(0),
      tasks: createTasks(),
      nodes: {},
      terminals: [createTerminal()],
      disks: createDisks(),
      net: createNet(['user', 'udp:a:b']),
      random: createRandom(1),
      fpu: createFpu(),
      modules: {},
    },
  };
  switchKernel(kernel);
  tunInit();
  return {
    kernel,
    events,
    requests,
    pass: (count) => {
      cpu.instructions += count;
    },
    passed: () => passed,
  };
}
