/** For tests: a program in a Launcher's place that asks its network who has an address, and pings it. */
import {
  IFF_NO_PI,
  IFF_TAP,
  IFF_UP,
  ifNametoindex,
  registerProgram,
  SIOCBRADDBR,
  SIOCBRADDIF,
  SIOCGIFHWADDR,
  SIOCSIFADDR,
  SIOCSIFFLAGS,
  SIOCWIRE,
  sysExit,
  sysIoctl,
  sysOpen,
  sysRead,
  sysSocket,
  sysWrite,
  TUNSETIFF,
} from '#hostos';
import type { IfReq, Task } from '#hostos';
import { checksum } from '#packets';
import { program as lguest } from '#lguest';
import type { LguestProgram } from '#world';

/** `10.0.2.2` as a number. */
export function ipv4(text: string): number {
  return text.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

const word16 = (word: number): number[] => [(word >> 8) & 0xff, word & 0xff];
const word32 = (word: number): number[] => [...word16(word >>> 16), ...word16(word & 0xffff)];
const read32 = (bytes: Uint8Array, at: number): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);

/** Who has `target`? */
export function arpRequest(hwaddr: readonly number[], sender: number, target: number): Uint8Array {
  return Uint8Array.from([
    255,
    255,
    255,
    255,
    255,
    255,
    ...hwaddr,
    8,
    6,
    0,
    1,
    8,
    0,
    6,
    4,
    0,
    1,
    ...hwaddr,
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

function sealed(bytes: number[], at: number): number[] {
  bytes.splice(at, 2, ...word16(checksum(Uint8Array.from(bytes))));
  return bytes;
}

/** An echo request. */
export function pingRequest(
  from: readonly number[],
  to: readonly number[],
  sender: number,
  target: number,
  data: readonly number[],
): Uint8Array {
  const message = sealed([8, 0, 0, 0, 0x12, 0x34, 0, 1, ...data], 2);
  const header = sealed([0x45, 0, ...word16(20 + message.length), 0, 1, 0, 0, 64, 1, 0, 0, ...word32(sender), ...word32(target)], 10);
  return Uint8Array.from([...to, ...from, 8, 0, ...header, ...message]);
}

interface Pinger {
  argv: string[];
  fd: number;
  hwaddr: number[];
  me: number;
  target: number;
  /** Replies still awaited; a pinger that only answers has none, and ends with the first ping it has answered. */
  asks: boolean;
}

const DATA = Array.from({ length: 56 }, (_, i) => i);

/** Its arguments: `ping` or `answer`, its own address, the other's, and where to: an address of the Host, `hub:…`, or a wire. */
function begin(argv: string[]): Pinger {
  const [what, me, target, network] = argv.slice(-4);
  const fd = sysOpen('/dev/net/tun');
  const request: IfReq = { name: 'tap%d', flags: IFF_TAP | IFF_NO_PI };
  sysIoctl(fd, TUNSETIFF, request);
  const socket = sysSocket();
  if (network.startsWith('hub:')) {
    sysIoctl(socket, SIOCBRADDBR, { name: network.slice(4) });
    sysIoctl(socket, SIOCBRADDIF, { name: network.slice(4), index: ifNametoindex(request.name) });
  } else if (/^[\d.]+$/.test(network)) {
    sysIoctl(socket, SIOCSIFADDR, { name: request.name, address: ipv4(network) });
  } else if (sysIoctl(socket, SIOCWIRE, { name: request.name, port: network }) !== 0) {
    sysWrite(2, new TextEncoder().encode(`no wire ${network}\n`));
  }
  sysIoctl(socket, SIOCSIFFLAGS, { name: request.name, flags: IFF_UP });
  sysIoctl(socket, SIOCGIFHWADDR, request);
  const hwaddr = request.hwaddr ?? [];
  const pinger = { argv, fd, hwaddr, me: ipv4(me), target: ipv4(target), asks: what === 'ping' };
  if (pinger.asks) sysWrite(fd, arpRequest(hwaddr, pinger.me, pinger.target));
  return pinger;
}

/** A frame has come. */
function hear(pinger: Pinger, frame: Uint8Array): void {
  const { hwaddr, me, target } = pinger;
  const type = (frame[12] << 8) | frame[13];
  const from = [...frame.subarray(6, 12)];
  if (type === 0x806 && frame[21] === 1 && read32(frame, 38) === me) {
    const reply = arpRequest(hwaddr, me, read32(frame, 28));
    reply.set(from, 0);
    reply.set(from, 32);
    reply[21] = 2;
    sysWrite(pinger.fd, reply);
  } else if (pinger.asks && type === 0x806 && frame[21] === 2 && read32(frame, 28) === target) {
    sysWrite(1, new TextEncoder().encode(`${frame.subarray(22, 28).join(' ')} has it\n`));
    sysWrite(pinger.fd, pingRequest(hwaddr, from, me, target, DATA));
  } else if (type === 0x800 && frame[23] === 1 && read32(frame, 30) === me) {
    const total = (frame[16] << 8) | frame[17];
    const sound = checksum(frame.subarray(14, 34)) === 0 && checksum(frame.subarray(34, 14 + total)) === 0;
    if (pinger.asks && frame[34] === 0) {
      const same = DATA.every((byte, i) => frame[42 + i] === byte);
      sysWrite(1, new TextEncoder().encode(sound && same ? 'it is there\n' : 'it talks nonsense\n'));
      sysExit(sound && same ? 0 : 1);
    } else if (!pinger.asks && frame[34] === 8) {
      const reply = pingRequest(hwaddr, from, me, read32(frame, 26), DATA);
      const message = frame.slice(34, 14 + total);
      message.set([0, 0, 0, 0], 0);
      new DataView(message.buffer).setUint16(2, checksum(message));
      reply.set(message, 34);
      sysWrite(pinger.fd, reply);
      sysExit(0);
    }
  }
}

/** A program like lguest, but for the pinger in the Launchers' place. */
export const pinging: LguestProgram = {
  ...lguest,
  newLauncher: (argv) => ({ argv }),
  guests: () => [],
  install(kernel) {
    lguest.install(kernel);
    registerProgram(kernel, lguest.LAUNCHER, ping);
  },
};

/** One step of it. */
function ping(task: Task): void {
  const data = task.data as Pinger;
  if (data.fd === undefined) {
    task.data = begin(data.argv);
    return;
  }
  const frame = sysRead(data.fd, 70_000);
  if (typeof frame !== 'number') hear(data, frame);
}
