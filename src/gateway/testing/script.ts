/**
 * For tests: a small language for TCP, in the manner of packetdrill. Between semicolons stand
 * - `> FLAGS FROM:TO ack N win N mss N`: a segment of the Guest's. Flags are tcpdump's: S, F, R, P, U, and a point for ACK. Sequence numbers count from either side's SYN, which is 0;
 *   TO may be left out where there is no data.
 * - `< FLAGS FROM:TO ack N win N mss N`: one that comes back. What is not named may be anything. `< *`: any number of any kind.
 * - `+N`: so many milliseconds pass.
 * - `peer opens`, `peer says N`, `peer ends`, `peer fails`, `peer is deaf`, `peer takes N`.
 * - `= heard N`, `= ended`, `= closed`, `= reset`, `= paused`, `= alive` (none of these), `= forgotten`, `= calls N`: what must hold now. `= not …`: what must not.
 * - `unplug`: the Guest is gone.
 * After each deed, all segments that come back must be named, in their order. What either side says is a stream in which each byte tells its place, so that no
 * test needs to look at bytes.
 */
import { expect } from 'vitest';
import { FLAG } from '../packets.ts';
import type { TcpPacket } from '../packets.ts';
import { Setting } from './setting.ts';
import type { TestPeer } from './setting.ts';

const LETTERS: readonly (readonly [string, number])[] = [
  ['F', FLAG.fin],
  ['S', FLAG.syn],
  ['R', FLAG.rst],
  ['P', FLAG.psh],
  ['.', FLAG.ack],
  ['U', FLAG.urg],
];

/** A call that is taken: the Guest has room for 20,000 bytes and takes segments of 1,000. */
export const OPEN = '> S 0 win 20000 mss 1000; peer opens; < S. 0 ack 1 win 65535 mss 1460; > . 1 ack 1';
/** Said by the Guest. */
const WINDOW = 20_000;

/** Byte number `at` of a stream; the first has number 1. */
function byteOf(stream: 'guest' | 'peer', at: number): number {
  return (at * 7 + (at >> 8) + (stream === 'guest' ? 0 : 100)) & 0xff;
}

function bytesOf(stream: 'guest' | 'peer', from: number, to: number): Uint8Array {
  return Uint8Array.from({ length: to - from }, (_, i) => byteOf(stream, from + i));
}

function expectSame(found: Uint8Array, wanted: Uint8Array, where: string): void {
  expect(found.length, where).toBe(wanted.length);
  expect(
    found.findIndex((byte, i) => byte !== wanted[i]),
    where,
  ).toBe(-1);
}

class Script {
  readonly #setting: Setting;
  readonly #guest: number;
  #ours = 0;
  #said = 1;
  #came: TcpPacket[] = [];

  constructor(guest: number, clock: number) {
    this.#guest = guest;
    this.#setting = new Setting(undefined, clock);
  }

  play(lines: readonly string[]): void {
    lines.forEach((line, i) => {
      const where = `line ${i + 1}: ${line}`;
      const [word, ...rest] = line.split(' ');
      if (word === '<') {
        this.#expect(rest, where);
        return;
      }
      if (word === '=') {
        this.#check(rest, where);
        return;
      }
      this.#expectNoMore(`before ${where}`);
      if (word === '>') this.#came.push(...this.#setting.send(this.#segment(rest)));
      else if (word.startsWith('+')) this.#setting.pass(Number(word));
      else if (word === 'unplug') this.#setting.gateway.unplug('tap0');
      else this.#peer(rest);
      this.#came.push(...this.#setting.takeTcp());
    });
    this.#expectNoMore('at the end');
  }

  #expectNoMore(where: string): void {
    expect(
      this.#came.map((packet) => this.#show(packet)),
      where,
    ).toEqual([]);
  }

  get #last(): TestPeer {
    return this.#setting.peers[this.#setting.peers.length - 1];
  }

  #peer([deed, count]: string[]): void {
    const peer = this.#last;
    if (deed === 'opens') peer.events.opened();
    else if (deed === 'says') {
      peer.events.data(bytesOf('peer', this.#said, this.#said + Number(count)));
      this.#said += Number(count);
    } else if (deed === 'ends') peer.events.ended();
    else if (deed === 'fails') peer.events.failed();
    else if (deed === 'is') peer.listens = false;
    else peer.take(Number(count));
  }

  #segment([letters, range, ...rest]: string[]): Partial<TcpPacket> {
    const [from, to = from] = range.split(':').map(Number);
    const named = new Map(rest.flatMap((word, i) => (i % 2 === 0 ? [[word, Number(rest[i + 1])] as const] : [])));
    return {
      flags: LETTERS.reduce((flags, [letter, flag]) => (letters.includes(letter) ? flags | flag : flags), 0),
      seq: (this.#guest + from) >>> 0,
      ack: (this.#ours + (named.get('ack') ?? 0)) >>> 0,
      window: named.get('win') ?? WINDOW,
      mss: named.get('mss') ?? null,
      data: bytesOf('guest', from, to),
    };
  }

  #expect([letters, ...rest]: string[], where: string): void {
    if (letters === '*') {
      this.#came = [];
      return;
    }
    const packet = this.#came.shift();
    expect(packet, where).toBeDefined();
    if (packet === undefined) return;
    if (packet.flags & FLAG.syn) {
      this.#ours = packet.seq;
      this.#said = 1;
    }
    const range = rest.length % 2 === 1 ? rest.shift() : undefined;
    const shown = this.#show(packet);
    const [flags, place, ...members] = shown.split(' ');
    const wanted = [letters, range === undefined || range.includes(':') ? range : `${range}:${range}`];
    expect([flags, range === undefined ? undefined : place], `${where}, and not ${shown}`).toEqual(wanted);
    for (let i = 0; i < rest.length; i += 2)
      expect(members.join(' '), `${where}, and not ${shown}`).toMatch(new RegExp(`\\b${rest[i]} ${rest[i + 1]}\\b`));
    // A reset to a stranger has its sequence number from him.
    if ((packet.flags & (FLAG.rst | FLAG.syn)) !== 0) return;
    const first = (packet.seq - this.#ours) | 0;
    expectSame(packet.data, bytesOf('peer', first, first + packet.data.length), `${where}: its bytes`);
  }

  #show({ flags, seq, ack, window, mss, data }: TcpPacket): string {
    const letters = LETTERS.filter(([, flag]) => flags & flag).map(([letter]) => letter);
    const from = flags & FLAG.syn ? 0 : (seq - this.#ours) | 0;
    const heard = flags & FLAG.ack ? ` ack ${(ack - this.#guest) | 0}` : '';
    return `${letters.join('')} ${from}:${from + data.length}${heard} win ${window}${mss === null ? '' : ` mss ${mss}`}`;
  }

  #check(words: string[], where: string): void {
    const not = words[0] === 'not';
    const [what, count] = not ? words.slice(1) : words;
    const peer = this.#last;
    this.#setting.gateway.tick();
    const facts: Record<string, boolean> = {
      ended: peer?.ended,
      closed: peer?.closed,
      reset: peer?.wasReset,
      paused: peer?.paused,
      alive: !peer?.ended && !peer?.closed && !peer?.wasReset,
      forgotten: !this.#setting.gateway.busy,
    };
    if (what === 'heard') expectSame(Uint8Array.from(peer.heard), bytesOf('guest', 1, 1 + Number(count)), where);
    else if (what === 'calls') expect(this.#setting.peers, where).toHaveLength(Number(count));
    else expect(facts[what], where).toBe(!not);
  }
}

/** Where sequence numbers begin: the Guest's, and the clock that ours come from; some go round on the way. */
const BEGINNINGS = [
  [1000, 0],
  [0xffffffff, 4],
  [0xfffffffe - 3000, Math.floor((2 ** 32 - 1000) / 250)],
  [0x7ffffff0, Math.floor((2 ** 31 - 100) / 250)],
] as const;

/** Plays a script, each time with other sequence numbers. */
export function play(script: string): void {
  const lines = script.split('; ');
  for (const [guest, clock] of BEGINNINGS) new Script(guest, clock).play(lines);
}
