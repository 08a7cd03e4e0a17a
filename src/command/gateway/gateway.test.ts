import { describe, expect, it } from 'vitest';
import { checksum } from '#world';
import { FIRST_GUEST, Gateway, GATEWAY } from './index.ts';
import type { Dialer, Ipv4, Peer, PeerEvents } from './index.ts';
import { buildPacket, FLAG, parsePacket } from './packets.ts';
import type { TcpPacket, UdpPacket } from './packets.ts';

const ME = Uint8Array.of(2, 0, 0, 0, 0, 7);
const THERE = Uint8Array.of(0x52, 0x55, 10, 0, 2, 2);
const EVERYBODY = new Uint8Array(6).fill(0xff);
const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const bytes = (from: string): Uint8Array => Uint8Array.from(from, (char) => char.charCodeAt(0));

/** A peer that a test plays. */
class TestPeer implements Peer {
  heard = '';
  ended = false;
  destroyed = false;
  paused = false;
  backlog = 0;
  readonly address: Ipv4;
  readonly port: number;
  readonly events: PeerEvents;

  constructor(address: Ipv4, port: number, events: PeerEvents) {
    this.address = address;
    this.port = port;
    this.events = events;
  }

  write(more: Uint8Array): void {
    this.heard += text(more);
  }
  end(): void {
    this.ended = true;
  }
  destroy(): void {
    this.destroyed = true;
  }
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
}

/** A gateway, whoever it called, and a clock. */
class Setting {
  readonly peers: TestPeer[] = [];
  readonly frames: Uint8Array[] = [];
  clock = 0;
  readonly gateway: Gateway;

  constructor(
    dialer: Dialer | null = { connect: (address, port, events) => this.peers[this.peers.push(new TestPeer(address, port, events)) - 1] },
  ) {
    this.gateway = new Gateway({ send: (frame) => this.frames.push(frame), dialer, now: () => this.clock });
  }

  /** What has come since the last call. */
  take(): Uint8Array[] {
    return this.frames.splice(0);
  }

  takeTcp(): TcpPacket[] {
    return this.take()
      .map((frame) => parsePacket(frame))
      .filter((packet): packet is TcpPacket => packet?.protocol === 'tcp');
  }

  pass(milliseconds: number): void {
    for (let step = 0; step < milliseconds; step += 100) {
      this.clock += 100;
      this.gateway.tick();
    }
  }
}

/** The Guest's side of a connection, by hand. */
class Caller {
  readonly setting: Setting;
  seq = 1000;
  ack = 0;
  window = 20_000;
  readonly port: number;
  readonly destination: Ipv4;
  readonly destinationPort: number;

  constructor(setting: Setting, destination: Ipv4 = GATEWAY, destinationPort = 80, port = 40_000) {
    this.setting = setting;
    this.destination = destination;
    this.destinationPort = destinationPort;
    this.port = port;
  }

  send(flags: number, data: Uint8Array = new Uint8Array(0), more: Partial<TcpPacket> = {}): TcpPacket[] {
    this.setting.gateway.receive(
      buildPacket({
        protocol: 'tcp',
        from: ME,
        to: THERE,
        source: FIRST_GUEST,
        destination: this.destination,
        sourcePort: this.port,
        destinationPort: this.destinationPort,
        seq: this.seq,
        ack: this.ack,
        flags,
        window: this.window,
        data,
        ...more,
      }),
    );
    return this.setting.takeTcp();
  }

  /** Calls, is answered, and says that it has heard. */
  open(mss = 1000): TestPeer {
    expect(this.send(FLAG.syn, undefined, { mss })).toEqual([]);
    const peer = this.setting.peers.at(-1) as TestPeer;
    peer.events.opened();
    const [answer] = this.setting.takeTcp();
    expect(answer).toMatchObject({
      flags: FLAG.syn | FLAG.ack,
      ack: 1001,
      mss: 1460,
      sourcePort: this.destinationPort,
      destinationPort: this.port,
    });
    this.seq = 1001;
    this.ack = answer.seq + 1;
    expect(this.send(FLAG.ack)).toEqual([]);
    return peer;
  }
}

describe('packets', () => {
  const udp: UdpPacket = {
    protocol: 'udp',
    from: ME,
    to: THERE,
    source: FIRST_GUEST,
    destination: GATEWAY,
    sourcePort: 5,
    destinationPort: 6,
    data: bytes('hello'),
  };
  const tcp: TcpPacket = { ...udp, protocol: 'tcp', seq: 0xfffffff0, ack: 7, flags: 0x18, window: 512, mss: 1460 };
  it.each([
    ['UDP', udp],
    ['TCP with an option', tcp],
    ['TCP', { ...tcp, mss: null }],
    ['TCP of odd length', { ...tcp, data: bytes('odd') }],
    ['UDP of nothing', { ...udp, data: new Uint8Array(0) }],
  ])('%s comes apart as it was put together', (_, packet) => {
    const frame = buildPacket(packet);
    expect(parsePacket(frame)).toEqual(packet);
    expect(parsePacket(Uint8Array.from([...frame, 0, 0, 0, 0, 0]))).toEqual(packet);
    expect(checksum(frame.subarray(14, 34))).toBe(0);
  });

  it('that are cut anywhere or changed anywhere behind the addresses are none', () => {
    for (const packet of [udp, tcp]) {
      const frame = buildPacket(packet);
      for (let length = 0; length < frame.length; length++) expect(parsePacket(frame.slice(0, length))).toBeNull();
      for (let at = 12; at < frame.length; at++)
        expect(parsePacket(Uint8Array.from(frame, (byte, i) => (i === at ? byte ^ 0x11 : byte))), `byte ${at}`).toBeNull();
    }
  });

  it('of noise never break anything', () => {
    let state = 7;
    const roll = (below: number): number => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % below;
    };
    const setting = new Setting();
    for (let n = 0; n < 20_000; n++) {
      const frame = buildPacket(roll(2) === 0 ? udp : { ...tcp, mss: null, data: Uint8Array.from({ length: roll(40) }, () => roll(256)) });
      for (let hits = roll(4); hits > 0; hits--) frame[roll(frame.length)] = roll(256);
      setting.gateway.receive(frame.slice(0, roll(5) === 0 ? roll(frame.length) : frame.length));
    }
    expect(setting.peers.length).toBeLessThanOrEqual(256);
  });
});

describe('DHCP', () => {
  /** A client's message. */
  function ask(
    setting: Setting,
    type: number,
    options: number[] = [],
    hwaddr: Uint8Array = ME,
  ): { yours: number; type: number; options: Map<number, number[]> } | null {
    const message = new Uint8Array(240);
    message.set([1, 1, 6, 0, 0xde, 0xad, 0xbe, 0xef]);
    message.set(hwaddr, 28);
    message.set([0x63, 0x82, 0x53, 0x63], 236);
    setting.gateway.receive(
      buildPacket({
        protocol: 'udp',
        from: hwaddr,
        to: EVERYBODY,
        source: 0,
        destination: 0xffffffff,
        sourcePort: 68,
        destinationPort: 67,
        data: Uint8Array.from([...message, 53, 1, type, ...options, 255]),
      }),
    );
    const [frame] = setting.take();
    if (frame === undefined) return null;
    const { data, ...packet } = parsePacket(frame) as UdpPacket;
    expect(packet).toMatchObject({ source: GATEWAY, destination: 0xffffffff, sourcePort: 67, destinationPort: 68, to: hwaddr });
    expect([data[0], ...data.subarray(4, 8), ...data.subarray(28, 34)]).toEqual([2, 0xde, 0xad, 0xbe, 0xef, ...hwaddr]);
    const found = new Map<number, number[]>();
    for (let at = 240; data[at] !== 255; at += 2 + data[at + 1]) found.set(data[at], [...data.subarray(at + 2, at + 2 + data[at + 1])]);
    return { yours: new DataView(data.buffer, data.byteOffset).getUint32(16), type: found.get(53)?.[0] ?? 0, options: found };
  }

  it('offers an address and gives it, with mask and way out; the same for the same client, another for another', () => {
    const setting = new Setting();
    expect(ask(setting, 1)).toMatchObject({ yours: FIRST_GUEST, type: 2 });
    const given = ask(setting, 3, [50, 4, 10, 0, 2, 15, 54, 4, 10, 0, 2, 2]);
    expect(given).toMatchObject({ yours: FIRST_GUEST, type: 5 });
    expect([given?.options.get(1), given?.options.get(3), given?.options.get(54)]).toEqual([
      [255, 255, 255, 0],
      [10, 0, 2, 2],
      [10, 0, 2, 2],
    ]);
    expect(ask(setting, 1, [], Uint8Array.of(2, 0, 0, 0, 0, 8))).toMatchObject({ yours: FIRST_GUEST + 1, type: 2 });
    expect(ask(setting, 1)).toMatchObject({ yours: FIRST_GUEST, type: 2 });
  });

  it('refuses what is not the client’s, and is silent to what is not for it', () => {
    const setting = new Setting();
    expect(ask(setting, 3, [50, 4, 10, 0, 2, 99])).toMatchObject({ yours: 0, type: 6 });
    expect(ask(setting, 3, [50, 4, 10, 0, 2, 15, 54, 4, 10, 0, 2, 77])).toBeNull();
    expect(ask(setting, 7)).toBeNull();
    expect(ask(setting, 4)).toBeNull();
    expect(ask(setting, 8)).toMatchObject({ yours: 0, type: 5 });
  });
});

describe('a TCP call', () => {
  it.each([
    ['of the gateway is this computer’s', GATEWAY, 0x7f000001],
    ['of anybody else is his', 0xc0000201, 0xc0000201],
  ])('%s', (_, destination, called) => {
    const setting = new Setting();
    new Caller(setting, destination, 8080).open();
    expect(setting.peers.map(({ address, port }) => [address, port])).toEqual([[called, 8080]]);
  });

  it.each([
    ['this network', 0x0a000263],
    ['the Guest itself', FIRST_GUEST],
    ['loopback', 0x7f000001],
    ['everybody', 0xffffffff],
    ['nobody', 0],
    ['a group', 0xe0000001],
  ])('of %s is refused', (_, destination) => {
    const setting = new Setting();
    expect(new Caller(setting, destination).send(FLAG.syn)).toMatchObject([{ flags: FLAG.rst | FLAG.ack, ack: 1001 }]);
    expect(setting.peers).toEqual([]);
  });

  it('is refused where none are made, or the peer does not answer, or there are too many', () => {
    expect(new Caller(new Setting(null)).send(FLAG.syn)).toMatchObject([{ flags: FLAG.rst | FLAG.ack, ack: 1001 }]);
    const setting = new Setting();
    const caller = new Caller(setting);
    caller.send(FLAG.syn);
    setting.peers[0].events.failed();
    expect(setting.takeTcp()).toMatchObject([{ flags: FLAG.rst | FLAG.ack, ack: 1001 }]);
    for (let port = 1; port <= 256; port++) new Caller(setting, GATEWAY, 80, port).send(FLAG.syn);
    expect(new Caller(setting, GATEWAY, 80, 999).send(FLAG.syn)).toMatchObject([{ flags: FLAG.rst | FLAG.ack }]);
    expect(setting.peers.length).toBeLessThanOrEqual(257);
  });

  it('carries words both ways, and ends when both have', () => {
    const setting = new Setting();
    const caller = new Caller(setting);
    const peer = caller.open();
    expect(caller.send(FLAG.ack | FLAG.psh, bytes('GET /'))).toMatchObject([{ flags: FLAG.ack, ack: 1006 }]);
    caller.seq += 5;
    expect(peer.heard).toBe('GET /');
    peer.events.data(bytes('x'.repeat(2500)));
    const segments = setting.takeTcp();
    expect(segments.map(({ data }) => data.length)).toEqual([1000, 1000, 500]);
    caller.ack += 2500;
    caller.send(FLAG.ack);
    peer.events.ended();
    expect(setting.takeTcp()).toMatchObject([{ flags: FLAG.ack | FLAG.fin, seq: caller.ack }]);
    caller.ack++;
    expect(caller.send(FLAG.ack | FLAG.fin)).toMatchObject([{ flags: FLAG.ack, ack: caller.seq + 1 }]);
    expect([peer.ended, peer.destroyed]).toEqual([true, true]);
    expect(caller.send(FLAG.ack | FLAG.fin), 'its last word was lost').toMatchObject([{ flags: FLAG.ack }]);
    setting.pass(2500);
    expect(setting.gateway.busy).toBe(false);
  });

  it('what is said twice is heard once, what comes too early in its turn', () => {
    const setting = new Setting();
    const caller = new Caller(setting);
    const peer = caller.open();
    caller.send(FLAG.ack, bytes('abc'));
    caller.send(FLAG.ack, bytes('abcdef'));
    expect(caller.send(FLAG.ack, bytes('xyz'), { seq: caller.seq + 100 })).toMatchObject([{ flags: FLAG.ack, ack: caller.seq + 6 }]);
    caller.send(FLAG.ack, bytes('bc'), { seq: caller.seq + 1 });
    expect(peer.heard).toBe('abcdef');
    caller.send(FLAG.ack | FLAG.fin, bytes('ij'), { seq: caller.seq + 8 });
    caller.send(FLAG.ack, bytes('fghi'), { seq: caller.seq + 5 });
    expect([peer.heard, peer.ended]).toEqual(['abcdefghij', true]);
  });

  it('what is lost is sent again, and given up after a while', () => {
    const setting = new Setting();
    const caller = new Caller(setting);
    const peer = caller.open();
    peer.events.data(bytes('hello'));
    expect(setting.takeTcp().map(({ data }) => text(data))).toEqual(['hello']);
    setting.pass(300);
    expect(setting.takeTcp().map(({ data, seq }) => [text(data), seq])).toEqual([['hello', caller.ack]]);
    setting.pass(120_000);
    const last = setting.takeTcp();
    expect(last.length).toBeLessThan(12);
    expect(last.at(-1)?.flags).toBe(FLAG.rst | FLAG.ack);
    expect([peer.destroyed, setting.gateway.busy]).toEqual([true, false]);
  });

  it('what the Guest misses three times is sent at once', () => {
    const setting = new Setting();
    const caller = new Caller(setting);
    caller.open().events.data(bytes('a'.repeat(1000) + 'b'.repeat(1000)));
    setting.take();
    expect([1, 2, 3, 4].map(() => caller.send(FLAG.ack).map(({ data }) => text(data.subarray(0, 1))))).toEqual([[], [], ['a'], []]);
  });

  it('its answer is repeated, too, and an end that is lost', () => {
    const setting = new Setting();
    const caller = new Caller(setting);
    caller.send(FLAG.syn);
    setting.peers[0].events.opened();
    setting.take();
    setting.pass(300);
    const [again] = setting.takeTcp();
    expect(again.flags).toBe(FLAG.syn | FLAG.ack);
    expect(caller.send(FLAG.syn)).toMatchObject([{ flags: FLAG.syn | FLAG.ack }]);
    Object.assign(caller, { seq: 1001, ack: again.seq + 1 });
    caller.send(FLAG.ack);
    setting.peers[0].events.ended();
    setting.take();
    setting.pass(300);
    expect(setting.takeTcp()).toMatchObject([{ flags: FLAG.ack | FLAG.fin, seq: again.seq + 1 }]);
  });

  it('a narrow window is kept to, a closed one knocked at; a peer that says too much must pause', () => {
    const setting = new Setting();
    const caller = new Caller(setting);
    const peer = caller.open();
    caller.window = 0;
    caller.send(FLAG.ack);
    peer.events.data(new Uint8Array(300_000));
    expect([setting.takeTcp().length, peer.paused]).toEqual([0, true]);
    setting.pass(300);
    expect(setting.takeTcp().map(({ data }) => data.length)).toEqual([1]);
    caller.ack++;
    caller.window = 1500;
    let got = 1;
    for (let turn = 0; got < 300_000 && turn < 1000; turn++) {
      const sent = caller.send(FLAG.ack);
      const fresh = sent.filter(({ seq }) => ((seq - caller.ack) | 0) >= 0);
      got += fresh.reduce((sum, { data }) => sum + data.length, 0);
      caller.ack += fresh.reduce((sum, { data }) => sum + data.length, 0);
      expect(sent.reduce((sum, { data }) => sum + data.length, 0)).toBeLessThanOrEqual(1500);
    }
    expect([got, peer.paused]).toEqual([300_000, false]);
  });

  it('a peer that does not listen narrows our window', () => {
    const setting = new Setting();
    const caller = new Caller(setting);
    const peer = caller.open();
    peer.backlog = 60_000;
    expect(caller.send(FLAG.ack, bytes('a'))).toMatchObject([{ window: 5535 }]);
    peer.backlog = 0;
    peer.events.drained();
    expect(setting.takeTcp()).toMatchObject([{ window: 65535 }]);
  });

  it('is broken off by either side; whoever speaks of no connection is told so', () => {
    const setting = new Setting();
    const caller = new Caller(setting);
    const peer = caller.open();
    caller.send(FLAG.rst);
    expect(peer.destroyed).toBe(true);
    setting.pass(100);
    expect(caller.send(FLAG.ack, bytes('hey'))).toMatchObject([{ flags: FLAG.rst, seq: caller.ack }]);
    expect(caller.send(FLAG.rst)).toEqual([]);
    const other = new Caller(setting, GATEWAY, 80, 5);
    other.open().events.failed();
    expect(setting.takeTcp()).toMatchObject([{ flags: FLAG.rst | FLAG.ack }]);
    setting.gateway.close();
  });
});
