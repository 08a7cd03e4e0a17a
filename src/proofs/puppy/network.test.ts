/** Puppy on a wire on which somebody lies: packets cut short, too long, with wrong sums, in pieces. It answers what is right, and nothing breaks it. */
import { program } from '#lguest';
import { describe, expect, test } from 'vitest';
import { checksum } from '#packets';
import { World } from '#world';
import { Dice, effort } from '#testing';
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

/** Puppy at 10.0.0.1, on a wire whose other end is the test. */
class Wire {
  readonly world: World;
  screen = '';

  constructor(args = ['ip=10.0.0.1']) {
    const files = new Map([
      ['puppy', puppy()],
      ['archive', allPrograms()],
    ]);
    this.world = World.create({
      program,
      argv: ['--initrd=archive', '--tunnet=user', '8', 'puppy', ...args],
      files: (path) => files.get(path),
      wires: ['user'],
      keepEvents: false,
    });
    this.until(1);
  }

  until(seconds: number): void {
    const end = this.world.time + seconds * 1e9;
    while (this.world.time < end && this.world.run(50_000_000, Infinity, { until: end }).reason === 'limit');
    this.screen += this.world.takeConsole();
  }

  type(text: string): void {
    this.world.input({ kind: 'keys', tty: 0, bytes: new TextEncoder().encode(text) });
    this.until(1);
  }

  send(bytes: Iterable<number>): void {
    this.world.input({ kind: 'frame', interface: 'tap0', bytes: Uint8Array.from(bytes) });
  }

  /** What comes back. */
  heard(): Uint8Array[] {
    return this.world.takeRequests().flatMap((request) => (request.kind === 'frame' ? [request.bytes] : []));
  }

  /** Introduces the test to Puppy. @returns the address of Puppy's card */
  meet(): number[] {
    this.send(question());
    this.until(0.1);
    const [answer] = this.heard();
    expect(answer.slice(12, 22)).toEqual(Uint8Array.of(8, 6, 0, 1, 8, 0, 6, 4, 0, 2));
    return [...answer.slice(6, 12)];
  }
}

test.each(Array.from({ length: effort() }, (_, i) => i + 1))('lies on the wire, seed %i', (seed) => {
  const dice = new Dice(seed);
  const wire = new Wire();
  wire.type('udpecho &\r');
  const to = wire.meet();
  for (let round = 0; round < 12; round++) {
    for (let i = 0; i < 25; i++) {
      wire.send(lie(dice, dice.oneIn(4) ? EVERYBODY : to));
      if (dice.oneIn(3)) wire.until(dice.below(1000) / 1e6);
    }
    wire.until(0.1);
    wire.heard();
    // Somebody may have said in our name that our card is another one; so we say who we are.
    wire.send(question());
    wire.until(0.05);
    wire.send(echo(to));
    wire.send(letter(to));
    wire.until(0.1);
    const kinds = wire
      .heard()
      .map((frame) => (frame[13] === 6 ? 'arp' : frame[23] === 1 ? `icmp ${frame[34]}` : `udp ${frame[35] + frame[34] * 256}`));
    expect(kinds, `round ${round}`).toEqual(expect.arrayContaining(['arp', 'icmp 0', 'udp 7']));
  }
  wire.type('cat /proc/net\r');
  expect(wire.screen).toMatch(/thrown away [1-9]\d\d/);
  expect(wire.screen).not.toMatch(/bug|panic/);
});

test('who has no address cannot be answered, and is told; but his own computer is there', () => {
  const wire = new Wire([]);
  wire.type('ping 10.0.0.2\r');
  wire.until(5);
  wire.type('ping 127.0.0.1\r');
  wire.until(5);
  expect(wire.screen.replaceAll('\r', '')).toContain('\nping: 10.0.0.2: Network is unreachable\n');
  expect(wire.screen).not.toContain('does not answer');
  expect(wire.screen).toContain('127.0.0.1 is there: number 1,');
  expect(wire.heard()).toEqual([]);
});

/** A right frame with other addresses in its IP header, whose sums are made right again. */
function between(frame: readonly number[], from: readonly number[], to: readonly number[]): number[] {
  const head = [...frame.slice(14, 24), 0, 0, ...from, ...to];
  const data = frame.slice(34);
  // No sum for a letter: that is allowed, and what is asked here is not about it.
  if (head[9] === 17) data.splice(6, 2, 0, 0);
  return [...frame.slice(0, 14), ...head.slice(0, 10), ...sum(...head), ...head.slice(12), ...data];
}

describe('a letter for a port that nobody has (RFC 792, RFC 1122 3.2.2)', () => {
  const wire = new Wire();
  const card = wire.meet();
  const answers = (frame: readonly number[]): Uint8Array[] => {
    wire.send(frame);
    wire.until(0.1);
    return wire.heard();
  };

  test.each([0, 32, 520, 521, 1400])('comes back, its first 548 bytes: %i bytes in it', (length) => {
    const frame = letter(card, length);
    const [back, ...more] = answers(frame);
    expect(more).toEqual([]);
    const returned = frame.slice(14, 14 + 548);
    expect([...back.slice(26, 34), back[23]]).toEqual([...OURS, ...THEIRS, 1]);
    expect((back[16] << 8) + back[17]).toBe(20 + 8 + returned.length);
    const message = back.slice(34, 34 + 8 + returned.length);
    expect(checksum(message)).toBe(0);
    expect([...message.slice(0, 2), ...message.slice(4)]).toEqual([3, 3, 0, 0, 0, 0, ...returned]);
  });

  test.each([
    ['a letter to everybody', between(letter(EVERYBODY), THEIRS, [255, 255, 255, 255])],
    ['a ping to everybody', between(echo(EVERYBODY), THEIRS, [255, 255, 255, 255])],
    ['a letter from nobody', between(letter(card), [0, 0, 0, 0], OURS)],
    ['a letter from everybody', between(letter(card), [255, 255, 255, 255], OURS)],
    ['a letter from many', between(letter(card), [224, 0, 0, 1], OURS)],
    ['a letter from one who never leaves his computer', between(letter(card), [127, 0, 0, 1], OURS)],
    ['a ping from many', between(echo(card), [239, 1, 2, 3], OURS)],
    [
      'a letter that came back',
      ip(1, [3, 3, ...sum(3, 3, 0, 0, 0, 0, 0, 0, ...letter(card).slice(14)), 0, 0, 0, 0, ...letter(card).slice(14)], card),
    ],
  ])('but nothing answers %s', (_, frame) => {
    expect(answers(frame)).toEqual([]);
  });
});

test.each(['ip=garbage', 'ip=', 'ip=10.0.0', 'ip=10.0.0.1x', 'ip=10..0.1', 'ip=10.0.0.256'])(
  '%s on the command line is told to be no address',
  (arg) => {
    const { screen } = new Wire([arg]);
    expect(screen).toContain('Puppy: what follows ip= or gw= is no address');
  },
);

test('an address with something behind it, or none, is nothing to be told of', () => {
  for (const args of [[], ['ip=10.0.0.1', 'gw=10.0.0.2'], ['lazy=off']]) expect(new Wire(args).screen).not.toContain('no address');
});
