/** gdb's remote serial protocol as bytes: packets with their checksums, acknowledgements, and the one byte that interrupts (gdb manual, "Overview" of appendix E). */

/** What came in. */
export type Incoming = { readonly kind: 'packet'; readonly text: string } | { readonly kind: 'interrupt' } | { readonly kind: 'bad' };

const START = 0x24; // $
const END = 0x23; // #
const ESCAPE = 0x7d; // }
const INTERRUPT = 0x03;
const LONGEST = 1 << 16;

function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum = (sum + byte) & 0xff;
  return sum;
}

/** A packet of text (one byte a character), with what the framing needs escaped. */
export function framed(text: string): Uint8Array {
  const body: number[] = [];
  for (const character of text) {
    const byte = character.charCodeAt(0) & 0xff;
    if (byte === START || byte === END || byte === ESCAPE || byte === 0x2a) body.push(ESCAPE, byte ^ 0x20);
    else body.push(byte);
  }
  const sum = sumOf(Uint8Array.from(body)).toString(16).padStart(2, '0');
  return Uint8Array.from([START, ...body, END, sum.charCodeAt(0), sum.charCodeAt(1)]);
}

/** Cuts what comes over the wire, in pieces of any size, into packets. Acknowledgements are swallowed. */
export class PacketReader {
  #bytes: number[] = [];
  #inside = false;

  /** All that is complete with these bytes. A packet with a wrong checksum, or one that does not end, is `bad`. */
  take(bytes: Uint8Array): Incoming[] {
    const done: Incoming[] = [];
    for (const byte of bytes) {
      if (!this.#inside) {
        if (byte === INTERRUPT) done.push({ kind: 'interrupt' });
        else if (byte === START) this.#inside = true;
        continue;
      }
      this.#bytes.push(byte);
      const end = this.#bytes.length - 3;
      if (this.#bytes[end] !== END) {
        if (this.#bytes.length < LONGEST) continue;
        done.push({ kind: 'bad' });
      } else {
        done.push(this.#packet(end));
      }
      this.#bytes = [];
      this.#inside = false;
    }
    return done;
  }

  #packet(end: number): Incoming {
    const body = Uint8Array.from(this.#bytes.slice(0, end));
    if (Number.parseInt(String.fromCharCode(...this.#bytes.slice(end + 1)), 16) !== sumOf(body)) return { kind: 'bad' };
    let text = '';
    for (let at = 0; at < body.length; at++) text += String.fromCharCode(body[at] === ESCAPE ? (body[++at] ?? 0) ^ 0x20 : (body[at] ?? 0));
    return { kind: 'packet', text };
  }
}

/** Bytes as hexadecimal digits, in the order of their addresses. */
export const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The text that hexadecimal digits stand for, one byte a character. */
export const fromHex = (digits: string): string =>
  (digits.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join('');
