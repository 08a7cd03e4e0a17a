import { describe, expect, test } from 'vitest';
import { boot, generator, program } from '../proofs/fuzzing.ts';
import { Machine } from '../machine.ts';
import { PageStore } from './page_store.ts';
import type { MachineCheckpoint } from './snapshot.ts';

const page = (value: number): Uint32Array => new Uint32Array(1024).fill(value);

describe('a store of pages', () => {
  test('keeps equal neighbours once, zeros for nothing, and frees what nobody holds', () => {
    const store = new PageStore();
    expect(store.hold(page(0), 0, 0)).toBe(0);
    const first = store.hold(page(7), 0, 0);
    expect(store.hold(page(7), 0, first)).toBe(first);
    const changed = page(7);
    changed[1023] = 8;
    const second = store.hold(changed, 0, first);
    expect(second).not.toBe(first);
    expect(store.bytes).toBe(2 * 4096);
    expect([...store.contents(second).subarray(1022)]).toEqual([7, 8]);
    store.release(Uint32Array.of(0, first, second));
    expect(store.bytes).toBe(4096);
    store.release(Uint32Array.of(first));
    expect(store.bytes).toBe(0);
    expect(store.hold(page(0), 0, second)).toBe(0);
  });

  test('grows beyond a slab', () => {
    const store = new PageStore();
    const slots = Array.from({ length: 600 }, (_, i) => store.hold(page(i + 1), 0, 0));
    expect(new Set(slots).size).toBe(600);
    slots.forEach((slot, i) => expect(store.contents(slot)[500]).toBe(i + 1));
  });
});

describe('checkpoints of a machine', () => {
  test.each([1, 2, 3, 4, 5, 6])('random code, seed %i: forth and back between them, each the same again and going on the same', (seed) => {
    const next = generator(seed);
    const machine = new Machine({ ramBytes: 1 << 20, translate: seed % 2 === 0 });
    boot(machine, program(next), { ring: [0, 1, 3][seed % 3], handlers: true, paging: true }, next);
    const store = new PageStore();
    const marks: { at: number; hash: string; mark: MachineCheckpoint }[] = [];
    for (let i = 0; i < 6; i++) {
      machine.run(machine.cpu.instructions + 1 + next(3000));
      marks.push({ at: machine.cpu.instructions, hash: machine.stateHash(), mark: machine.checkpoint(store, marks.at(-1)?.mark ?? null) });
    }
    for (let i = 0; i < 12; i++) {
      const from = next(5);
      machine.goTo(store, marks[from].mark);
      expect(machine.stateHash()).toBe(marks[from].hash);
      machine.run(marks[from + 1].at);
      expect([machine.cpu.instructions, machine.stateHash()]).toEqual([marks[from + 1].at, marks[from + 1].hash]);
    }
    for (const { mark } of marks) store.release(mark.slots);
    expect(store.bytes).toBe(0);
  });
});
