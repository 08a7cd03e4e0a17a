import { describe, expect, it } from 'vitest';
import { FIRST_GUEST, GATEWAY } from './index.ts';
import { FLAG } from './packets.ts';
import type { TcpPacket } from './packets.ts';
import { Setting } from './testing/setting.ts';

const REFUSED = [{ flags: FLAG.rst | FLAG.ack, ack: 1001 }];

/** Calls. */
function call(setting: Setting, more: Partial<TcpPacket> = {}): TcpPacket[] {
  return setting.send({ flags: FLAG.syn, ...more });
}

describe('a TCP call', () => {
  it.each([
    ['of the gateway is this computer’s', GATEWAY, 0x7f000001],
    ['of anybody else is his', 0xc0000201, 0xc0000201],
  ])('%s', (_, destination, called) => {
    const setting = new Setting();
    expect(call(setting, { destination, destinationPort: 8080 })).toEqual([]);
    expect(setting.peers.map(({ address, port }) => [address, port])).toEqual([[called, 8080]]);
    setting.peers[0].events.opened();
    expect(setting.takeTcp()).toMatchObject([
      { flags: FLAG.syn | FLAG.ack, ack: 1001, source: destination, sourcePort: 8080, destinationPort: 40_000 },
    ]);
  });

  it.each([
    ['this network', 0x0a000263],
    ['the Guest itself', FIRST_GUEST],
    ['loopback', 0x7f000001],
    ['nobody', 0],
  ])('of %s is refused', (_, destination) => {
    const setting = new Setting();
    expect(call(setting, { destination })).toMatchObject(REFUSED);
    expect(setting.peers).toEqual([]);
  });

  it.each<[string, Partial<TcpPacket>]>([
    ['of everybody (RFC 9293, 3.9.2.3)', { destination: 0xffffffff }],
    ['of everybody here', { destination: 0x0a0002ff }],
    ['of a group', { destination: 0xe0000001 }],
    ['from everybody (RFC 1122, 3.2.1.3)', { source: 0xffffffff }],
    ['from everybody here', { source: 0x0a0002ff }],
    ['from a group', { source: 0xe0000001 }],
    ['from nobody', { source: 0 }],
    ['from loopback', { source: 0x7f000001 }],
    ['from the gateway itself', { source: GATEWAY, sourcePort: 80 }],
    ['that is for another on the wire', { to: Uint8Array.of(2, 0, 0, 0, 0, 99) }],
  ])('%s is passed over in silence', (_, more) => {
    const setting = new Setting();
    expect(call(setting, more)).toEqual([]);
    expect(setting.peers).toEqual([]);
  });

  it('of port 0, which nobody has, is refused; and where none are made', () => {
    expect(call(new Setting(), { destinationPort: 0 })).toMatchObject(REFUSED);
    expect(call(new Setting(null))).toMatchObject(REFUSED);
  });

  it('too many are refused, but those that are over make room', () => {
    const setting = new Setting();
    for (let port = 1; port <= 256; port++) expect(call(setting, { sourcePort: port })).toEqual([]);
    expect(call(setting, { sourcePort: 999 })).toMatchObject(REFUSED);
    expect(setting.peers).toHaveLength(256);
    const { events } = setting.peers[76];
    events.opened();
    const [answer] = setting.takeTcp();
    const reply = { sourcePort: 77, seq: 1001, ack: answer.seq + 1, flags: FLAG.ack };
    setting.send(reply);
    events.ended();
    setting.take();
    setting.send({ ...reply, ack: answer.seq + 2, flags: FLAG.ack | FLAG.fin });
    expect(call(setting, { sourcePort: 999 })).toEqual([]);
    expect(call(setting, { sourcePort: 1000 })).toMatchObject(REFUSED);
  });

  it('whoever speaks of no connection is told so; who resets none is not (RFC 9293, 3.5.2)', () => {
    const setting = new Setting();
    expect(setting.send({ flags: FLAG.ack, seq: 5, ack: 77, data: Uint8Array.of(1) })).toMatchObject([{ flags: FLAG.rst, seq: 77 }]);
    expect(setting.send({ flags: FLAG.fin, seq: 5, data: Uint8Array.of(1) })).toMatchObject([
      { flags: FLAG.rst | FLAG.ack, seq: 0, ack: 7 },
    ]);
    expect(setting.send({ flags: FLAG.syn | FLAG.fin })).toMatchObject([{ flags: FLAG.rst | FLAG.ack, ack: 1002 }]);
    expect(setting.send({ flags: FLAG.rst })).toEqual([]);
    expect(setting.gateway.busy).toBe(false);
  });

  it('sequence numbers of ours grow from call to call, faster than a Guest can be told so much', () => {
    const setting = new Setting();
    const starts = [1, 2, 3].map((port) => {
      setting.clock += 10;
      call(setting, { sourcePort: port });
      setting.peers[port - 1].events.opened();
      return setting.takeTcp()[0].seq;
    });
    expect([starts[1] - starts[0], starts[2] - starts[1]]).toEqual([65_536 + 2500, 65_536 + 2500]);
  });

  it('of a Guest that is gone are over; those of another are not', () => {
    const setting = new Setting();
    call(setting, { sourcePort: 1 });
    setting.gateway.unplug('tap1');
    expect([setting.peers[0].wasReset, setting.gateway.busy]).toEqual([false, true]);
    setting.gateway.close();
    expect([setting.peers[0].wasReset, setting.gateway.busy, setting.take()]).toEqual([true, false, []]);
  });
});
