import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { describe, expect, test } from 'vitest';
import { World } from '#world';
import type { CommandHost } from '../host.ts';
import { runLive } from '../loop.ts';
import { Outside } from '../outside.ts';
import { pinging } from '../testing/pinger.ts';
import { openUdpWire, parseEnds } from './udp_wire.ts';
import { nodeHost } from './index.ts';

describe('ends', () => {
  test.each([
    ['1234:1235', '127.0.0.1:1234 127.0.0.1:1235'],
    ['localhost:1:2', 'localhost:1 127.0.0.1:2'],
    ['1:10.0.0.1:65535', '127.0.0.1:1 10.0.0.1:65535'],
    ['a:1:b:2', 'a:1 b:2'],
  ])('%s', (text, ends) =>
    expect(
      parseEnds(text)
        .map(({ host, port }) => `${host}:${port}`)
        .join(' '),
    ).toBe(ends),
  );

  test.each([
    ['', /an end is/],
    ['1234', /two ends/],
    ['1:2:3', /two ends/],
    ['0:1', /from 1 to 65535/],
    ['1:65536', /from 1 to 65535/],
    ['a:b', /an end is/],
    ['1:a', /an end is/],
    ['1:', /an end is/],
  ])('%j is refused', (text, sentence) => {
    expect(() => parseEnds(text)).toThrow(sentence);
  });
});

/** Ports that are free now. */
async function freePorts(count: number): Promise<number[]> {
  const sockets = Array.from({ length: count }, () => createSocket('udp4'));
  await Promise.all(sockets.map((socket) => new Promise<void>((done) => socket.bind(0, '127.0.0.1', done))));
  const ports = sockets.map((socket) => socket.address().port);
  await Promise.all(sockets.map((socket) => new Promise<void>((done) => socket.close(done))));
  return ports;
}

/** Runs the pinger in a world that is wired to somebody. */
async function ping(wire: string, me: string, target: string): Promise<{ ending: unknown; text: string }> {
  const world = World.create({
    program: pinging,
    argv: ['4', 'ping', me, target, wire],
    files: () => undefined,
    wires: [wire],
    tty: false,
  });
  const outside = new Outside(host, new Map());
  await outside.openWires([wire]);
  try {
    const ending = await runLive(world, outside, host, true, 1e9);
    return { ending, text: world.takeConsole() };
  } finally {
    void outside.close();
  }
}

const host: CommandHost = { ...nodeHost(pinging), keyboard: null };

test('frames come as they went, and only from the other end', async () => {
  const [a, b, c] = await freePorts(3);
  const heard: Uint8Array[] = [];
  let last = (): void => {};
  const end = new Promise<void>((done) => {
    last = done;
  });
  const listener = await openUdpWire(`${a}:${b}`, (frame) => {
    heard.push(frame);
    if (frame.length === 1) last();
  });
  const [speaker, stranger] = [await openUdpWire(`${b}:${a}`, () => {}), await openUdpWire(`${c}:${a}`, () => {})];
  stranger.send(Uint8Array.of(6, 6, 6), 'tap0');
  const frames = [14, 60, 1514, 9000].map((length) => Uint8Array.from({ length }, (_, i) => i * 7));
  for (const frame of [...frames, Uint8Array.of(1)]) speaker.send(frame, 'tap0');
  await end;
  expect(heard.slice(0, -1)).toEqual(frames);
  for (const wire of [listener, speaker, stranger]) void wire.close();
});

test('a port that is taken is told', async () => {
  const [a, b] = await freePorts(2);
  const wire = await openUdpWire(`${a}:${b}`, () => {});
  await expect(openUdpWire(`${a}:${b}`, () => {})).rejects.toThrow(/^udp:\d+:\d+: .*EADDRINUSE/);
  void wire.close();
});

test('another world at the other end answers', async () => {
  const [a, b] = await freePorts(2);
  const other = World.create({
    program: pinging,
    argv: ['4', 'answer', '10.9.8.1', '10.9.8.2', `udp:${b}:${a}`],
    files: () => undefined,
    wires: [`udp:${b}:${a}`],
    tty: false,
    seed: 77,
  });
  const outside = new Outside(host, new Map());
  await outside.openWires([`udp:${b}:${a}`]);
  const answering = runLive(other, outside, host, true, 1e9);
  const { text } = await ping(`udp:${a}:${b}`, '10.9.8.2', '10.9.8.1');
  expect(text).toMatch(/^\d+( \d+){5} has it\nit is there\n$/);
  expect(await answering).toEqual({ reason: 'exited', status: 0 });
  void outside.close();
});

const qemu = spawnSync('qemu-system-i386', ['--version']).status === 0;
test.skipIf(!qemu)(
  `QEMU’s user network at the other end answers${qemu ? '' : ' (skipped: there is no qemu-system-i386 here)'}`,
  async () => {
    const [a, b] = await freePorts(2);
    // No machine, only its networks: the datagrams on one port of a hub, a gateway on the other.
    const peer = spawn(
      'qemu-system-i386',
      [
        '-M',
        'none',
        '-nodefaults',
        '-display',
        'none',
        '-monitor',
        'none',
        '-serial',
        'none',
        '-netdev',
        `socket,id=wire,udp=127.0.0.1:${a},localaddr=127.0.0.1:${b}`,
        '-netdev',
        'user,id=net,restrict=on',
        '-netdev',
        'hubport,hubid=0,netdev=wire,id=one',
        '-netdev',
        'hubport,hubid=0,netdev=net,id=two',
      ],
      { stdio: ['ignore', 'ignore', 'ignore'] },
    );
    try {
      // Whoever asks before QEMU is there asks in vain: so we listen for the first answer.
      const probe = await openUdpWire(`${a}:${b}`, () => answered());
      let answered = (): void => {};
      const answer = new Promise<void>((done) => {
        answered = done;
      });
      const asking = setInterval(
        () =>
          probe.send(
            Uint8Array.from([
              255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 2, 15, 0, 0, 0, 0, 0,
              0, 10, 0, 2, 2,
            ]),
            'tap0',
          ),
        100,
      );
      await answer;
      clearInterval(asking);
      void probe.close();
      const { ending, text } = await ping(`udp:${a}:${b}`, '10.0.2.15', '10.0.2.2');
      expect({ ending, text }).toEqual({ ending: { reason: 'exited', status: 0 }, text: '82 85 10 0 2 2 has it\nit is there\n' });
    } finally {
      peer.kill();
    }
  },
);
