/**
 * Two Guests whose rings the Host has bonded (M:010). Whatever is thrown into the rings of one of them, the Host goes on, and the other one lives; and where nothing is,
 * every frame comes as it was sent.
 */
import { describe, expect, test } from 'vitest';
import type { Kernel } from '#hostos';
import { base, programOf } from '../../../scripts/lib/bundles.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import { Dice, effort } from '#testing';
import type { SceneBundle, World as AnyWorld } from '#world';

const PAGE = 4096;
const scenes = sceneBundles();
const bundle = scenes.find(({ name }) => name === 'mastery_bond.M-010') as SceneBundle;

/** What is looked at of an end of a bond, in the Host's own variables. */
interface End {
  readonly cpu: {
    readonly lg: { readonly dead: string | number | null; readonly memBase: number };
    readonly mm: { readonly areas: readonly { readonly start: number; readonly end: number; readonly frames: Uint32Array }[] };
  };
  readonly input: { readonly pfn: number };
  readonly output: { readonly pfn: number };
}

async function begun(scene = bundle.scene): Promise<{ world: AnyWorld; kernel: Kernel }> {
  const program = await programOf(bundle);
  let kernel: Kernel | null = null;
  const install = (own: Kernel): void => {
    kernel = own;
    program.install(own);
  };
  const world = base.World.fromScene({ ...bundle, scene }, { program: { ...program, install } });
  if (kernel === null) throw new Error('no kernel');
  return { world, kernel };
}

const endsOf = ({ data }: Kernel): readonly End[] => (data.modules.lguest as { bonds?: readonly End[] }).bonds ?? [];

/** Writes 16 bits into a Guest's memory from outside; nothing where it has no page of its own. */
function spoil(kernel: Kernel, { cpu: { lg, mm } }: End, phys: number, value: number): void {
  const address = lg.memBase + phys;
  const area = mm.areas.find(({ start, end }) => address >= start && address < end)!;
  const frame = area.frames[Math.floor((address - area.start) / PAGE)];
  const at = frame * PAGE + (address % PAGE);
  if (frame !== 0 && frame * PAGE !== kernel.data.frames.zeroPage) kernel.machine.ram.writeBytes(at, Uint8Array.of(value, value >> 8));
}

/** Places of a ring of 128: descriptors, and the indexes of both sides. */
const AVAIL_IDX = 0x802;
const USED_IDX = 0x1002;

function throwInto(dice: Dice, kernel: Kernel, end: End): string {
  const told: string[] = [];
  for (let n = 1 + dice.below(5); n > 0; n--) {
    const which = dice.oneIn(2) ? 'input' : 'output';
    const at = [
      AVAIL_IDX,
      USED_IDX,
      AVAIL_IDX + 2 + 2 * dice.below(128),
      2 * dice.below(0x400),
      2 * dice.below(0x400),
      2 * dice.below(0xc00),
    ][dice.below(6)];
    const value = [dice.below(4), dice.below(140), 0xffff - dice.below(3), dice.below(0x10000), 10, 1514][dice.below(6)];
    spoil(kernel, end, end[which].pfn * PAGE + at, value);
    told.push(`${which}+${at.toString(16)}=${value.toString(16)}`);
  }
  return told.join(' ');
}

const MOMENTS = 12;
const THROWS = Math.ceil(12 * effort());

describe.each([
  ['the sender', 0],
  ['the receiver', 1],
])('whatever is thrown into the rings of %s', (_, victim) => {
  test('the other one lives', { timeout: 600_000 }, async () => {
    const { world, kernel } = await begun();
    const wrong: unknown[] = [];
    const deaths = new Set<string>();
    world.run(150_000);
    while (endsOf(kernel).length < 2) world.run(10_000);
    for (let moment = 0; moment < MOMENTS; moment++) {
      world.run(100_000 + 997 * moment);
      const here = world.checkpoint(null);
      for (let n = 0; n < THROWS; n++) {
        const ends = endsOf(kernel);
        if (ends.length < 2) throw new Error('the run is over too early');
        const thrown = throwInto(new Dice(1000 * victim + 100 * moment + n), kernel, ends[victim]);
        const [lost, other] = [ends[victim].cpu.lg, ends[1 - victim].cpu.lg];
        world.run(60_000);
        if (other.dead !== null && !String(other.dead).includes('Power down')) wrong.push([moment, n, thrown, other.dead]);
        if (lost.dead !== null) deaths.add(String(lost.dead).replace(/\d+/g, 'N'));
        world.goTo(here);
      }
    }
    expect(wrong).toEqual([]);
    expect(deaths.size).toBeGreaterThan(2);
  });
});

test.each([
  ['at once', 40_000_000],
  ['in small pieces', 9973],
])('no frame is lost, none is changed: run %s', async (_, slice) => {
  const { world } = await begun();
  let said = '';
  while (world.run(slice).reason === 'limit') said += world.takeConsole();
  said += world.takeConsole();
  for (const line of [
    'Frames that came:   000001f4\n',
    'Words in them:      0002dc6c\n',
    'Not as they were:   00000000\n',
    'I have been thanked.\n',
  ])
    expect(said).toContain(line);
});

test('a cable has two ends', async () => {
  const { world } = await begun({ ...bundle.scene, launchers: [{ args: 'receive' }, { args: 'receive' }] });
  world.run(bundle.scene.instructions);
  const said = world.takeConsole();
  expect(said).toContain('lguest: the cable wire has two ends, and both are taken\n');
  expect(said).toContain('I have been thanked.\n');
});
