/** TCP on a wire that loses, repeats and reorders, against a Guest that does what it must and no more; and against one that does anything. */
import { describe, expect, test } from 'vitest';
import { Dice, effort, seedOf } from '#testing';
import { FLAG, parsePacket } from '../packets.ts';
import type { TcpPacket } from '../packets.ts';
import { Setting } from '../testing/setting.ts';
import { BUFFER, Receiver } from './receiver.ts';

const SPEECH = 30_000;

/** A Guest that says a speech and listens to one, by the simplest means: it says again whatever is not acknowledged, and takes only what is next. */
class SimpleGuest {
  readonly #setting: Setting;
  readonly #dice: Dice;
  readonly #speech: Uint8Array;
  readonly heard: number[] = [];
  /** Segments on their way to us. */
  #coming: TcpPacket[] = [];
  #isn: number;
  #acknowledged = 0;
  #expected: number | null = null;
  #ended = false;

  constructor(setting: Setting, dice: Dice, speech: Uint8Array) {
    this.#setting = setting;
    this.#dice = dice;
    this.#speech = speech;
    this.#isn = dice.word();
  }

  get isDone(): boolean {
    return this.#ended && this.#acknowledged === this.#speech.length + 2;
  }

  /** Says something, and listens. */
  turn(): void {
    const dice = this.#dice;
    if (this.#expected === null) this.#say({ seq: this.#isn, flags: FLAG.syn, mss: 1000 });
    else {
      const from = Math.max(0, this.#acknowledged - 1);
      const at = from + (dice.oneIn(3) ? dice.below(Math.max(1, Math.min(3000, this.#speech.length - from))) : 0);
      const data = this.#speech.subarray(at, at + dice.below(1200));
      const ends = at + data.length === this.#speech.length;
      this.#say({ seq: this.#isn + 1 + at, ack: this.#expected, flags: FLAG.ack | (ends ? FLAG.fin : 0), data });
    }
    while (this.#coming.length > 0 && !dice.oneIn(5)) this.#hear(this.#coming.splice(dice.below(Math.min(3, this.#coming.length)), 1)[0]);
  }

  #say(segment: Partial<TcpPacket>): void {
    for (let copies = this.#dice.oneIn(4) ? 0 : this.#dice.oneIn(6) ? 2 : 1; copies > 0; copies--)
      this.#arrive(this.#setting.send({ ...segment, seq: segment.seq! >>> 0, window: this.#dice.oneIn(8) ? 0 : 5000 }));
  }

  #arrive(packets: TcpPacket[]): void {
    for (const packet of packets) if (!this.#dice.oneIn(5)) this.#coming.push(packet);
  }

  listen(): void {
    this.#arrive(this.#setting.takeTcp());
  }

  #hear({ seq, ack, flags, data }: TcpPacket): void {
    // Who has all it can have may be told that there is no connection any more.
    if (this.isDone) return;
    expect(flags & FLAG.rst).toBe(0);
    if (flags & FLAG.syn) this.#expected ??= (seq + 1) >>> 0;
    this.#acknowledged = Math.max(this.#acknowledged, (ack - this.#isn) | 0);
    if (this.#expected === null || this.#ended || flags & FLAG.syn) return;
    const known = (this.#expected - seq) | 0;
    if (known < 0 || known > data.length) return;
    for (const byte of data.subarray(known)) this.heard.push(byte);
    this.#ended = (flags & FLAG.fin) !== 0;
    this.#expected = (seq + data.length + (this.#ended ? 1 : 0)) >>> 0;
  }
}

describe('both speeches are heard, whole and once', () => {
  test.each(Array.from({ length: 6 * effort() }, (_, i) => i))('on bad wire %i', (run) => {
    const dice = new Dice(seedOf(`a bad wire ${run}`));
    const setting = new Setting(undefined, dice.below(2 ** 28));
    const [guests, peers] = [dice.bytes(SPEECH), dice.bytes(SPEECH)];
    const guest = new SimpleGuest(setting, dice, guests);
    let said = 0;
    for (let turn = 0; turn < 20_000 && !guest.isDone; turn++) {
      guest.turn();
      const [peer] = setting.peers;
      if (peer !== undefined && turn === 5) peer.events.opened();
      if (peer !== undefined && turn > 5 && said < SPEECH && !peer.paused && dice.oneIn(3)) {
        const count = Math.min(SPEECH - said, dice.below(4000));
        peer.events.data(peers.slice(said, (said += count)));
        if (said === SPEECH) peer.events.ended();
      }
      setting.pass(dice.oneIn(3) ? 100 : 0);
      guest.listen();
    }
    expect(guest.isDone).toBe(true);
    expect(guest.heard).toEqual([...peers]);
    expect(setting.peers[0].heard).toEqual([...guests]);
  });
});

test('whatever a hostile Guest says, the peer hears a stream without holes, and never more is kept than there was room for', () => {
  for (let run = 0; run < 40 * effort(); run++) {
    const dice = new Dice(seedOf(`a hostile Guest ${run}`));
    const first = dice.oneIn(2) ? dice.word() : 0xffffffff - dice.below(BUFFER);
    const stream = dice.bytes(3 * BUFFER);
    let heard = 0;
    let backlog = 0;
    const receiver = new Receiver(first, (bytes) => {
      expect(bytes.every((byte, i) => byte === stream[heard + i])).toBe(true);
      heard += bytes.length;
      backlog += bytes.length;
    });
    for (let n = 0; n < 400; n++) {
      const at = dice.oneIn(3) ? heard : dice.below(2 * BUFFER);
      const data = stream.subarray(at, at + dice.below(dice.oneIn(2) ? 3 : 1460));
      const seq = (first + at) >>> 0;
      if (receiver.accepts(seq, data.length)) receiver.take(seq, data, false);
      if (dice.oneIn(3)) backlog -= Math.min(backlog, dice.below(3000));
      receiver.open(backlog);
      expect(receiver.held + backlog).toBeLessThanOrEqual(BUFFER);
      expect(receiver.window).toBeGreaterThanOrEqual(0);
    }
  }
});

test('nor does a hostile Guest get more frames for its frames than it sent, and some', () => {
  const dice = new Dice(seedOf('a hostile Guest'));
  const setting = new Setting();
  let sent = 0;
  let came = 0;
  setting.send({ flags: FLAG.syn, seq: 1000 });
  setting.peers[0].events.opened();
  const [{ seq }] = setting.takeTcp();
  setting.send({ flags: FLAG.ack, seq: 1001, ack: seq + 1 });
  for (let n = 0; n < 20_000; n++, sent++) {
    const near = (number: number): number => (dice.oneIn(4) ? dice.word() : (number + dice.below(70_000)) >>> 0);
    // No resets: it wants to stay.
    const flags = dice.below(64) & ~FLAG.rst;
    came += setting.send({
      flags,
      seq: near(1001),
      ack: near(seq + 1),
      window: dice.below(65536),
      data: dice.bytes(dice.below(20)),
    }).length;
    setting.clock += 1;
  }
  expect(came).toBeLessThan(sent + 100);
  expect(setting.take().every((frame) => parsePacket(frame) !== null)).toBe(true);
});
