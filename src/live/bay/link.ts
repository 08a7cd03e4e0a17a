/** A moment of a run as an address: whoever opens it has the same Guest at the same place, with the same instruments and breakpoints. */
import type { Breakpoint, Edits, RunPlace } from '../protocol.ts';

/** The part of the address that holds it. */
const NAME = 'run';
/** The part behind the `#`, which no server sees, that holds edited code. */
const EDITS = 'edits';

/** What a link holds. */
export interface Linked {
  readonly scene: string;
  readonly title: string;
  /** What came from outside. */
  readonly inputs: readonly string[];
  readonly where: RunPlace;
  readonly midway: boolean;
  readonly panels: readonly string[];
  readonly breakpoints: readonly Breakpoint[];
  /** The chunks that are not as in the book. */
  readonly edits: Edits;
}

/** The part of an address that holds a Guest as it is before its first instruction. */
export function momentQuery(guest: Pick<Linked, 'scene' | 'title' | 'panels'>): string {
  return queryOf({ ...guest, inputs: [], where: { at: 0, step: 0, time: 0, line: 0 }, midway: false, breakpoints: [] });
}

const encoded = (value: unknown): string => {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
};

function decoded(text: string): unknown {
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

function queryOf(linked: Omit<Linked, 'edits'>): string {
  return `?${NAME}=${encoded(linked)}`;
}

/** The address of a moment, on a page of the site. */
export function linkTo(page: string, { edits, ...linked }: Linked): string {
  const url = new URL(page);
  url.search = queryOf(linked);
  url.hash = Object.keys(edits).length === 0 ? '' : `${EDITS}=${encoded(edits)}`;
  return url.href;
}

/** What an address holds; null where it holds nothing that could be opened, or edits that cannot be read: without them it would be another run. */
export function readLink({ search, hash }: Pick<Location, 'search' | 'hash'>): Linked | null {
  try {
    const text = new URLSearchParams(search).get(NAME);
    if (text === null) return null;
    const linked = decoded(text);
    const brings = new URLSearchParams(hash.replace(/^#/, '')).get(EDITS);
    const edits = brings === null ? {} : decoded(brings);
    if (!isEdits(edits)) return null;
    return isWhole(linked) ? { ...linked, edits } : null;
  } catch {
    return null;
  }
}

/** Whether everything is there and of the kind that is shown or gone by: anybody can write an address. */
function isWhole(value: unknown): value is Omit<Linked, 'edits'> {
  if (typeof value !== 'object' || value === null) return false;
  const { scene, title, inputs, where, panels, breakpoints } = value as Partial<Record<keyof Linked, unknown>>;
  return (
    typeof scene === 'string' &&
    /^[\w.+-]+$/.test(scene) &&
    typeof title === 'string' &&
    isTexts(inputs) &&
    isTexts(panels) &&
    isPlace(where) &&
    areBreakpoints(breakpoints)
  );
}

/** Whether it is a list of things, which the worker looks at. */
export function areBreakpoints(value: unknown): value is Breakpoint[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null);
}

/** Whether it is a list of texts. */
export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** Four counts, none of which a run could not reach. */
export function isPlace(value: unknown): value is RunPlace {
  if (typeof value !== 'object' || value === null) return false;
  const { at, step, time, line } = value as Partial<Record<keyof RunPlace, unknown>>;
  return [at, step, time, line].every((count) => typeof count === 'number' && count >= 0 && count <= Number.MAX_SAFE_INTEGER);
}

/** Texts of chunks, by their markers. */
function isEdits(value: unknown): value is Edits {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(([chunk, text]) => /^[A-Z]:\d{3}[\w.-]*$/.test(chunk) && typeof text === 'string')
  );
}
