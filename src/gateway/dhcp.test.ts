/** DHCP by the book: conversations, message by message (RFC 2131, 2132). */
import { expect, test } from 'vitest';
import { buildPacket, parsePacket } from './packets.ts';
import type { UdpPacket } from './packets.ts';
import { Setting } from './testing/setting.ts';

const TYPES = ['', 'discover', 'offer', 'request', 'decline', 'ack', 'nak', 'release', 'inform'];
const ip = (text: string): number[] => text.split('.').map(Number);
const show = (bytes: ArrayLike<number>): string => Array.from(bytes).join('.');
const GATEWAY = '10.0.2.2';

/** What a client says: `discover a requested 10.0.2.20 server 10.0.2.2 current … id x broadcast relay`. A letter is a hardware address. */
function message(words: string[]): { data: Uint8Array; hwaddr: Uint8Array; current: string } {
  const [type, letter, ...rest] = words;
  const hwaddr = Uint8Array.of(2, 0, 0, 0, 0, letter.charCodeAt(0));
  const fixed = new Uint8Array(240);
  const options = [53, 1, TYPES.indexOf(type)];
  let current = '0.0.0.0';
  fixed.set([1, 1, 6, 0, 0xde, 0xad, 0xbe, letter.charCodeAt(0)]);
  fixed.set(hwaddr, 28);
  fixed.set([0x63, 0x82, 0x53, 0x63], 236);
  for (let i = 0; i < rest.length; i++) {
    if (rest[i] === 'broadcast') fixed[10] = 0x80;
    else if (rest[i] === 'relay') fixed.set(ip('10.0.9.9'), 24);
    else if (rest[i] === 'requested') options.push(50, 4, ...ip(rest[++i]));
    else if (rest[i] === 'server') options.push(54, 4, ...ip(rest[++i]));
    else if (rest[i] === 'current') fixed.set(ip((current = rest[++i])), 12);
    else if (rest[i] === 'id') options.push(61, 2, 0, rest[++i].charCodeAt(0));
  }
  return { data: Uint8Array.from([...fixed, ...options, 255]), hwaddr, current };
}

/** Sends it, and tells what comes back: its type, the address, and what is out of the ordinary. */
function ask(setting: Setting, words: string[]): string {
  const { data, hwaddr, current } = message(words);
  setting.gateway.receive(
    buildPacket({
      protocol: 'udp',
      from: hwaddr,
      to: new Uint8Array(6).fill(0xff),
      source: new DataView(Uint8Array.from(ip(current)).buffer).getUint32(0),
      destination: 0xffffffff,
      sourcePort: 68,
      destinationPort: 67,
      data,
    }),
  );
  const [frame] = setting.take();
  if (frame === undefined) return 'nothing';
  const { data: reply, ...packet } = parsePacket(frame) as UdpPacket;
  expect(packet).toMatchObject({ source: 0x0a000202, sourcePort: 67, destinationPort: 68 });
  expect(reply.length).toBeGreaterThanOrEqual(300);
  // Operation, hardware, transaction, flags, relay and client are answered as they were asked.
  expect([reply[0], ...reply.subarray(1, 3), ...reply.subarray(4, 8), ...reply.subarray(10, 12), ...reply.subarray(24, 44)]).toEqual([
    2,
    ...data.subarray(1, 3),
    ...data.subarray(4, 8),
    ...data.subarray(10, 12),
    ...data.subarray(24, 44),
  ]);
  const options = new Map<number, string>();
  for (let at = 240; reply[at] !== 255; at += 2 + reply[at + 1])
    options.set(reply[at], show(reply.subarray(at + 2, at + 2 + reply[at + 1])));
  const type = TYPES[Number(options.get(53))];
  expect(options.get(54)).toBe(GATEWAY);
  expect([options.get(1), options.get(3)]).toEqual(type === 'nak' ? [undefined, undefined] : ['255.255.255.0', GATEWAY]);
  const yours = show(reply.subarray(16, 20));
  const to = packet.destination === 0xffffffff ? '' : ` to ${show([24, 16, 8, 0].map((shift) => (packet.destination >>> shift) & 0xff))}`;
  const everybody = packet.to.every((byte) => byte === 0xff) ? ' to everybody' : '';
  return `${type} ${yours}${
    options.has(51)
      ? ` for ${parseInt(
          options
            .get(51)!
            .split('.')
            .map((byte) => Number(byte).toString(16).padStart(2, '0'))
            .join(''),
          16,
        )} s`
      : ''
  }${to}${everybody}`;
}

const DAY = 'for 86400 s';
test.each<[string, string[]]>([
  [
    'an address is offered and given; the same for the same client, another for another',
    [
      'discover a',
      `offer 10.0.2.15 ${DAY}`,
      'request a requested 10.0.2.15 server 10.0.2.2',
      `ack 10.0.2.15 ${DAY}`,
      'discover b',
      `offer 10.0.2.16 ${DAY}`,
      'discover a',
      `offer 10.0.2.15 ${DAY}`,
      'request b requested 10.0.2.16 server 10.0.2.2',
      `ack 10.0.2.16 ${DAY}`,
    ],
  ],
  [
    'that is kept for longer is told to the client itself (4.3.2, 4.1)',
    [
      'discover a',
      `offer 10.0.2.15 ${DAY}`,
      'request a requested 10.0.2.15 server 10.0.2.2',
      `ack 10.0.2.15 ${DAY}`,
      'request a current 10.0.2.15',
      `ack 10.0.2.15 ${DAY} to 10.0.2.15`,
    ],
  ],
  [
    'that was somebody else’s is not kept',
    [
      'discover a',
      `offer 10.0.2.15 ${DAY}`,
      'discover b',
      `offer 10.0.2.16 ${DAY}`,
      'request b current 10.0.2.15',
      'nak 0.0.0.0 to everybody',
    ],
  ],
  [
    'who remembers one from here may have it (INIT-REBOOT)',
    ['discover a', `offer 10.0.2.15 ${DAY}`, '+3600000', 'request a requested 10.0.2.15', `ack 10.0.2.15 ${DAY}`],
  ],
  [
    'who remembers another than his own hears that it is not',
    ['discover a', `offer 10.0.2.15 ${DAY}`, 'request a requested 10.0.2.99', 'nak 0.0.0.0 to everybody'],
  ],
  ['who remembers one of another network hears that it is none of ours', ['request a requested 192.168.1.5', 'nak 0.0.0.0 to everybody']],
  [
    'who is not known here is left to whoever knows him: the server must be silent (4.3.2)',
    ['request a requested 10.0.2.99', 'nothing', 'request a current 10.0.2.99', 'nothing'],
  ],
  ['who chose what was never offered hears it', ['request a requested 10.0.2.99 server 10.0.2.2', 'nak 0.0.0.0 to everybody']],
  [
    'who chose another server is left alone',
    ['discover a', `offer 10.0.2.15 ${DAY}`, 'request a requested 10.0.2.15 server 10.0.2.77', 'nothing'],
  ],
  [
    'DHCP-1: what a client found in use is not offered again (4.3.3), for a while',
    [
      'discover a',
      `offer 10.0.2.15 ${DAY}`,
      'request a requested 10.0.2.15 server 10.0.2.2',
      `ack 10.0.2.15 ${DAY}`,
      'decline a requested 10.0.2.15 server 10.0.2.2',
      'nothing',
      'discover a',
      `offer 10.0.2.16 ${DAY}`,
      'discover b requested 10.0.2.15',
      `offer 10.0.2.17 ${DAY}`,
      '+600000',
      'discover c requested 10.0.2.15',
      `offer 10.0.2.15 ${DAY}`,
    ],
  ],
  [
    'nobody declines for another',
    [
      'discover a',
      `offer 10.0.2.15 ${DAY}`,
      'decline b requested 10.0.2.15 server 10.0.2.2',
      'nothing',
      'discover a',
      `offer 10.0.2.15 ${DAY}`,
    ],
  ],
  [
    'what is given back is its client’s again, or another’s who asks for it (4.3.4)',
    [
      'discover a',
      `offer 10.0.2.15 ${DAY}`,
      'request a requested 10.0.2.15 server 10.0.2.2',
      `ack 10.0.2.15 ${DAY}`,
      'release a current 10.0.2.15 server 10.0.2.2',
      'nothing',
      'discover a',
      `offer 10.0.2.15 ${DAY}`,
      'release a current 10.0.2.15 server 10.0.2.2',
      'nothing',
      'discover b requested 10.0.2.15',
      `offer 10.0.2.15 ${DAY}`,
      'discover a',
      `offer 10.0.2.16 ${DAY}`,
    ],
  ],
  [
    'nobody gives back for another',
    [
      'discover a',
      `offer 10.0.2.15 ${DAY}`,
      'request a requested 10.0.2.15 server 10.0.2.2',
      `ack 10.0.2.15 ${DAY}`,
      'release b current 10.0.2.15 server 10.0.2.2',
      'nothing',
      'discover b requested 10.0.2.15',
      `offer 10.0.2.16 ${DAY}`,
    ],
  ],
  [
    'DHCP-2: who only asks gets no address and no time for it (4.3.5), and is answered where he is',
    ['inform a current 10.0.2.50', 'ack 0.0.0.0 to 10.0.2.50'],
  ],
  ['who has none cannot only ask', ['inform a', 'nothing']],
  [
    'one that a client wishes for, if it is free and one of ours (4.3.1)',
    [
      'discover a requested 10.0.2.40',
      `offer 10.0.2.40 ${DAY}`,
      'discover b requested 10.0.2.40',
      `offer 10.0.2.15 ${DAY}`,
      'discover c requested 192.168.1.1',
      `offer 10.0.2.16 ${DAY}`,
    ],
  ],
  [
    'who gives himself a name goes by that (4.2)',
    ['discover a id x', `offer 10.0.2.15 ${DAY}`, 'discover b id x', `offer 10.0.2.15 ${DAY}`, 'discover a id y', `offer 10.0.2.16 ${DAY}`],
  ],
  [
    'who cannot hear yet what is for him alone is told before everybody (4.1)',
    ['discover a broadcast', `offer 10.0.2.15 ${DAY} to everybody`],
  ],
  ['what comes through somebody else is not for us', ['discover a relay', 'nothing']],
  ['what a server says is no question', ['offer a', 'nothing', 'ack a', 'nothing']],
])('%s', (_, conversation) => {
  const setting = new Setting();
  for (let i = 0; i < conversation.length; i++) {
    const words = conversation[i].split(' ');
    if (conversation[i].startsWith('+')) setting.clock += Number(conversation[i]);
    else expect(ask(setting, words), `message ${i}: ${conversation[i]}`).toBe(conversation[++i]);
  }
});

test('whoever asks without end, each time as somebody else, does not use up the memory; and offers that nobody took are made again', () => {
  const setting = new Setting();
  for (let n = 0; n < 200; n++)
    expect(ask(setting, ['discover', String.fromCharCode(300 + n), 'id', String.fromCharCode(n)])).toMatch(/^offer/);
  expect(ask(setting, ['discover', 'z'])).toBe('nothing');
  setting.clock += 60_000;
  expect(ask(setting, ['discover', 'z'])).toBe('offer 10.0.2.15 for 86400 s');
});
