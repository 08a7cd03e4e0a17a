/** The command as a process: real files, a real terminal, and ends that nobody expected. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, existsSync, openSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { COMMAND_BUNDLE_PATH, LGUEST_BUNDLE_PATH, TOP } from '../../../scripts/lib/paths.mjs';
import { Dice, effort } from '#testing';
import { assembleGuest, lastWritten, missingWrites, tangled, WRITER } from '../testing/guests.ts';
import { DiskFile } from './disk_file.ts';

const folder = mkdtempSync(join(tmpdir(), 'lguest-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
const writer = assembleGuest(WRITER);
writeFileSync(path('writer'), writer);
const echo = JSON.parse(readFileSync(`${TOP}/static/live/scenes/console.json`, 'utf8')) as { image: string; scene: { memory: number } };
writeFileSync(path('echo'), Buffer.from(echo.image, 'base64'));

/** As scripts/lguest.mjs does it, but never building anything. */
const COMMAND = [
  process.execPath,
  '--input-type=module',
  '-e',
  `const { nodeHost, runCommand } = await import(${JSON.stringify(COMMAND_BUNDLE_PATH)});
   const { program } = await import(${JSON.stringify(LGUEST_BUNDLE_PATH)});
   process.exitCode = await runCommand(process.argv.slice(1), nodeHost(program));`,
  '--',
];

function lguest(args: string[], input = ''): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(COMMAND[0], [...COMMAND.slice(1), ...args], { input, encoding: 'latin1' });
  return { status, out: stdout, err: stderr };
}

describe('a disk that is written without end', () => {
  test.each(Array.from({ length: 2 * effort() }, (_, i) => i))(
    'has all that was acknowledged when the process is killed, run %i',
    async (run) => {
      const disk = path(`disk${run}`);
      writeFileSync(disk, new Uint8Array(64 * 512));
      const child = spawn(COMMAND[0], [...COMMAND.slice(1), `--block=${disk}`, '4', path('writer')], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let out = '';
      let doomed = false;
      await new Promise<void>((done) => {
        child.stdout.on('data', (more: Buffer) => {
          out += more.toString('latin1');
          if (!doomed && lastWritten(out) > 10) setTimeout(() => child.kill('SIGKILL'), 20 + ((run * 77) % 300));
          doomed ||= lastWritten(out) > 10;
        });
        child.on('close', () => done());
      });
      const last = lastWritten(out);
      expect(last).toBeGreaterThan(10);
      expect(missingWrites(readFileSync(disk), last)).toEqual([]);
    },
  );

  test('has it when the world stops at any place', () => {
    const { MemoryDisk, World } = base;
    const dice = new Dice(11);
    let written = 0;
    for (let run = 0; run < 8 * effort(); run++) {
      const disk = new MemoryDisk('disk', new Uint8Array(64 * 512));
      const world = World.create({
        program,
        argv: ['--block=disk', '4', 'writer'],
        files: () => writer,
        disks: () => ({ length: 64 * 512 }),
        tty: false,
      });
      let out = '';
      const end = 20_000 + dice.below(300_000);
      while (world.instructions < end) {
        world.run(Math.min(end - world.instructions, 1 + dice.below(3000)), Infinity, { requests: dice.oneIn(2) });
        out += world.takeConsole();
        // Now and then the outside takes its time, or never comes to it.
        if (dice.oneIn(3)) continue;
        for (const request of world.takeRequests()) {
          const answer = disk.answer(request);
          if (answer) world.input(answer);
        }
      }
      expect(missingWrites(disk.bytes, lastWritten(out))).toEqual([]);
      written += lastWritten(out);
    }
    expect(written).toBeGreaterThan(50);
  });
});

describe('disks', () => {
  test('of a chapter’s Guest: what it writes stays in the file', () => {
    const { image, scene } = JSON.parse(readFileSync(`${TOP}/static/live/scenes/virtio_blk.json`, 'utf8')) as {
      image: string;
      scene: { memory: number; disk: { bytes: number; sectors: Record<string, string> } };
    };
    const before = Buffer.alloc(scene.disk.bytes);
    for (const [sector, text] of Object.entries(scene.disk.sectors)) before.write(text, Number(sector) * 512, 'latin1');
    writeFileSync(path('blk'), Buffer.from(image, 'base64'));
    writeFileSync(path('disk'), before);
    const args = [`--block=${path('disk')}`, String(scene.memory), path('blk')];
    const first = lguest([`--record=${path('log')}`, ...args]);
    expect(first).toMatchObject({ status: 0, out: expect.stringContaining('Sector 0: here be dragons.') as string });
    const after = readFileSync(path('disk'));
    expect(after.toString('latin1', 5 * 512).startsWith('Dear disk, keep this for me until tomorrow.\n')).toBe(true);
    before.set(after.subarray(5 * 512, 6 * 512), 5 * 512);
    expect(after.equals(before)).toBe(true);
    writeFileSync(path('disk'), new Uint8Array(1));
    const again = lguest([`--replay=${path('log')}`]);
    expect(again).toMatchObject({ status: 0, out: first.out });
    expect(readFileSync(path('disk')), 'a replay writes nothing').toHaveLength(1);
  });

  test('that are not there are refused', () => {
    expect(lguest([`--block=${path('nothing')}`, '4', path('writer')])).toMatchObject({
      err: `lguest: ${path('nothing')}: cannot be opened: no such file or directory\n`,
      status: 2,
    });
  });

  test.each<[string, string[], string]>([
    ['a disk', [`--block=${folder}`, '4', path('writer')], 'cannot be a disk'],
    ['a kernel', ['4', folder], 'cannot be read'],
    ['an initial RAM disk', [`--initrd=${folder}`, '4', path('writer')], 'cannot be read'],
    ['a recording', [`--replay=${folder}`], 'cannot be read'],
    ['a new recording', [`--record=${folder}`, '4', path('writer')], 'cannot be written'],
  ])('and a folder for %s is told to be one', (_, args, sentence) => {
    expect(lguest(args)).toMatchObject({ err: `lguest: ${folder}: ${sentence}: it is a folder, not a file\n`, status: 2 });
  });

  test('an answer to each request, and errors as Linux numbers them', () => {
    const file = path('plain');
    writeFileSync(
      file,
      Uint8Array.from({ length: 70_000 }, (_, i) => i),
    );
    const disk = DiskFile.open(file)!;
    expect([disk.length, disk.readOnly]).toEqual([70_000, false]);
    const ask = (request: object): object => disk.answer({ path: 'x', id: 1, ...request } as Parameters<DiskFile['answer']>[0]);
    expect(ask({ kind: 'disk-read', chunk: 1 })).toMatchObject({ kind: 'disk-chunk', bytes: { length: 70_000 - 65536 } });
    expect(ask({ kind: 'disk-read', chunk: 9 })).toMatchObject({ kind: 'disk-chunk', bytes: { length: 0 } });
    expect(ask({ kind: 'disk-write', offset: 69_999, bytes: Uint8Array.of(1, 2) })).toEqual({ kind: 'disk-done', path: 'x', id: 1 });
    expect(ask({ kind: 'disk-sync' })).toEqual({ kind: 'disk-done', path: 'x', id: 1 });
    expect(readFileSync(file).subarray(69_998)).toEqual(Buffer.from([69_998 & 0xff, 1, 2]));
    expect(ask({ kind: 'disk-truncate', length: 10 })).toMatchObject({ kind: 'disk-done' });
    expect(readFileSync(file)).toHaveLength(10);
    expect(ask({ kind: 'disk-write', offset: 0, bytes: new Uint8Array(20) })).toMatchObject({ kind: 'disk-done' });
    expect(ask({ kind: 'disk-read', chunk: 0 })).toMatchObject({ kind: 'disk-chunk', bytes: { length: 20 } });
    // Somebody else makes it shorter: an error, and no zeros that nobody wrote.
    writeFileSync(file, 'short');
    expect(ask({ kind: 'disk-read', chunk: 0 })).toMatchObject({ kind: 'disk-error', error: 5 });
    disk.close();
    expect(ask({ kind: 'disk-sync' })).toMatchObject({ kind: 'disk-error', error: 5 });
    expect(DiskFile.open(path('nothing'))).toBeUndefined();
  });

  test.skipIf(!existsSync('/dev/full'))('and files that are full: what does not fit is told, not lost', () => {
    for (const option of ['--record', '--trace']) {
      const { status, err } = lguest([`${option}=/dev/full`, String(echo.scene.memory), path('echo')], 'q');
      expect(err).toMatch(/^lguest: \/dev\/full: cannot be written: ENOSPC/m);
      expect(status).toBe(2);
    }
  });

  test.skipIf(!existsSync('/dev/full'))('and a standard output that is full is told, too', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(COMMAND[0], [...COMMAND.slice(1), String(echo.scene.memory), path('echo')], {
      input: 'q',
      encoding: 'latin1',
      stdio: ['pipe', full, 'pipe'],
    });
    closeSync(full);
    expect(stderr).toMatch(/^what was said cannot be written: ENOSPC/);
    expect(status).toBe(2);
  });

  test.skipIf(process.getuid?.() === 0)('that may only be read say so (skipped for root, who may do anything)', () => {
    writeFileSync(path('locked'), new Uint8Array(512));
    chmodSync(path('locked'), 0o444);
    expect(DiskFile.open(path('locked'))).toMatchObject({ readOnly: true });
    expect(lguest([`--block=${path('locked')}`, '4', path('writer')])).toMatchObject({
      status: 2,
      err: expect.stringMatching(/read-only/i) as string,
    });
  });
});

describe('networks', () => {
  const net = JSON.parse(readFileSync(`${TOP}/static/live/scenes/virtio_net.json`, 'utf8')) as { image: string };
  writeFileSync(path('net'), Buffer.from(net.image, 'base64'));
  /** The chapter's Guest that asks who has an address, with addresses of the user network. */
  const asker = tangled('guests/network.S')!.replaceAll('192, 168, 19, 2', '10, 0, 2, 15').replaceAll('192, 168, 19, 1', '10, 0, 2, 2');
  writeFileSync(path('asker'), assembleGuest(asker));

  test('between two Guests of one command, and once more from the recording', () => {
    const first = lguest([
      `--record=${path('hub')}`,
      '--tunnet=hub:wire',
      '4',
      path('net'),
      'ping',
      '--next',
      '--tunnet=hub:wire',
      '4',
      path('net'),
      'answer',
    ]);
    expect(first).toMatchObject({
      status: 0,
      out: expect.stringMatching(/There it is\. (.*\n)+Replies: 00000004\n(.*\n)*2\| Echoes sent back: /) as string,
    });
    expect(lguest([`--replay=${path('hub')}`])).toMatchObject({ status: 0, out: first.out });
  });

  test('to the gateway of the user network, and once more without it', () => {
    const first = lguest([`--record=${path('user')}`, '--tunnet=user', '5', path('asker')]);
    expect(first).toMatchObject({ status: 0, out: expect.stringContaining('Answered by:            52550a00\n') as string });
    expect(lguest([`--replay=${path('user')}`])).toMatchObject({ status: 0, out: first.out });
  });

  test('between two processes, over a wire of datagrams', async () => {
    const [a, b] = [20_000 + (process.pid % 10_000), 12_000 + (process.pid % 5_000)];
    let asking = (): void => {};
    const asked = new Promise<void>((done) => {
      asking = done;
    });
    const start = (local: number, remote: number, what: string): Promise<{ status: number | null; out: string }> => {
      const child = spawn(COMMAND[0], [...COMMAND.slice(1), `--tunnet=udp:${local}:${remote}`, '4', path('net'), what], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let out = '';
      child.stdout.on('data', (more: Buffer) => {
        out += more.toString('latin1');
        if (out.includes('Who has')) asking();
      });
      return new Promise((done) => child.on('close', (status) => done({ status, out })));
    };
    // Whoever answers has little patience: so somebody asks already.
    const pinger = start(a, b, 'ping');
    await asked;
    const answers = await start(b, a, 'answer');
    const asks = await pinger;
    expect(asks).toMatchObject({
      status: 0,
      out: expect.stringMatching(/There it is\. Its address ends in [0-9a-f]{8}\n(.*\n)*Round trip/) as string,
    });
    expect(answers.status).toBe(0);
    expect(parseInt(/Echoes sent back: ([0-9a-f]{8})/.exec(answers.out)?.[1] ?? '0', 16)).toBeGreaterThan(0);
  });

  test('that are nowhere are refused', () => {
    for (const [network, sentence] of [
      ['moon', /wants an address/],
      ['udp:1', /two ends are wanted/],
      ['udp:x:y', /an end is PORT or HOST:PORT/],
      ['bridge:', /wants an address|br/],
    ] as const) {
      const { status, err } = lguest([`--tunnet=${network}`, '5', path('asker')]);
      expect(err).toMatch(sentence);
      expect(status).toBe(2);
    }
  });
});

describe('standard input', () => {
  test('a pipe, a file, nothing', () => {
    const args = [String(echo.scene.memory), path('echo')];
    expect(lguest(args, 'quit now')).toMatchObject({ status: 0, out: expect.stringContaining('quit now') as string });
    expect(lguest(args, 'hello')).toMatchObject({
      status: 1,
      out: expect.stringContaining('hello') as string,
      err: expect.stringContaining('waits for something that will never come') as string,
    });
  });
});

/** Runs the command on a terminal of its own, types, and tells what its modes were before, meanwhile and afterwards. */
const ON_A_TERMINAL = `
import os, pty, signal, sys, termios, time
def modes(fd):
    local = termios.tcgetattr(fd)[3]
    return ''.join(letter if local & bit else '-' for letter, bit in (('i', termios.ISIG), ('c', termios.ICANON), ('e', termios.ECHO)))
master, slave = os.openpty()
before = modes(slave)
child = os.fork()
if child == 0:
    os.setsid(); os.close(master)
    for fd in (0, 1, 2): os.dup2(slave, fd)
    os.execvp(sys.argv[2], sys.argv[2:])
out = b''
def wait_for(text):
    global out
    while text not in out: out += os.read(master, 4096)
wait_for(b'begins with a q')
meanwhile = modes(slave)
if sys.argv[1] == 'type':
    os.write(master, b'hello'); wait_for(b'hello')
    os.write(master, b'\\x03'); wait_for(b'\\x03')
    os.write(master, b'q')
else: os.kill(child, int(sys.argv[1]))
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(before, meanwhile, modes(slave), status)
`;
const python = spawnSync('python3', ['--version']).status === 0;
describe.skipIf(!python)(`a terminal${python ? '' : ' (skipped: there is no Python here to make one)'}`, () => {
  test.each([
    ['type', 'ice --- ice 0\n'],
    ['15', 'ice --- ice 143\n'],
    ['1', 'ice --- ice 129\n'],
    ['2', 'ice --- ice 130\n'],
  ])('is raw meanwhile, and afterwards as it was: %s', (what, expected) => {
    const { stdout, stderr } = spawnSync('python3', ['-c', ON_A_TERMINAL, what, ...COMMAND, String(echo.scene.memory), path('echo')], {
      encoding: 'latin1',
      timeout: 250_000,
    });
    expect(stdout + stderr).toBe(expected);
  });
});
