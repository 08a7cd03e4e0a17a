import { connect } from 'node:net';
import { Gateway } from '../gateway/index.ts';
import type { Dialer } from '../gateway/index.ts';
import type { Wire } from '../host.ts';

const TICK_MS = 100;

/** Makes a Guest's calls with real sockets. */
const dialer: Dialer = {
  connect(address, port, events) {
    const host = [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
    const socket = connect({ host, port, allowHalfOpen: true });
    socket.once('connect', () => events.opened());
    socket.on('data', (bytes) => events.data(new Uint8Array(bytes)));
    socket.once('end', () => events.ended());
    socket.once('error', () => events.failed());
    socket.on('drain', () => events.drained());
    return {
      write: (bytes) => {
        socket.write(bytes);
      },
      end: () => {
        socket.end();
      },
      destroy: () => {
        socket.destroySoon();
      },
      pause: () => {
        socket.pause();
      },
      resume: () => {
        socket.resume();
      },
      get backlog() {
        return socket.writableLength;
      },
    };
  },
};

/** A wire to a gateway of our own. */
export function openUserWire(hear: (frame: Uint8Array) => void): Wire {
  const gateway = new Gateway({ send: hear, dialer, now: () => performance.now() });
  let ticking: NodeJS.Timeout | undefined;
  return {
    send(frame) {
      gateway.receive(frame);
      if (ticking === undefined && gateway.busy) ticking = setInterval(tick, TICK_MS);
    },
    close() {
      clearInterval(ticking);
      gateway.close();
    },
  };

  function tick(): void {
    gateway.tick();
    if (gateway.busy) return;
    clearInterval(ticking);
    ticking = undefined;
  }
}
