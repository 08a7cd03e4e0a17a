import { beforeEach, describe, expect, it } from 'vitest';
import {
  createMm,
  createTask,
  current,
  runHost,
  registerProgram,
  sysClose,
  sysExit,
  sysIoctl,
  sysOpen,
  sysRead,
  sysSelect,
  sysWrite,
  takeInput,
} from '../index.ts';
import { EBADF, EBADFD, EBUSY, EEXIST, EINVAL, ENODEV, ENOTTY, ERESTARTNOINTR } from '../errno.ts';
import { answerFrame, checksum } from '#packets';
import { testKernel } from '../testing/kernel.ts';
import type { TestKernel } from '../testing/kernel.ts';
import {
  IFF_NO_PI,
  IFF_TAP,
  IFF_UP,
  ifNametoindex,
  SIOCBRADDBR,
  SIOCBRADDIF,
  SIOCGIFFLAGS,
  SIOCGIFHWADDR,
  SIOCSIFADDR,
  SIOCSIFFLAGS,
  SIOCWIRE,
  sysSocket,
  TUNSETIFF,
  TUNSETNOCSUM,
} from './index.ts';
import type { IfReq } from '../data.ts';

let kernel: TestKernel;
beforeEach(() => {
  kernel = testKernel();
  registerProgram(current, 'nobody', () => sysExit(0));
  createTask('nobody', null, { mm: createMm(), files: { fds: [], users: 1 } });
  current.data.tasks.current = 1;
});

const ME = [2, 0, 0, 0, 0, 1];
const HOST = [2, 0, 0, 0, 0, 9];
const ip = (text: string): number => text.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
const word16 = (word: number): number[] => [(word >> 8) & 0xff, word & 0xff];
const word32 = (word: number): number[] => [...word16(word >>> 16), ...word16(word)];

/** A question for a hardware address; parts may be replaced. */
function arp({
  to = Array<number>(6).fill(0xff),
  op = 1,
  sender = ip('10.0.0.2'),
  target = ip('10.0.0.1'),
  from = ME,
  type = 0x806,
  hardware = 1,
  sizes = 0x604,
} = {}): Uint8Array {
  return Uint8Array.from([
    ...to,
    ...from,
    ...word16(type),
    ...word16(hardware),
    8,
    0,
    ...word16(sizes),
    ...word16(op),
    ...from,
    ...word32(sender),
    0,
    0,
    0,
    0,
    0,
    0,
    ...word32(target),
  ]);
}

/** An echo request. */
function ping({
  to = HOST,
  source = ip('10.0.0.2'),
  target = ip('10.0.0.1'),
  version = 0x45,
  flags = 0,
  protocol = 1,
  type = 8,
  data = [1, 2, 3, 4, 5],
  total = 0,
  spoil = -1,
  options = [] as number[],
} = {}): Uint8Array {
  const message = [type, 0, 0, 0, 0x12, 0x34, 0, 7, ...data];
  message.splice(2, 2, ...word16(checksum(Uint8Array.from(message))));
  const header = [
    version,
    0,
    ...word16(total || 20 + options.length + message.length),
    0xab,
    0xcd,
    ...word16(flags),
    17,
    protocol,
    0,
    0,
    ...word32(source),
    ...word32(target),
    ...options,
  ];
  header.splice(10, 2, ...word16(checksum(Uint8Array.from(header))));
  const frame = Uint8Array.from([...to, ...ME, 8, 0, ...header, ...message]);
  if (spoil >= 0) frame[spoil] ^= 0x55;
  return frame;
}

/** A tap that is up, and its descriptor. */
function tap(more: Partial<IfReq> = {}): { fd: number; name: string } {
  const fd = sysOpen('/dev/net/tun');
  const request: IfReq = { name: 'tap%d', flags: IFF_TAP | IFF_NO_PI, ...more };
  expect(sysIoctl(fd, TUNSETIFF, request)).toBe(0);
  const socket = sysSocket();
  if (more.address !== undefined) sysIoctl(socket, SIOCSIFADDR, { name: request.name, address: more.address });
  sysIoctl(socket, SIOCSIFFLAGS, { name: request.name, flags: IFF_UP });
  sysClose(socket);
  return { fd, name: request.name };
}

/** Frames that wait behind a tap. */
function received(fd: number): Uint8Array[] {
  const frames: Uint8Array[] = [];
  while (Array.isArray(sysSelect([fd], false)) && (sysSelect([fd], false) as number[]).length > 0)
    frames.push(sysRead(fd, 70_000) as Uint8Array);
  return frames;
}

describe('the checksum', () => {
  it.each<[number[], number]>([
    [[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7], 0x220d],
    [[], 0xffff],
    [[0xff], 0x00ff],
    [[0xff, 0xff, 0xff, 0xff], 0],
    // A header from a textbook: 10.10.10.2 to 10.10.10.1, with its checksum in place.
    [[0x45, 0, 0, 0x54, 0x41, 0xe0, 0x40, 0, 0x40, 1, 0, 0, 10, 0, 0, 4, 10, 0, 0, 5], 0xe4c0],
  ])('of %j', (bytes, sum) => expect(checksum(Uint8Array.from(bytes))).toBe(sum));
});

describe('the Host answers', () => {
  const answer = (frame: Uint8Array): Uint8Array | null => answerFrame(frame, HOST, [ip('10.0.0.1'), ip('192.168.19.1')]);

  it.each([['10.0.0.1'], ['192.168.19.1']])('who has %s', (target) => {
    expect(answer(arp({ target: ip(target) }))).toEqual(
      Uint8Array.from([...ME, ...HOST, 8, 6, 0, 1, 8, 0, 6, 4, 0, 2, ...HOST, ...word32(ip(target)), ...ME, ...word32(ip('10.0.0.2'))]),
    );
  });

  it.each([[0], [1], [5], [56], [1472], [9000]])('a ping of %i bytes with the same bytes', (length) => {
    const data = Array.from({ length }, (_, i) => i & 0xff);
    const reply = answer(ping({ data })) as Uint8Array;
    expect(Array.from(reply.slice(0, 14))).toEqual([...ME, ...HOST, 8, 0]);
    expect([checksum(reply.slice(14, 34)), checksum(reply.slice(34))]).toEqual([0, 0]);
    expect(Array.from(reply.slice(26, 34))).toEqual([...word32(ip('10.0.0.1')), ...word32(ip('10.0.0.2'))]);
    expect([reply[34], reply[35], ...reply.slice(38)]).toEqual([0, 0, 0x12, 0x34, 0, 7, ...data]);
  });

  it('a ping with IP options, and one with padding behind', () => {
    expect(answer(ping({ version: 0x46, options: [1, 1, 1, 0] }))).not.toBeNull();
    expect(answer(Uint8Array.from([...ping(), ...new Array<number>(20).fill(7)]))).toEqual(answer(ping()));
  });
});

describe('the Host is silent on', () => {
  it.each<[string, Uint8Array]>([
    ['an ARP reply', arp({ op: 2 })],
    ['a question for somebody else', arp({ target: ip('10.0.0.3') })],
    ['a question from its own address', arp({ sender: ip('10.0.0.1') })],
    ['another protocol', arp({ type: 0x86dd })],
    ['ARP for another network', arp({ hardware: 6 })],
    ['ARP with other sizes', arp({ sizes: 0x806 })],
    ['half an ARP', arp().slice(0, 30)],
    ['a ping to somebody else', ping({ target: ip('10.0.0.3') })],
    ['a ping to another hardware address', ping({ to: [2, 0, 0, 0, 0, 8] })],
    ['a ping to everybody', ping({ to: Array<number>(6).fill(0xff) })],
    ['a question from a group', arp({ from: [3, 0, 0, 0, 0, 1] })],
    ['a ping from everybody', ping({ source: ip('255.255.255.255') })],
    ['a ping from a group', ping({ source: ip('224.0.0.1') })],
    ['a ping from nobody', ping({ source: 0 })],
    ['a ping from loopback', ping({ source: ip('127.0.0.1') })],
    ['a ping from itself', ping({ source: ip('10.0.0.1') })],
    ['IP version 6', ping({ version: 0x65 })],
    ['a header too short', ping({ version: 0x44 })],
    ['a header too long', ping({ version: 0x4f })],
    ['a first fragment', ping({ flags: 0x2000 })],
    ['a last fragment', ping({ flags: 3 })],
    ['TCP', ping({ protocol: 6 })],
    ['an echo reply', ping({ type: 0 })],
    ['a length beyond the frame', ping({ total: 200 })],
    ['no room for a message', ping({ total: 24 })],
    ['a bad header checksum', ping({ spoil: 24 })],
    ['a bad message checksum', ping({ spoil: 44 })],
    ['nothing', new Uint8Array(0)],
    ['a stump', ping().slice(0, 20)],
  ])('%s', (_, frame) => expect(answerFrame(frame, HOST, [ip('10.0.0.1')])).toBeNull());

  it('noise, in the right frame or cut anywhere', () => {
    let state = 12345;
    const roll = (below: number): number => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % below;
    };
    let answers = 0;
    for (let n = 0; n < 20_000; n++) {
      const frame = roll(2) === 0 ? ping() : arp();
      for (let hits = 1 + roll(3); hits > 0; hits--) frame[12 + roll(frame.length - 12)] = roll(256);
      if (answerFrame(frame.slice(0, 14 + roll(frame.length)), HOST, [ip('10.0.0.1')]) !== null) answers++;
    }
    expect(answers).toBeLessThan(4000);
  });
});

describe('taps', () => {
  it('have names, numbers, addresses and flags, and are gone with their file', () => {
    const one = tap();
    const two = tap({ address: ip('10.0.0.1') });
    expect([one.name, two.name, ifNametoindex('tap0'), ifNametoindex('tap1'), ifNametoindex('tap2')]).toEqual([
      'tap0',
      'tap1',
      1,
      2,
      -ENODEV,
    ]);
    const socket = sysSocket();
    const request: IfReq = { name: 'tap1' };
    expect([sysIoctl(socket, SIOCGIFFLAGS, request), sysIoctl(socket, SIOCGIFHWADDR, request)]).toEqual([0, 0]);
    expect([request.flags, (request.hwaddr as number[])[0] & 3, request.hwaddr?.length]).toEqual([IFF_UP, 2, 6]);
    sysClose(one.fd);
    expect(ifNametoindex('tap0')).toBe(-ENODEV);
    expect(tap().name).toBe('tap0');
    expect(ifNametoindex('tap0')).toBe(3);
  });

  const up = IFF_TAP | IFF_NO_PI;
  it.each<[string, number, () => number]>([
    ['no frame format', -EINVAL, () => sysIoctl(sysOpen('/dev/net/tun'), TUNSETIFF, { name: 'tap%d', flags: IFF_TAP })],
    ['a tun, not a tap', -EINVAL, () => sysIoctl(sysOpen('/dev/net/tun'), TUNSETIFF, { name: 'tap%d', flags: 1 | IFF_NO_PI })],
    ['a name that is taken', -EBUSY, () => sysIoctl(sysOpen('/dev/net/tun'), TUNSETIFF, { name: tap().name, flags: up })],
    ['too long a name', -EINVAL, () => sysIoctl(sysOpen('/dev/net/tun'), TUNSETIFF, { name: 'a-name-of-16-char', flags: up })],
    ['a name with a slash', -EINVAL, () => sysIoctl(sysOpen('/dev/net/tun'), TUNSETIFF, { name: 'a/b', flags: up })],
    ['a second interface', -EINVAL, () => sysIoctl(tap().fd, TUNSETIFF, { name: 'tap%d', flags: up })],
    ['a number for a request', -EINVAL, () => sysIoctl(sysOpen('/dev/net/tun'), TUNSETIFF, 1)],
    ['checksums before there is an interface', -EBADFD, () => sysIoctl(sysOpen('/dev/net/tun'), TUNSETNOCSUM, 1)],
    ['checksums', 0, () => sysIoctl(tap().fd, TUNSETNOCSUM, 1)],
    ['an unknown request', -EINVAL, () => sysIoctl(tap().fd, 0x1234, 1)],
    ['a call on a socket without a name', -EINVAL, () => sysIoctl(sysSocket(), SIOCGIFFLAGS, 1)],
    ['an unknown call on a socket', -EINVAL, () => sysIoctl(sysSocket(), 0x1234, { name: tap().name })],
    ['an interface that is not there', -ENODEV, () => sysIoctl(sysSocket(), SIOCGIFFLAGS, { name: 'eth0' })],
    [
      'ioctl of a file that knows none',
      -ENOTTY,
      () => {
        current.data.nodes['f'] = { kind: 'regular', bytes: new Uint8Array() };
        return sysIoctl(sysOpen('f'), 1, 1);
      },
    ],
    ['ioctl of no file', -EBADF, () => sysIoctl(77, 1, 1)],
    ['a bridge that is not there', -ENODEV, () => sysIoctl(sysSocket(), SIOCBRADDIF, { name: 'br0', index: ifNametoindex(tap().name) })],
    ['a bridge that is a tap', -ENODEV, () => sysIoctl(sysSocket(), SIOCBRADDIF, { name: tap().name, index: 1 })],
    ['a bridge twice', -EEXIST, () => [0, 1].map(() => sysIoctl(sysSocket(), SIOCBRADDBR, { name: 'hub' }))[1]],
    ['a bridge without a name', -EINVAL, () => sysIoctl(sysSocket(), SIOCBRADDBR, { name: '' })],
    [
      'a port that is not there',
      -ENODEV,
      () => {
        sysIoctl(sysSocket(), SIOCBRADDBR, { name: 'hub' });
        return sysIoctl(sysSocket(), SIOCBRADDIF, { name: 'hub', index: 99 });
      },
    ],
    [
      'a bridge in itself',
      -EINVAL,
      () => {
        sysIoctl(sysSocket(), SIOCBRADDBR, { name: 'hub' });
        return sysIoctl(sysSocket(), SIOCBRADDIF, { name: 'hub', index: ifNametoindex('hub') });
      },
    ],
    ['a wire that is not offered', -ENODEV, () => sysIoctl(sysSocket(), SIOCWIRE, { name: tap().name, port: 'moon' })],
    [
      'a wire twice',
      -EBUSY,
      () => {
        const { name } = tap();
        return [0, 1].map(() => sysIoctl(sysSocket(), SIOCWIRE, { name, port: 'user' }))[1];
      },
    ],
    ['reading before there is an interface', -EBADFD, () => sysRead(sysOpen('/dev/net/tun'), 1) as number],
    ['writing before there is an interface', -EBADFD, () => sysWrite(sysOpen('/dev/net/tun'), arp())],
    ['a frame too short', -EINVAL, () => sysWrite(tap().fd, new Uint8Array(13))],
    ['a frame too long', -EINVAL, () => sysWrite(tap().fd, new Uint8Array(70_000))],
  ])('%s', (_, error, call) => expect(call()).toBe(error));

  it('carry frames to the Host, and its answers back; a reader sleeps until there is one', () => {
    const { fd, name } = tap({ address: ip('10.0.0.1') });
    expect(sysRead(fd, 2000)).toBe(-ERESTARTNOINTR);
    current.data.tasks.all[0].state = 'interruptible';
    sysWrite(fd, arp());
    expect(current.data.tasks.all[0].state).toBe('running');
    const [reply] = received(fd);
    const hwaddr = current.data.net.interfaces.find((one) => one.name === name)?.hwaddr as number[];
    expect(Array.from(reply.slice(6, 12))).toEqual(hwaddr);
    sysWrite(fd, ping({ to: hwaddr }));
    expect(received(fd)).toHaveLength(1);
    expect(sysWrite(fd, new Uint8Array(60).fill(9))).toBe(60);
    expect(received(fd)).toEqual([]);
  });

  it('that are down carry nothing; a frame is cut to what the reader wants', () => {
    const { fd, name } = tap({ address: ip('10.0.0.1') });
    sysWrite(fd, arp());
    expect(sysRead(fd, 20)).toEqual(expect.objectContaining({ length: 20 }));
    sysIoctl(sysSocket(), SIOCSIFFLAGS, { name, flags: 0 });
    sysWrite(fd, arp());
    expect(received(fd)).toEqual([]);
    expect(current.data.net.interfaces[0].dropped).toBe(1);
  });
});

describe('a bridge', () => {
  it('carries every frame to all its other ports, and none further', () => {
    sysIoctl(sysSocket(), SIOCBRADDBR, { name: 'hub' });
    const ports = [tap(), tap(), tap()];
    for (const { name } of ports) expect(sysIoctl(sysSocket(), SIOCBRADDIF, { name: 'hub', index: ifNametoindex(name) })).toBe(0);
    const alone = tap();
    for (const [from, { fd }] of ports.entries()) {
      const frame = Uint8Array.from({ length: 64 }, (_, i) => i + from);
      sysWrite(fd, frame);
      expect(ports.map((port) => received(port.fd))).toEqual(ports.map((_, to) => (to === from ? [] : [frame])));
    }
    expect(received(alone.fd)).toEqual([]);
    sysClose(ports[0].fd);
    sysWrite(ports[1].fd, arp());
    expect(received(ports[2].fd)).toEqual([arp()]);
  });

  it('with an address is the Host’s own port', () => {
    const socket = sysSocket();
    sysIoctl(socket, SIOCBRADDBR, { name: 'br0' });
    sysIoctl(socket, SIOCSIFADDR, { name: 'br0', address: ip('10.0.0.1') });
    const [one, two] = [tap(), tap()];
    for (const { name } of [one, two]) sysIoctl(socket, SIOCBRADDIF, { name: 'br0', index: ifNametoindex(name) });
    sysWrite(one.fd, arp());
    expect([received(one.fd).length, received(two.fd).length]).toEqual([1, 2]);
  });

  it('drops what nobody fetches', () => {
    sysIoctl(sysSocket(), SIOCBRADDBR, { name: 'hub' });
    const [one, two] = [tap(), tap()];
    for (const { name } of [one, two]) sysIoctl(sysSocket(), SIOCBRADDIF, { name: 'hub', index: ifNametoindex(name) });
    for (let i = 0; i < 600; i++) sysWrite(one.fd, arp());
    expect(received(two.fd)).toHaveLength(500);
  });
});

describe('a wire', () => {
  it('is asked for, carries frames out and in, and is given back', () => {
    const { fd, name } = tap();
    expect(sysIoctl(sysSocket(), SIOCWIRE, { name, port: 'udp:a:b' })).toBe(0);
    sysWrite(fd, ping());
    takeInput({ kind: 'frame', interface: name, bytes: arp() });
    for (const bytes of [new Uint8Array(3), new Uint8Array(100_000)]) takeInput({ kind: 'frame', interface: name, bytes });
    takeInput({ kind: 'frame', interface: 'tap7', bytes: arp() });
    expect(received(fd)).toEqual([arp()]);
    sysClose(fd);
    takeInput({ kind: 'frame', interface: name, bytes: arp() });
    expect(kernel.requests).toEqual([
      { kind: 'wire', interface: name, port: 'udp:a:b' },
      { kind: 'frame', interface: name, port: 'udp:a:b', bytes: ping() },
      { kind: 'unwire', interface: name, port: 'udp:a:b' },
    ]);
  });

  it('is needed for frames to come in', () => {
    const { fd, name } = tap();
    takeInput({ kind: 'frame', interface: name, bytes: arp() });
    expect(received(fd)).toEqual([]);
  });
});

it('the network is data: a copy goes on as the original', () => {
  tap({ address: ip('10.0.0.1') });
  expect(structuredClone(current.data.net)).toEqual(current.data.net);
  expect(runHost(1000)).toBe('exited');
});
