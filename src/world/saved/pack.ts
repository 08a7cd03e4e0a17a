/**
 * Plain data as bytes, and back: objects, arrays, typed arrays, primitive values. What is one and the same object is one again; typed arrays with the same bytes lie there once, and
 * are two again.
 *
 * A word with the length of a text, the text (JSON), and behind it the bytes of the typed arrays, each from a multiple of 8 on. The text is a list of objects, the first being the whole: what
 * is in them stands there as itself, or in a list of one word, or of the number of another object.
 */

/** The kinds of typed arrays. */
const TYPED = { Uint8Array, Uint16Array, Uint32Array, Int32Array, Float32Array, Float64Array } as const;
type TypedName = keyof typeof TYPED;
type Typed = InstanceType<(typeof TYPED)[TypedName]>;

/** A value that JSON does not have. */
const WORDS: readonly (readonly [word: string, value: number | undefined])[] = [
  ['undefined', undefined],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
];

type Member = string | number | boolean | null | [string | number];
/** `[]` and its members; `{}`, and each name before its value; a typed array's kind, where it begins, and how many it has. */
type Node = ['[]', ...Member[]] | ['{}', ...Member[]] | [TypedName, number, number];

const ALIGNMENT = 8;
const aligned = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

/** Bytes that are no packed data. */
export class PackFault extends Error {
  override readonly name = 'PackFault';
}

/** @throws TypeError for what is not plain data */
export function pack(value: unknown): Uint8Array {
  const nodes: Node[] = [];
  const numbers = new Map<object, number>();
  const blobs = new Blobs();
  const member = (one: unknown): Member => {
    if (typeof one === 'object' && one !== null) return [numbered(one)];
    if (one === null || typeof one === 'string' || typeof one === 'boolean') return one;
    const word = WORDS.find(([, value]) => Object.is(value, one));
    if (word !== undefined) return [word[0]];
    if (typeof one === 'number') return one;
    throw new TypeError(`no plain data: a ${typeof one}`);
  };
  const numbered = (one: object): number => {
    const known = numbers.get(one);
    if (known !== undefined) return known;
    const number = numbers.size;
    numbers.set(one, number);
    if (ArrayBuffer.isView(one)) {
      const typed = one as Typed;
      const name = typed[Symbol.toStringTag];
      if (!Object.hasOwn(TYPED, name)) throw new TypeError(`no plain data: ${name}`);
      nodes[number] = [name, blobs.add(new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength)), typed.length];
    } else if (Array.isArray(one)) nodes[number] = ['[]', ...one.map(member)];
    else {
      const prototype: unknown = Object.getPrototypeOf(one);
      if (prototype !== Object.prototype && prototype !== null) throw new TypeError(`no plain data: ${one.constructor.name}`);
      nodes[number] = ['{}', ...Object.entries(one).flatMap(([name, its]): Member[] => [name, member(its)])];
    }
    return number;
  };
  numbered([value]);
  return joined(new TextEncoder().encode(JSON.stringify(nodes)), blobs);
}

/** @throws PackFault where they are no such bytes */
export function unpack(bytes: Uint8Array): unknown {
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof PackFault) throw error;
    throw new PackFault(`no packed data: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function read(bytes: Uint8Array): unknown {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  if (length > bytes.length - 4) throw new PackFault('no packed data: it is cut');
  const nodes = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Node[];
  const from = aligned(4 + length);
  const made = nodes.map(([kind, at, count]) => {
    if (kind === '[]') return [];
    if (kind === '{}') return {};
    if (!Object.hasOwn(TYPED, kind)) throw new PackFault('no packed data: an unknown kind');
    const type = TYPED[kind];
    const begin = from + Number(at);
    const end = begin + Number(count) * type.BYTES_PER_ELEMENT;
    if (!(begin >= from && end >= begin && end <= bytes.length)) throw new PackFault('no packed data: it is cut');
    return new type(bytes.slice(begin, end).buffer);
  });
  const valueOf = (member: Member): unknown => {
    if (!Array.isArray(member)) return member;
    const [one] = member;
    if (typeof one === 'number') {
      if (!(one in made)) throw new PackFault('no packed data: a part is missing');
      return made[one];
    }
    return WORDS.find(([word]) => word === one)?.[1];
  };
  for (const [number, [kind, ...members]] of nodes.entries()) {
    const one = made[number];
    if (kind === '[]') for (const member of members) (one as unknown[]).push(valueOf(member));
    // Defined, not set: a member may have any name.
    if (kind === '{}')
      for (let i = 0; i + 1 < members.length; i += 2)
        Object.defineProperty(one, String(members[i]), {
          value: valueOf(members[i + 1]),
          enumerable: true,
          configurable: true,
          writable: true,
        });
  }
  return (made[0] as unknown[])[0];
}

/** Bytes behind the text: the same ones once. */
class Blobs {
  readonly parts: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  /** By a few of their bytes and their length. */
  readonly #known = new Map<string, { readonly at: number; readonly bytes: Uint8Array }[]>();
  length = 0;

  /** Returns where they begin. */
  add(bytes: Uint8Array): number {
    const key = `${bytes.length} ${bytes.subarray(0, 16).join(' ')} ${bytes.subarray(-16).join(' ')}`;
    const alike = this.#known.get(key) ?? [];
    const same = alike.find((one) => bytes.every((byte, i) => byte === one.bytes[i]));
    if (same !== undefined) return same.at;
    const part = { at: this.length, bytes };
    this.#known.set(key, [...alike, part]);
    this.parts.push(part);
    this.length += aligned(bytes.length);
    return part.at;
  }
}

function joined(text: Uint8Array, blobs: Blobs): Uint8Array {
  const from = aligned(4 + text.length);
  const bytes = new Uint8Array(from + blobs.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  for (const { at, bytes: part } of blobs.parts) bytes.set(part, from + at);
  return bytes;
}
