import { describe, expect, test } from 'vitest';
import { boot, generator, program } from '../proofs/fuzzing.ts';
import { Machine } from '../machine.ts';
import { workloadMachine } from '../proofs/workloads.ts';

/** The short ways in WebAssembly against the long ones in TypeScript: same states, counts, traps and translations. `LGUEST_FUZZ=n` runs n times as many programs. */

const TIMES = Number(process.env['LGUEST_FUZZ'] ?? 1);

/** Everything that may differ. */
function watch(machine: Machine): () => unknown {
  const events: string[] = [];
  machine.onTrap = (vector, error, kind) => {
    if (kind !== 'software') events.push(`${machine.cpu.instructions} ${kind} ${vector} ${error} at ${machine.cpu.eip.toString(16)}`);
  };
  machine.hearsSoftware = false;
  return () => ({
    instructions: machine.cpu.instructions,
    eip: machine.cpu.eip.toString(16),
    hash: machine.stateHash(),
    events: events.splice(0),
    translations: [...machine.save().translations],
  });
}

/** Runs the machines side by side. */
function compare(told: string, machines: readonly Machine[], limit: number, piece: number): void {
  const views = machines.map(watch);
  for (let at = piece; at <= limit; at += piece) {
    const reasons = machines.map((machine) => machine.run(at).reason);
    const [a, b] = views.map((view) => view());
    expect({ told, at, reason: reasons[1], ...(b as object) }).toEqual({ told, at, reason: reasons[0], ...(a as object) });
    if (reasons[0] !== 'limit') return;
  }
}

describe('workloads', () => {
  test.each(['pgflush', 'pgmap', 'pgfault', 'trap', 'ring', 'nbody', 'mandel'])('%s', (name) => {
    const machines = [false, true].map((short) => workloadMachine(name, { ramBytes: 64 << 20, short }));
    compare(name, machines, 600_000, 200_000);
  });
});

describe('random programs', () => {
  const machines = [false, true].map((short) => new Machine({ ramBytes: 1 << 20, short }));
  const clean = machines[0].save();
  test.each([1, 2, 3])(
    'of every form, in every ring, %i',
    (part) => {
      for (let n = 0; n < 60 * TIMES; n++) {
        const seed = part * 100_000 + n;
        const next = generator(seed);
        const code = program(next);
        const options = { ring: [0, 1, 3][next(3)], handlers: next(6) !== 0, paging: next(4) !== 0 };
        for (const machine of machines) {
          machine.restore(clean);
          boot(machine, code, options, generator(seed + 1));
        }
        compare(`seed ${seed}`, machines, 3000, 500);
      }
    },
    120_000 * TIMES,
  );
});
