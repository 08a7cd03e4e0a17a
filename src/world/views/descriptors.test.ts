/** Segments, descriptors and gates, against the processor itself: each vector is raised, by the interrupt line and by an instruction, and leads where the view says. */
import { describe, expect, test } from 'vitest';
import type { Kernel } from '#hostos';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { GateView, World as AnyWorld } from '../index.ts';

const IF = 0x200;
const SWITCHER = 0xffc00000;

/** A world that is in its Guest after so many instructions or a little later, and the kernel that it runs on. */
function inGuest(name: string, after: number, ring: 1 | 3): { world: AnyWorld; kernel: Kernel } {
  const bundle = sceneBundles().find((one) => one.name === name);
  if (bundle === undefined) throw new Error(`no scene ${name}`);
  let kernel: Kernel | null = null;
  const install = (own: Kernel): void => {
    kernel = own;
    program.install(own);
  };
  const world = base.World.fromScene(bundle, { program: { ...program, install } });
  world.run(after);
  for (let n = 0; n < 1000 && world.look(['registers']).registers?.cpl !== ring; n++) world.run(1);
  if (world.look(['registers']).registers?.cpl !== ring) throw new Error(`no Guest in ring ${ring}`);
  if (kernel === null) throw new Error('no kernel');
  return { world, kernel };
}

const gatesOf = (world: AnyWorld): readonly GateView[] => world.look(['descriptors']).descriptors?.guests[0].gates ?? [];

describe.each([
  ['traps', 2000, 1],
  ['segments', 700, 1],
  ['page_tables', 4350, 3],
  ['interrupts', 3000, 1],
] as const)('%s, after %i instructions, in ring %i', (name, after, ring) => {
  const { world, kernel } = inGuest(name, after, ring);
  const { machine } = kernel;
  const gates = gatesOf(world);
  const here = world.checkpoint(null);

  test('the interrupt line: each vector goes where its gate leads, past whom the view says', () => {
    const wrong: unknown[] = [];
    for (const { index, route, real } of gates) {
      world.goTo(here);
      machine.cpu.eflags |= IF;
      machine.setInterruptLine(index);
      machine.run(machine.cpu.instructions + 1, 1);
      machine.setInterruptLine(null);
      const { cpl, eip } = machine.cpu;
      const offset = ((real[1] & 0xffff0000) | (real[0] & 0xffff)) >>> 0;
      const led = cpl === 1 ? 'straight' : cpl === 0 && eip >= SWITCHER ? 'to the Host' : 'astray';
      if (eip !== offset || led !== (route === 'straight' ? 'straight' : 'to the Host')) wrong.push([index, route, led, eip]);
    }
    world.goTo(here);
    expect([gates.length, wrong]).toEqual([256, []]);
  });

  test('int n: the rings that may raise a vector are those that the view says', () => {
    const wrong: unknown[] = [];
    const at = machine.physicalOfCode(machine.cpu.eip) ?? 0;
    for (const { index, reach } of gates) {
      world.goTo(here);
      machine.ram.write8(at, 0xcd);
      machine.ram.write8(at + 1, index);
      const heard: (readonly [number, number])[] = [];
      machine.onTrap = (vector, error) => void heard.push([vector, error]);
      machine.run(machine.cpu.instructions + 1, 1);
      machine.onTrap = null;
      const refused = heard.some(([vector, error]) => vector === 13 && error === index * 8 + 2);
      if (refused !== reach < ring) wrong.push([index, reach, heard]);
    }
    world.goTo(here);
    expect(wrong).toEqual([]);
  });

  test('what the Guest has asked for is reflected, or taken straight, and nothing else is', () => {
    for (const { route, asked } of gates) expect(route === 'host').toBe((asked[1] & 0x8000) === 0);
  });

  test('the hidden parts are those of the descriptors, as long as nobody has changed them', () => {
    const view = world.look(['descriptors']).descriptors;
    const cs = view?.segments.find((segment) => segment.name === 'cs');
    const [low, high] = view?.guests[0].descriptors[(cs?.selector ?? 0) >>> 3].real ?? [0, 0];
    expect([cs?.base, cs?.attributes]).toEqual([((low >>> 16) | ((high & 0xff) << 16) | (high & 0xff000000)) >>> 0, (high >>> 8) & 0xf0ff]);
    expect(view?.gdtr.limit).toBe(255);
    expect(view?.idtr.limit).toBe(2047);
  });
});

test('they are there before the Guest, at its end as it left them, and go back with the run', () => {
  const bundle = sceneBundles().find(({ name }) => name === 'page_tables');
  if (bundle === undefined) throw new Error('no such scene');
  const world = base.World.fromScene(bundle, { program });
  expect(world.look(['descriptors']).descriptors?.guests).toEqual([]);
  world.run(2000);
  const there = world.checkpoint(null);
  const before = world.look(['descriptors']);
  world.run(bundle.scene.instructions);
  expect(world.look(['descriptors']).descriptors?.guests.map(({ ended }) => ended)).toEqual([true]);
  world.goTo(there);
  expect(world.look(['descriptors'])).toEqual(before);
});
