/** The code around the next instruction: forwards as the processor would decode it; backwards as it came. */
import { expect, test } from 'vitest';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';

const { World } = base;

test.each(['page_tables', 'traps', 'introduction'])(
  '%s: instructions lie one behind the other; where the Guest came straight, it came by them',
  (name) => {
    const bundle = sceneBundles().find((one) => one.name === name);
    if (bundle === undefined) throw new Error('no such scene');
    const world = World.fromScene(bundle, { program });
    world.run(300);
    let straight = 0;
    let last: { address: number; text: string } | null = null;
    for (let n = 0; n < 600; n++) {
      const { listing, next } = world.look(['listing', 'next']);
      if (listing === undefined || next === undefined) throw new Error('nothing to be seen');
      const at = listing.code.findIndex(({ address }) => address === listing.address);
      expect(listing.code[at].text).toBe(next.code[0].text);
      for (let i = 1; i < listing.code.length; i++) {
        const { address, length } = listing.code[i - 1];
        expect(listing.code[i].address).toBe((address + length) >>> 0);
      }
      const before = listing.code[at - 1];
      if (before !== undefined && last !== null && before.address === last.address) {
        expect(before.text).toBe(last.text);
        straight++;
      }
      last = next.code[0];
      world.run(1);
    }
    expect(straight).toBeGreaterThan(100);
  },
);
