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
 *
 * Another build of the same kernel has its routines, tables and pages elsewhere. {@link otherBuild} makes of both sides what must agree even then: addresses of the kernel become
 * names, and the same name must mean the same thing on both sides throughout. Page faults that the Host hides depend on where things lie; those the Guest sees remain.
 */
import { namesOf } from '#world';
import type { LguestProgram, ToldEvent } from '#world';

/** The numbers of the hypercalls by name, as a program tells them. */
type Hypercalls = LguestProgram['hypercalls'];

/** The streams that are compared, each for itself. */
const STREAMS = ['hypercalls', 'faults', 'traps'] as const;
export type Stream = (typeof STREAMS)[number];

/** An event as both sides can tell it. */
export interface TraceEvent {
  stream: Stream;
  /** Equal for equal events. */
  text: string;
  /** Where it stands: a line, from 1. */
  line: number;
  /** The event with `@` for each address that another build of the kernel would have elsewhere; null for an event that another build need not have. */
  shape: string | null;
  /** What stands for the `@`s. */
  names: number[];
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
  /** Addresses that stood for the same thing on both sides as before, and for another. */
  names: { kept: number; changed: number };
}

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

type Told = Pick<TraceEvent, 'text' | 'shape' | 'names'>;
const PAGE_FLAGS = 0xfff;
const KERNEL = 0xc0000000;

/** Which arguments (0 EDX, 1 EBX, 2 ECX) are addresses; page-table entries and gates are told apart below. */
const ADDRESSES: Readonly<Record<string, readonly number[]>> = {
  LGUEST_INIT: [0],
  SHUTDOWN: [0],
  LOAD_GDT: [0],
  NEW_PGTABLE: [0],
  SET_STACK: [1],
  SET_PTE: [0],
  SET_PMD: [0],
  LOAD_TLS: [0],
  NOTIFY: [0],
};

const callsOf = (hypercalls: Hypercalls): ((nr: number) => string) => namesOf({ hypercalls, requests: {} }).hypercall;

function callShape(call: string, nr: number, args: readonly number[]): { shape: string; names: number[] } {
  const name = `${call}(${nr})`;
  if (call === 'LOAD_IDT_ENTRY') {
    const [vector, low, high] = args;
    return {
      shape: `${name} ${hex(vector)} ${hex(low >>> 16)}:@ ${hex(high & 0xffff)}`,
      names: [((high & 0xffff0000) | (low & 0xffff)) >>> 0],
    };
  }
  const names: number[] = [];
  const shown = args.map((value, at) => {
    if (call === 'SET_PTE' && at === 2 && value !== 0) {
      names.push((value & ~PAGE_FLAGS) >>> 0);
      return `@|${hex(value & PAGE_FLAGS)}`;
    }
    if (!ADDRESSES[call]?.includes(at)) return hex(value);
    names.push(value);
    return '@';
  });
  return { shape: `${name} ${call === 'SET_CLOCKEVENT' ? '*' : shown.join(' ')}`, names };
}

function callTold(call: string, nr: number, args: readonly number[], eip: number | undefined, ring: number): Told {
  const { shape, names } = callShape(call, nr, args);
  const shown = call === 'SET_CLOCKEVENT' ? '* * *' : args.map(hex).join(' ');
  const text = `${call}(${nr}) ${shown} ${eip === undefined ? `ring ${ring}` : `at ${hex(eip)}`}`;
  return eip === undefined ? { text, shape: `${shape} in the ring`, names } : { text, shape: `${shape} direct`, names };
}

function faultTold(address: number, error: number, hidden: boolean): Told {
  const text = `${hex(address)} error ${error} ${hidden ? 'hidden' : 'reflected'}`;
  if (hidden) return { text, shape: null, names: [] };
  return address < KERNEL ? { text, shape: text, names: [] } : { text, shape: `@ error ${error} reflected`, names: [address] };
}

const trapTold = (vector: number, gate: number): Told => ({ text: `${vector} to ${hex(gate)}`, shape: `${vector} to @`, names: [gate] });
/** Vectors from here on are interrupts. */
const FIRST_INTERRUPT = 32;

/** Reads a trace of our own, of a program with these hypercalls. @throws SyntaxError with the line, where it is no JSON */
export function parseOurs(text: string, hypercalls: Hypercalls): TraceEvent[] {
  const callOf = callsOf(hypercalls);
  const events: TraceEvent[] = [];
  text.split('\n').forEach((row, index) => {
    if (row.trim() === '') return;
    const line = index + 1;
    let event: ToldEvent;
    try {
      event = JSON.parse(row) as ToldEvent;
    } catch (error) {
      throw new SyntaxError(`line ${line} is no event: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (event.kind === 'hypercall') {
      const eip = event.ring === undefined ? event.eip : undefined;
      events.push({
        stream: 'hypercalls',
        line,
        ...callTold(callOf(event.nr), event.nr, [event.edx, event.ebx, event.ecx], eip, event.ring ?? 0),
      });
    } else if (event.kind === 'fault') {
      events.push({ stream: 'faults', line, ...faultTold(event.address, event.error, event.hidden) });
    } else if (event.kind === 'deliver' && event.vector < FIRST_INTERRUPT) {
      events.push({ stream: 'traps', line, ...trapTold(event.vector, event.gate) });
    }
  });
  return events;
}

const LINE = /^\d+ \d+\s+(.*)$/;
const HCALL = /^HCALL \S*\((\d+)\) (\S+) (\S+) (\S+) eip=([0-9a-f]+)/;
const ASYNC = /^ASYNC\[(\d+)\] \S*\((\d+)\) (\S+) (\S+) (\S+)/;
const FAULT = /^FAULT ([0-9a-f]+) err=([0-9a-f]+) -> (host maps it|reflect to guest)/;
const DELIVER = /^DELIVER trap (\d+) handler=([0-9a-f]+)/;

/** Reads a recording of a Guest that makes these hypercalls; lines it does not know are passed over. */
export function parseRecorded(text: string, hypercalls: Hypercalls): TraceEvent[] {
  const callOf = callsOf(hypercalls);
  const events: TraceEvent[] = [];
  const word = (digits: string): number => Number.parseInt(digits, 16);
  text.split('\n').forEach((row, index) => {
    const told = LINE.exec(row)?.[1];
    if (told === undefined) return;
    const line = index + 1;
    let found = HCALL.exec(told);
    if (found) {
      const [, nr, edx, ebx, ecx, eip] = found;
      events.push({ stream: 'hypercalls', line, ...callTold(callOf(Number(nr)), Number(nr), [edx, ebx, ecx].map(word), word(eip), 0) });
    } else if ((found = ASYNC.exec(told))) {
      const [, slot, nr, edx, ebx, ecx] = found;
      events.push({
        stream: 'hypercalls',
        line,
        ...callTold(callOf(Number(nr)), Number(nr), [edx, ebx, ecx].map(word), undefined, Number(slot)),
      });
    } else if ((found = FAULT.exec(told))) {
      const [, address, error, verdict] = found;
      events.push({ stream: 'faults', line, ...faultTold(word(address), word(error), verdict === 'host maps it') });
    } else if ((found = DELIVER.exec(told))) {
      events.push({ stream: 'traps', line, ...trapTold(Number(found[1]), word(found[2])) });
    }
  });
  return events;
}

/** What remains of a run's events when the other side ran another build of the same kernel. */
export function otherBuild(events: readonly TraceEvent[]): TraceEvent[] {
  return events.flatMap((event) => (event.shape === null ? [] : [{ ...event, text: event.shape }]));
}

/** How far ahead to look for agreement after a difference, and how many events in a row are one. */
const HORIZON = 400;
const AGREEMENT = 3;

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
  const result: StreamResult = { stream, same: 0, differences: [], names: { kept: 0, changed: 0 } };
  const known = new Map<number, number>();
  let a = 0;
  let b = 0;
  while (a < ours.length && b < theirs.length && result.differences.length < most) {
    if (ours[a].text === theirs[b].text) {
      result.same++;
      compareNames(ours[a].names, theirs[b].names, known, result.names);
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

function compareNames(ours: readonly number[], theirs: readonly number[], known: Map<number, number>, count: StreamResult['names']): void {
  theirs.forEach((name, at) => {
    const before = known.get(name);
    known.set(name, ours[at]);
    if (before === undefined) return;
    if (before === ours[at]) count.kept++;
    else count.changed++;
  });
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
  for (const { stream, same, differences, names } of results) {
    lines.push(
      `${stream}: ${same} the same, ${differences.length === 0 ? 'no difference' : `${differences.length} difference${differences.length === 1 ? '' : 's'}`}`,
    );
    if (names.changed > 0)
      lines.push(`  addresses seen again: ${names.kept} stand for what they stood for, ${names.changed} for something else`);
    for (const { ours, theirs } of differences.slice(0, most)) {
      lines.push('  --');
      for (const [sign, events] of [
        ['- recorded', theirs],
        ['+ ours', ours],
      ] as const) {
        for (const { text, line } of events.slice(0, 8)) lines.push(`  ${sign} line ${line}: ${text}`);
        if (events.length > 8) lines.push(`  ${sign}: ${events.length - 8} more`);
      }
    }
  }
  return `${lines.join('\n')}\n`;
}
