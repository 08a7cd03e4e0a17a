/** Addresses for whoever asks (RFC 2131, 2132): the same one every time for the same hardware address. */
import type { Ipv4 } from './packets.ts';

const REQUEST = 1;
const REPLY = 2;
const MAGIC = 0x63825363;
const DISCOVER = 1;
const OFFER = 2;
const ASK = 3;
const DECLINE = 4;
const ACK = 5;
const NAK = 6;
const INFORM = 8;
const OPTION = { mask: 1, router: 3, requested: 50, lease: 51, type: 53, server: 54, end: 255 } as const;
const FIXED = 240;
/** A day, in seconds. */
const LEASE = 86400;

export interface DhcpServer {
  address: Ipv4;
  mask: Ipv4;
  /** The first address to give away, and how many there are. */
  first: Ipv4;
  count: number;
  /** Who has which, by hardware address in hexadecimal. */
  leases: Map<string, Ipv4>;
}

/** The answer to a client's message, or null. */
export function answerDhcp(server: DhcpServer, message: Uint8Array): Uint8Array | null {
  if (message.length < FIXED) return null;
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  if (message[0] !== REQUEST || message[1] !== 1 || message[2] !== 6 || view.getUint32(236) !== MAGIC) return null;
  const options = readOptions(message.subarray(FIXED));
  const type = options.get(OPTION.type)?.[0];
  const chosen = options.get(OPTION.server);
  if (chosen?.length === 4 && numberOf(chosen) !== server.address) return null;
  const offered = leaseFor(server, Array.from(message.subarray(28, 34), (byte) => byte.toString(16).padStart(2, '0')).join(':'));
  if (type === DISCOVER) return offered === null ? null : reply(message, OFFER, offered, server);
  if (type === INFORM) return reply(message, ACK, 0, server);
  if (type === DECLINE || type !== ASK) return null;
  const requested = options.get(OPTION.requested);
  const wanted = requested?.length === 4 ? numberOf(requested) : view.getUint32(12);
  return reply(message, wanted === offered ? ACK : NAK, wanted === offered ? wanted : 0, server);
}

function leaseFor(server: DhcpServer, hwaddr: string): Ipv4 | null {
  const known = server.leases.get(hwaddr);
  if (known !== undefined) return known;
  if (server.leases.size >= server.count) return null;
  const lease = server.first + server.leases.size;
  server.leases.set(hwaddr, lease);
  return lease;
}

function readOptions(bytes: Uint8Array): Map<number, Uint8Array> {
  const options = new Map<number, Uint8Array>();
  for (let at = 0; at < bytes.length && bytes[at] !== OPTION.end; ) {
    if (bytes[at] === 0) {
      at++;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    if (at + 2 + length <= bytes.length) options.set(bytes[at], bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return options;
}

function numberOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
}

function reply(request: Uint8Array, type: number, address: Ipv4, server: DhcpServer): Uint8Array {
  const word = (value: number): number[] => [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
  const network =
    type === NAK ? [] : [OPTION.lease, 4, ...word(LEASE), OPTION.mask, 4, ...word(server.mask), OPTION.router, 4, ...word(server.address)];
  const options = [OPTION.type, 1, type, OPTION.server, 4, ...word(server.address), ...network, OPTION.end];
  const message = new Uint8Array(Math.max(300, FIXED + options.length));
  const view = new DataView(message.buffer);
  message.set([REPLY, 1, 6, 0]);
  // Transaction, flags, and whose hardware it is, are the client's.
  for (const [from, to] of [
    [4, 8],
    [10, 12],
    [12, 16],
    [24, 44],
  ])
    message.set(request.subarray(from, to), from);
  if (type !== ACK) view.setUint32(12, 0);
  view.setUint32(16, address);
  view.setUint32(20, server.address);
  view.setUint32(236, MAGIC);
  message.set(options, FIXED);
  return message;
}
