/** For tests: a gateway with a clock, and peers that a test plays. */
import { Gateway, GATEWAY, FIRST_GUEST } from '../index.ts';
import type { Dialer, Ipv4, Peer, PeerEvents } from '../index.ts';
import { buildPacket, parsePacket } from '../packets.ts';
import type { TcpPacket } from '../packets.ts';

export const ME = Uint8Array.of(2, 0, 0, 0, 0, 7);
export const THERE = Uint8Array.of(0x52, 0x55, 10, 0, 2, 2);

/** A peer that a test plays. */
export class TestPeer implements Peer {
  readonly heard: number[] = [];
  /** What has become of it. */
  ended = false;
  closed = false;
  wasReset = false;
  paused = false;
  /** It takes what it hears at once. */
  listens = true;
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
    for (const byte of more) this.heard.push(byte);
    if (!this.listens) this.backlog += more.length;
  }
  /** From now on it takes what it hears, and at once so many bytes of what it has not taken yet. */
  take(bytes: number): void {
    this.backlog = Math.max(0, this.backlog - bytes);
    this.events.drained();
  }
  end(): void {
    this.ended = true;
  }
  close(): void {
    this.closed = true;
  }
  reset(): void {
    this.wasReset = true;
  }
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
}

/** A gateway, whoever it called, and a clock. */
export class Setting {
  readonly peers: TestPeer[] = [];
  readonly frames: Uint8Array[] = [];
  clock: number;
  readonly gateway: Gateway;

  constructor(dialer?: Dialer | null, clock = 0) {
    this.clock = clock;
    const own: Dialer = { connect: (address, port, events) => this.peers[this.peers.push(new TestPeer(address, port, events)) - 1] };
    this.gateway = new Gateway({
      send: (frame) => this.frames.push(frame),
      dialer: dialer === undefined ? own : dialer,
      now: () => this.clock,
    });
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

  /** A segment of the Guest's, from its port 40000 to port 80 of the gateway if nothing else is said. Returns what comes back at once. */
  send(segment: Partial<TcpPacket>): TcpPacket[] {
    this.gateway.receive(
      buildPacket({
        protocol: 'tcp',
        from: ME,
        to: THERE,
        source: FIRST_GUEST,
        destination: GATEWAY,
        sourcePort: 40_000,
        destinationPort: 80,
        seq: 1000,
        ack: 0,
        flags: 0,
        window: 20_000,
        data: new Uint8Array(0),
        ...segment,
      }),
      'tap0',
    );
    return this.takeTcp();
  }
}
