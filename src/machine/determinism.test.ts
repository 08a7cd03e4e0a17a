import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Machine } from './machine.ts';
import { makeDevices, readPort, writePort } from '#bare';
import { loadMultiboot } from '#bare';
import { boot, generator, program } from './proofs/fuzzing.ts';

/** The same start gives the same run: however it is cut into budgets, from a snapshot, in another machine, with other code in its caches. */

const image = new Uint8Array(readFileSync(new URL('../bench/image/bench.elf', import.meta.url)));

interface Bare {
  machine: Machine;
  printed: () => string;
}

function workload(name: string): Bare {
  const machine = new Machine({ ramBytes: 64 << 20 });
  loadMultiboot(machine, image, `w=${name} reps=1 d=20 out=e9 exit=f4`);
  return attach(machine);
}

function attach(machine: Machine): Bare {
  const devices = makeDevices();
  machine.ports = {
    in: (port, size) => readPort(devices, port, size),
    out(port, _size, value) {
      writePort(devices, port, value);
      if (devices.exited) machine.stop();
    },
  };
  return { machine, printed: () => String.fromCharCode(...devices.printed) };
}

/** Runs to a count in random pieces, from single instructions to many thousands. */
function runCut(machine: Machine, limit: number, next: (below: number) => number): void {
  while (machine.cpu.instructions < limit) {
    const before = machine.cpu.instructions;
    const budget = Math.min(limit, before + 1 + next([1, 3, 40, 1000, 50_000, 200_000][next(6)]));
    if (machine.run(budget).reason !== 'limit') return;
    if (machine.cpu.instructions !== budget) throw new Error(`asked for ${budget}, got ${machine.cpu.instructions}`);
  }
}

type Sizes = Record<string, { checksum: string; instructions: number; first?: number }>;
/** All eighteen, and what each is known to count and compute (bench/README.md). */
const EXPECTED = JSON.parse(readFileSync(new URL('../bench/expected.json', import.meta.url), 'utf8')) as Record<string, Sizes>;
const NAMES = Object.keys(EXPECTED);
const SLICE = 700_000;

describe('workloads', () => {
  test.each(NAMES)('%s: whole, cut, and from a snapshot in a machine of its own', (name) => {
    const whole = workload(name);
    const next = generator(name.length * 7919 + name.charCodeAt(2));
    whole.machine.run(SLICE);
    const { instructions } = whole.machine.cpu;
    const hash = whole.machine.stateHash();
    const printed = whole.printed();

    const cut = workload(name);
    const middle = Math.floor(instructions * (0.2 + next(600) / 1000));
    runCut(cut.machine, middle, next);
    const saved = structuredClone(cut.machine.save());
    const half = cut.machine.stateHash();
    runCut(cut.machine, SLICE, next);
    expect([cut.machine.cpu.instructions, cut.machine.stateHash(), cut.printed()]).toEqual([instructions, hash, printed]);

    const fresh = attach(new Machine({ ramBytes: 64 << 20 }));
    fresh.machine.restore(saved);
    expect(fresh.machine.stateHash()).toBe(half);
    fresh.machine.run(SLICE);
    expect([fresh.machine.cpu.instructions, fresh.machine.stateHash()]).toEqual([instructions, hash]);

    // Back in the machine that has run past it, with its blocks and translations.
    // Its devices have seen the program's end.
    attach(cut.machine);
    cut.machine.restore(saved);
    runCut(cut.machine, SLICE, next);
    expect([cut.machine.cpu.instructions, cut.machine.stateHash()]).toEqual([instructions, hash]);
  });
});

test('all workloads, run to their end in random pieces, with a snapshot in the middle: exact counts and checksums', () => {
  const next = generator(99);
  const { machine, printed } = workload('all');
  const halfway = 60e6;
  const run = (until: number): void => {
    // Large pieces mostly: a small one costs as much.
    while (
      machine.cpu.instructions < until &&
      machine.run(Math.min(until, machine.cpu.instructions + 1 + next([3, 1000, 100_000, 3e6, 3e6, 3e6][next(6)]))).reason === 'limit'
    );
  };
  run(halfway);
  const saved = machine.save();
  machine.run(halfway + 1e6);
  machine.restore(saved);
  run(Infinity);
  const counts = Object.fromEntries(
    [...printed().matchAll(/^@rep (\w+) 0 ck=(\w+) tsc=(\w+)/gm)].map(([, name, checksum, tsc]) => [
      name,
      { checksum, instructions: parseInt(tsc, 16) },
    ]),
  );
  expect(counts).toEqual(
    Object.fromEntries(
      NAMES.map((name) => {
        const { checksum, instructions, first = instructions } = EXPECTED[name]['d=20'];
        return [name, { checksum, instructions: first }];
      }),
    ),
  );
}, 300_000);

describe('random programs', () => {
  const whole = new Machine({ ramBytes: 1 << 20 });
  const cut = new Machine({ ramBytes: 1 << 20 });
  const clean = whole.save();
  test.each([0, 1, 2, 3, 4, 5, 6, 7])('seed %i: fifty programs, whole, cut and interrupted by a snapshot', (seed) => {
    const next = generator(seed + 1);
    for (let n = 0; n < 50; n++) {
      const code = program(next);
      const options = { ring: [0, 1, 3][next(3)], handlers: next(3) !== 0, paging: next(4) !== 0 };
      for (const machine of [whole, cut]) {
        machine.restore(clean);
        boot(machine, code, options);
      }
      const LIMIT = 2000;
      const exit = whole.run(LIMIT);
      const middle = next(LIMIT);
      runCut(cut, middle, next);
      const saved = cut.save();
      let at = cut.run(LIMIT);
      const shown = (machine: Machine): unknown => ({
        seed,
        n,
        instructions: machine.cpu.instructions,
        eip: machine.cpu.eip,
        hash: machine.stateHash(),
      });
      expect({ ...(shown(cut) as object), exit: at }).toEqual({ ...(shown(whole) as object), exit });
      cut.restore(saved);
      at = cut.run(LIMIT);
      expect({ ...(shown(cut) as object), exit: at }).toEqual({ ...(shown(whole) as object), exit });
    }
  });
});
