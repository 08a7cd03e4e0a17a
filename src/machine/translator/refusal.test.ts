import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { makeDevices, readPort, writePort } from '#bare';
import { Handlers } from '../engine/handlers.ts';
import { Machine } from '../machine.ts';
import { loadMultiboot } from '#bare';
import { UnitModules } from './modules.ts';

/** An engine that takes `modules` more modules and then no further code of the translator's, as a browser does that has seen too much of it. */

const image = new Uint8Array(readFileSync(new URL('../../bench/image/bench.elf', import.meta.url)));

function run(translate: number): { hash: string; instructions: number; said: string; units: number } {
  const machine = new Machine({ ramBytes: 64 << 20, translate });
  const devices = makeDevices();
  let said = '';
  loadMultiboot(machine, image, 'w=sieve reps=1 d=20 out=e9 exit=f4');
  machine.ports = {
    in: (port, size) => readPort(devices, port, size),
    out(port, _size, value) {
      if (port === 0xe9) said += String.fromCharCode(value & 0xff);
      writePort(devices, port, value);
      if (devices.exited) machine.stop();
    },
  };
  machine.run(3_000_000);
  return { hash: machine.stateHash(), instructions: machine.cpu.instructions, said, units: machine.statistics().units };
}

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  ['at once', 0, new RangeError('too much code')],
  ['after one module', 1, new WebAssembly.CompileError('code generation disallowed by embedder')],
])('an engine that refuses further code, %s: the interpreter serves', (_when, modules, refusal) => {
  const want = run(0);
  let translating = false;
  let taken = 0;
  let refused = 0;
  const make = UnitModules.prototype.make;
  const instantiate = Handlers.prototype.instantiate;
  vi.spyOn(UnitModules.prototype, 'make').mockImplementation(function (this: UnitModules, functions) {
    translating = true;
    try {
      make.call(this, functions);
    } finally {
      translating = false;
    }
  });
  vi.spyOn(Handlers.prototype, 'instantiate').mockImplementation(function (this: Handlers, module) {
    if (translating && taken++ >= modules) {
      refused++;
      throw refusal;
    }
    instantiate.call(this, module);
  });
  const got = run(20);
  expect(refused).toBe(1);
  expect({ ...got, units: 0 }).toEqual({ ...want, units: 0 });
  expect(got.units).toBeGreaterThanOrEqual(modules);
  if (modules === 0) expect(got.units).toBe(0);
});
