/** For tests of Puppy as a whole: the kernel of the chapters, programs of the test's own, and somebody who types when everybody waits. */
import { program } from '#lguest';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { assemble } from '#asm';
import { World } from '#world';
import type { WorldOptions } from '#world';

const PAGE_OFFSET = 0xc0000000;

function extracted(name: string): string | null {
  const file = join(process.cwd(), '.tangled', name);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** The archive of all programs, as the build left it. */
export const allPrograms = (): Uint8Array => readFileSync(join(process.cwd(), '.tangled/guests/puppy.cpio'));

/** Puppy, as the build makes it, but for its tick. @param tick nanoseconds */
export function puppy(tick = 10_000_000): Uint8Array {
  const read = (name: string): { name: string; text: string } | null => {
    const text = extracted(name)?.replace('.set TICK, 10000000', `.set TICK, ${tick}`);
    return text === undefined ? null : { name, text };
  };
  const main = 'guests/puppy.S';
  const done = assemble([read(main) ?? { name: main, text: '' }], {
    base: PAGE_OFFSET + 0x100000,
    physicalOffset: PAGE_OFFSET,
    include: read,
    includeBytes: () => null,
  });
  expect(done.errors).toEqual([]);
  const elf = done.elf();
  new DataView(elf.buffer, elf.byteOffset).setUint32(24, done.entry - PAGE_OFFSET, true);
  return elf;
}

/** A program for ring 3 of this text, which may use the words of the chapters' trials. */
export function programOf(text: string): Uint8Array {
  const done = assemble([{ name: 'program.S', text: `	.include "puppy/bin/trials.S"\n${text}` }], {
    base: 0x08048000,
    paged: true,
    include: (name) => ({ name, text: extracted(name) ?? '' }),
  });
  expect(done.errors).toEqual([]);
  return done.elf();
}

/** In an archive everything begins at a multiple of four. */
const REST = 3;
/** What comes after its last file: path, mode, bytes. */
const END: ArchiveEntry = ['TRAILER!!!', 0, new Uint8Array(0)];
type ArchiveEntry = readonly [string, number, Uint8Array];

/** An archive as `cpio -H newc` makes it, of plain executable files. */
export function archiveOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const directories = [...new Set(Object.keys(files).map((path) => path.split('/').slice(0, -1).join('/')))].filter((path) => path !== '');
  return packed([
    ...directories.map((path): ArchiveEntry => [path, 0o40755, new Uint8Array(0)]),
    ...Object.entries(files).map(([path, bytes]): ArchiveEntry => [path, 0o100755, bytes]),
    END,
  ]);
}

/** All programs, and these besides: paths, modes and what is in them. */
export function withFiles(...more: readonly (readonly [string, number, string])[]): Uint8Array {
  const programs = allPrograms();
  const end = Buffer.from(programs).lastIndexOf('TRAILER!!!') - 110;
  const added = packed([...more.map(([path, mode, text]): ArchiveEntry => [path, mode, Buffer.from(text, 'latin1')]), END]);
  return Buffer.concat([programs.subarray(0, end), added]);
}

function packed(all: readonly ArchiveEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const put = (bytes: Uint8Array): void => {
    parts.push(bytes, new Uint8Array(-bytes.length & REST));
  };
  all.forEach(([path, mode, bytes], i) => {
    const fields = [i + 1, mode, 0, 0, 1, 0, bytes.length, 0, 0, 0, 0, path.length + 1, 0];
    put(new TextEncoder().encode(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${path}\0`));
    put(bytes);
  });
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** How a session is run. */
export interface Session {
  readonly kernel: Uint8Array;
  readonly archive: Uint8Array;
  /** What is typed, a text each time everybody waits; after `at` instructions of its own, if it is not to wait. */
  readonly keys?: readonly (string | { readonly after: number; readonly text: string })[];
  /** Megabytes. Default 16. */
  readonly memory?: number;
  /** The size of the next piece to run. Default: all at once. */
  readonly budget?: () => number;
  readonly translate?: WorldOptions['translate'];
  readonly args?: readonly string[];
  /** At most so many instructions. */
  readonly most?: number;
}

/** Runs it to its end: what was on the screen, a line each without its carriage return, and how it ended. */
export function run({
  kernel,
  archive,
  keys = [],
  memory = 16,
  budget = () => Infinity,
  translate,
  args = [],
  most = 400_000_000,
}: Session): {
  screen: string;
  ending: string;
} {
  const files = new Map([
    ['puppy', kernel],
    ['archive', archive],
  ]);
  const world = World.create({
    program,
    argv: ['--initrd=archive', String(memory), 'puppy', ...args],
    files: (path) => files.get(path),
    keepEvents: false,
    translate,
  });
  const left = [...keys];
  let screen = '';
  let since = 0;
  while (world.instructions < most) {
    const [next] = left;
    const due = typeof next === 'object' ? since + next.after - world.instructions : Infinity;
    const stop = world.run(Math.max(0, Math.min(budget(), due, most - world.instructions)));
    screen += world.takeConsole();
    const hungry = stop.reason === 'idle' || (typeof next === 'object' && world.instructions >= since + next.after);
    if (next !== undefined && hungry) {
      left.shift();
      since = world.instructions;
      world.input({ kind: 'keys', tty: 0, bytes: new TextEncoder().encode(typeof next === 'string' ? next : next.text) });
    } else if (stop.reason !== 'limit') {
      const ending = stop.reason === 'exited' ? `exit ${stop.status}` : stop.reason;
      return { screen: screen.replace(/\r/g, ''), ending };
    }
  }
  return { screen: screen.replace(/\r/g, ''), ending: 'out of instructions' };
}
