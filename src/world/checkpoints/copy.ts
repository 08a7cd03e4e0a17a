/** Typed arrays shorter than this are copied without a look at the copy before. */
const WORTH_SHARING = 1024;

/**
 * Copies plain data: objects, arrays, typed arrays, primitive values. What is one and the same object stays one in the copy.
 * @param before a copy made earlier: typed arrays that hold the same as theirs, in the same place, are shared with it instead of copied. Whoever
 *   shares must not write.
 * @throws TypeError for what is not plain data
 */
export function copyOf<T>(value: T, before?: T): T {
  return copy(value, before, new Map()) as T;
}

function copy(value: unknown, before: unknown, met: Map<object, unknown>): unknown {
  if (typeof value === 'function') throw new TypeError('a function is no data');
  if (typeof value !== 'object' || value === null) return value;
  const known = met.get(value);
  if (known !== undefined) return known;
  if (ArrayBuffer.isView(value)) {
    const done = isTyped(value) && isTyped(before) && same(value, before) ? before : isTyped(value) ? twin(value) : structuredClone(value);
    met.set(value, done);
    return done;
  }
  if (Array.isArray(value)) {
    const done: unknown[] = [];
    met.set(value, done);
    for (let i = 0; i < value.length; i++) done.push(copy(value[i], Array.isArray(before) ? before[i] : undefined, met));
    return done;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError(`no plain data: ${value.constructor.name}`);
  const done: Record<string, unknown> = {};
  met.set(value, done);
  const old = typeof before === 'object' && before !== null ? (before as Record<string, unknown>) : {};
  for (const [key, member] of Object.entries(value)) done[key] = copy(member, old[key], met);
  return done;
}

type Typed = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

function isTyped(value: unknown): value is Typed {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Only the part of the buffer that the view shows; a Buffer of Node's becomes a plain array of bytes. */
function twin(value: Typed): Typed {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  return value.slice();
}

function same(value: Typed, before: Typed): boolean {
  if (value.byteLength < WORTH_SHARING || value[Symbol.toStringTag] !== before[Symbol.toStringTag] || value.length !== before.length)
    return false;
  // Words where they can be had; a NaN differs from itself, which only costs a copy.
  const [a, b] = (value.byteOffset | before.byteOffset | value.byteLength) % 4 === 0 ? [words(value), words(before)] : [value, before];
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function words(value: Typed): Uint32Array {
  return new Uint32Array(value.buffer, value.byteOffset, value.byteLength / 4);
}
