/** Puppy with a disk, through the Launcher: what a good end leaves, what some idle seconds do, and what is there after the plug was pulled. */
import { program } from '#lguest';
import { describe, expect, test } from 'vitest';
import { drive, formatExt2, World } from '#world';
import type { OutsideRequest } from '#hostos';
import { Dice, effort } from '#testing';
import { complaints, haveE2fsprogs, repaired } from './e2fsprogs.ts';
import { allPrograms, puppy } from './session.ts';

const KERNEL = puppy();
const PROGRAMS = allPrograms();

/** A disk that can lose what was not synced. */
class Disk {
  /** What the Launcher would read. */
  bytes: Uint8Array;
  /** What is there whatever happens. */
  safe: Uint8Array;
  /** Written since. */
  loose: { offset: number; bytes: Uint8Array }[] = [];

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.safe = bytes.slice();
  }

  serve(request: OutsideRequest) {
    switch (request.kind) {
      case 'disk-read':
        return {
          kind: 'disk-chunk' as const,
          path: request.path,
          id: request.id,
          bytes: this.bytes.slice(request.chunk * 65_536, (request.chunk + 1) * 65_536),
        };
      case 'disk-write':
        this.bytes.set(request.bytes, request.offset);
        this.loose.push({ offset: request.offset, bytes: request.bytes.slice() });
        break;
      case 'disk-sync':
        this.safe = this.bytes.slice();
        this.loose = [];
        break;
      default:
        return null;
    }
    return { kind: 'disk-done' as const, path: request.path, id: request.id };
  }

  /** As it is when the lights go out. */
  pulled(dice: Dice): Uint8Array {
    const left = this.safe.slice();
    for (const { offset, bytes } of this.loose) if (dice.oneIn(2)) left.set(bytes, offset);
    return left;
  }
}

/** Types all of it, one after the other, and runs to the end, or so far. */
function session(disk: Disk, keys: readonly string[], most = 400_000_000): { screen: string; reason: string } {
  const files = new Map([
    ['puppy', KERNEL],
    ['archive', PROGRAMS],
  ]);
  const world = World.create({
    program,
    argv: ['--initrd=archive', '--block=disk', '16', 'puppy'],
    files: (path) => files.get(path),
    disks: (path) => (path === 'disk' ? { length: disk.bytes.length } : undefined),
    keepEvents: false,
  });
  const script = keys.map((text) => ({ when: 'waits' as const, text: `${text}\r` }));
  const { reason } = drive(world, most, { serve: (request) => disk.serve(request), script });
  return { screen: world.takeConsole().replace(/\r/g, ''), reason };
}

const fresh = (): Disk => new Disk(formatExt2({ bytes: 512 << 10, files: { letter: 'Dear Puppy\n' } }));
const isClean = (image: Uint8Array): boolean => new DataView(image.buffer).getUint16(1024 + 58, true) === 1;
const MOUNT = 'mount /dev/vda /mnt';

describe('without a word to the disk', () => {
  test.each(['halt', 'exit'])('%s leaves it clean, with everything on it', (end) => {
    const disk = fresh();
    expect(session(disk, [MOUNT, 'cat /etc/motd > /mnt/new; mkdir /mnt/box', end]).reason).toBe('exited');
    expect(disk.loose).toEqual([]);
    expect(isClean(disk.bytes)).toBe(true);
    expect(complaints(disk.bytes)).toBe('');
    expect(session(disk, [MOUNT, 'grep Puppy /mnt/new', 'ls /mnt', 'halt']).screen).toMatch(/small kernel[\s\S]*box/);
  });

  test('a file that is still open is synced, and the disk does not say that it is clean', () => {
    const disk = fresh();
    session(disk, [MOUNT, 'sleep 1000 > /mnt/open & echo kept > /mnt/new; halt']);
    expect(disk.loose).toEqual([]);
    expect(isClean(disk.bytes)).toBe(false);
    expect(session(disk, [MOUNT, 'cat /mnt/new', 'halt']).screen).toMatch(/\nkept\n/);
  });

  test('reboot begins anew with what was written', () => {
    const disk = fresh();
    const { screen, reason } = session(disk, [MOUNT, 'echo kept > /mnt/new', 'reboot', MOUNT, 'cat /mnt/new', 'halt']);
    expect(reason).toBe('exited');
    expect(screen).toMatch(/# cat \/mnt\/new\nkept\n/);
    expect(screen).not.toContain('unmounted cleanly');
    expect(complaints(disk.bytes)).toBe('');
  });

  test('some idle seconds are enough', () => {
    const disk = fresh();
    expect(session(disk, [MOUNT, 'cat /bin/sh > /mnt/new']).reason).toBe('idle');
    expect(disk.loose.length).toBeGreaterThan(2);
    expect(complaints(disk.bytes)).toBe('');
    const again = new Disk(disk.bytes.slice());
    expect(session(again, [MOUNT, 'cat /bin/sh /mnt/new | wc', 'wc /bin/sh', 'halt']).screen).toContain('unmounted cleanly');
  });
});

test.skipIf(!haveE2fsprogs)('the plug is pulled at any moment: what was synced is there', () => {
  const rounds = Array.from(
    { length: 12 },
    (_, i) => `echo ${i} > /mnt/f${i}; mv /mnt/f${i} /mnt/g${i}; sync; echo synced ${i}.; cat /bin/ls > /mnt/rest${i}; rm /mnt/rest${i}`,
  );
  let found = 0;
  for (let seed = 0; seed < 3 * effort(); seed++) {
    const dice = new Dice(seed);
    const disk = fresh();
    const { screen } = session(disk, [MOUNT, ...rounds], 1_500_000 + dice.below(9_000_000));
    const last = Math.max(-1, ...[...screen.matchAll(/\nsynced (\d+)\.\n/g)].map(([, n]) => Number(n)));
    const after = new Disk(repaired(disk.pulled(dice)));
    const names = Array.from({ length: last + 1 }, (_, i) => `/mnt/g${i}`);
    const { screen: then } = session(after, [MOUNT, `cat /mnt/letter ${names.join(' ')}`, 'halt']);
    expect(then, `seed ${seed}`).toContain(`Dear Puppy\n${names.map((_, i) => `${i}\n`).join('')}`);
    expect(complaints(after.bytes)).toBe('');
    found += names.length;
  }
  expect(found).toBeGreaterThan(4);
});
