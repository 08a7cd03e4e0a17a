/**
 * The Host's network: interfaces, the bridges that join them, and the wires that lead out of the world. A frame is an Ethernet frame without preamble and
 * checksum: destination, source, type, the rest.
 */
import type { HostEvent } from '../events.ts';
import { current } from '../kernel.ts';
import { random32 } from '../random.ts';
import { wakeUp } from '../tasks.ts';
import { ask } from '../requests.ts';
import { answerFrame } from '#packets';
import type { Interface, NetData } from '../data.ts';

/** A flag of an interface: it carries frames. */
export const IFF_UP = 1;

/** Frames that wait for the program behind a tap; more are dropped, as in Linux (tx_queue_len of tun). */
const QUEUE_LENGTH = 500;
const SHORTEST_FRAME = 14;
/** Header, VLAN tag and the longest IP packet. */
const LONGEST_FRAME = 18 + 65535;

export function createNet(wires: readonly string[] = []): NetData {
  return { interfaces: [], nextIndex: 1, wires: [...wires] };
}

/** The interface of that name, or null. */
export function interfaceOf(name: string): Interface | null {
  return current.data.net.interfaces.find((one) => one.name === name) ?? null;
}

/** A new interface; a tap is down until it is told. Its hardware address is drawn by lot, locally administered (IEEE 802, bit 1 of the first byte). */
export function createInterface(kind: 'tap' | 'bridge', name: string): Interface {
  const { net } = current.data;
  const [high, low] = [random32(), random32()];
  const hwaddr = [(high & 0xfe) | 2, (high >>> 8) & 0xff, (high >>> 16) & 0xff, low & 0xff, (low >>> 8) & 0xff, (low >>> 16) & 0xff];
  const made: Interface = {
    name,
    index: net.nextIndex++,
    kind,
    flags: kind === 'bridge' ? IFF_UP : 0,
    hwaddr,
    address: 0,
    bridge: '',
    wire: '',
    frames: [],
    queue: [],
    dropped: 0,
  };
  net.interfaces.push(made);
  return made;
}

/** An interface is gone, and its wire with it. */
export function removeInterface(gone: Interface): void {
  const { interfaces } = current.data.net;
  interfaces.splice(interfaces.indexOf(gone), 1);
  if (gone.wire !== '') ask({ kind: 'unwire', interface: gone.name, port: gone.wire });
}

/** A wire leads out of the world from this interface. */
export function wireInterface(tap: Interface, port: string): void {
  tap.wire = port;
  ask({ kind: 'wire', interface: tap.name, port });
}

/** Could this be a frame? */
export function isFrame(bytes: Uint8Array): boolean {
  return bytes.length >= SHORTEST_FRAME && bytes.length <= LONGEST_FRAME;
}

/** The program behind a tap sends a frame into the Host. */
export function sendFrame(from: Interface, frame: Uint8Array): void {
  current.emit<HostEvent>({ kind: 'io', what: 'frame-out', address: from.index, size: frame.length });
  if ((from.flags & IFF_UP) === 0) drop(from, frame);
  else if (from.bridge !== '') flood(from.bridge, from, frame);
  else if (from.wire !== '') ask({ kind: 'frame', interface: from.name, port: from.wire, bytes: frame.slice() });
  else hear(from, frame);
}

/** A frame comes in through a wire. */
export function receiveFrame(name: string, frame: Uint8Array): void {
  const to = interfaceOf(name);
  if (to !== null && to.wire !== '') queueFrame(to, frame);
}

/** To all ports of a bridge but the one it came from: no bridge here learns where somebody is, so it is as good as a hub. */
function flood(name: string, from: Interface | null, frame: Uint8Array): void {
  for (const port of current.data.net.interfaces) if (port.bridge === name && port !== from) queueFrame(port, frame);
  const bridge = interfaceOf(name);
  if (bridge !== null && from !== null) hear(bridge, frame);
}

/** The Host itself hears a frame, and perhaps has an answer. */
function hear(on: Interface, frame: Uint8Array): void {
  const addresses = current.data.net.interfaces
    .filter(({ address, flags }) => address !== 0 && (flags & IFF_UP) !== 0)
    .map(({ address }) => address);
  const answer = answerFrame(frame, on.hwaddr, addresses);
  if (answer === null) on.dropped++;
  else if (on.kind === 'bridge') flood(on.name, null, answer);
  else queueFrame(on, answer);
}

function queueFrame(to: Interface, frame: Uint8Array): void {
  if ((to.flags & IFF_UP) === 0 || to.frames.length >= QUEUE_LENGTH || !isFrame(frame)) {
    drop(to, frame);
    return;
  }
  current.emit<HostEvent>({ kind: 'io', what: 'frame-in', address: to.index, size: frame.length });
  to.frames.push(frame.slice());
  wakeUp(to.queue);
}

/** A frame is lost: nobody is told but those who count, and whoever reads the events. */
function drop(at: Interface, frame: Uint8Array): void {
  at.dropped++;
  current.emit<HostEvent>({ kind: 'io', what: 'frame-lost', address: at.index, size: frame.length });
}
