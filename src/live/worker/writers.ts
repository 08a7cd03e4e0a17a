/** Who wrote a value last: the run before this place is gone through again, from its end, with the value watched. */
import type { Hit, Journey, Journeys } from '#world';
import type { Place, RegisterName, Value, Writer, Written } from '../protocol.ts';
import { whoStands } from './ends.ts';
import { now } from './gait.ts';
import type { Runnable } from './runnable.ts';
import type { Transcript } from './transcript.ts';

const WORD = 4;
/** Milliseconds after which an impatient search ends. */
const PATIENCE_MS = 1500;
/** Instructions of the past that are gone through one by one for a register, at least; whoever is patient has more. */
const STEPS = 16_384;
const PATIENT_STEPS = 1_000_000;

type Ways = Journeys<Runnable, Transcript>;

/** Where a search stands when it is to end: nobody knows more than that. */
class OutOfPatience extends Error {}

/**
 * A search for whoever wrote a value last.
 * @param patient goes through the whole run, or, for a register, through a large piece of it
 * @param tell hears what became of it
 */
export function findWriter(
  value: Value,
  patient: boolean,
  world: Runnable,
  tell: (written: Written) => void,
  clock = now,
): (ways: Ways) => Journey {
  return function* (ways) {
    const end = patient ? Infinity : clock() + PATIENCE_MS;
    const search = value.kind === 'register' ? changeOf(ways, world, value.name, patient) : writeTo(ways, world, physicalOf(value, world));
    try {
      for (let next = search.next(); ; next = search.next()) {
        if (next.done === true) {
          tell(next.value === null ? { value, found: null, whole: value.kind !== 'register' } : { value, found: next.value });
          return false;
        }
        if (clock() > end) throw new OutOfPatience();
        yield next.value;
      }
    } catch (error) {
      if (!(error instanceof OutOfPatience)) throw error;
      tell({ value, found: null, whole: false });
      return false;
    }
  };
}

function physicalOf(value: Exclude<Value, { kind: 'register' }>, world: Runnable): number | null {
  return value.kind === 'physical' ? value.address : world.guest.physicalOf(value.address);
}

/** Who wrote to a word of real memory before this place; null: nobody in the whole run. */
function* writeTo(ways: Ways, world: Runnable, physical: number | null): Generator<number, Writer | null> {
  if (physical === null) return null;
  return yield* lastWrite(ways, world, physical, 0);
}

/** @param since instructions of the run before which nothing counts */
function* lastWrite(ways: Ways, world: Runnable, physical: number, since: number): Generator<number, Writer | null> {
  const data = [{ physical, length: WORD, reads: false, writes: true }];
  let line: Place | null = null;
  const hit = yield* ways.toHitBefore({ data, debug: true }, ({ place }, frames) => {
    if (place.at < since) return false;
    line = frames()[0]?.position ?? null;
    return true;
  });
  return hit === null ? null : yield* writerAt(ways, world, hit, line);
}

/**
 * Goes to just before a write, and looks who stands there.
 * @param line of TypeScript, the one that wrote, where that is known: what it called may have had lines of its own
 */
function* writerAt(ways: Ways, world: Runnable, { place }: Hit, line: Place | null): Generator<number, Writer> {
  // An access is told behind its instruction; or, of TypeScript, in the middle of its line, which is counted by then.
  if (place.line > 0) yield* ways.toPlace({ ...place, line: place.line - 1 }, true);
  else yield* ways.toCount(Math.max(0, place.at - 1));
  const writer = standingAt(world);
  return writer.midway && line !== null ? { ...writer, place: line } : writer;
}

function standingAt(world: Runnable): Writer {
  const { world: who, midway, place } = whoStands(world);
  const text = midway ? null : (world.look(['next']).next?.code[0]?.text ?? null);
  return { where: world.place(), midway, world: who, place, text };
}

/** Which instruction made a register what it is. While a Guest runs, its own registers are meant, whatever the others have in between; what has changed while it was away, the Host wrote. */
function* changeOf(ways: Ways, world: Runnable, name: RegisterName, patient: boolean): Generator<number, Writer | null> {
  const inGuest = (): boolean => world.worldName === 'guest-kernel' || world.worldName === 'guest-user';
  const own = world.midway === null && inGuest();
  const read = (): number | undefined => (own && !inGuest() ? undefined : world.look(['registers']).registers?.[name]);
  const change = yield* ways.changeBefore(read, patient ? PATIENT_STEPS : STEPS);
  if (change === null) return null;
  const { from, to } = change;
  const saved = world.guest.savedAt(name);
  if (to > from + 1 && saved !== null) {
    yield* ways.toCount(to);
    const writer = yield* lastWrite(ways, world, saved, from + 1);
    if (writer !== null) return writer;
  }
  yield* ways.toCount(from);
  return standingAt(world);
}
