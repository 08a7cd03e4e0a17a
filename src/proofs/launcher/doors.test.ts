/** The doors through which bytes come to a Guest: what comes in arrives, all of it, in order; or it is told that it does not. The console, the network and the disk have more of it in their own tests. */
import { describe, expect, test } from 'vitest';
import { ERESTARTNOINTR, sysPipe, sysRead, sysWrite } from '#hostos';
import type { Kernel } from '#hostos';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { compile } from '../hostile/guided/code.ts';
import { testLauncher } from './testing.ts';

const MB = 2 ** 20;
const noise = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >>> 8) * 7 + 1) & 0xff);

/** What lies in a Guest of 2 MB when its Launcher has built it, or what the Launcher says instead. */
function memoryWith(initrd: Uint8Array): { at: (address: number, length: number) => Uint8Array; said: string } {
  let kernel: Kernel | null = null;
  const image = compile([['spin', 100]], { dialect: 25, memory: 2 * MB, devices: [2 * MB] });
  const world = base.World.create({
    program: {
      ...program,
      install(own) {
        kernel = own;
        program.install(own);
      },
    },
    argv: ['--initrd=initrd', '2', 'image'],
    files: (path) => (path === 'image' ? image : path === 'initrd' ? initrd : undefined),
  });
  world.run(10);
  const at = (address: number, length: number): Uint8Array =>
    base.within(kernel!, () => {
      const [guest] = program.guests(kernel!);
      return base.copyFromUser(guest.mm, guest.guestBase + address, length)!;
    });
  return { at, said: world.takeConsole() };
}

describe('an initial RAM disk', () => {
  test.each([1, 4095, 4096, 4097, 65_536, 900_001])('of %i bytes lies at the top of memory, byte for byte, with zeros behind', (length) => {
    const bytes = noise(length);
    const room = Math.ceil(length / 4096) * 4096;
    const { at } = memoryWith(bytes);
    const words = new DataView(at(0x218, 8).buffer);
    expect([words.getUint32(0, true), words.getUint32(4, true)]).toEqual([2 * MB - room, room]);
    expect(Buffer.compare(at(2 * MB - room, length), bytes)).toBe(0);
    expect(at(2 * MB - room + length, room - length).every((byte) => byte === 0)).toBe(true);
  });

  test.each([
    [MB + 1, /initrd: does not fit into the Guest's 2 MB/],
    [MB - 4096, /do not fit into the Guest's 2 MB side by side/],
  ])('of %i bytes is not cut but refused', (length, sentence) => {
    expect(memoryWith(noise(length)).said).toMatch(sentence);
  });
});

test('a pipe keeps its writer waiting rather than lose a byte', () => {
  testLauncher();
  const [reads, writes] = sysPipe();
  const bytes = noise(200_000);
  const back: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const written = sysWrite(writes, bytes.subarray(at, at + 7001));
    if (written > 0) at += written;
    else {
      expect(written).toBe(-ERESTARTNOINTR);
      const read = sysRead(reads, 50_000);
      if (typeof read !== 'number') back.push(...read);
    }
  }
  for (let read = sysRead(reads, 65_536); typeof read !== 'number'; read = sysRead(reads, 65_536)) back.push(...read);
  expect(Buffer.compare(Uint8Array.from(back), bytes)).toBe(0);
});
