/** The network that a Guest has in a page: a gateway at 10.0.2.2 that answers ARP, ping and DHCP, and on its port 80 a small server which sends back what it was asked. No byte leaves the page. */
import { Gateway } from '#gateway';
import type { Dialer, Peer, PeerEvents } from '#gateway';

/** The gateway itself, as it calls itself (RFC 1122, 3.2.1.3). */
const LOOPBACK = 0x7f000001;
const HTTP = 80;
const TICK_MS = 100;
/** Bytes of a request that are read; a longer one is cut. */
const MOST = 65_536;

/** The far end of a wire. */
export interface FarEnd {
  /** A frame of the Guest's. @param end the interface that it came from */
  send(frame: Uint8Array, end: string): void;
  /** All Guests are gone. */
  close(): void;
}

/** @param hear takes frames for the Guest @param now milliseconds */
export function openWire(hear: (frame: Uint8Array) => void, now: () => number): FarEnd {
  const gateway = new Gateway({ send: hear, dialer: ECHO, now });
  let ticking: ReturnType<typeof setInterval> | undefined;
  const rest = (): void => {
    clearInterval(ticking);
    ticking = undefined;
  };
  return {
    send(frame, end) {
      gateway.receive(frame, end);
      if (!gateway.busy) return;
      ticking ??= setInterval(() => {
        gateway.tick();
        if (!gateway.busy) rest();
      }, TICK_MS);
    },
    close() {
      rest();
      gateway.close();
    },
  };
}

/** Takes calls to the gateway's port 80, and no others. */
export const ECHO: Dialer = {
  connect(address, port, events) {
    if (address !== LOOPBACK || port !== HTTP) {
      later(() => events.failed());
      return NOBODY;
    }
    later(() => events.opened());
    return new EchoServer(events);
  },
};

/** What a peer tells, it tells after the call. */
function later(tell: () => void): void {
  setTimeout(tell, 0);
}

const NOBODY: Peer = { write: () => {}, end: () => {}, close: () => {}, reset: () => {}, pause: () => {}, resume: () => {}, backlog: 0 };

/** One request of HTTP/1.0 or 1.1 (RFC 9112): its head and its body, of a length that it tells, come back as text. */
class EchoServer implements Peer {
  readonly #events: PeerEvents;
  #request = new Uint8Array(0);
  #answered = false;
  readonly backlog = 0;

  constructor(events: PeerEvents) {
    this.#events = events;
  }

  write(bytes: Uint8Array): void {
    const request = new Uint8Array(Math.min(MOST, this.#request.length + bytes.length));
    request.set(this.#request);
    request.set(bytes.subarray(0, request.length - this.#request.length), this.#request.length);
    this.#request = request;
    later(() => this.#events.drained());
    if (this.#isWhole()) this.#answer();
  }

  end(): void {
    this.#answer();
  }
  close(): void {}
  reset(): void {}
  pause(): void {}
  resume(): void {}

  #isWhole(): boolean {
    const text = new TextDecoder('latin1').decode(this.#request);
    const head = text.indexOf('\r\n\r\n');
    if (head < 0) return text.length === MOST;
    const length = Number(/^content-length:\s*(\d+)/im.exec(text.slice(0, head))?.[1] ?? 0);
    return text.length >= Math.min(MOST, head + 4 + length);
  }

  #answer(): void {
    if (this.#answered) return;
    this.#answered = true;
    const head = `HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${this.#request.length}\r\nConnection: close\r\n\r\n`;
    const answer = new Uint8Array([...new TextEncoder().encode(head), ...this.#request]);
    later(() => {
      this.#events.data(answer);
      this.#events.ended();
    });
  }
}
