/** `/dev/net/tun`: a file at one end, an interface of the Host at the other. And the calls that configure interfaces (linux/sockios.h, linux/if_tun.h). */
import type { HostEvent } from '../events.ts';
import { current } from '../kernel.ts';
import { installFile, newFile, POLLIN, POLLOUT, registerChrdev } from '../files.ts';
import type { FileOperations } from '../code.ts';
import { currentTask, sleepOn } from '../tasks.ts';
import { EBADFD, EBUSY, EEXIST, EINVAL, ENODEV } from '../errno.ts';
import { createInterface, interfaceOf, isFrame, removeInterface, sendFrame, wireInterface } from './interfaces.ts';
import type { IfReq, Interface, OpenFile } from '../data.ts';

/** `ioctl` of /dev/net/tun: makes the file an interface of that name and kind. */
export const TUNSETIFF = 0x400454ca;
/** `ioctl` of /dev/net/tun: checksums of what comes in need not be right. */
export const TUNSETNOCSUM = 0x400454c8;
/** `ioctl` of a socket: read an interface’s flags. */
export const SIOCGIFFLAGS = 0x8913;
/** `ioctl` of a socket: set an interface’s flags. */
export const SIOCSIFFLAGS = 0x8914;
/** `ioctl` of a socket: give an interface an IP address. */
export const SIOCSIFADDR = 0x8916;
/** `ioctl` of a socket: read an interface’s hardware address. */
export const SIOCGIFHWADDR = 0x8927;
/** `ioctl` of a socket: make a bridge. */
export const SIOCBRADDBR = 0x89a0;
/** `ioctl` of a socket: put an interface into a bridge. */
export const SIOCBRADDIF = 0x89a2;
/** Ours, where Linux leaves room for private calls (SIOCDEVPRIVATE): wires an interface to something outside of the world. */
export const SIOCWIRE = 0x89f0;

/** A flag for {@link TUNSETIFF}: the interface carries Ethernet frames. */
export const IFF_TAP = 2;
/** No packet information in front of the frames. */
export const IFF_NO_PI = 0x1000;
/** Longest name, with its nul. */
const IFNAMSIZ = 16;

/** Puts the device where programs find it. */
export function tunInit(): void {
  registerChrdev('/dev/net/tun', 'tun');
}

/** A bridge with no ports yet. Returns 0, or -EEXIST. */
export function addBridge(name: string): number {
  if (!validName(name)) return -EINVAL;
  if (interfaceOf(name) !== null) return -EEXIST;
  createInterface('bridge', name);
  return 0;
}

/** A datagram socket: what interfaces are configured through. Returns a descriptor. */
export function sysSocket(): number {
  current.emit<HostEvent>({ kind: 'syscall', name: 'socket', task: currentTask().id, fd: -1 });
  return installFile(newFile('socket', 'socket'));
}

/** The index of an interface by its name, or -ENODEV. */
export function ifNametoindex(name: string): number {
  return interfaceOf(name)?.index ?? -ENODEV;
}

function validName(name: string): boolean {
  return name.length > 0 && name.length < IFNAMSIZ && !/[/\s]/.test(name) && name !== '.' && name !== '..';
}

/** TUNSETIFF: from here on the file is one end of an interface. */
function attach(file: OpenFile, request: IfReq): number {
  const flags = request.flags ?? 0;
  if (file.privateData !== null || (flags & 15) !== IFF_TAP || (flags & IFF_NO_PI) === 0) return -EINVAL;
  const pattern = request.name === '' ? 'tap%d' : request.name;
  let name = pattern;
  for (let n = 0; pattern.includes('%d'); n++) {
    name = pattern.replace('%d', String(n));
    if (interfaceOf(name) === null) break;
  }
  if (!validName(name)) return -EINVAL;
  if (interfaceOf(name) !== null) return -EBUSY;
  file.privateData = createInterface('tap', name);
  request.name = name;
  return 0;
}

function tapOf(file: OpenFile): Interface | null {
  return file.privateData as Interface | null;
}

/** The calls on an interface that is named in the request. */
function configure(code: number, request: IfReq): number {
  if (code === SIOCBRADDBR) return addBridge(request.name);
  const target = interfaceOf(request.name);
  if (target === null) return -ENODEV;
  switch (code) {
    case SIOCGIFFLAGS:
      request.flags = target.flags;
      return 0;
    case SIOCSIFFLAGS:
      target.flags = request.flags ?? 0;
      return 0;
    case SIOCSIFADDR:
      target.address = (request.address ?? 0) >>> 0;
      return 0;
    case SIOCGIFHWADDR:
      request.hwaddr = [...target.hwaddr];
      return 0;
    case SIOCBRADDIF:
      return joinBridge(target, request.index ?? 0);
    case SIOCWIRE:
      return wire(target, request.port ?? '');
    default:
      return -EINVAL;
  }
}

function joinBridge(bridge: Interface, index: number): number {
  const port = current.data.net.interfaces.find((one) => one.index === index);
  if (bridge.kind !== 'bridge' || port === undefined) return -ENODEV;
  if (port.kind === 'bridge') return -EINVAL;
  if (port.bridge !== '' || port.wire !== '') return -EBUSY;
  port.bridge = bridge.name;
  return 0;
}

function wire(tap: Interface, port: string): number {
  if (tap.kind !== 'tap') return -EINVAL;
  if (!current.data.net.wires.includes(port)) return -ENODEV;
  if (tap.bridge !== '' || tap.wire !== '') return -EBUSY;
  wireInterface(tap, port);
  return 0;
}

export const tunOperations: FileOperations = {
  read(file, count) {
    const tap = tapOf(file);
    if (tap === null) return -EBADFD;
    const frame = tap.frames.shift();
    return frame === undefined ? sleepOn(tap.queue) : frame.slice(0, count);
  },
  write(file, bytes) {
    const tap = tapOf(file);
    if (tap === null) return -EBADFD;
    if (!isFrame(bytes)) return -EINVAL;
    sendFrame(tap, bytes);
    return bytes.length;
  },
  ioctl(file, code, request) {
    if (code === TUNSETNOCSUM) return tapOf(file) === null ? -EBADFD : 0;
    if (code !== TUNSETIFF || typeof request !== 'object') return -EINVAL;
    return attach(file, request);
  },
  release(file) {
    const tap = tapOf(file);
    if (tap !== null) removeInterface(tap);
  },
  poll: (file) => ((tapOf(file)?.frames.length ?? 0) > 0 ? POLLIN | POLLOUT : POLLOUT),
  pollQueue: (file) => tapOf(file)?.queue ?? [],
};

export const socketOperations: FileOperations = {
  ioctl: (_file, code, request) => (typeof request === 'object' ? configure(code, request) : -EINVAL),
  poll: () => 0,
};
