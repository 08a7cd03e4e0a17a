/**
 * A network for one Guest or several whose other end is a computer that is not there: a gateway at 10.0.2.2, as QEMU's user network has it, which answers ARP,
 * ping and DHCP, and takes every TCP call, to make it for real.
 */
import { answerFrame } from '#world';
import { answerDhcp } from './dhcp.ts';
import type { DhcpServer } from './dhcp.ts';
import { buildPacket, FLAG, parsePacket } from './packets.ts';
import type { Ipv4, TcpPacket, UdpPacket } from './packets.ts';
import { TcpConnection } from './tcp.ts';
import type { Dialer, Segment } from './tcp.ts';

const HWADDR = Uint8Array.of(0x52, 0x55, 10, 0, 2, 2);
export const GATEWAY: Ipv4 = 0x0a000202;
export const FIRST_GUEST: Ipv4 = 0x0a00020f;
const NETMASK: Ipv4 = 0xffffff00;
const LOOPBACK: Ipv4 = 0x7f000001;
const BROADCAST: Ipv4 = 0xffffffff;
const GUESTS = 200;
const DHCP_SERVER = 67;
const DHCP_CLIENT = 68;
const CONNECTIONS = 256;

export interface GatewayOptions {
  /** Takes frames for the Guest. */
  send(frame: Uint8Array): void;
  /** Makes real calls; null: none are made, and every call is refused. */
  dialer: Dialer | null;
  /** Milliseconds of any clock. */
  now(): number;
}

export class Gateway {
  readonly #options: GatewayOptions;
  readonly #dhcp: DhcpServer = { address: GATEWAY, mask: NETMASK, first: FIRST_GUEST, count: GUESTS, leases: new Map() };
  readonly #connections = new Map<string, TcpConnection>();
  #calls = 0;

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  /** A frame of a Guest's. */
  receive(frame: Uint8Array): void {
    const answer = answerFrame(frame, [...HWADDR], [GATEWAY]);
    if (answer !== null) {
      this.#options.send(answer);
      return;
    }
    const packet = parsePacket(frame);
    if (packet === null) return;
    const ours = packet.to.every((byte, i) => byte === HWADDR[i]);
    if (packet.protocol === 'udp') this.#receiveUdp(packet, ours);
    else if (ours) this.#receiveTcp(packet);
  }

  /** To be called every 100 ms or so while {@link Gateway.busy}. */
  tick(): void {
    const now = this.#options.now();
    for (const [key, connection] of this.#connections) {
      connection.tick(now);
      if (connection.isOver(now)) this.#connections.delete(key);
    }
  }

  get busy(): boolean {
    return this.#connections.size > 0;
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.reset();
    this.#connections.clear();
  }

  #receiveUdp(packet: UdpPacket, ours: boolean): void {
    const toServer = packet.destinationPort === DHCP_SERVER && packet.sourcePort === DHCP_CLIENT;
    if (!toServer || !(packet.destination === BROADCAST || (ours && packet.destination === GATEWAY))) return;
    const data = answerDhcp(this.#dhcp, packet.data);
    if (data === null) return;
    this.#options.send(
      buildPacket({
        protocol: 'udp',
        from: HWADDR,
        to: packet.from,
        source: GATEWAY,
        destination: packet.source === 0 ? BROADCAST : packet.source,
        sourcePort: DHCP_SERVER,
        destinationPort: DHCP_CLIENT,
        data,
      }),
    );
  }

  #receiveTcp(packet: TcpPacket): void {
    const key = `${packet.from.join('.')} ${packet.source}:${packet.sourcePort} ${packet.destination}:${packet.destinationPort}`;
    const now = this.#options.now();
    const known = this.#connections.get(key);
    if (known?.isOver(now) === true) this.#connections.delete(key);
    else if (known !== undefined) {
      known.receive(packet, now);
      return;
    }
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
    const { dialer } = this.#options;
    const calls = (packet.flags & (FLAG.syn | FLAG.ack | FLAG.rst | FLAG.fin)) === FLAG.syn;
    if (!calls || dialer === null || this.#connections.size >= CONNECTIONS || !mayBeCalled(packet.destination)) {
      if (!(packet.flags & FLAG.rst)) refuse(packet, send);
      return;
    }
    const destination = packet.destination === GATEWAY ? LOOPBACK : packet.destination;
    const connection = new TcpConnection({ ...packet, destination }, this.#calls++ * 640_007 + 1, dialer, send);
    this.#connections.set(key, connection);
    connection.tick(now);
  }
}

/** Anybody but the Guests' own network, whose other members are not there, and addresses that are nobody's. */
function mayBeCalled(address: Ipv4): boolean {
  const first = address >>> 24;
  if (address === GATEWAY) return true;
  return first !== 0 && first !== 127 && first < 224 && (address & NETMASK) >>> 0 !== (GATEWAY & NETMASK) >>> 0;
}

/** RFC 793, 3.4: a reset that the sender believes. */
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
