/** One gdb at the other end: its packets, and what we answer. Packets as in the gdb manual, appendix E, "Packets", "Stop Reply Packets", "General Query Packets", "Reverse Execution". */
import { CORE_REGISTERS, targetXml } from './description.ts';
import { fromHex, toHex } from './packets.ts';
import type { Halt, Points, Target, WatchKind } from './target.ts';

const OK = 'OK';
/** What we do not know is answered by nothing: gdb tries something else. */
const UNKNOWN = '';
const PACKET_SIZE = 0x4000;
const WATCH_KINDS: Readonly<Record<string, WatchKind>> = { 2: 'watch', 3: 'rwatch', 4: 'awatch' };
/** Signal numbers of gdb's own. */
const SIGINT = 2;
const SIGTRAP = 5;

/** EFAULT, as every gdb has understood it. */
const FAULT = 'E0e';

const errorText = (text: string): string => `E.${text}`;
const textInHex = (text: string): string => toHex(new TextEncoder().encode(text));
const signal = (number: number): string => `T${number.toString(16).padStart(2, '0')}thread:1;`;

/** The packet that tells how the target came to stand. */
export function stopReply(halt: Halt): string {
  switch (halt.why) {
    case 'step':
      return signal(SIGTRAP);
    case 'breakpoint':
      return `${signal(SIGTRAP)}hwbreak:;`;
    case 'watch':
      return `${signal(SIGTRAP)}${halt.kind}:${halt.address.toString(16)};`;
    case 'interrupt':
      return signal(SIGINT);
    case 'beginning':
      return `${signal(SIGTRAP)}replaylog:begin;`;
    case 'end':
      return `${signal(SIGTRAP)}replaylog:end;`;
  }
}

/** Answers packets, one after the other. */
export class Conversation {
  readonly #target: Target;
  readonly #breakpoints = new Set<number>();
  #watchpoints: { kind: WatchKind; address: number; length: number }[] = [];
  #halt: Halt = { why: 'step' };
  #interrupted = false;
  readonly #say: (packet: string) => void;
  /** gdb understands errors in words wherever it may get one; before version 15 it took those of `m` for memory. */
  #wantsWords = false;
  /** gdb has said that no packet need be acknowledged any more. */
  acknowledges = true;
  /** gdb has taken its leave; the Guest is to go on without it, or to end. */
  over: 'detached' | 'killed' | null = null;

  /** @param say sends a packet before the answer */
  constructor(target: Target, say: (packet: string) => void = () => {}) {
    this.#target = target;
    this.#say = say;
  }

  /** gdb wants it to stop. */
  interrupt(): void {
    this.#interrupted = true;
  }

  /** The answer to a packet; null: there is none. */
  async answer(packet: string): Promise<string | null> {
    const rest = packet.slice(1);
    switch (packet[0]) {
      case '?':
        return stopReply(this.#halt);
      case 'g':
        return toHex(this.#target.registers());
      case 'p':
        return this.#register(Number.parseInt(rest, 16));
      case 'G':
      case 'P':
      case 'M':
      case 'X':
        return errorText('what has been cannot be changed: this Guest is replayed');
      case 'm':
        return this.#memory(rest);
      case 'H':
      case 'T':
        return OK;
      case 's':
        return this.#move(() => this.#target.step(false));
      case 'c':
        return this.#go(false);
      case 'b':
        return packet === 'bs' ? this.#move(() => this.#target.step(true)) : packet === 'bc' ? this.#go(true) : UNKNOWN;
      case 'Z':
      case 'z':
        return this.#point(packet);
      case 'D':
        this.over = 'detached';
        return OK;
      case 'k':
        this.over = 'killed';
        return null;
      case 'q':
      case 'Q':
        return this.#query(packet);
      case 'v':
        return this.#verbose(packet);
      default:
        return UNKNOWN;
    }
  }

  async #move(way: () => Promise<Halt>): Promise<string> {
    this.#interrupted = false;
    this.#halt = await way();
    return stopReply(this.#halt);
  }

  #go(back: boolean): Promise<string> {
    const points: Points = { breakpoints: this.#breakpoints, watchpoints: this.#watchpoints };
    return this.#move(() => this.#target.go(back, points, () => this.#interrupted));
  }

  #register(number: number): string {
    const register = CORE_REGISTERS[number];
    if (register === undefined) return errorText(`there is no register ${number}`);
    const before = CORE_REGISTERS.slice(0, number).reduce((sum, [, bytes]) => sum + bytes, 0);
    return toHex(this.#target.registers().subarray(before, before + register[1]));
  }

  #memory(rest: string): string {
    const [, address = '', length = ''] = /^([0-9a-f]+),([0-9a-f]+)$/i.exec(rest) ?? [];
    if (address === '') return errorText('m wants an address and a length');
    const bytes = this.#target.read(Number.parseInt(address, 16) >>> 0, Math.min(Number.parseInt(length, 16), PACKET_SIZE / 2));
    if (bytes !== null) return toHex(bytes);
    return this.#wantsWords ? errorText(`the Guest has no memory at 0x${address}`) : FAULT;
  }

  #point(packet: string): string {
    const [, sign, type = '', address = '', kind = ''] = /^([Zz])([0-4]),([0-9a-f]+),([0-9a-f]+)/i.exec(packet) ?? [];
    if (sign === undefined) return UNKNOWN;
    const at = Number.parseInt(address, 16) >>> 0;
    if (type === '0' || type === '1') {
      if (sign === 'Z') this.#breakpoints.add(at);
      else this.#breakpoints.delete(at);
      return OK;
    }
    const watch = { kind: WATCH_KINDS[type] ?? 'watch', address: at, length: Number.parseInt(kind, 16) };
    if (watch.length === 0) return errorText('a watchpoint watches a byte at least');
    const others = this.#watchpoints.filter((one) => one.kind !== watch.kind || one.address !== at || one.length !== watch.length);
    this.#watchpoints = sign === 'Z' ? [...others, watch] : others;
    return OK;
  }

  #query(packet: string): string | Promise<string> {
    if (packet.startsWith('qSupported')) {
      this.#wantsWords = packet.includes('error-message+');
      return `PacketSize=${PACKET_SIZE.toString(16)};QStartNoAckMode+;qXfer:features:read+;hwbreak+;swbreak+;ReverseStep+;ReverseContinue+;vContSupported+;error-message+`;
    }
    if (packet === 'QStartNoAckMode') {
      this.acknowledges = false;
      return OK;
    }
    if (packet.startsWith('qXfer:features:read:')) return this.#features(packet);
    if (packet.startsWith('qRcmd,')) return this.#monitor(fromHex(packet.slice('qRcmd,'.length)));
    if (packet === 'qAttached') return '1';
    if (packet === 'qC') return 'QC1';
    if (packet === 'qfThreadInfo') return 'm1';
    if (packet === 'qsThreadInfo') return 'l';
    return UNKNOWN;
  }

  async #monitor(command: string): Promise<string> {
    const said = await this.#target.monitor(command, (text) => this.#say(`O${textInHex(text)}`));
    return said === '' ? OK : textInHex(said);
  }

  #features(packet: string): string {
    const [, annex, offset = '', length = ''] = /^qXfer:features:read:([^:]*):([0-9a-f]+),([0-9a-f]+)$/i.exec(packet) ?? [];
    if (annex !== 'target.xml') return 'E00';
    const xml = targetXml();
    const from = Number.parseInt(offset, 16);
    const piece = xml.slice(from, from + Number.parseInt(length, 16));
    return `${from + piece.length < xml.length ? 'm' : 'l'}${piece}`;
  }

  #verbose(packet: string): string | Promise<string> {
    if (packet === 'vCont?') return 'vCont;c;C;s;S';
    const action = /^vCont;([csCS])/.exec(packet)?.[1]?.toLowerCase();
    if (action === 'c') return this.#go(false);
    if (action === 's') return this.#move(() => this.#target.step(false));
    if (packet.startsWith('vKill')) {
      this.over = 'killed';
      return OK;
    }
    return UNKNOWN;
  }
}
