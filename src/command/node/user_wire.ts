import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { Gateway } from '#gateway';
import type { Dialer } from '#gateway';
import type { Wire } from '../host.ts';

const TICK_MS = 100;
/** Who has not taken what it was told so long after the Guests are gone does not hear the rest. */
const PATIENCE_MS = 5000;

/** Makes Guests' calls with real sockets, and knows which of them are still open. */
function makeDialer(sockets: Set<Socket>): Dialer {
  return {
    connect(address, port, events) {
      const host = [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
      const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
      sockets.add(socket);
      socket.once('connect', () => events.opened());
      socket.on('data', (bytes) => events.data(new Uint8Array(bytes)));
      socket.once('end', () => events.ended());
      socket.on('error', () => events.failed());
      socket.once('close', () => sockets.delete(socket));
      return {
        write: (bytes) => {
          socket.write(bytes, () => events.drained());
        },
        end: () => {
          socket.end();
        },
        close: () => {
          socket.destroySoon();
        },
        reset: () => {
          if (socket.connecting) socket.destroy();
          else socket.resetAndDestroy();
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
}

/** A wire to a gateway of our own. */
export function openUserWire(hear: (frame: Uint8Array) => void): Wire {
  const sockets = new Set<Socket>();
  const gateway = new Gateway({ send: hear, dialer: makeDialer(sockets), now: () => performance.now() });
  let ticking: NodeJS.Timeout | undefined;
  return {
    send(frame, end) {
      gateway.receive(frame, end);
      if (ticking === undefined && gateway.busy) ticking = setInterval(tick, TICK_MS);
    },
    unplug: (end) => gateway.unplug(end),
    async close() {
      clearInterval(ticking);
      gateway.close();
      return lastWords(sockets);
    },
  };

  function tick(): void {
    gateway.tick();
    if (gateway.busy) return;
    clearInterval(ticking);
    ticking = undefined;
  }
}

/** Waits until all that the Guests said has gone out. Returns a sentence for each peer that did not take it. */
async function lastWords(sockets: ReadonlySet<Socket>): Promise<string[]> {
  const open = [...sockets];
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((done) => {
    timer = setTimeout(done, PATIENCE_MS);
  });
  await Promise.race([patience, Promise.all(open.map((socket) => new Promise<void>((done) => socket.once('close', () => done()))))]);
  clearTimeout(timer);
  return [...sockets].map((socket) => {
    const sentence = `${socket.remoteAddress ?? 'a peer'}:${socket.remotePort ?? ''} did not take the last ${socket.writableLength} bytes of what the Guest told it`;
    socket.destroy();
    return sentence;
  });
}
