/** The workloads of src/bench on a bare machine, for tests that compare ways of running them. */
import { readFileSync } from 'node:fs';
import { loadMultiboot, makeDevices, readPort, writePort } from '#bare';
import { Machine, type MachineOptions } from '../machine.ts';

const image = new Uint8Array(readFileSync(new URL('../../bench/image/bench.elf', import.meta.url)));

/** A machine that is about to run one of them, once, and stops when it is done. */
export function workloadMachine(workload: string, options: MachineOptions): Machine {
  const machine = new Machine(options);
  const devices = makeDevices();
  loadMultiboot(machine, image, `w=${workload} reps=1 d=20 out=e9 exit=f4`);
  machine.ports = {
    in: (port, size) => readPort(devices, port, size),
    out(port, _size, value) {
      writePort(devices, port, value);
      if (devices.exited) machine.stop();
    },
  };
  return machine;
}
