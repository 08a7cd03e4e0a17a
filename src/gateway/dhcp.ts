/** Addresses for whoever asks (RFC 2131, 2132): the same one every time for the same client, and none that a client found in use. */
import type { Ipv4 } from './packets.ts';

const REQUEST = 1;
const REPLY = 2;
const MAGIC = 0x63825363;
/** Message types (RFC 2132, 9.6). */
const TYPE = { discover: 1, offer: 2, request: 3, decline: 4, ack: 5, nak: 6, release: 7, inform: 8 } as const;
const OPTION = { pad: 0, mask: 1, router: 3, requested: 50, lease: 51, type: 53, server: 54, client: 61, end: 255 } as const;
/** Offsets in a message (RFC 2131, 2). */
const AT = { xid: 4, flags: 10, ciaddr: 12, yiaddr: 16, siaddr: 20, giaddr: 24, chaddr: 28, sname: 44, cookie: 236, options: 240 } as const;
/** The flag of a client that cannot hear what is sent to an address which it does not have yet. */
const BROADCAST_FLAG = 0x8000;
const BROADCAST: Ipv4 = 0xffffffff;
/** BOOTP's messages had so many bytes, and there are clients that insist. */
const SHORTEST = 300;
/** Seconds: a day. */
const LEASE = 86400;
/** Milliseconds: so long an offer is kept for a client that does not come back to it; and an address that was found in use is left alone. */
const OFFERED = 60_000;
const DECLINED = 600_000;

export interface DhcpOptions {
  /** The server's own, which is the way out, too. */
  address: Ipv4;
  mask: Ipv4;
  /** The first address to give away, and how many there are. */
  first: Ipv4;
  count: number;
  /** Milliseconds of any clock. */
  now(): number;
}

/** What is sent back. */
export interface DhcpAnswer {
  message: Uint8Array;
  to: Ipv4;
  /** To every hardware address, not only to the client's. */
  broadcast: boolean;
}

/** Who has an address, or had it, until when. */
interface Binding {
  /** Empty: it is in use by somebody who did not ask here. */
  client: string;
  until: number;
}

/** What a client's message says. */
interface Message {
  bytes: Uint8Array;
  client: string;
  type: number | undefined;
  /** The client's address, if it has one: 0 if not. */
  current: Ipv4;
  requested: Ipv4 | null;
  server: Ipv4 | null;
  broadcast: boolean;
}

export class DhcpServer {
  readonly #options: DhcpOptions;
  /** By address. A binding that has run out is remembered until somebody needs its address. */
  readonly #bindings = new Map<Ipv4, Binding>();

  constructor(options: DhcpOptions) {
    this.#options = options;
  }

  /** The answer to a client's message, or null. */
  answer(bytes: Uint8Array): DhcpAnswer | null {
    const message = readMessage(bytes);
    if (message === null) return null;
    const { client, type, requested, server, current } = message;
    // It has chosen another server.
    if (server !== null && server !== this.#options.address) return null;
    switch (type) {
      case TYPE.discover:
        return this.#offer(message);
      case TYPE.request:
        return this.#request(message);
      case TYPE.decline:
        if (requested !== null && this.#addressOf(client) === requested) this.#bind(requested, '', DECLINED);
        return null;
      case TYPE.release:
        if (this.#addressOf(client) === current) this.#bind(current, client, 0);
        return null;
      case TYPE.inform:
        return current === 0 ? null : this.#reply(message, TYPE.ack, 0);
      default:
        return null;
    }
  }

  #offer(message: Message): DhcpAnswer | null {
    const address = this.#addressFor(message);
    if (address === null) return null;
    const bound = this.#bindings.get(address);
    if (bound?.client !== message.client || bound.until < this.#options.now() + OFFERED) this.#bind(address, message.client, OFFERED);
    return this.#reply(message, TYPE.offer, address);
  }

  /** RFC 2131, 4.3.2: chosen, or remembered from before, or to be kept for longer. */
  #request(message: Message): DhcpAnswer | null {
    const { client, requested, server, current } = message;
    const wanted = requested ?? current;
    const known = this.#addressOf(client);
    const { address, mask } = this.#options;
    // Who remembers an address of this network, and is not known here, may have it from somebody else.
    if (known === null && server === null && (wanted & mask) === (address & mask)) return null;
    if (known !== wanted) return this.#reply(message, TYPE.nak, 0);
    this.#bind(wanted, client, LEASE * 1000);
    return this.#reply(message, TYPE.ack, wanted);
  }

  #bind(address: Ipv4, client: string, milliseconds: number): void {
    this.#bindings.set(address, { client, until: this.#options.now() + milliseconds });
  }

  /** The address that a client has or had. */
  #addressOf(client: string): Ipv4 | null {
    for (const [address, binding] of this.#bindings) if (binding.client === client) return address;
    return null;
  }

  /** What to offer (RFC 2131, 4.3.1): the client's own, or the one it asks for, or one that nobody ever had, or one that nobody has any more. */
  #addressFor({ client, requested }: Message): Ipv4 | null {
    const own = this.#addressOf(client);
    if (own !== null) return own;
    const { first, count } = this.#options;
    if (requested !== null && requested >= first && requested < first + count && this.#isFree(requested)) return requested;
    for (let address = first; address < first + count; address++) if (!this.#bindings.has(address)) return address;
    const [oldest] = [...this.#bindings].filter(([address]) => this.#isFree(address)).sort(([, a], [, b]) => a.until - b.until);
    return oldest?.[0] ?? null;
  }

  #isFree(address: Ipv4): boolean {
    return (this.#bindings.get(address)?.until ?? -Infinity) <= this.#options.now();
  }

  /** RFC 2131, 4.1 and table 3. */
  #reply({ bytes, broadcast, current }: Message, type: number, yours: Ipv4): DhcpAnswer {
    const { address, mask } = this.#options;
    const options = [OPTION.type, 1, type, OPTION.server, 4, ...word(address)];
    if (yours !== 0) options.push(OPTION.lease, 4, ...word(LEASE));
    if (type !== TYPE.nak) options.push(OPTION.mask, 4, ...word(mask), OPTION.router, 4, ...word(address));
    options.push(OPTION.end);
    const message = new Uint8Array(Math.max(SHORTEST, AT.options + options.length));
    const view = new DataView(message.buffer);
    message.set([REPLY, 1, 6, 0]);
    // Transaction, flags, and whose hardware it is, are the client's.
    for (const [from, to] of [
      [AT.xid, AT.xid + 4],
      [AT.flags, AT.ciaddr],
      [AT.giaddr, AT.sname],
    ])
      message.set(bytes.subarray(from, to), from);
    if (type === TYPE.ack) view.setUint32(AT.ciaddr, current);
    view.setUint32(AT.yiaddr, yours);
    if (type !== TYPE.nak) view.setUint32(AT.siaddr, address);
    view.setUint32(AT.cookie, MAGIC);
    message.set(options, AT.options);
    const direct = current !== 0 && type !== TYPE.nak;
    return { message, to: direct ? current : BROADCAST, broadcast: !direct && (broadcast || type === TYPE.nak) };
  }
}

/** A client's message that is sound and came straight from it; null for anything else. */
function readMessage(bytes: Uint8Array): Message | null {
  if (bytes.length < AT.options) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[0] !== REQUEST || bytes[1] !== 1 || bytes[2] !== 6 || view.getUint32(AT.cookie) !== MAGIC) return null;
  if (view.getUint32(AT.giaddr) !== 0) return null;
  const options = readOptions(bytes.subarray(AT.options));
  const id = options.get(OPTION.client);
  const hardware = bytes.subarray(AT.chaddr, AT.chaddr + 6);
  const hex = (from: Uint8Array): string => Array.from(from, (byte) => byte.toString(16).padStart(2, '0')).join(':');
  return {
    bytes,
    // Who gives itself a name goes by that (RFC 2131, 4.2).
    client: id !== undefined && id.length >= 2 ? `id ${hex(id)}` : `hardware ${hex(hardware)}`,
    type: options.get(OPTION.type)?.[0],
    current: view.getUint32(AT.ciaddr),
    requested: addressOf(options.get(OPTION.requested)),
    server: addressOf(options.get(OPTION.server)),
    broadcast: (view.getUint16(AT.flags) & BROADCAST_FLAG) !== 0,
  };
}

function readOptions(bytes: Uint8Array): Map<number, Uint8Array> {
  const options = new Map<number, Uint8Array>();
  for (let at = 0; at < bytes.length && bytes[at] !== OPTION.end; ) {
    if (bytes[at] === OPTION.pad) {
      at++;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    if (at + 2 + length <= bytes.length) options.set(bytes[at], bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return options;
}

function addressOf(option: Uint8Array | undefined): Ipv4 | null {
  return option?.length === 4 ? new DataView(option.buffer, option.byteOffset, 4).getUint32(0) : null;
}

function word(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}
