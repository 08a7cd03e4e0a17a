/** What the functions of Host and Launcher have in their variables, as text, in the middle of what they do. */
import type { Frame, LinePosition } from '#tangle/runtime';

/** A value as it is shown, with what is in it. */
export interface ShownValue {
  readonly text: string;
  readonly parts?: readonly ShownVariable[];
}

/** A variable, or a part of one. */
export interface ShownVariable extends ShownValue {
  readonly name: string;
}

/** A function that has been called and has not returned. */
export interface ShownFrame {
  readonly name: string;
  /** The line that it has come to. */
  readonly position: LinePosition | null;
  readonly parameters: readonly ShownVariable[];
  readonly locals: readonly ShownVariable[];
}

/** Levels, parts of a thing and characters that are shown. */
const DEEP = 2;
const PARTS = 24;
const CHARACTERS = 60;

/** The latest first; none where the world is at rest, or nothing is known of them. */
export function viewLocals(frames: readonly Frame[]): ShownFrame[] {
  return frames.map(({ name, parameters, position, variables }) => {
    const all = Object.entries(variables).map(([own, value]) => ({ name: own, ...showValue(value, DEEP) }));
    const given = new Set(parameters);
    return {
      name,
      position,
      parameters: all.filter((one) => given.has(one.name)),
      locals: all.filter((one) => !given.has(one.name)),
    };
  });
}

/** A value as text. @param deep so many levels of what is in it */
export function showValue(value: unknown, deep = 0): ShownValue {
  if (typeof value === 'number') return { text: showNumber(value) };
  if (typeof value === 'string') return { text: JSON.stringify(value.length > CHARACTERS ? `${value.slice(0, CHARACTERS)}…` : value) };
  if (typeof value === 'function') return { text: 'a function' };
  if (typeof value !== 'object' || value === null) return { text: String(value) };
  const entries = value instanceof Map ? [...value].map(([key, own]) => [String(key), own] as const) : partsOf(value);
  const text = summary(value, entries);
  if (deep === 0 || entries.length === 0) return { text };
  return { text, parts: entries.slice(0, PARTS).map(([name, own]) => ({ name, ...showValue(own, deep - 1) })) };
}

/** Small numbers as people count, others as the machine does. */
function showNumber(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) < 10) return String(value);
  if (value < -0x80000000 || value > 0xffffffff) return String(value);
  return value < 0 && value > -4096 ? String(value) : `0x${(value >>> 0).toString(16)}`;
}

function partsOf(value: object): (readonly [string, unknown])[] {
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    // Some have as many as there is memory.
    const all = value as unknown as ArrayLike<unknown>;
    return Array.from({ length: Math.min(all.length, PARTS) }, (_, n) => [String(n), all[n]] as const);
  }
  return Object.entries(value);
}

function summary(value: object, entries: readonly (readonly [string, unknown])[]): string {
  const few = (values: readonly string[]): string => (values.length > 4 ? `${values.slice(0, 4).join(', ')}, …` : values.join(', '));
  const flat = entries.filter(([, own]) => typeof own !== 'object' || own === null).slice(0, 5);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const { length } = value as unknown as ArrayLike<unknown>;
    return flat.length === 0 ? `[${length}]` : `[${length}: ${few(flat.map(([, own]) => showValue(own).text))}]`;
  }
  if (value instanceof Map) return `a map of ${value.size}`;
  if (value instanceof Set) return `a set of ${value.size}`;
  if (entries.length === 0) return '{}';
  return `{ ${few([...flat.map(([name, own]) => `${name}: ${showValue(own).text}`), ...(flat.length < entries.length ? ['…'] : [])])} }`;
}
