/**
 * Compares a run of ours with a recording of the original lguest, event by event.
 *
 * Ours is a trace as `lguest --trace` writes it: one event a line, as JSON ({@link WorldEvent}). A recording is text, one event a line, `number gi text`: a serial
 * number, the instructions executed in the Guest so far, and one of (numbers hexadecimal)
 *
 * | text | meaning |
 * |---|---|
 * | `HCALL NAME(nr) edx ebx ecx eip=…` | a direct hypercall; `nr` decimal |
 * | `ASYNC[slot] NAME(nr) edx ebx ecx` | one from the ring |
 * | `FAULT address err=… -> host maps it`, `… -> reflect to guest` | how a page fault was judged |
 * | `DELIVER trap n handler=… …` | a trap frame was built; `n` decimal |
 * | `IRQ n handler=… …` | the same for a virtual interrupt |
 *
 * Other lines (TRAPEXIT, LHREQ, TEXT …) tell nothing that these do not tell. What must agree is the order of the hypercalls with their arguments, and the order of
 * the page faults with their judgement. When a timer fires is nobody's promise: interrupts are counted and not compared, and neither is how far ahead the clock is set.
 */
import type { HostEvent } from '#hostos';
import { LHCALL } from '#tangled/host/lg.ts';

/** The streams that are compared, each for itself. */
export const STREAMS = ['hypercalls', 'faults', 'traps'] as const;
export type Stream = (typeof STREAMS)[number];

/** An event as both sides can tell it. */
export interface TraceEvent {
  stream: Stream;
  /** Equal for equal events. */
  text: string;
  /** Where it stands: a line, from 1. */
  line: number;
}

/** A place where the two disagree: what only one has, up to where they agree again. */
export interface Difference {
  ours: TraceEvent[];
  theirs: TraceEvent[];
}

/** The result for a stream. */
export interface StreamResult {
  stream: Stream;
  /** Events both have, in the same order. */
  same: number;
  differences: Difference[];
}

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

function callText(nr: number, args: readonly number[], where: string): string {
  const [edx, ebx, ecx] = nr === LHCALL.SET_CLOCKEVENT ? ['*', '*', '*'] : args.map(hex);
  const name = Object.entries(LHCALL).find(([, value]) => value === nr)?.[0] ?? 'call';
  return `${name}(${nr}) ${edx} ${ebx} ${ecx} ${where}`;
}

const faultText = (address: number, error: number, hidden: boolean): string => `${hex(address)} error ${error} ${hidden ? 'hidden' : 'reflected'}`;
const trapText = (vector: number, gate: number): string => `${vector} to ${hex(gate)}`;
/** Vectors from here on are interrupts. */
const FIRST_INTERRUPT = 32;

/** Reads our own trace. @throws SyntaxError with the line, where it is no JSON */
export function parseOurs(text: string): TraceEvent[] {
  const events: TraceEvent[] = [];
  text.split('\n').forEach((row, index) => {
    if (row.trim() === '') return;
    const line = index + 1;
    let event: HostEvent;
    try {
      event = JSON.parse(row) as HostEvent;
    } catch (error) {
      throw new SyntaxError(`line ${line} is no event: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (event.kind === 'hypercall') {
      const where = event.ring === undefined ? `at ${hex(event.eip)}` : `ring ${event.ring}`;
      events.push({ stream: 'hypercalls', text: callText(event.nr, [event.edx, event.ebx, event.ecx], where), line });
    } else if (event.kind === 'fault') {
      events.push({ stream: 'faults', text: faultText(event.address, event.error, event.hidden), line });
    } else if (event.kind === 'deliver' && event.vector < FIRST_INTERRUPT) {
      events.push({ stream: 'traps', text: trapText(event.vector, event.gate), line });
    }
  });
  return events;
}

const LINE = /^\d+ \d+\s+(.*)$/;
const HCALL = /^HCALL \S*\((\d+)\) (\S+) (\S+) (\S+) eip=([0-9a-f]+)/;
const ASYNC = /^ASYNC\[(\d+)\] \S*\((\d+)\) (\S+) (\S+) (\S+)/;
const FAULT = /^FAULT ([0-9a-f]+) err=([0-9a-f]+) -> (host maps it|reflect to guest)/;
const DELIVER = /^DELIVER trap (\d+) handler=([0-9a-f]+)/;

/** Reads a recording; lines it does not know are passed over. */
export function parseRecorded(text: string): TraceEvent[] {
  const events: TraceEvent[] = [];
  const word = (digits: string): number => Number.parseInt(digits, 16);
  text.split('\n').forEach((row, index) => {
    const told = LINE.exec(row)?.[1];
    if (told === undefined) return;
    const line = index + 1;
    let found = HCALL.exec(told);
    if (found) {
      const [, nr, edx, ebx, ecx, eip] = found;
      events.push({ stream: 'hypercalls', text: callText(Number(nr), [edx, ebx, ecx].map(word), `at ${hex(word(eip))}`), line });
    } else if ((found = ASYNC.exec(told))) {
      const [, slot, nr, edx, ebx, ecx] = found;
      events.push({ stream: 'hypercalls', text: callText(Number(nr), [edx, ebx, ecx].map(word), `ring ${slot}`), line });
    } else if ((found = FAULT.exec(told))) {
      const [, address, error, verdict] = found;
      events.push({ stream: 'faults', text: faultText(word(address), word(error), verdict === 'host maps it'), line });
    } else if ((found = DELIVER.exec(told))) {
      events.push({ stream: 'traps', text: trapText(Number(found[1]), word(found[2])), line });
    }
  });
  return events;
}

/** How far ahead to look for agreement after a difference, and how many events in a row are one. */
const HORIZON = 400, AGREEMENT = 3;

/**
 * Compares stream by stream, as far as the shorter side goes.
 * @param most differences after which a stream is given up
 */
export function compareTraces(ours: readonly TraceEvent[], theirs: readonly TraceEvent[], most = 1000): StreamResult[] {
  return STREAMS.map((stream) => {
    const of = (events: readonly TraceEvent[]): TraceEvent[] => events.filter((event) => event.stream === stream);
    return compareStream(stream, of(ours), of(theirs), most);
  });
}

function compareStream(stream: Stream, ours: TraceEvent[], theirs: TraceEvent[], most: number): StreamResult {
  const result: StreamResult = { stream, same: 0, differences: [] };
  let a = 0, b = 0;
  while (a < ours.length && b < theirs.length && result.differences.length < most) {
    if (ours[a].text === theirs[b].text) {
      result.same++;
      a++;
      b++;
      continue;
    }
    const [skipOurs, skipTheirs] = nextAgreement(ours, theirs, a, b);
    result.differences.push({ ours: ours.slice(a, a + skipOurs), theirs: theirs.slice(b, b + skipTheirs) });
    a += skipOurs;
    b += skipTheirs;
  }
  return result;
}

/** The shortest way to a place where both say the same again; all that is left, if there is none in sight. */
function nextAgreement(ours: TraceEvent[], theirs: TraceEvent[], a: number, b: number): [number, number] {
  const agree = (i: number, j: number): boolean => {
    for (let n = 0; n < AGREEMENT; n++) {
      if (a + i + n >= ours.length || b + j + n >= theirs.length) return n > 0;
      if (ours[a + i + n].text !== theirs[b + j + n].text) return false;
    }
    return true;
  };
  for (let sum = 1; sum <= HORIZON; sum++) {
    for (let i = 0; i <= sum; i++) if (a + i < ours.length && b + sum - i < theirs.length && agree(i, sum - i)) return [i, sum - i];
  }
  return [ours.length - a, theirs.length - b];
}

/** The result as text: a line a stream, and its first differences. */
export function describeComparison(results: readonly StreamResult[], most = 10): string {
  const lines: string[] = [];
  for (const { stream, same, differences } of results) {
    lines.push(`${stream}: ${same} the same, ${differences.length === 0 ? 'no difference' : `${differences.length} difference${differences.length === 1 ? '' : 's'}`}`);
    for (const { ours, theirs } of differences.slice(0, most)) {
      lines.push('  --');
      for (const [sign, events] of [['- recorded', theirs], ['+ ours', ours]] as const) {
        for (const { text, line } of events.slice(0, 8)) lines.push(`  ${sign} line ${line}: ${text}`);
        if (events.length > 8) lines.push(`  ${sign}: ${events.length - 8} more`);
      }
    }
  }
  return `${lines.join('\n')}\n`;
}
