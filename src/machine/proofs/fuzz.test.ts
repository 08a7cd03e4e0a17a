import { describe, expect, test } from 'vitest';
import { Machine } from '../machine.ts';
import { boot, generator, operand, program, violations } from './fuzzing.ts';

/**
 * Random bytes and random instructions as code, in rings 0, 1 and 3: no JavaScript exception, every run ends, and no state is reached that the
 * architecture does not have. `LGUEST_FUZZ=n` runs n times as many.
 */

const TIMES = Number(process.env['LGUEST_FUZZ'] ?? 1);
const PROGRAMS = 250 * TIMES;
const INSTRUCTIONS = 1500;

const machine = new Machine({ ramBytes: 1 << 20 });
const clean = machine.save();

function run(seed: number, ring: number, noise: boolean): { instructions: number; traps: number } {
  const next = generator(seed * 3 + ring);
  const options = { ring, handlers: next(4) !== 0, paging: next(4) !== 0 };
  const code = noise ? Uint8Array.from({ length: 500 }, () => next(256)) : program(next);
  machine.restore(clean);
  let traps = 0;
  machine.setInterruptLine(null);
  machine.onTrap = null;
  boot(machine, code, options, next);
  machine.onTrap = () => {
    traps++;
  };
  const before = machine.cpu.instructions;
  const told = `seed ${seed} in ring ${ring}`;
  for (let part = 0; part < 5; part++) {
    if (next(3) === 0) machine.setInterruptLine(32 + next(16));
    machine.onInterruptTaken = () => machine.setInterruptLine(null);
    let reason: string;
    try {
      ({ reason } = machine.run(before + ((part + 1) * INSTRUCTIONS) / 5));
    } catch (thrown) {
      throw new Error(`${told}: at ${machine.cpu.eip.toString(16)}: ${String(thrown)}`, { cause: thrown });
    }
    // Fresh operands, so that the program finds memory again.
    for (const n of [0, 1, 2, 3, 5, 6, 7]) if (next(2) === 0) machine.cpu.setGpr(n, operand(next));
    const wrong = violations(machine);
    if (wrong.length > 0) expect([told, wrong]).toEqual([told, []]);
    if (reason !== 'limit' && reason !== 'halt') break;
    if (reason === 'halt' && next(2) === 0) machine.resume();
  }
  return { instructions: machine.cpu.instructions - before, traps };
}

let total = 0;

describe.each([0, 1, 3])('ring %i', (ring) => {
  test.each([
    ['instructions', false],
    ['bytes', true],
  ] as const)(
    'random %s',
    (_what, noise) => {
      let instructions = 0;
      let traps = 0;
      for (let seed = 0; seed < PROGRAMS; seed++) {
        const done = run(seed, ring, noise);
        instructions += done.instructions;
        traps += done.traps;
      }
      total += instructions + traps;
      // The programs do something: most do not die of their first instruction.
      expect(instructions).toBeGreaterThan(PROGRAMS * 2);
      expect(traps).toBeGreaterThan(PROGRAMS / 4);
      if (process.env['LGUEST_FUZZ'] !== undefined)
        console.log(`ring ${ring}: ${instructions} instructions, ${traps} exceptions and interrupts`);
    },
    60_000 * TIMES,
  );
});

test('a million and more in all, of instructions and of exceptions', () => {
  expect(total).toBeGreaterThan(1_000_000 * TIMES);
});
