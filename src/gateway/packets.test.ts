import { describe, expect, it } from 'vitest';
import { checksum } from '#packets';
import { FIRST_GUEST, GATEWAY } from './index.ts';
import { buildPacket, parsePacket } from './packets.ts';
import type { TcpPacket, UdpPacket } from './packets.ts';
import { ME, Setting, THERE } from './testing/setting.ts';

const bytes = (from: string): Uint8Array => new TextEncoder().encode(from);

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
