/** Breakpoints as conditions of a run; notes on a line. */
import { ExpressionFault, parseExpression, scopeOf, scopeOfEvent, showValue } from '#world';
import type { Expression, Journeys, Place, ProgramNames, Stops, World, WorldEvent } from '#world';
import type { Breakpoint, Note, Notes } from '../protocol.ts';
import type { Runnable } from './runnable.ts';
import type { Transcript } from './transcript.ts';

/** Hits of a line that are listed. */
const MOST = 1000;
const WORD = 4;

type Conditions = Omit<Stops, 'since' | 'notes'>;
type Eye = Pick<World, 'guest' | 'look'>;

/** What stops a run at these breakpoints; null where nothing does. */
export function conditionsOf(breakpoints: readonly Breakpoint[], names: ProgramNames, world: Eye): Conditions | null {
  if (breakpoints.length === 0) return null;
  const lines = breakpoints.flatMap((one) => (one.kind === 'line' ? [one.place] : []));
  const addresses = breakpoints.flatMap((one) => (one.kind === 'address' ? [one.address] : []));
  const events = breakpoints.flatMap((one) => (one.kind === 'event' ? [eventTest(one.event, one.when, names)] : []));
  const data = breakpoints.flatMap((one) => {
    if (one.kind !== 'data') return [];
    const pieces = one.physical ? [{ physical: one.address, length: WORD }] : world.guest.pieces(one.address, WORD);
    return pieces.map((piece) => ({ ...piece, reads: one.reads, writes: true }));
  });
  return {
    ...(lines.length > 0 && { lines }),
    ...(addresses.length > 0 && { addresses }),
    ...(events.length > 0 && { events: (event: WorldEvent) => events.some((test) => test(event)) }),
    ...(data.length > 0 && { data }),
  };
}

/** A condition that is none is never true; the page says so where it is written. */
function eventTest(kind: string, when: string, names: ProgramNames): (event: WorldEvent) => boolean {
  let condition: Expression | null = null;
  try {
    condition = when.trim() === '' ? () => true : parseExpression(when);
  } catch {
    return () => false;
  }
  return (event) => {
    if (event.kind !== kind) return false;
    const name =
      event.kind === 'hypercall' ? names.hypercall(event.nr) : event.kind === 'request' ? names.request(event.request) : undefined;
    try {
      return Boolean(condition(scopeOfEvent(event, name)));
    } catch {
      return false;
    }
  };
}

/** Evaluates a line's expression at each of its hits, from the beginning of the run to its end. */
export function takeNotes(
  { id, place: line, note }: Extract<Breakpoint, { readonly kind: 'line' }>,
  end: Place,
  world: Eye,
  tell: (notes: Notes) => void,
): (journeys: Journeys<Runnable, Transcript>) => ReturnType<Journeys<Runnable, Transcript>['hearAll']> {
  return function* (journeys) {
    let expression: Expression;
    try {
      expression = parseExpression(note);
    } catch (error) {
      if (!(error instanceof ExpressionFault)) throw error;
      tell({ id, note, count: 0, hits: [], fault: { message: error.message, at: error.at } });
      return false;
    }
    const hits: Note[] = [];
    let count = 0;
    const registers = () => {
      const { registers: all } = world.look(['registers']);
      if (all === undefined) throw new Error('a world without registers');
      return all;
    };
    yield* journeys.hearAll(end, { lines: [line], debug: true }, ({ place }, frames) => {
      count++;
      if (hits.length >= MOST) return;
      hits.push({ place, text: valueOf(expression, () => scopeOf({ registers, guest: () => world.guest, frames: frames() })) });
    });
    tell({ id, note, count, hits, fault: null });
    return false;
  };
}

function valueOf(expression: Expression, scope: () => ReturnType<typeof scopeOf>): string {
  try {
    return showValue(expression(scope()), 0).text;
  } catch (error) {
    return `— ${error instanceof Error ? error.message : String(error)}`;
  }
}
