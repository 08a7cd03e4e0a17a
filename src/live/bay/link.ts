/** A moment of a run as an address: whoever opens it has the same Guest at the same place, with the same instruments and breakpoints. */
import { isPace } from '../page/pace.ts';
import type { Pace } from '../page/pace.ts';
import type { Breakpoint, Edits, Notes, RunPlace } from '../protocol.ts';
import { areBreakpoints, areNotes, isPlace, isTexts } from '../whole.ts';

/** The part of the address that holds it. */
const NAME = 'run';
/** The parts behind the `#`, which no server sees, that hold edited code, and what was noted. */
const EDITS = 'edits';
const NOTES = 'notes';
/** Characters of an address that may be sent about without fear for its end: where notes would make it longer, they stay behind. */
const LONGEST = 16_000;

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
  /** What was noted at the hits of lines. */
  readonly notes: readonly Notes[];
  /** The chunks that are not as in the book. */
  readonly edits: Edits;
  /** It runs on from there by itself, and so fast, whatever the reader once chose. */
  readonly runs?: Pace;
}

/** The part of an address that holds a Guest at a moment: before its first instruction, if nothing is said. */
export function momentQuery({
  inputs = [],
  where = { at: 0, step: 0, time: 0, line: 0 },
  midway = false,
  ...guest
}: Pick<Linked, 'scene' | 'title' | 'panels' | 'runs'> & Partial<Pick<Linked, 'inputs' | 'where' | 'midway'>>): string {
  return queryOf({ ...guest, inputs, where, midway, breakpoints: [] });
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

function decodedIn(parts: URLSearchParams, name: string): unknown {
  const text = parts.get(name);
  return text === null ? undefined : decoded(text);
}

function queryOf(linked: Omit<Linked, 'edits' | 'notes'>): string {
  return `?${NAME}=${encoded(linked)}`;
}

/** The address of a moment, on a page of the site. */
export function linkTo(page: string, { edits, notes, ...linked }: Linked): string {
  const url = new URL(page);
  url.search = queryOf(linked);
  const parts = Object.keys(edits).length === 0 ? [] : [`${EDITS}=${encoded(edits)}`];
  const noted = notes.length === 0 ? [] : [`${NOTES}=${encoded(notes)}`];
  url.hash = [...parts, ...noted].join('&');
  if (url.href.length > LONGEST) url.hash = parts.join('&');
  return url.href;
}

/** Whether an address is one of a moment, be it whole or not. */
export function isLink({ search }: Pick<Location, 'search'>): boolean {
  return new URLSearchParams(search).has(NAME);
}

/** What an address holds; null where it holds nothing that could be opened, or edits or notes that cannot be read: without edits it would be another run. */
export function readLink({ search, hash }: Pick<Location, 'search' | 'hash'>): Linked | null {
  try {
    const text = new URLSearchParams(search).get(NAME);
    if (text === null) return null;
    const linked = decoded(text);
    const parts = new URLSearchParams(hash.replace(/^#/, ''));
    const [edits = {}, notes = []] = [decodedIn(parts, EDITS), decodedIn(parts, NOTES)];
    return isWhole(linked) && isEdits(edits) && areNotes(notes) ? { ...linked, edits, notes } : null;
  } catch {
    return null;
  }
}

/** Whether everything is there and of the kind that is shown or gone by. */
function isWhole(value: unknown): value is Omit<Linked, 'edits' | 'notes'> {
  if (typeof value !== 'object' || value === null) return false;
  const { scene, title, inputs, where, panels, breakpoints, runs } = value as Partial<Record<keyof Linked, unknown>>;
  return (
    typeof scene === 'string' &&
    /^[\w.+-]+$/.test(scene) &&
    typeof title === 'string' &&
    isTexts(inputs) &&
    isTexts(panels) &&
    isPlace(where) &&
    areBreakpoints(breakpoints) &&
    (runs === undefined || isPace(runs))
  );
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
