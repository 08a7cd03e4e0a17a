import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COMMAND_BUNDLE_PATH, TOP } from '../../scripts/lib/paths.mjs';
import { parseCommandLine } from './options.ts';
import { parseRecording } from './recording.ts';
import { testHost } from './testing/testing.ts';
import type { TestHost, TestOptions } from './testing/testing.ts';
import type * as Door from './index.ts';

const { runCommand } = (await import(COMMAND_BUNDLE_PATH)) as typeof Door;

/** A scene's Guest. */
function guest(name: string): { image: Uint8Array; memory: string } {
  const { image, scene } = JSON.parse(readFileSync(`${TOP}/static/live/scenes/${name}.json`, 'utf8')) as {
    image: string;
    scene: { memory: number };
  };
  return { image: new Uint8Array(Buffer.from(image, 'base64')), memory: String(scene.memory) };
}
/** Repeats what it hears, until that begins with a q. */
const echo = guest('console');
const ECHO = [echo.memory, 'echo'];

async function lguest(args: string[], options: TestOptions = {}): Promise<TestHost & { status: number }> {
  const host = testHost({ files: { echo: echo.image, hello: guest('entry').image }, ...options });
  const status = await runCommand(args, host);
  return Object.assign(host, { status });
}

const GREETING = 'I repeat what you say, until it begins with a q.\n';

describe('keys', () => {
  test('come when they are typed, and until then the command sleeps', async () => {
    const { status, out, slept } = await lguest(ECHO, {
      keys: [
        [10, 'one '],
        [5000, 'two '],
        [60_000, 'q'],
      ],
    });
    expect({ status, out }).toEqual({ status: 0, out: `${GREETING}one two qGood night\n` });
    expect(Math.round(slept / 1000)).toBe(60);
  });

  test.each([
    [true, []],
    [false, []],
    [false, ['--time=real']],
  ])('of a long paste are all heard, on a terminal %j, %j; and again from the recording', async (isTty, args) => {
    const paste = Array.from({ length: 4000 }, (_, i) => `${i} `).join('');
    expect(paste.length).toBeGreaterThan(4 * 4096);
    const first = await lguest(['--record=log', ...args, ...ECHO], {
      isTty,
      keys: [
        [10, paste],
        [11, 'the end\n'],
        [60_000, 'q'],
      ],
    });
    expect({ status: first.status, out: first.out }).toEqual({
      status: 0,
      out: expect.stringContaining(`${GREETING}${paste}the end\nq`) as string,
    });
    const again = await lguest(['--replay=log'], { files: { log: new TextEncoder().encode(first.written.log), echo: echo.image } });
    expect(again).toMatchObject({ status: 0, out: first.out });
  });

  test('from a pipe are heard at the same places, however fast the computer is', async () => {
    const paste = 'x'.repeat(20_000);
    const runs = await Promise.all(
      [0.001, 0.7].map((look) =>
        lguest(['--stats', ...ECHO], {
          look,
          keys: [
            [0, paste],
            [60_000, 'q'],
          ],
        }),
      ),
    );
    expect(runs[0].err).toBe(runs[1].err);
  });

  test('that end leave the Guest to itself; where nothing can come, that is said', async () => {
    for (const keys of [
      undefined,
      [[0, null]],
      [
        [20, 'hey'],
        [30, null],
      ],
    ] as TestOptions['keys'][]) {
      const { status, out, err } = await lguest(ECHO, { keys });
      expect({ status, out, err }).toEqual({
        status: 1,
        out: GREETING + (keys?.[0][1] ?? ''),
        err: 'lguest: the console has no more input\nlguest: the Guest waits for something that will never come: no timer, no device, no key\n',
      });
    }
  });

  test('of a terminal: three ^C within a second end the Launcher, slower ones do not', async () => {
    expect(
      await lguest(ECHO, {
        isTty: true,
        keys: [
          [10, '\x03'],
          [300, '\x03'],
          [600, '\x03'],
        ],
      }),
    ).toMatchObject({ status: 2 });
    expect(
      await lguest(ECHO, {
        isTty: true,
        keys: [
          [10, '\x03'],
          [3000, '\x03'],
          [6000, '\x03'],
          [9000, 'q'],
        ],
      }),
    ).toMatchObject({ status: 0 });
  });
});

describe('disks', () => {
  const blk = guest('virtio_blk');
  const args = ['--block=disk', blk.memory, 'blk'];
  const disks = (): Record<string, Uint8Array> => ({ disk: new Uint8Array(262_144).fill(0x61, 0, 30).fill(10, 30, 31) });

  test('are read when they are asked for, and written at once; a run does not depend on the clock, unless it is told to', async () => {
    const runs = await Promise.all(
      [0.001, 0.5].map((look) => lguest(['--stats', ...args], { files: { blk: blk.image }, disks: disks(), look })),
    );
    expect(runs[0]).toMatchObject({
      status: 0,
      out: expect.stringContaining(`After having waited:   61616161\n${'a'.repeat(30)}\n`) as string,
    });
    expect(runs[0].err).toBe(runs[1].err);
    expect(Buffer.from(runs[0].disks.disk.bytes.subarray(5 * 512)).toString('latin1')).toMatch(/^Dear disk, keep this/);
  });

  test('whose end is no whole sector say what no Guest sees', async () => {
    const files = { blk: blk.image };
    const whole = await lguest(args, { files, disks: disks() });
    const more = await lguest(args, { files, disks: { disk: Uint8Array.from([...disks().disk, 1, 2, 3]) } });
    expect(more.err).toBe(`lguest: disk: its last 3 bytes are no whole sector: no Guest sees them\n${whole.err}`);
    expect(more.out).toBe(whole.out);
  });

  test('that may only be read are refused, as the original does, which opens them for both', async () => {
    const { status, err } = await lguest(args, { files: { blk: blk.image }, disks: disks(), readOnly: true });
    expect(err).toMatch(/^lguest: disk: .*read-only file system\n$/i);
    expect(status).toBe(2);
  });
});

describe('several Guests', () => {
  test('the first has the terminal; of the others each line says whose it is', async () => {
    const { status, out, err } = await lguest(['4', 'hello', '--next', '4', 'hello', '--next', ...ECHO], { keys: [[5, null]] });
    expect(status).toBe(1);
    expect(out.match(/^[23]\| .*$/gm)).toContain('2| Hello! I am a Guest, and I know it.');
    expect(out).toContain(`3| ${GREETING}`);
    expect(err).toContain('2| lguest: CRASH: Power down\n');
  });

  test('^] and a digit choose who hears the keys', async () => {
    const { status, out } = await lguest([...ECHO, '--next', ...ECHO], {
      isTty: true,
      keys: [
        [10, 'a'],
        [20, '\x1d2b\x1d1c'],
        [30, '\x1d'],
        [40, '2q'],
        [50, '\x1d1q\x1d'],
      ],
    });
    expect(status).toBe(0);
    expect(out).toContain('2| bqGood night\n');
    expect(out.replace(/2\| .*\n/gm, '')).toContain('acq');
  });
});

/** What a Guest that repeats its input heard: ^] then something, of two Guests on a terminal. */
test.each<[string, string[], string]>([
  ['another key keeps it', ['\x1dx'], '\x1dx'],
  ['a digit of nobody keeps it', ['\x1d7'], '\x1d7'],
  ['in two pieces', ['a\x1d', 'b'], 'a\x1db'],
  ['twice is once', ['\x1d\x1d'], '\x1d'],
  ['four times is twice', ['\x1d\x1d\x1d\x1d'], '\x1d\x1d'],
  ['twice, and a digit', ['\x1d\x1d2'], '\x1d2'],
  ['at the end of all input', ['ab\x1d'], 'ab\x1d'],
  ['at the end of a long paste', [`${'0123456789'.repeat(700)}\x1d`], `${'0123456789'.repeat(700)}\x1d`],
])('^] is not lost: %s', async (_, typed, heard) => {
  const keys: [number, string | null][] = typed.map((text, i) => [10 + 10 * i, text]);
  const { out } = await lguest([...ECHO, '--next', '4', 'hello'], { isTty: true, keys: [...keys, [10 * typed.length, null]] });
  expect(out).toContain(heard);
});

describe('a recorded run', () => {
  const keys = [
    [10, 'one '],
    [700, 'two '],
    [1500, '\x7f'],
    [2000, 'q'],
  ] as const;
  test.each([
    [false, []],
    [true, []],
    [true, ['--time=free']],
    [false, ['--time=real']],
  ])('comes again to the bit, tty %j, %j', async (isTty, args) => {
    const first = await lguest([...args, '--record=log', '--trace=trace', '--stats', ...ECHO], { keys, isTty });
    const { inputs, end } = parseRecording(first.written.log);
    expect([inputs.filter(({ input }) => 'tty' in input).length, end === null]).toEqual([4, false]);
    const again = await lguest(['--replay=log', '--trace=trace', '--stats'], {
      files: { log: new TextEncoder().encode(first.written.log), echo: echo.image },
    });
    expect(again.status).toBe(first.status);
    expect(again.out).toBe(first.out);
    expect(again.err).toBe(first.err.replace(/(?=\{"instr)/, `lguest: replayed ${inputs.length} of ${inputs.length} inputs\n`));
    expect(again.written.trace).toBe(first.written.trace);
  });

  test('that was cut in the middle of a line comes again as far as it goes, and that is said', async () => {
    const { written } = await lguest(['--record=log', ...ECHO], { keys });
    const log = written.log.split('\n').slice(0, 4).join('\n').slice(0, -5);
    const again = await lguest(['--replay=log'], { files: { log: new TextEncoder().encode(log), echo: echo.image } });
    expect(again).toMatchObject({
      out: `${GREETING}one two `,
      err: expect.stringMatching(/^lguest: log: the last line is cut off, and left out\n/) as string,
    });
  });

  test.each(['--record=log', '--trace=log'])('that cannot be written ends with a sentence: %s', async (option) => {
    const { status, err } = await lguest([option, ...ECHO], { keys, full: 100 });
    expect({ status, err }).toMatchObject({
      status: 2,
      err: expect.stringMatching(/^lguest: log: cannot be written: no space left\n$/) as string,
    });
  });

  test.each([60, 400])('that ended after %i instructions, as asked, comes again to just there', async (most) => {
    const { written, out, status } = await lguest(['--record=log', `--max-instructions=${most}`, ...ECHO], { keys });
    expect(status).toBe(3);
    const again = await lguest(['--replay=log'], { files: { log: new TextEncoder().encode(written.log), echo: echo.image } });
    expect(again).toMatchObject({ status: 3, out });
    expect(again.err).toContain(`stopped after ${most} instructions`);
    expect(again.err).not.toContain('breaks off');
  });

  test('of a Guest that waits for ever ends there, and is told to', async () => {
    const waiting = [[10, 'one ']] as const;
    const first = await lguest(['--record=log', '--stats', ...ECHO], { keys: [...waiting, [700, null]] });
    expect(first).toMatchObject({ status: 1, err: expect.stringMatching(/waits for something that will never come/) as string });
    expect(parseRecording(first.written.log).end).toMatchObject({ waits: true });
    const files = { log: new TextEncoder().encode(first.written.log), echo: echo.image };
    const again = await lguest(['--replay=log', '--stats'], { files });
    expect([again.status, again.out]).toEqual([1, first.out]);
    expect(again.err).toBe(first.err.replace(/(?=lguest: the Guest waits)/, 'lguest: replayed 2 of 2 inputs\n'));
    // Another end than that is no end of this run.
    const spoilt = first.written.log.replace(',"waits":true', '');
    const other = await lguest(['--replay=log'], { files: { ...files, log: new TextEncoder().encode(spoilt) } });
    expect(other).toMatchObject({ status: 2, err: expect.stringMatching(/the run did not end as it was recorded/) as string });
  });

  test('that was broken off comes again as far as it goes', async () => {
    const { written } = await lguest(['--record=log', ...ECHO], { keys });
    const log = written.log.split('\n').slice(0, 3).join('\n');
    const again = await lguest(['--replay=log'], { files: { log: new TextEncoder().encode(log), echo: echo.image } });
    expect(again).toMatchObject({
      status: 1,
      out: `${GREETING}one two `,
      err: expect.stringMatching(
        /^lguest: the recording breaks off: its last input came after \d+ instructions, .*\n.*replayed 2 of 2 inputs\n.*waits for something/,
      ),
    });
  });

  test.each<[string, (log: string[]) => void, RegExp]>([
    ['no recording at all', (log) => log.splice(0, log.length, 'hello'), /^lguest: log: line 1: not a recording of lguest\n/],
    ['nothing in it', (log) => log.splice(0, log.length), /^lguest: log: line 1: not a recording of lguest\n/],
    ['a first line that says nothing', (log) => log.splice(0, 1, 'null'), /^lguest: log: line 1: not a recording of lguest\n/],
    ['half a first line', (log) => log.splice(0, log.length, log[0].slice(0, 60)), /^lguest: log: line 1: not a recording of lguest\n/],
    [
      'a first line without wires',
      (log) => log.splice(0, 1, log[0].replace(/"wires":\[\],/, '')),
      /^lguest: log: line 1: not a recording of lguest\n/,
    ],
    [
      'Guests that are none',
      (log) => log.splice(0, 1, log[0].replace(/"guests":\[/, '"guests":[7,')),
      /^lguest: log: line 1: not a recording of lguest\n/,
    ],
    [
      'a later version',
      (log) => log.splice(0, 1, log[0].replace('input log 2', 'input log 3')),
      /^lguest: log: line 1: a recording of another lguest \(input log 3\)\n/,
    ],
    ['a line that is nothing', (log) => log.splice(2, 0, 'null'), /^lguest: log: line 3: an input without its place/],
    ['half a line in the middle', (log) => log.splice(2, 1, log[2].slice(0, 40)), /^lguest: log: line 3: not a line of JSON/],
    [
      'an input of a strange kind',
      (log) => log.splice(2, 1, log[2].replace('"kind":"keys"', '"kind":"constructor"')),
      /^lguest: log: line 3: no known kind of input/,
    ],
    [
      'bytes that are none',
      (log) => log.splice(2, 1, log[2].replace(/"bytes":"/, '"bytes":"!')),
      /^lguest: log: line 3: bytes that are not base 64/,
    ],
    [
      'a clock that stands still',
      (log) => log.splice(2, 0, '{"at":1,"step":1,"time":1,"line":0,"input":{"kind":"clock","ahead":1,"rate":0}}'),
      /^lguest: log: line 3: an input of kind clock without rate/,
    ],
    ['an input that is none', (log) => log.splice(2, 0, '{}'), /^lguest: log: line 3: an input without its place/],
    [
      'a place that does not come',
      (log) => log.splice(1, 1, log[1].replace('"step":', '"step":1')),
      /^lguest: log: the input log does not belong to this run|replayed 0 of 4/,
    ],
    [
      'another end',
      (log) => log.splice(-2, 1, log[log.length - 2].replace(/"state":"./, '"state":"x')),
      /^lguest: replayed 4 of 4 inputs\nlguest: log: the run did not end as it was recorded\n/,
    ],
    [
      'no kernel',
      (log) => log.splice(0, 1, log[0].replaceAll('"echo"', '"gone"')),
      /^lguest: gone: cannot be opened: no such file, and there was one/,
    ],
    [
      'another kernel',
      (log) => log.splice(0, 1, log[0].replace(/"digest":"./, '"digest":"x')),
      /^lguest: echo: is not the file that it was/,
    ],
  ])('is refused with %s', async (_, spoil, sentence) => {
    const { written } = await lguest(['--record=log', ...ECHO], { keys });
    const log = written.log.split('\n');
    spoil(log);
    const { status, err } = await lguest(['--replay=log'], { files: { log: new TextEncoder().encode(log.join('\n')), echo: echo.image } });
    expect(err.replace(/^(lguest: CRASH: Power down\n)/, '')).toMatch(sentence);
    expect(status).toBe(2);
  });
});

describe('the command line', () => {
  test.each<[string[], RegExp]>([
    [['--next', '4', 'x'], /--next stands between two Guests/],
    [['4', 'x', '--next', '4'], /--next stands between two Guests/],
    [['--record=', '4', 'x'], /--record wants a file/],
    [['--seed=0', '4', 'x'], /--seed wants a positive number/],
    [['--seed=99999999999', '4', 'x'], /--seed wants/],
    [['--time=soon', '4', 'x'], /--time is “real” or “free”, not “soon”/],
    [['--replay=x', '4', 'x'], /--replay goes with/],
    [['--replay=x', '--seed=5'], /--replay goes with/],
  ])('%j is refused', (args, sentence) => expect(parseCommandLine(args)).toMatch(sentence));

  test('each Guest has its own arguments; the command’s own may stand behind the image, too', () => {
    expect(parseCommandLine(['--stats', '--block=d', '4', 'x', '--stats', '--next', '--trace=t', '8', 'y', 'quiet'])).toMatchObject({
      stats: true,
      trace: 't',
      guests: [
        ['--block=d', '4', 'x'],
        ['8', 'y', 'quiet'],
      ],
    });
  });

  test.each<[string[], TestOptions, RegExp]>([
    [['--replay=nothing'], {}, /nothing: cannot be opened: no such file/],
    [['--record=/nowhere/x', ...ECHO], {}, /\/nowhere\/x: cannot be written: no such directory/],
    [['--tunnet=udp:taken', ...ECHO], {}, /udp:taken: the port is taken/],
    [['600', 'echo', '--next', '600', 'echo'], {}, /the Guests want too much memory/],
  ])('%j ends with a sentence and status 2', async (args, options, sentence) => {
    const { status, err } = await lguest(args, options);
    expect(err).toMatch(sentence);
    expect(status).toBe(2);
  });
});
