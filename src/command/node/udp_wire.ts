import { createSocket } from 'node:dgram';
import type { Wire } from '../host.ts';

/** One end: `PORT` or `HOST:PORT`. */
interface End {
  host: string;
  port: number;
}

const LOOPBACK = '127.0.0.1';

/** Both ends of `LOCAL:REMOTE`. @throws Error with a sentence */
export function parseEnds(text: string): [local: End, remote: End] {
  const ends: End[] = [];
  const parts = text.split(':');
  for (let i = 0; i < parts.length; i++) {
    const host = /^\d*$/.test(parts[i]) ? LOOPBACK : parts[i++];
    const port = Number(parts[i]);
    if (!/^\d+$/.test(parts[i] ?? '') || port < 1 || port > 65535)
      throw new Error(`udp:${text}: an end is PORT or HOST:PORT, with a port from 1 to 65535`);
    ends.push({ host, port });
  }
  if (ends.length !== 2) throw new Error(`udp:${text}: two ends are wanted, as in udp:1234:1235 or udp:127.0.0.1:1234:127.0.0.1:1235`);
  return [ends[0], ends[1]];
}

/**
 * A wire of datagrams, an Ethernet frame in each: what QEMU calls `-netdev socket,udp=REMOTE,localaddr=LOCAL`.
 * @param text `LOCAL:REMOTE`
 * @throws Error with a sentence
 */
export async function openUdpWire(text: string, hear: (frame: Uint8Array) => void): Promise<Wire> {
  const [local, remote] = parseEnds(text);
  const socket = createSocket('udp4');
  await new Promise<void>((done, fail) => {
    socket.once('error', (error) => fail(new Error(`udp:${text}: ${error.message}`)));
    socket.bind(local.port, local.host, done);
  });
  socket.removeAllListeners('error');
  // A peer that is not there yet, or not any more: frames get lost on wires.
  socket.on('error', () => {});
  socket.on('message', (message, from) => {
    if (from.port === remote.port) hear(new Uint8Array(message));
  });
  return {
    send: (frame) => socket.send(frame, remote.port, remote.host, () => {}),
    close: () =>
      new Promise((done) => {
        socket.close(() => done([]));
      }),
  };
}
