/** Puppy on a wire on which somebody lies: packets cut short, too long, with wrong sums, in pieces. It answers what is right, and nothing breaks it. */
import { program } from '#lguest';
import { expect, test } from 'vitest';
import { checksum } from '#packets';
import { World } from '#world';
import { Dice, effort } from '../../testing/index.ts';
import { allPrograms, puppy } from './session.ts';

const OURS = [10, 0, 0, 1];
const THEIRS = [10, 0, 0, 2];
const CARD = [2, 0, 0, 0, 0, 9];
const EVERYBODY = [255, 255, 255, 255, 255, 255];

const word = (value: number): number[] => [(value >> 8) & 255, value & 255];
const sum = (...bytes: number[]): number[] => word(checksum(Uint8Array.from(bytes)));

const question = (): number[] => [...EVERYBODY, ...CARD, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, ...CARD, ...THEIRS, 0, 0, 0, 0, 0, 0, ...OURS];

function ip(protocol: number, data: readonly number[], to: readonly number[]): number[] {
  const head = [0x45, 0, ...word(20 + data.length), 0, 1, 0, 0, 64, protocol, 0, 0, ...THEIRS, ...OURS];
  return [...to, ...CARD, 8, 0, ...head.slice(0, 10), ...sum(...head), ...head.slice(12), ...data];
}

function echo(to: readonly number[], length = 32): number[] {
  const data = [8, 0, 0, 0, 0, 1, 0, 1, ...Array.from({ length }, (_, i) => i & 255)];
  return ip(1, [8, 0, ...sum(...data), ...data.slice(4)], to);
}

function letter(to: readonly number[], length = 32): number[] {
  const data = [...word(4000), ...word(7), ...word(8 + length), 0, 0, ...Array.from({ length }, (_, i) => i & 255)];
  const whole = sum(...THEIRS, ...OURS, 0, 17, ...word(data.length), ...data);
  return ip(17, [...data.slice(0, 6), ...whole, ...data.slice(8)], to);
}

/** One of the right ones, made wrong in some way; or noise. */
function lie(dice: Dice, to: readonly number[]): Uint8Array {
  const right = Uint8Array.from(dice.pick([question(), echo(to, dice.below(1400)), letter(to, dice.below(1400))]));
  switch (dice.below(7)) {
    case 0:
      return right.slice(0, dice.below(right.length + 1));
    case 1:
      return Uint8Array.from({ length: dice.pick([1515, 1600, 65_550]) }, (_, i) => right[i] ?? 0);
    case 2: // a fragment, or one to follow
      right.set(
        dice.pick([
          [0x20, 0],
          [0, 1],
          [0x3f, 0xff],
        ]),
        20,
      );
      return right;
    case 3: // lengths that lie
      right.set(word(dice.pick([0, 1, 19, 20, 27, 1500, 65_535])), dice.pick([16, 38]));
      return right;
    case 4: // options, another version, another protocol
      right[dice.pick([14, 23])] = dice.below(256);
      return right;
    case 5:
      for (let i = 0; i <= dice.below(4); i++) right[dice.below(right.length)] = dice.below(256);
      return right;
    default:
      return Uint8Array.from({ length: dice.below(1600) }, () => dice.below(256));
  }
}

test.each(Array.from({ length: effort() }, (_, i) => i + 1))('lies on the wire, seed %i', (seed) => {
  const dice = new Dice(seed);
  const files = new Map([
    ['puppy', puppy()],
    ['archive', allPrograms()],
  ]);
  const world = World.create({
    program,
    argv: ['--initrd=archive', '--tunnet=user', '8', 'puppy', 'ip=10.0.0.1'],
    files: (path) => files.get(path),
    wires: ['user'],
    keepEvents: false,
  });
  let screen = '';
  const until = (seconds: number): void => {
    const end = world.time + seconds * 1e9;
    while (world.time < end && world.run(50_000_000, Infinity, { until: end }).reason === 'limit');
    screen += world.takeConsole();
  };
  const type = (text: string): void => {
    world.input({ kind: 'keys', tty: 0, bytes: new TextEncoder().encode(text) });
    until(1);
  };
  const send = (bytes: Uint8Array): void => void world.input({ kind: 'frame', interface: 'tap0', bytes });
  /** What comes back, by what it is. */
  const heard = (): Uint8Array[] => world.takeRequests().flatMap((request) => (request.kind === 'frame' ? [request.bytes] : []));
  until(1);
  type('udpecho &\r');
  send(Uint8Array.from(question()));
  until(0.1);
  const [answer] = heard();
  expect(answer.slice(12, 22)).toEqual(Uint8Array.of(8, 6, 0, 1, 8, 0, 6, 4, 0, 2));
  const to = [...answer.slice(6, 12)];
  for (let round = 0; round < 12; round++) {
    for (let i = 0; i < 25; i++) {
      send(lie(dice, dice.oneIn(4) ? EVERYBODY : to));
      if (dice.oneIn(3)) until(dice.below(1000) / 1e6);
    }
    until(0.1);
    heard();
    // Somebody may have said in our name that our card is another one; so we say who we are.
    send(Uint8Array.from(question()));
    until(0.05);
    send(Uint8Array.from(echo(to)));
    send(Uint8Array.from(letter(to)));
    until(0.1);
    const kinds = heard().map((frame) =>
      frame[13] === 6 ? 'arp' : frame[23] === 1 ? `icmp ${frame[34]}` : `udp ${frame[35] + frame[34] * 256}`,
    );
    expect(kinds, `round ${round}`).toEqual(expect.arrayContaining(['arp', 'icmp 0', 'udp 7']));
  }
  type('cat /proc/net\r');
  expect(screen).toMatch(/thrown away [1-9]\d\d/);
  expect(screen).not.toMatch(/bug|panic/);
});
