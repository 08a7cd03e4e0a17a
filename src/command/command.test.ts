import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { assemble } from '#asm';
import { COMMAND_BUNDLE_PATH, TOP } from '../../scripts/lib/paths.mjs';
import { testHost } from './testing/testing.ts';
import type * as Door from './index.ts';

const { runCommand } = (await import(COMMAND_BUNDLE_PATH)) as typeof Door;

/** A small Guest that powers off: the introduction's. */
const scene = JSON.parse(readFileSync(`${TOP}/static/live/scenes/entry.json`, 'utf8')) as { image: string };
const good = new Uint8Array(Buffer.from(scene.image, 'base64'));

function edited(edit: (view: DataView, bytes: Uint8Array) => void): Uint8Array {
  const copy = good.slice();
  edit(new DataView(copy.buffer), copy);
  return copy;
}

/** A small, seeded source of bytes. */
function randomBytes(count: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  });
}

/** Flat bytes as an ELF kernel at 1 MB. */
function asKernel(code: Uint8Array): Uint8Array {
  const file = new Uint8Array(84 + code.length);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  const words: [number, number, 2 | 4][] = [
    [16, 2, 2],
    [18, 3, 2],
    [20, 1, 4],
    [24, 0x100000, 4],
    [28, 52, 4],
    [40, 52, 2],
    [42, 32, 2],
    [44, 1, 2],
    [52, 1, 4],
    [56, 84, 4],
    [60, 0x100000, 4],
    [64, 0x100000, 4],
    [68, code.length, 4],
    [72, code.length, 4],
    [76, 7, 4],
    [80, 4096, 4],
  ];
  for (const [at, value, size] of words)
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
  file.set(code, 84);
  return file;
}

const INIT = 'movl $1, %eax ; movl $0x200000, %edx ; movl $0xc0000000, 0x200468 ; movl $0x80, 0x20046c ; int $0x1f';
/** shutdown text, code: the hypercall. */
const MACROS = `
.macro shutdown text, code=1
  movl $2, %eax ; movl $9f, %edx ; movl $\\code, %ebx ; int $0x1f
9: .asciz "\\text"
.endm`;

/** A kernel from its source, which has introduced itself. */
function assembled(text: string): Uint8Array {
  const done = assemble([{ name: 'kernel.S', text: `${MACROS}\n${INIT}\n${text}` }], { base: 0x100000 });
  if (!done.ok) throw new Error(done.errors.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return done.elf();
}

/** A bzImage's header and so many zeros. */
function headerOnly(more = 0): Uint8Array {
  const file = new Uint8Array(1024 + more);
  file[0x1f1] = 1;
  file.set(new TextEncoder().encode('HdrS'), 0x202);
  return file;
}

async function lguest(args: string[], files: Record<string, Uint8Array> = {}): Promise<{ status: number; out: string; err: string }> {
  const host = testHost({ files });
  const status = await runCommand(args, host);
  return { status, out: host.out, err: host.err };
}

test('a Guest that powers off ends with status 0 and its words on standard error', async () => {
  const { status, out, err } = await lguest(['4', 'image'], { image: good });
  expect({ status, err }).toEqual({ status: 0, err: 'lguest: CRASH: Power down\n' });
  expect(out).toContain('Hello! I am a Guest, and I know it.');
});

/** 0 power-off, 1 panic or another death, 2 a bad command or file, 3 no instructions left. */
test('the arguments of a kernel, its memory and its network name no files', async () => {
  const host = testHost({ files: { good } });
  const asked: string[] = [];
  const readFile = (path: string): Uint8Array | undefined => {
    asked.push(path);
    return host.readFile(path);
  };
  await runCommand(['--tunnet=user', '4', 'good', 'init=/bin/ls', '/etc', 'quiet', '--initrd=good'], { ...host, readFile });
  expect([...new Set(asked)]).toEqual(['good']);
});

test.each<[string, number, string, string]>([
  ['powers off', 0, 'shutdown "Power down"', 'CRASH: Power down'],
  ['panics', 1, 'shutdown "Attempted to kill init!"', 'CRASH: Attempted to kill init!'],
  ['panics and speaks of power', 1, 'shutdown "Power down!"', 'CRASH: Power down!'],
  ['panics without a word', 1, 'shutdown ""', 'CRASH: '],
  [
    'panics before its early console',
    1,
    'movl $17, %eax ; movl $9f, %edx ; int $0x1f\nshutdown "no init"\n9: .asciz "Power down"',
    'CRASH: no init',
  ],
  [
    'powers off at an address that is not there',
    1,
    'movl $2, %eax ; movl $-1, %edx ; movl $1, %ebx ; int $0x1f',
    'bad read address 0xffffffff len 128',
  ],
  ['makes a call that there is not', 1, 'movl $99, %eax ; int $0x1f', 'Bad hypercall 99'],
  ['traps without a gate', 1, 'ud2', 'unhandled trap 6'],
  ['notifies nowhere', 1, 'movl $17, %eax ; movl $0xfffff000, %edx ; int $0x1f', 'the Guest notified 0xfffff000'],
  ['goes on for ever', 3, '1: jmp 1b', 'instructions'],
  ['restarts for ever', 3, 'shutdown "again", 2', 'instructions'],
])('a Guest that %s ends with status %i', async (_, expected, code, words) => {
  const { status, err } = await lguest(['--max-instructions=200000', '4', 'image'], { image: assembled(code) });
  expect(err).toContain(words);
  expect(status).toBe(expected);
});

test('an initial RAM disk lies at the top of memory, and the boot parameters say where', async () => {
  const image = assembled(`
    movl 0x218, %edx                                            # where it lies
    movl $17, %eax ; int $0x1f
    shutdown "Power down"`);
  const { status, out } = await lguest(['--initrd=disk', '4', 'image'], {
    image,
    disk: new TextEncoder().encode('hello from the disk\n\0'),
  });
  expect({ status, out }).toEqual({ status: 0, out: 'hello from the disk\n' });
});

test.each<[string, Uint8Array]>([
  ['empty', new Uint8Array()],
  ['of one byte', Uint8Array.of(1)],
  ['of a page and a byte', new Uint8Array(4097)],
])('an initial RAM disk that is %s is no trouble', async (_, disk) => {
  expect(await lguest(['--initrd=disk', '4', 'image'], { image: good, disk })).toMatchObject({ status: 0 });
});

test('a segment may lie at any address', async () => {
  const image = asKernel(Uint8Array.of(0x0f, 0x0b));
  new DataView(image.buffer).setUint32(64, 0x100123, true);
  new DataView(image.buffer).setUint32(24, 0x100123, true);
  expect((await lguest(['4', 'image'], { image })).err).toMatch(/unhandled trap 6 at 0x100123/);
});

test('a bzImage is loaded behind its boot sectors and entered where its header says', async () => {
  const sectors = 2;
  const file = new Uint8Array((sectors + 1) * 512 + 64);
  const view = new DataView(file.buffer);
  view.setUint8(0x1f1, sectors);
  file.set(new TextEncoder().encode('HdrS'), 0x202);
  view.setUint32(0x214, 0x100010, true);
  file.set(Uint8Array.of(0x0f, 0x0b), (sectors + 1) * 512 + 16);
  expect(await lguest(['4', 'image'], { image: file })).toMatchObject({
    status: 1,
    err: expect.stringMatching(
      /^lguest: unhandled trap 6 at 0x100010 \(0x0\)\nlguest: It met an undefined instruction before its first hypercall/,
    ),
  });
});

test('a kernel that never said hello is looked at: the file tells more than the way it died', async () => {
  const native = new Uint8Array(600);
  native.set([0x0f, 0x01, 0x15]);
  native.set(new TextEncoder().encode('Linux version 2.6.25 (root@vm)'), 100);
  expect(await lguest(['4', 'image'], { image: asKernel(native) })).toMatchObject({
    status: 1,
    err: expect.stringMatching(/\nlguest: This kernel was built without CONFIG_PARAVIRT/),
  });
});

describe('bad input gets one clear sentence and status 2', () => {
  test.each<[string, string[], Record<string, Uint8Array>, RegExp]>([
    ['no arguments', [], {}, /^Usage: lguest/],
    ['no image', ['4'], {}, /^lguest: Usage/],
    ['memory that is no number', ['lots', 'image'], { image: good }, /memory is a number of megabytes.*“lots”/],
    ['no memory at all', ['0', 'image'], { image: good }, /memory is a number of megabytes.*“0”/],
    ['far too much memory', ['4000000000', 'image'], { image: good }, /memory is a number of megabytes/],
    ['a missing file', ['4', 'nothing.elf'], {}, /nothing\.elf: cannot be opened: no such file/],
    ['a missing initrd', ['--initrd=nothing', '4', 'image'], { image: good }, /nothing: cannot be opened: no such file/],
    ['an unknown option', ['--fast', '4', 'image'], { image: good }, /unknown option --fast/],
    [
      'more arguments than a kernel reads',
      ['4', 'image', 'x'.repeat(2048)],
      { image: good },
      /the kernel's arguments are 2048 bytes, and a kernel reads no more than 2047/,
    ],
    ['more arguments in many words', ['4', 'image', ...new Array<string>(1025).fill('a')], { image: good }, /arguments are 2049 bytes/],
    ['a limit that is no number', ['--max-instructions=soon', '4', 'image'], { image: good }, /--max-instructions wants a positive number/],
    ['a trace that cannot be written', ['--trace=/nowhere/x', '4', 'image'], { image: good }, /\/nowhere\/x: cannot be written/],
    ['an empty file', ['4', 'image'], { image: new Uint8Array() }, /image: cut short/],
    ['a header cut short', ['4', 'image'], { image: good.slice(0, 40) }, /image: cut short: the header of a kernel/],
    ['program headers cut short', ['4', 'image'], { image: good.slice(0, 60) }, /image: cut short: the program headers/],
    [
      'a segment cut short',
      ['4', 'image'],
      { image: good.slice(0, new DataView(good.buffer).getUint32(52 + 4, true) + 10) },
      /image: cut short: a segment/,
    ],
    [
      'an ELF for 64 bits',
      ['4', 'image'],
      {
        image: edited((_, b) => {
          b[4] = 2;
        }),
      },
      /image: not for this machine/,
    ],
    ['an ELF for another processor', ['4', 'image'], { image: edited((v) => v.setUint16(18, 40, true)) }, /machine 40/],
    ['a shared library', ['4', 'image'], { image: edited((v) => v.setUint16(16, 3, true)) }, /not an executable/],
    ['a million program headers', ['4', 'image'], { image: edited((v) => v.setUint16(44, 0xffff, true)) }, /bad program headers/],
    ['a file that is neither', ['4', 'image'], { image: new Uint8Array(8192).fill(65) }, /neither an ELF file nor a bzImage/],
    [
      'too little memory for the image',
      ['2', 'image'],
      { image: edited((v) => v.setUint32(52 + 20, 0x500000, true)) },
      /needs 6 MB, and the Guest has 2/,
    ],
    ['a bzImage that ends with its boot sectors', ['4', 'image'], { image: headerOnly() }, /ends with its boot sectors/],
    ['a bzImage too big', ['2', 'image'], { image: headerOnly(4 << 20) }, /does not fit into the Guest/],
    [
      'a kernel with page tables in its data',
      ['2', 'image'],
      { image: edited((v) => v.setUint32(52 + 20, 0xff000, true)) },
      /kernel, RAM disk and page tables do not fit into the Guest's 2 MB side by side/,
    ],
    [
      'an initrd with a kernel in it',
      ['--initrd=disk', '4', 'image'],
      { image: good, disk: new Uint8Array(3 * 2 ** 20 - 4096) },
      /do not fit into the Guest's 4 MB side by side/,
    ],
    ['too big an initrd', ['--initrd=disk', '4', 'image'], { image: good, disk: new Uint8Array(8 << 20) }, /disk: does not fit/],
  ])('%s', async (_, args, files, sentence) => {
    const { status, err } = await lguest(args, files);
    expect(err).toMatch(sentence);
    expect(err).not.toMatch(/\n\s+at /);
    expect(status).toBe(2);
  });
});

describe('a hostile kernel dies with a reason, and nothing else happens', () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed + 1))('random bytes, seed %i', async (seed) => {
    const { status, err } = await lguest(['--max-instructions=300000', '4', 'image'], {
      image: asKernel(randomBytes(65536, seed * 2654435761)),
    });
    expect(err).toMatch(/^(?:lguest: .+\n)+$/);
    expect([1, 3]).toContain(status);
  });
});

test('a Guest that loops for ever is stopped when asked', async () => {
  expect(await lguest(['--max-instructions=100000', '4', 'image'], { image: asKernel(Uint8Array.of(0xeb, 0xfe)) })).toMatchObject({
    status: 3,
    err: 'lguest: stopped after 100000 instructions, as asked\n',
  });
});

test('as many arguments as a kernel reads are no trouble', async () => {
  expect(await lguest(['4', 'image', 'x'.repeat(2047)], { image: good })).toMatchObject({ status: 0 });
});
