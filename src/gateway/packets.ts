/** IPv4, UDP and TCP in Ethernet frames (RFC 791, 768, 793): taken apart, with every length and checksum looked at, and put together. */
import { checksum } from '#packets';

const ETHERNET = 14;
const IP_HEADER = 20;
const UDP_HEADER = 8;
const TCP_HEADER = 20;
const FRAGMENT = 0x3fff;
const PROTOCOL = { tcp: 6, udp: 17 } as const;
export const FLAG = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 } as const;

/** An address as a number, the first byte the most significant. */
export type Ipv4 = number;

/** What is common to all packets. */
interface Packet {
  /** Hardware addresses. */
  from: Uint8Array;
  to: Uint8Array;
  source: Ipv4;
  destination: Ipv4;
  sourcePort: number;
  destinationPort: number;
  data: Uint8Array;
}

export interface UdpPacket extends Packet {
  protocol: 'udp';
}

export interface TcpPacket extends Packet {
  protocol: 'tcp';
  seq: number;
  ack: number;
  flags: number;
  window: number;
  /** Longest segment that the sender takes, if it says so. */
  mss: number | null;
}

/** A UDP or TCP packet that is sound and whole; null for anything else. */
export function parsePacket(frame: Uint8Array): UdpPacket | TcpPacket | null {
  if (frame.length < ETHERNET + IP_HEADER) return null;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const header = (frame[14] & 15) * 4;
  const total = view.getUint16(16);
  if (view.getUint16(12) !== 0x0800 || frame[14] >> 4 !== 4 || header < IP_HEADER || total < header || frame.length < ETHERNET + total)
    return null;
  if (checksum(frame.subarray(14, 14 + header)) !== 0 || (view.getUint16(20) & FRAGMENT) !== 0) return null;
  const start = ETHERNET + header;
  const segment = frame.subarray(start, ETHERNET + total);
  const packet = { from: frame.subarray(6, 12), to: frame.subarray(0, 6), source: view.getUint32(26), destination: view.getUint32(30) };
  if (frame[23] === PROTOCOL.udp) return parseUdp(packet, segment);
  return frame[23] === PROTOCOL.tcp ? parseTcp(packet, segment) : null;
}

type Addresses = Pick<Packet, 'from' | 'to' | 'source' | 'destination'>;

function parseUdp(packet: Addresses, segment: Uint8Array): UdpPacket | null {
  if (segment.length < UDP_HEADER) return null;
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
  const length = view.getUint16(4);
  if (length < UDP_HEADER || length > segment.length) return null;
  // A checksum of 0 says that there is none.
  if (view.getUint16(6) !== 0 && sumOf(packet, PROTOCOL.udp, segment.subarray(0, length)) !== 0) return null;
  return {
    protocol: 'udp',
    ...packet,
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    data: segment.subarray(UDP_HEADER, length),
  };
}

function parseTcp(packet: Addresses, segment: Uint8Array): TcpPacket | null {
  if (segment.length < TCP_HEADER) return null;
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
  const header = (segment[12] >> 4) * 4;
  if (header < TCP_HEADER || header > segment.length || sumOf(packet, PROTOCOL.tcp, segment) !== 0) return null;
  return {
    protocol: 'tcp',
    ...packet,
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    seq: view.getUint32(4),
    ack: view.getUint32(8),
    flags: segment[13] & 0x3f,
    window: view.getUint16(14),
    mss: maximumSegment(segment.subarray(TCP_HEADER, header)),
    data: segment.subarray(header),
  };
}

/** The option of kind 2 (RFC 793, 3.1). */
function maximumSegment(options: Uint8Array): number | null {
  for (let at = 0; at < options.length; ) {
    const kind = options[at];
    if (kind === 0) return null;
    if (kind === 1) {
      at++;
      continue;
    }
    const length = options[at + 1] ?? 0;
    if (length < 2) return null;
    if (kind === 2 && length === 4 && at + 4 <= options.length) return (options[at + 2] << 8) | options[at + 3];
    at += length;
  }
  return null;
}

/** The checksum over the pseudo header and the segment. */
function sumOf({ source, destination }: Pick<Packet, 'source' | 'destination'>, protocol: number, segment: Uint8Array): number {
  const bytes = new Uint8Array(12 + segment.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, source);
  view.setUint32(4, destination);
  view.setUint16(8, protocol);
  view.setUint16(10, segment.length);
  bytes.set(segment, 12);
  return checksum(bytes);
}

/** Puts a packet together. */
export function buildPacket(packet: UdpPacket | (Omit<TcpPacket, 'mss'> & { mss?: number | null })): Uint8Array {
  const segment = packet.protocol === 'udp' ? buildUdp(packet) : buildTcp(packet);
  const frame = new Uint8Array(ETHERNET + IP_HEADER + segment.length);
  const view = new DataView(frame.buffer);
  frame.set(packet.to, 0);
  frame.set(packet.from, 6);
  view.setUint16(12, 0x0800);
  view.setUint16(14, 0x4500);
  view.setUint16(16, IP_HEADER + segment.length);
  view.setUint16(20, 0x4000);
  view.setUint16(22, (64 << 8) | PROTOCOL[packet.protocol]);
  view.setUint32(26, packet.source);
  view.setUint32(30, packet.destination);
  view.setUint16(24, checksum(frame.subarray(14, 34)));
  frame.set(segment, ETHERNET + IP_HEADER);
  return frame;
}

function buildUdp(packet: UdpPacket): Uint8Array {
  const segment = new Uint8Array(UDP_HEADER + packet.data.length);
  const view = new DataView(segment.buffer);
  view.setUint16(0, packet.sourcePort);
  view.setUint16(2, packet.destinationPort);
  view.setUint16(4, segment.length);
  segment.set(packet.data, UDP_HEADER);
  view.setUint16(6, sumOf(packet, PROTOCOL.udp, segment) || 0xffff);
  return segment;
}

function buildTcp(packet: Omit<TcpPacket, 'mss'> & { mss?: number | null }): Uint8Array {
  const header = TCP_HEADER + (packet.mss ? 4 : 0);
  const segment = new Uint8Array(header + packet.data.length);
  const view = new DataView(segment.buffer);
  view.setUint16(0, packet.sourcePort);
  view.setUint16(2, packet.destinationPort);
  view.setUint32(4, packet.seq);
  view.setUint32(8, packet.ack);
  view.setUint16(12, ((header / 4) << 12) | packet.flags);
  view.setUint16(14, packet.window);
  if (packet.mss) view.setUint32(20, 0x02040000 | packet.mss);
  segment.set(packet.data, header);
  view.setUint16(16, sumOf(packet, PROTOCOL.tcp, segment));
  return segment;
}
