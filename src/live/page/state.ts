/** What a live Guest's panels show, and how a report changes it. Pure: the session keeps it and tells who looks. */
import type {
  Breakpoint,
  FoundEvents,
  Notes,
  DiskReport,
  DiagnosisReport,
  GuestEnd,
  GuestView,
  KeptRun,
  LineHit,
  ListedEvent,
  Overview,
  Place,
  Progress,
  ReadingReport,
  Report,
  RunPlace,
  Standing,
  Stretch,
  SymbolTable,
  Value,
  Views,
  WovenProblem,
  Written,
} from '../protocol.ts';
import type { WorldName } from '../worlds.ts';
import type { Printed } from './consoles.ts';
import type { Pace } from './pace.ts';
import { isReadable } from './pace.ts';

/** How a session stands, seen from the page. */
export type Phase = 'asleep' | 'loading' | 'failed' | Standing['phase'];

/** What is being looked for, far away in the run. */
export type Search =
  | 'event'
  | 'event-before'
  | 'line'
  | 'line-before'
  | 'moment'
  | 'back'
  | 'step'
  | 'stop'
  | 'stop-before'
  | 'notes'
  | 'events';

/** What the panels show. Replaced, never changed. */
export interface SessionView {
  /** Whether somebody has booted it: until then it may be prepared, but shows nothing. */
  readonly open: boolean;
  readonly phase: Phase;
  /** Exit status, when it exited. */
  readonly status: number;
  /** Why it failed or panicked. */
  readonly message: string;
  /** The reader goes from line to line. */
  readonly byHand: boolean;
  /** It is to run as soon as it can. */
  readonly eager: boolean;
  /** What was asked for and is not there yet. */
  readonly search: Search | null;
  /** How much of it is done, from 0 to 1, where it takes its time. */
  readonly searched: number;
  /** Instruction at which the search began. */
  readonly searchedFrom: number;
  /** Why the last thing asked for was not done; empty where it was. */
  readonly remark: string;
  readonly title: string;
  /** The instruments that it opens with; null until that is known. */
  readonly panels: readonly string[] | null;
  readonly terminals: number;
  /** The scene has keys of its own, which the page can type. */
  readonly typist: boolean;
  /** It runs on the bare machine, without lguest. */
  readonly bare: boolean;
  /** The file being read. */
  readonly reading: ReadingReport | null;
  /** What the kernel's file told. */
  readonly diagnosis: DiagnosisReport | null;
  readonly disk: DiskReport | null;
  /** The names in the kernel, where it is the reader's own and has any. */
  readonly symbols: SymbolTable | null;
  /** How fast the reader wants it. */
  readonly pace: Pace;
  /** Instructions a second that it is held to at present; null: as fast as it goes. */
  readonly rate: number | null;
  /** Instructions in the last second or so. */
  readonly speed: number;
  readonly instructions: number;
  /** Where in the run; null before there is one. */
  readonly where: RunPlace | null;
  /** There all runs of this world begin. */
  readonly atBeginning: boolean;
  /** Who is at work. */
  readonly world: WorldName | null;
  /** In the middle of what Host and Launcher do. */
  readonly midway: boolean;
  /** Where a chapter has what comes next. */
  readonly place: Place | null;
  /** The Guests that have come to an end. */
  readonly ends: readonly GuestEnd[];
  /** What is watched. */
  readonly views: Partial<Views>;
  /** The same, of the report before, when somebody follows them: what differs is marked. */
  readonly before: Partial<Views>;
  /** What the terminals show more than in the report before, and what no more: likewise. */
  readonly printed: readonly Printed[];
  readonly stretches: readonly Stretch[];
  readonly events: readonly ListedEvent[];
  readonly dropped: number;
  /** What was looked for in the whole run last; null: nothing yet. */
  readonly found: FoundEvents | null;
  /** Stretches of the piece that was asked for last; null: none was. */
  readonly span: readonly Stretch[] | null;
  /** The whole run, as far as it ever was; null until it is told. */
  readonly overview: Overview | null;
  /** How the run could be had again after the page is; null where it could not. */
  readonly kept: KeptRun | null;
  /** The chunks of its program that a reader has edited. */
  readonly edited: readonly string[];
  /** What brought the edited code; null: it is the reader's own. */
  readonly brought: 'link' | 'file' | null;
  /** What is wrong with edited code: it could not be woven, or broke. */
  readonly problems: readonly WovenProblem[];
  /** Where runs stop. */
  readonly breakpoints: readonly Breakpoint[];
  /** What was noted, by the breakpoint's number. */
  readonly notes: Readonly<Record<number, Notes>>;
  /** Somebody wants to know who wrote this, here; and what was found out. */
  readonly asked: Value | null;
  readonly written: Written | null;
  /** Lines that ran in the last single step. */
  readonly stepped: readonly LineHit[];
}

/** A Guest that nobody has touched. */
export const ASLEEP: SessionView = {
  open: false,
  phase: 'asleep',
  status: 0,
  message: '',
  byHand: false,
  eager: false,
  search: null,
  searched: 0,
  searchedFrom: 0,
  remark: '',
  title: '',
  panels: null,
  symbols: null,
  terminals: 1,
  typist: false,
  bare: false,
  reading: null,
  diagnosis: null,
  disk: null,
  pace: null,
  rate: null,
  speed: 0,
  instructions: 0,
  where: null,
  atBeginning: false,
  world: null,
  midway: false,
  place: null,
  ends: [],
  views: {},
  before: {},
  printed: [],
  stretches: [],
  events: [],
  dropped: 0,
  found: null,
  span: null,
  overview: null,
  kept: null,
  edited: [],
  brought: null,
  problems: [],
  breakpoints: [],
  notes: {},
  asked: null,
  written: null,
  stepped: [],
};

const STRETCHES_KEPT = 4000;
const EVENTS_KEPT = 2000;

/** Whether nothing runs any more. */
export function hasEnded({ phase }: Pick<SessionView, 'phase'>): boolean {
  return phase === 'exited' || phase === 'panicked';
}

/** How the Guests stood when all came to their end; none before. */
export function lastOf(view: Pick<SessionView, 'phase' | 'ends'>): readonly GuestView[] {
  return hasEnded(view) ? view.ends.flatMap(({ last }) => last ?? []).sort((a, b) => a.guest - b.guest) : [];
}

/** The line to look at: the one that comes next, or, after the end, the one to which the first Guest came last. */
export function lineToSee(view: Pick<SessionView, 'phase' | 'ends' | 'place'>): Place | null {
  const [last] = lastOf(view);
  return last === undefined ? view.place : last.place;
}

/** Whether there is no world to give commands to. */
export function isAway({ phase }: Pick<SessionView, 'phase'>): boolean {
  return phase === 'asleep' || phase === 'loading' || phase === 'failed';
}

/** Whether a reader can follow the processor with their eyes. */
export function isFollowed({ phase, rate }: Pick<SessionView, 'phase' | 'rate'>): boolean {
  return phase !== 'running' || isReadable(rate);
}

/**
 * What is shown after a report.
 * @param fresh what was shown of the run is void: the report has everything from the beginning
 * @param speed instructions in the last second or so
 * @param printed what has changed on the terminals
 */
export function afterReport(view: SessionView, report: Report, fresh = false, speed = 0, printed: readonly Printed[] = []): SessionView {
  switch (report.type) {
    case 'loaded': {
      const { title, panels, terminals, typist, bare, edited } = report;
      return { ...view, title, panels, terminals, typist, bare, edited, problems: [], reading: null };
    }
    case 'reading':
      return { ...view, phase: 'loading', reading: report };
    case 'diagnosis':
      return { ...view, diagnosis: report };
    case 'symbols':
      return { ...view, symbols: report.symbols };
    case 'disk':
      return { ...view, disk: report };
    case 'failed':
      return {
        ...view,
        phase: 'failed',
        message: report.message,
        problems: report.problem === undefined ? [] : [report.problem],
        eager: false,
        search: null,
      };
    case 'refused':
      return { ...view, problems: report.problems, eager: false };
    case 'looked':
      return { ...view, ...withNews(view, report), views: { ...view.views, ...report.views } };
    case 'kept':
      return { ...view, kept: report.run };
    case 'overview':
      return { ...view, overview: report.overview };
    case 'progress':
      return afterProgress(view, report, fresh, speed, printed);
    case 'searching':
      return { ...view, phase: 'running', search: view.search ?? 'moment', searched: report.done };
    case 'notes':
      return { ...view, notes: { ...view.notes, [report.notes.id]: report.notes } };
    case 'found':
      return { ...view, found: report.found };
    case 'span':
      return { ...view, span: report.span.stretches };
    case 'written':
      return { ...view, written: report.written };
    case 'fresh':
    case 'left':
    case 'alive':
    case 'image':
      return view;
  }
}

function afterProgress(old: SessionView, report: Progress, fresh: boolean, speed: number, printed: readonly Printed[]): SessionView {
  const { standing, single, instructions, atBeginning, world, place, ends } = report;
  const view = fresh ? { ...old, stretches: [], events: [], dropped: 0 } : old;
  const now = { phase: standing.phase, rate: view.rate };
  const marks = isFollowed(old) && isFollowed(now) && !hasEnded(now) && !atBeginning;
  return {
    ...view,
    ...withNews(view, report),
    phase: standing.phase,
    status: standing.phase === 'exited' ? standing.status : 0,
    message: standing.phase === 'panicked' ? standing.message : '',
    search: standing.phase === 'running' ? view.search : null,
    searched: 0,
    instructions,
    speed: standing.phase === 'running' ? speed : 0,
    where: report.where,
    atBeginning,
    world,
    midway: report.midway,
    place,
    ends,
    remark: report.remark ?? '',
    views: report.views,
    before: marks ? old.views : {},
    printed: marks ? printed : [],
    asked: null,
    written: null,
    stepped: single ? report.hits : [],
  };
}

function withNews(
  view: SessionView,
  { stretches, events, dropped }: Pick<Progress, 'stretches' | 'events' | 'dropped'>,
): Pick<SessionView, 'stretches' | 'events' | 'dropped'> {
  return {
    stretches: appended(view.stretches, stretches, STRETCHES_KEPT),
    events: appended(view.events, events, EVENTS_KEPT),
    dropped: view.dropped + dropped + Math.max(0, view.events.length + events.length - EVENTS_KEPT),
  };
}

function appended<T>(old: readonly T[], more: readonly T[], most: number): readonly T[] {
  return more.length === 0 ? old : [...old, ...more].slice(-most);
}
