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
    const search = searchFor(value, ways, world, patient);
    try {
      for (let next = search.next(); ; next = search.next()) {
        if (next.done === true) {
          tell(next.value === null ? nobody(value, world) : { value, found: next.value });
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

/** Nobody, as far as was looked. The tables of the processor are made before a run begins. */
function nobody(value: Value, world: Runnable): Written {
  const whole = value.kind !== 'register' && value.kind !== 'segment';
  const before = value.kind === 'physical' ? world.beforehand(value.address, value.length ?? WORD) : null;
  return { value, found: null, whole, ...(before !== null && { before }) };
}

function searchFor(value: Value, ways: Ways, world: Runnable, patient: boolean): Generator<number, Writer | null> {
  const { guest } = world;
  switch (value.kind) {
    case 'physical':
      return writeTo(ways, world, value.address, value.length);
    case 'linear':
      return writeTo(ways, world, guest.physicalOf(value.address));
    case 'register': {
      return changeOf(ways, world, value.name, patient);
    }
    case 'segment': {
      const { name } = value;
      return loadOf(ways, world, () => guest.segment(name), patient);
    }
    case 'asked': {
      const { table, index } = value;
      return lineOfChange(ways, world, () => guest.asked(value.guest, table, index));
    }
    case 'ring': {
      const { what, pfn } = value;
      if (what === 'taken') return lineOfChange(ways, world, () => guest.taken(value.guest, pfn));
      const place = guest.inRing(value.guest, pfn, what);
      return writeTo(ways, world, place?.physical ?? null, place?.length);
    }
  }
}

/** Who wrote to real memory before this place; null: nobody in the whole run. */
function* writeTo(ways: Ways, world: Runnable, physical: number | null, length = WORD): Generator<number, Writer | null> {
  if (physical === null) return null;
  return yield* lastWrite(ways, world, physical, length, 0);
}

/** Which line changed what no memory of the machine's has. */
function* lineOfChange(ways: Ways, world: Runnable, read: () => number | string | null): Generator<number, Writer | null> {
  return (yield* ways.toLineOfChange(read)) ? standingAt(world) : null;
}

/** @param since instructions of the run before which nothing counts */
function* lastWrite(ways: Ways, world: Runnable, physical: number, length: number, since: number): Generator<number, Writer | null> {
  const data = [{ physical, length, reads: false, writes: true }];
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
    const writer = yield* lastWrite(ways, world, saved, WORD, from + 1);
    if (writer !== null) return writer;
  }
  yield* ways.toCount(from);
  if (world.worldName !== 'host') return standingAt(world);
  // Before the Host's first instruction, its TypeScript has filled the registers for the Switcher.
  yield* ways.toCount(to);
  if ((yield* lineOfChange(ways, world, () => world.look(['registers']).registers?.[name] ?? null)) !== null && world.place().at === from)
    return standingAt(world);
  yield* ways.toCount(from);
  return standingAt(world);
}

/** Which instruction loaded what the processor keeps of a segment, or of a table: whoever runs, it is the same one for all. */
function* loadOf(ways: Ways, world: Runnable, read: () => string, patient: boolean): Generator<number, Writer | null> {
  const change = yield* ways.changeBefore(read, patient ? PATIENT_STEPS : STEPS);
  if (change === null) return null;
  yield* ways.toCount(change.from);
  return standingAt(world);
}
