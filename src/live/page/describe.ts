/** A plain word on what the Guest is doing. */
import { grouped } from './grouped.ts';
import type { GuestEnd, WovenProblem } from '../protocol.ts';
import { signOf } from '../worlds.ts';
import type { SessionView } from './state.ts';

/** What is being looked for, in words; and, where that takes its time, what is searched. */
const SEARCHES: Readonly<Record<NonNullable<SessionView['search']>, readonly [what: string, where: string]>> = {
  event: ['Looking for the next event', 'ahead'],
  'event-before': ['Looking for the event before', 'of the run’s past, from its end, have been searched'],
  line: ['Running to that line', 'ahead'],
  'line-before': ['Looking for when that line last ran', 'of the run’s past, from its end, have been searched'],
  moment: ['Going there', 'of the way are run again'],
  back: ['Going back', 'of the way are run again'],
  step: ['Going on', 'ahead'],
  stop: ['Running to the breakpoint', 'ahead'],
  'stop-before': ['Looking for when that was last', 'of the run’s past, from its end, have been searched'],
  notes: ['Taking notes', 'of the run are looked through'],
  events: ['Looking through all events', 'of the run are looked through'],
};

/** How a search goes on, and how it is ended. */
function describeSearch(search: NonNullable<SessionView['search']>, { searched, searchedFrom, instructions, phase }: SessionView): string {
  const [what, where] = SEARCHES[search];
  if (where === 'ahead') {
    const passed = instructions - searchedFrom;
    return phase === 'running' && passed > 0 ? `${what}: ${instructionsOf(passed)} on. Stop (p) to stay there.` : `${what}…`;
  }
  return searched > 0 ? `${what}: ${Math.floor(100 * searched)} % ${where}. Stop (p) to stay where you were.` : `${what}…`;
}

/** One sentence for the status line, also read aloud by screen readers. */
export function describe(view: SessionView): string {
  const count = instructionsOf(view.instructions);
  if (view.search !== null) return describeSearch(view.search, view);
  return view.remark === '' ? standing(view, count) : `${view.remark} ${standing(view, count)}`;
}

function standing(view: SessionView, count: string): string {
  switch (view.phase) {
    case 'asleep':
      return 'Not booted.';
    case 'loading': {
      if (view.reading === null) return 'Fetching the processor and the Guest…';
      const { what, done, total } = view.reading;
      return `Reading ${what}: ${megabytes(done)} of ${megabytes(total)} MB.`;
    }
    case 'failed':
      return view.edited.length > 0 || view.problems.length > 0
        ? `${view.brought === null ? 'Your edit' : `What the ${view.brought} brought`} broke it: ${whatBroke(view)}. The page is well, and so is the book.`
        : `This Guest cannot run here: ${view.message}.`;
    case 'panicked':
      return `The Host itself broke after ${count}: ${view.message}.`;
    case 'running':
      return `Running. ${count} so far${view.speed >= 1e6 ? `, ${grouped(Math.round(view.speed / 1e6))} million a second` : ''}.`;
    case 'idle':
      return `Everybody waits for you to type. ${count}.`;
    case 'exited':
      return describeEnd(view, count);
    case 'paused': {
      if (view.atBeginning) return `Stopped before the ${view.bare ? '' : 'Guest’s '}first instruction.`;
      return `Paused after ${count}.${view.world === null ? '' : whereTo(view)}`;
    }
  }
}

/** Who goes on from here: the Host's and the Launcher's TypeScript is nothing that the processor runs. */
function whereTo({ world, midway, bare }: SessionView): string {
  const label = signOf(world ?? 'host', bare).label;
  return midway ? ` The ${label} is at work.` : ` The processor is in the ${label}.`;
}

function whatBroke({ problems, message, brought }: SessionView): string {
  return problems.length > 0 ? problems.map((one) => toldProblem(one, brought === null ? 'your' : 'its')).join('; ') : message;
}

/** What is wrong with edited code, and where. */
export function toldProblem({ chunk, at, chapter, line, message }: WovenProblem, whose: 'your' | 'its' = 'your'): string {
  if (chunk !== null) return at > 0 ? `${chunk}, line ${at} of ${whose} text: ${message}` : message;
  return chapter === '' ? message : `${chapter}, line ${line}: ${message}`;
}

function describeEnd({ ends, status, terminals, bare }: SessionView, count: string): string {
  if (bare) return `The processor stopped for good after ${count}.`;
  if (terminals > 1) return describeEnds(ends, count);
  const reason = ends.find((end) => end.guest === 0)?.reason ?? null;
  const words = reason?.replace(/^CRASH: /, '');
  if (status === 0)
    return reason === null ? `The Guest powered off after ${count}.` : `The Guest shut itself down after ${count}: “${words}”.`;
  return reason === null
    ? `The Launcher gave up after ${count}, status ${status}.`
    : `The Host ended this Guest after ${count}: ${reason}.`;
}

/** Several Guests: how many came to which end. */
function describeEnds(ends: readonly GuestEnd[], count: string): string {
  const off = ends.filter(({ status }) => status === 0).length;
  const condemned = ends.filter(({ status, reason }) => status !== 0 && reason !== null).length;
  const parts: string[] = [];
  if (off > 0) parts.push(`${off} shut down`);
  if (condemned > 0) parts.push(`${condemned} ended by the Host`);
  if (ends.length > off + condemned) parts.push(`${ends.length - off - condemned} given up by the Launcher`);
  return `All ${ends.length} Guests have come to an end after ${count}: ${parts.join(', ')}.`;
}

/** Bytes as megabytes with one digit. */
export function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

function instructionsOf(count: number): string {
  return `${grouped(count)} instruction${count === 1 ? '' : 's'}`;
}
