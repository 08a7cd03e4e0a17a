/**
 * An NMI before every instruction of several crossings: into the Guest, in it and out of it again, in both directions. Whichever lguest it is, the Guest does not notice; with
 * M:011 there is one sample for each, and it is of the very instruction. In
 * the book's there is one place where nothing helps, the one between the Guest's segments and the Guest's gates: it is known, and told of.
 */
import { describe, expect, test } from 'vitest';
import type { Kernel } from '#hostos';
import { base, programOf } from '../../../scripts/lib/bundles.mjs';
import { runScene, sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { SceneBundle, World as AnyWorld } from '#world';

const scenes = sceneBundles();
const named = (name: string): SceneBundle => scenes.find((one) => one.name === name) as SceneBundle;

/** A scene's world without its profiler, under a program, and the kernel that it runs on. */
async function under(name: string, patched: string): Promise<{ world: AnyWorld; kernel: Kernel; limit: number }> {
  const bundle = named(name);
  const program = await programOf(named(patched));
  let kernel: Kernel | null = null;
  const install = (own: Kernel): void => {
    kernel = own;
    program.install(own);
  };
  const { profile: _, ...scene } = bundle.scene;
  const world = base.World.fromScene({ ...bundle, scene }, { program: { ...program, install } });
  if (kernel === null) throw new Error('no kernel');
  return { world, kernel, limit: scene.instructions };
}

/** Where LIDT stands behind LGDT in the book's Switcher, on the way in. */
const BETWEEN_TABLES = 0xffc0001a;

const SCENES = [
  // Hypercalls, and nothing else.
  ['mastery_profiled', 50_000, 260],
  // A program and its kernel: page faults, reflected and hidden.
  ['mastery_walk', 9000, 260],
  // The Host's timer interrupts the Guest: the other way back.
  ['switcher', 99_900, 240],
] as const;

describe.each([
  ['the book’s', 'mastery_profiled', false],
  ['M:011', 'mastery_profiled.M-011', true],
] as const)('under %s', (_, patched, catches) => {
  test.each(SCENES)('%s, from instruction %i on, %i places', async (name, from, places) => {
    const { world, kernel, limit } = await under(name, patched);
    const { machine } = kernel;
    world.run(limit);
    const whole = world.takeConsole();
    const again = await under(name, patched);
    again.world.run(from);
    const told = again.world.takeConsole();
    const wrong: unknown[] = [];
    const lethal = new Set<number>();
    let lost = 0;
    let here = again.world.checkpoint(null);
    const own = again.kernel.machine;
    for (let n = 0; n < places; n++) {
      again.world.goTo(here);
      again.world.run(1);
      here = again.world.checkpoint(null);
      const { eip, selector } = { eip: own.cpu.eip, selector: own.cpu.selector(1) };
      again.world.takeEvents();
      // A HLT of the Host's is where TypeScript takes over.
      if (own.isHalted) continue;
      again.kernel.data.time.profile = { period: Infinity, next: 0 };
      again.world.run(limit);
      const samples = again.world.takeEvents().filter((event) => event.kind === 'sample');
      if (told + again.world.takeConsole() !== whole) lethal.add(eip);
      else if (catches || samples.length > 0) {
        if (samples.length !== 1 || samples[0].eip !== eip || samples[0].cs !== selector) wrong.push([n, eip.toString(16), samples]);
      } else lost++;
    }
    expect(wrong).toEqual([]);
    expect([...lethal]).toEqual(catches ? [] : [BETWEEN_TABLES]);
    expect(machine.cpu.instructions).toBeGreaterThan(from + places);
    expect(lost > places / 2).toBe(!catches);
  });
});

test.each([
  ['mastery_profiled', 233, 'exit 0'],
  ['mastery_profiled', 232, 'panic: triple fault'],
  ['mastery_profiled.M-011', 232, 'exit 0'],
])('%s, with an NMI every %i instructions, as the chapter tells: %s', async (name, profile, ending) => {
  const bundle = named(name);
  const result = await runScene({ ...bundle, scene: { ...bundle.scene, profile } });
  expect(result.ending).toBe(ending);
});
