/** Breakpoints as conditions of a run; notes on a line. */
import { ExpressionFault, parseExpression, scopeOf, scopeOfEvent, showValue } from '#world';
import type { Expression, Hit, Journeys, Place, ProgramNames, Stops, World, WorldEvent } from '#world';
import type { Breakpoint, Note, Notes } from '../protocol.ts';
import { isOver } from './ends.ts';
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
  const words = breakpoints.flatMap((one) => (one.kind === 'data' ? [one] : []));
  const conditional = breakpoints.some((one) => (one.kind === 'line' || one.kind === 'address') && isCondition(one.when));
  return {
    ...(lines.length > 0 && { lines }),
    ...(addresses.length > 0 && { addresses }),
    ...(conditional && { accepts: acceptor(breakpoints, world), debug: true }),
    ...(events.length > 0 && { events: (event: WorldEvent) => events.some((test) => test(event)) }),
    ...(words.length > 0 && { data: watched(words, world) }),
  };
}

/** Words of the Guest's are wherever its page tables and the Host have them at the moment, and mostly nowhere before somebody has come there. */
function watched(words: readonly Extract<Breakpoint, { readonly kind: 'data' }>[], world: Eye): NonNullable<Stops['data']> {
  const find = () =>
    words.flatMap(({ physical, address, reads }) => {
      const pieces = physical ? [{ physical: address, length: WORD }] : world.guest.pieces(address, WORD);
      return pieces.map((piece) => ({ ...piece, reads, writes: true }));
    });
  return words.every(({ physical }) => physical) ? find() : find;
}

const isCondition = (when: string | undefined): when is string => when !== undefined && when.trim() !== '';

/** Whether the condition of one that is on may ask what a line's variables are. */
export function speakOfVariables(breakpoints: readonly Breakpoint[]): boolean {
  return breakpoints.some((one) => one.on && one.kind === 'line' && isCondition(one.when));
}

/** Whether a line or an address that has been met is to stop the run: where one of its breakpoints has no condition, or one that holds. */
function acceptor(breakpoints: readonly Breakpoint[], world: Eye): NonNullable<Stops['accepts']> {
  const conditions = new Map<Breakpoint, Expression>();
  for (const one of breakpoints) {
    if ((one.kind === 'line' || one.kind === 'address') && isCondition(one.when)) conditions.set(one, conditionOf(one.when));
  }
  return (hit, frames) => {
    const met = breakpoints.filter((one) => isMet(one, hit));
    return met.some((one) => {
      const condition = conditions.get(one);
      return (
        condition === undefined ||
        holds(condition, () => scopeOf({ registers: () => registersOf(world), guest: () => world.guest, frames: frames() }))
      );
    });
  };
}

function isMet(one: Breakpoint, hit: Hit): boolean {
  if (one.kind === 'address') return hit.by === 'address' && hit.address === one.address;
  return one.kind === 'line' && hit.by === 'line' && hit.position.source === one.place.source && hit.position.line === one.place.line;
}

function registersOf(world: Eye): NonNullable<ReturnType<Eye['look']>['registers']> {
  const { registers } = world.look(['registers']);
  if (registers === undefined) throw new Error('a world without registers');
  return registers;
}

/** A condition that is none is never true; the page says so where it is written. */
function conditionOf(when: string): Expression {
  try {
    return parseExpression(when);
  } catch {
    return () => false;
  }
}

/** A name that is not there, or a part: then it does not hold. */
function holds(condition: Expression, scope: () => ReturnType<typeof scopeOf>): boolean {
  try {
    return Boolean(condition(scope()));
  } catch {
    return false;
  }
}

function eventTest(kind: string, when: string, names: ProgramNames): (event: WorldEvent) => boolean {
  const condition = isCondition(when) ? conditionOf(when) : () => true;
  return (event) => {
    if (event.kind !== kind) return false;
    const name =
      event.kind === 'hypercall' ? names.hypercall(event.nr) : event.kind === 'request' ? names.request(event.request) : undefined;
    return holds(condition, () => scopeOfEvent(event, name));
  };
}

/** Evaluates a line's expression at each of its hits, from the beginning of the run to its end. */
export function takeNotes(
  { id, place: line, note }: Extract<Breakpoint, { readonly kind: 'line' }>,
  end: Place,
  world: Eye & Pick<World, 'standstill'>,
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
    const registers = () => registersOf(world);
    yield* journeys.hearAll(end, { lines: [line], debug: true }, ({ place }, frames) => {
      count++;
      if (hits.length >= MOST) return;
      hits.push({ place, text: valueOf(expression, () => scopeOf({ registers, guest: () => world.guest, frames: frames() })) });
    });
    tell({ id, note, count, hits, ended: isOver(world), fault: null });
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
