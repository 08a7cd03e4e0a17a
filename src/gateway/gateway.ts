/**
 * A network for one Guest or several whose other end is a computer that is not there: a gateway at 10.0.2.2, as QEMU's user network has it, which answers ARP,
 * ping and DHCP, and takes every TCP call, to make it for real.
 */
import { answerFrame } from '#packets';
import { DhcpServer } from './dhcp.ts';
import { buildPacket, FLAG, parsePacket } from './packets.ts';
import type { Ipv4, TcpPacket, UdpPacket } from './packets.ts';
import { TcpConnection } from './tcp/connection.ts';
import type { Segment } from './tcp/connection.ts';
import type { Dialer } from './tcp/peer.ts';

const HWADDR = Uint8Array.of(0x52, 0x55, 10, 0, 2, 2);
const EVERYBODY = new Uint8Array(6).fill(0xff);
/** The gateway's own address, 10.0.2.2. */
export const GATEWAY: Ipv4 = 0x0a000202;
/** The first that DHCP gives away, 10.0.2.15. */
export const FIRST_GUEST: Ipv4 = 0x0a00020f;
const NETMASK: Ipv4 = 0xffffff00;
const NETWORK: Ipv4 = 0x0a000200;
const LOOPBACK: Ipv4 = 0x7f000001;
const BROADCAST: Ipv4 = 0xffffffff;
const GUESTS = 200;
const DHCP_SERVER = 67;
const DHCP_CLIENT = 68;
/** At most so many connections at a time, those included that are over and only remembered. */
const CONNECTIONS = 256;

/** What a gateway stands between. */
export interface GatewayOptions {
  /** Takes frames for the Guest. */
  send(frame: Uint8Array): void;
  /** Makes real calls; null: none are made, and every call is refused. */
  dialer: Dialer | null;
  /** Milliseconds of any clock. */
  readonly now: () => number;
}

/** A connection, and behind which of the Host's interfaces its Guest is. */
interface Call {
  end: string;
  connection: TcpConnection;
}

/** The computer that is not there. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #dhcp: DhcpServer;
  readonly #calls = new Map<string, Call>();
  #count = 0;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#dhcp = new DhcpServer({ address: GATEWAY, mask: NETMASK, first: FIRST_GUEST, count: GUESTS, now: () => options.now() });
  }

  /** A frame of a Guest's. @param end the interface that it came from */
  receive(frame: Uint8Array, end = ''): void {
    const answer = answerFrame(frame, [...HWADDR], [GATEWAY]);
    if (answer !== null) {
      this.#options.send(answer);
      return;
    }
    const packet = parsePacket(frame);
    if (packet === null) return;
    const ours = packet.to.every((byte, i) => byte === HWADDR[i]);
    if (packet.protocol === 'udp') this.#receiveUdp(packet, ours);
    else if (ours && isSomebody(packet.source)) this.#receiveTcp(packet, end);
  }

  /** To be called every 100 ms or so while {@link Gateway.busy}. */
  tick(): void {
    for (const [key, { connection }] of this.#calls) {
      connection.tick();
      if (connection.isOver) this.#calls.delete(key);
    }
  }

  /** Whether any connection is open, or over and still remembered. */
  get busy(): boolean {
    return this.#calls.size > 0;
  }

  /** An interface is gone, and the Guest behind it. Its connections end; whom it called is told. */
  unplug(end: string): void {
    for (const [key, call] of this.#calls) {
      if (call.end !== end) continue;
      call.connection.abandon();
      this.#calls.delete(key);
    }
  }

  /** All Guests are gone. */
  close(): void {
    for (const { connection } of this.#calls.values()) connection.abandon();
    this.#calls.clear();
  }

  #receiveUdp(packet: UdpPacket, ours: boolean): void {
    const toServer = packet.destinationPort === DHCP_SERVER && packet.sourcePort === DHCP_CLIENT;
    if (!toServer || !(packet.destination === BROADCAST || (ours && packet.destination === GATEWAY))) return;
    const answer = this.#dhcp.answer(packet.data);
    if (answer === null) return;
    this.#options.send(
      buildPacket({
        protocol: 'udp',
        from: HWADDR,
        to: answer.broadcast ? EVERYBODY : packet.from,
        source: GATEWAY,
        destination: answer.to,
        sourcePort: DHCP_SERVER,
        destinationPort: DHCP_CLIENT,
        data: answer.message,
      }),
    );
  }

  #receiveTcp(packet: TcpPacket, end: string): void {
    // A call to a group is no call (RFC 9293, 3.9.2.3).
    if (isGroup(packet.destination)) return;
    const key = `${packet.from.join('.')} ${packet.source}:${packet.sourcePort} ${packet.destination}:${packet.destinationPort}`;
    const known = this.#calls.get(key)?.connection;
    if (known !== undefined && !known.isOver && !known.isReplacedBy(packet)) {
      known.receive(packet);
      return;
    }
    known?.abandon();
    this.#calls.delete(key);
    const from = packet.from.slice();
    const send = (segment: Segment): void =>
      this.#options.send(
        buildPacket({
          protocol: 'tcp',
          from: HWADDR,
          to: from,
          source: packet.destination,
          destination: packet.source,
          sourcePort: packet.destinationPort,
          destinationPort: packet.sourcePort,
          ...segment,
        }),
      );
    const { dialer, now } = this.#options;
    const calls = (packet.flags & (FLAG.syn | FLAG.ack | FLAG.rst | FLAG.fin)) === FLAG.syn;
    if (!calls || dialer === null || !mayBeCalled(packet.destination) || packet.destinationPort === 0 || !this.#makeRoom()) {
      if (!(packet.flags & FLAG.rst)) refuse(packet, send);
      return;
    }
    const destination = packet.destination === GATEWAY ? LOOPBACK : packet.destination;
    // A clock of 4 µs, so that no connection is mistaken for one before it (RFC 9293, 3.4.1).
    const start = Math.floor(now() * 250) + this.#count++ * 65_536;
    const connection = new TcpConnection({ syn: { ...packet, destination }, start, clock: now, dialer, send });
    this.#calls.set(key, { end, connection });
  }

  /** Room for one more: the first that is only remembered is forgotten. */
  #makeRoom(): boolean {
    if (this.#calls.size < CONNECTIONS) return true;
    for (const [key, { connection }] of this.#calls) if (connection.isOver || connection.isWaiting) return this.#calls.delete(key);
    return false;
  }
}

/** May somebody on the wire have this address (RFC 1122, 3.2.1.3)? */
function isSomebody(address: Ipv4): boolean {
  const first = address >>> 24;
  return first !== 0 && first !== 127 && address !== GATEWAY && !isGroup(address);
}

function isNeighbour(address: Ipv4): boolean {
  return (address & NETMASK) >>> 0 === NETWORK;
}

/** Multicast and beyond, up to everybody; and everybody on this network. */
function isGroup(address: Ipv4): boolean {
  return address >>> 24 >= 224 || address === (NETWORK | ~NETMASK) >>> 0;
}

/** Anybody but the Guests' own network, whose other members are not there, and addresses that are nobody's. */
function mayBeCalled(address: Ipv4): boolean {
  return address === GATEWAY || (isSomebody(address) && !isNeighbour(address));
}

/** RFC 9293, 3.5.2: a reset that the sender believes. */
function refuse(packet: TcpPacket, send: (segment: Segment) => void): void {
  const length = packet.data.length + (packet.flags & FLAG.syn ? 1 : 0) + (packet.flags & FLAG.fin ? 1 : 0);
  const withAck = (packet.flags & FLAG.ack) !== 0;
  send({
    seq: withAck ? packet.ack : 0,
    ack: withAck ? 0 : (packet.seq + length) >>> 0,
    flags: FLAG.rst | (withAck ? 0 : FLAG.ack),
    window: 0,
    data: new Uint8Array(0),
  });
}
