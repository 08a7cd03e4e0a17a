/** As much of the Internet as every computer on it must know: who has this address, and are you there? (RFC 826, RFC 791, RFC 792.) */
import { checksum } from './checksum.ts';

const ETHERTYPE_IP = 0x0800;
const ETHERTYPE_ARP = 0x0806;
const ARP_ETHERNET = 1;
const ARP_REQUEST = 1;
const ARP_REPLY = 2;
const ETHERNET_HEADER = 14;
const ARP_LENGTH = 28;
const IP_HEADER = 20;
const PROTOCOL_ICMP = 1;
const ICMP_ECHO_REPLY = 0;
const ICMP_ECHO_REQUEST = 8;
/** More fragments, or not the first: such packets are not put together here. */
const FRAGMENT = 0x3fff;
const TTL = 64;

/**
 * What a host with these addresses answers to a frame: an ARP reply, an echo reply, or null.
 * @param hwaddr the hardware address of the interface that heard it
 * @param addresses the host's IPv4 addresses
 */
export function answerFrame(frame: Uint8Array, hwaddr: readonly number[], addresses: readonly number[]): Uint8Array | null {
  // From a group, nothing comes (IEEE 802.3, 3.2.3: bit 0 of the first byte).
  if (frame.length < ETHERNET_HEADER || (frame[6] & 1) !== 0) return null;
  const broadcast = frame.subarray(0, 6).every((byte) => byte === 0xff);
  if (!broadcast && hwaddr.some((byte, i) => frame[i] !== byte)) return null;
  const type = (frame[12] << 8) | frame[13];
  if (type === ETHERTYPE_ARP) return answerArp(frame, hwaddr, addresses);
  return type === ETHERTYPE_IP && !broadcast ? answerEcho(frame, hwaddr, addresses) : null;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function answerArp(frame: Uint8Array, hwaddr: readonly number[], addresses: readonly number[]): Uint8Array | null {
  if (frame.length < ETHERNET_HEADER + ARP_LENGTH) return null;
  const view = viewOf(frame);
  if (
    view.getUint16(14) !== ARP_ETHERNET ||
    view.getUint16(16) !== ETHERTYPE_IP ||
    view.getUint16(18) !== 0x0604 ||
    view.getUint16(20) !== ARP_REQUEST
  )
    return null;
  const asked = view.getUint32(38);
  if (!addresses.includes(asked) || view.getUint32(28) === asked || (frame[22] & 1) !== 0) return null;
  const reply = new Uint8Array(ETHERNET_HEADER + ARP_LENGTH);
  reply.set(frame.subarray(0, ETHERNET_HEADER + ARP_LENGTH));
  reply.set(frame.subarray(22, 32), 32);
  reply.set(frame.subarray(22, 28), 0);
  for (const at of [6, 22]) reply.set(hwaddr, at);
  viewOf(reply).setUint16(20, ARP_REPLY);
  viewOf(reply).setUint32(28, asked);
  return reply;
}

function answerEcho(frame: Uint8Array, hwaddr: readonly number[], addresses: readonly number[]): Uint8Array | null {
  const view = viewOf(frame);
  if (frame.length < ETHERNET_HEADER + IP_HEADER || frame[14] >> 4 !== 4) return null;
  const header = (frame[14] & 15) * 4;
  const total = view.getUint16(16);
  if (header < IP_HEADER || total < header + 8 || frame.length < ETHERNET_HEADER + total) return null;
  if (checksum(frame.subarray(14, 14 + header)) !== 0 || (view.getUint16(20) & FRAGMENT) !== 0) return null;
  const message = frame.subarray(14 + header, 14 + total);
  if (
    frame[23] !== PROTOCOL_ICMP ||
    !addresses.includes(view.getUint32(30)) ||
    !isOneHost(view.getUint32(26)) ||
    addresses.includes(view.getUint32(26)) ||
    message[0] !== ICMP_ECHO_REQUEST ||
    message[1] !== 0 ||
    checksum(message) !== 0
  )
    return null;
  const reply = new Uint8Array(ETHERNET_HEADER + IP_HEADER + message.length);
  reply.set(frame.subarray(6, 12), 0);
  reply.set(hwaddr, 6);
  const ip = viewOf(reply);
  ip.setUint16(12, ETHERTYPE_IP);
  ip.setUint16(14, 0x4500);
  ip.setUint16(16, IP_HEADER + message.length);
  ip.setUint16(22, (TTL << 8) | PROTOCOL_ICMP);
  ip.setUint32(26, view.getUint32(30));
  ip.setUint32(30, view.getUint32(26));
  ip.setUint16(24, checksum(reply.subarray(14, 34)));
  reply.set(message, 34);
  reply[34] = ICMP_ECHO_REPLY;
  ip.setUint16(36, 0);
  ip.setUint16(36, checksum(reply.subarray(34)));
  return reply;
}

/** May a packet come from there? Not from nobody, from loopback, a group, or everybody (RFC 1122, 3.2.1.3). */
function isOneHost(address: number): boolean {
  const first = address >>> 24;
  return first !== 0 && first !== 127 && first < 224;
}
