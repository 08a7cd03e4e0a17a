import { describe, expect, test } from 'vitest';
import { addBridge, current, takeInput } from '#hostos';
import { handleInput, handleOutput } from '#tangled/launcher/devices.ts';
import { readGuest, writeGuest } from '#tangled/launcher/memory.ts';
import { setupTunNet } from '#tangled/launcher/network.ts';
import { GUEST_BYTES, lastWords, startDevice, testLauncher } from './testing.ts';
import type { TestLauncher, TestRing, TestSegment } from './testing.ts';

const PAGE = 4096;
const interfaceOf = (name: string) => current.data.net.interfaces.find((one) => one.name === name);
const HDR = 10;
const header: TestSegment = { kind: 'o', addr: 0x1000, len: HDR };
const FRAME = 0x2000;
const ROOM = 0x8000;

interface NetGuest {
  guest: TestLauncher;
  input: TestRing;
  output: TestRing;
  kick(ring: TestRing): void;
  bytes(at: number, length: number): number[];
}

/** A Guest whose card hangs on a wire, so that frames can be seen and sent. */
function netGuest(where = 'udp:1:2'): NetGuest {
  const guest = testLauncher((launcher) => {
    current.data.net.wires = ['udp:1:2'];
    setupTunNet(launcher, where);
  });
  const [input, output] = startDevice(guest);
  return {
    guest,
    input,
    output,
    kick: (ring) => handleOutput(guest.launcher, ring.queue.pfn * PAGE),
    bytes: (at, length) => [...new Uint8Array(readGuest(guest.launcher, at, length).buffer)],
  };
}

const frame = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 5 + 1) & 0xff);
/** Room for a frame of that size. */
const room = (len: number): TestSegment[] => [
  { kind: 'i', addr: 0x1800, len: HDR },
  { kind: 'i', addr: ROOM, len },
];

test('the descriptor has two queues, the address of the tap, and says that it has', () => {
  const { guest, bytes } = netGuest();
  expect(bytes(GUEST_BYTES, 29)).toEqual([
    1,
    2,
    1,
    6,
    7,
    128,
    0,
    1,
    0,
    1,
    1,
    0,
    0,
    128,
    0,
    2,
    0,
    3,
    1,
    0,
    0,
    0x20,
    0,
    ...interfaceOf('tap0')!.hwaddr,
  ]);
  expect(guest.launcher.watched).toEqual([guest.launcher.devices[0].fd]);
});

describe('out', () => {
  test('a frame is whatever comes behind the header, in as many pieces as there are', () => {
    const { guest, output, kick } = netGuest();
    writeGuest(guest.launcher, FRAME, frame(100));
    output.add([
      header,
      { kind: 'o', addr: FRAME, len: 14 },
      { kind: 'o', addr: FRAME + 14, len: 0 },
      { kind: 'o', addr: FRAME + 14, len: 86 },
    ]);
    output.add([header, { kind: 'o', addr: FRAME, len: 60 }]);
    kick(output);
    expect(guest.requests.flatMap((request) => (request.kind === 'frame' ? [request.bytes] : []))).toEqual([frame(100), frame(60)]);
    expect(output.takeUsed().map(({ len }) => len)).toEqual([100, 60]);
    expect(guest.takeIrqs()).toBe(1 << output.queue.irq);
  });

  test.each([0, 13, 65554, 200000])('one of %i bytes is none, and gone', (len) => {
    const { guest, output, kick } = netGuest();
    output.add([header, { kind: 'o', addr: FRAME, len }]);
    kick(output);
    expect(guest.requests.filter(({ kind }) => kind === 'frame')).toEqual([]);
    expect(output.takeUsed().map((used) => used.len)).toEqual([0]);
  });
});

describe('in', () => {
  const arrive = ({ guest }: NetGuest, length: number): void => {
    takeInput({ kind: 'frame', interface: 'tap0', bytes: frame(length) });
    handleInput(guest.launcher);
  };

  test('a frame fills a buffer, behind a header of which two bytes are written', () => {
    const net = netGuest();
    writeGuest(net.guest.launcher, 0x1800, new Uint8Array(HDR).fill(0xee));
    net.input.add(room(1514));
    arrive(net, 60);
    expect(net.input.takeUsed().map(({ len }) => len)).toEqual([HDR + 60]);
    expect(net.bytes(0x1800, HDR)).toEqual([0, 0, ...new Array<number>(8).fill(0xee)]);
    expect(net.bytes(ROOM, 60)).toEqual([...frame(60)]);
    expect(net.guest.takeIrqs()).toBe(1 << net.input.queue.irq);
  });

  test.each([
    [60, 60, ''],
    [60, 61, ''],
    [1514, 1514, ''],
    [60, 20, 'lguest: a frame of 60 bytes is cut to the 20 that the Guest has room for\n'],
    [65_000, 1514, 'lguest: a frame of 65000 bytes is cut to the 1514 that the Guest has room for\n'],
  ])('one of %i bytes, with room for %i, is cut to that, and not without a word', (length, most, said) => {
    const net = netGuest();
    net.input.add(room(most));
    arrive(net, length);
    expect(net.input.takeUsed().map(({ len }) => len)).toEqual([HDR + Math.min(length, most)]);
    expect(net.bytes(ROOM, Math.min(length, most))).toEqual([...frame(length).subarray(0, most)]);
    expect(net.guest.printed()).toBe(said);
  });

  test('of more than a tap holds the first five hundred come, and each of the others is an event', () => {
    const net = netGuest();
    for (let n = 0; n < 503; n++) takeInput({ kind: 'frame', interface: 'tap0', bytes: frame(60 + n) });
    const lost = net.guest.events.flatMap((event) => (event.kind === 'io' && event.what === 'frame-lost' ? [event.size] : []));
    expect(lost).toEqual([560, 561, 562]);
    const came: number[] = [];
    for (let turn = 0; turn < 503; turn++) {
      net.input.add(room(1514));
      net.kick(net.input);
      handleInput(net.guest.launcher);
      came.push(...net.input.takeUsed().map(({ len }) => len - HDR));
    }
    expect(came).toEqual(Array.from({ length: 500 }, (_, n) => 60 + n));
  });

  test('without buffers they wait, nobody listens, and the next kick starts it again', () => {
    const net = netGuest();
    arrive(net, 60);
    arrive(net, 61);
    expect([net.guest.printed(), net.guest.launcher.watched]).toEqual([
      'lguest: a frame has come, and the Guest has no buffer for it\n',
      [],
    ]);
    for (let i = 0; i < 3; i++) net.input.add(room(100));
    net.kick(net.input);
    handleInput(net.guest.launcher);
    expect(net.input.takeUsed().map(({ len }) => len)).toEqual([HDR + 60, HDR + 61]);
    expect(net.guest.launcher.watched).toHaveLength(1);
  });

  test("before there is a driver, that is nobody's fault", () => {
    const net = netGuest();
    writeGuest(net.guest.launcher, net.guest.launcher.devices[0].descriptor + 4, Uint8Array.of(0));
    arrive(net, 60);
    expect(net.guest.printed()).toBe('');
  });
});

describe('chains that are none', () => {
  test.each<[string, 'input' | 'output', TestSegment[], RegExp]>([
    [
      'nothing to be sent but room',
      'output',
      [header, { kind: 'i', addr: ROOM, len: 100 }],
      /network's output queue a buffer to be written/,
    ],
    ['a header that is short', 'output', [{ ...header, len: 9 }], /header of the network in 9 bytes/],
    ['header and frame in one', 'output', [{ ...header, len: 70 }], /header of the network in 70 bytes/],
    ['a header at an odd address', 'output', [{ ...header, addr: 0x1001 }], /at 0x1001: it has 10 bytes, at a multiple of 2/],
    ['something to be read where frames come', 'input', [header, ...room(100)], /network's input queue a buffer to be read/],
    ['a header with room for more', 'input', [{ kind: 'i', addr: ROOM, len: 1524 }], /header of the network in 1524 bytes/],
    ['a header and nothing', 'input', room(0), /network's input queue a buffer without room/],
  ])('%s', (_, which, segments, sentence) => {
    const net = netGuest();
    net[which].add(segments);
    takeInput({ kind: 'frame', interface: 'tap0', bytes: frame(60) });
    expect(
      lastWords(net.guest, () => {
        if (which === 'input') handleInput(net.guest.launcher);
        else net.kick(net.output);
      }),
    ).toMatch(sentence);
  });
});

describe('where the cable leads', () => {
  test("an address is the Host's", () => {
    netGuest('192.168.19.1');
    expect(interfaceOf('tap0')).toMatchObject({ address: 0xc0a81301, bridge: '', wire: '', flags: 1 });
  });

  test('a bridge that is there; a hub that need not be', () => {
    testLauncher((launcher) => {
      addBridge('br0');
      setupTunNet(launcher, 'bridge:br0');
      setupTunNet(launcher, 'hub:kitchen');
      setupTunNet(launcher, 'hub:kitchen');
    });
    expect(['tap0', 'tap1', 'tap2'].map((tap) => interfaceOf(tap)?.bridge)).toEqual(['br0', 'kitchen', 'kitchen']);
  });

  test.each<[string, RegExp]>([
    ['bridge:nowhere', /tap0 cannot be a port of nowhere: no such device/],
    ['bridge:', /wants an address such as 192.168.19.1, or bridge:NAME, not "bridge:"/],
    ['hub:', /wants an address/],
    ['hub:a name with blanks', /no hub a name with blanks could be made: invalid argument/],
    ['udp:3:4', /no wire udp:3:4 here: no such device/],
    ['user', /no wire user here/],
    ['192.168.19', /wants an address/],
    ['192.168.19.256', /wants an address/],
    ['1.2.3.4.5', /wants an address/],
    ['somewhere', /wants an address/],
  ])('%s', (where, sentence) => {
    const guest = testLauncher();
    expect(lastWords(guest, () => setupTunNet(guest.launcher, where))).toMatch(sentence);
  });
});
