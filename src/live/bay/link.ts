/** A moment of a run as an address: whoever opens it has the same Guest at the same place, with the same instruments and breakpoints. */
import type { Breakpoint, RunPlace } from '../protocol.ts';

/** The part of the address that holds it. */
const NAME = 'run';

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
}

/** The part of an address that holds a Guest as it is before its first instruction. */
export function momentQuery(guest: Pick<Linked, 'scene' | 'title' | 'panels'>): string {
  return queryOf({ ...guest, inputs: [], where: { at: 0, step: 0, time: 0, line: 0 }, midway: false, breakpoints: [] });
}

function queryOf(linked: Linked): string {
  const bytes = new TextEncoder().encode(JSON.stringify(linked));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return `?${NAME}=${text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/** The address of a moment, on a page of the site. */
export function linkTo(page: string, linked: Linked): string {
  const url = new URL(page);
  url.search = queryOf(linked);
  url.hash = '';
  return url.href;
}

/** What an address holds; null where it holds nothing that could be opened. */
export function readLink(search: string): Linked | null {
  try {
    const text = new URLSearchParams(search).get(NAME);
    if (text === null) return null;
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
    const linked = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Linked>;
    const whole = [linked.inputs, linked.panels, linked.breakpoints].every(Array.isArray) && typeof linked.where?.at === 'number';
    return whole && typeof linked.scene === 'string' && /^[\w.+-]+$/.test(linked.scene) ? (linked as Linked) : null;
  } catch {
    return null;
  }
}
