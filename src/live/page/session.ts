/** The page's side of a live Guest: owns the worker, keeps what the panels show, publishes the lines. */
import { panelsOf, sightsOf } from '../panels/table.ts';
import type { Edits, LineHit, Progress, Report, Request, SaveRequest, Sight, WovenProblem } from '../protocol.ts';
import { stackAt } from '../stacks.ts';
import { currentEdits } from './edits.ts';
import { Quarantine } from './quarantine.ts';
import { takeWorkplace } from './workplace.ts';
import type { Workplace } from './workplace.ts';
import { obey } from './commands.ts';
import type { Command } from './commands.ts';
import { Consoles } from './consoles.ts';
import type { ConsoleListener } from './consoles.ts';
import { clearHits, offerRunTo, publishCurrent, publishHits, replaceHits } from './line_hits.ts';
import { offerStops, publishMarks, takeKeptStops } from './line_stops.ts';
import { riseAt } from './pace.ts';
import type { Pace } from './pace.ts';
import { saveAs } from './save_as.ts';
import { Speedometer } from './speedometer.ts';
import { Watchdog } from './watchdog.ts';
import { afterReport, ASLEEP, isFollowed, lineToSee } from './state.ts';
import type { SessionView } from './state.ts';
import { withLine, withLines } from './breakpoints.ts';
import { Watchers } from './watchers.ts';

/** A worker whose file does not come says no more than that. */
const NO_WORKER =
  'the processor could not be fetched: you may be offline, or this book was published anew since you opened the page; then load it again';

/** Edited code may go round for ever where nothing counts the rounds. */
const SILENT = 'it does not answer any more: what was edited may go round for ever';

/** What a worker can do first. */
export type Order = Extract<Request, { readonly type: 'load' | 'boot' | 'open' }>;

/** One `<LiveGuest>`. */
export class Session {
  /** The one session that may run: a second Guest puts the first to sleep. One for all: that is its point. */
  static #awake: Session | null = null;
  /** Address of the worker's script. */
  readonly worker: string;
  /** What the worker is to do first. */
  readonly order: Order;
  #next: Request;
  /** Edits that came from somebody else; null: it runs the reader's own. */
  readonly foreign: Edits | null;
  #worker: Workplace | null = null;
  #view: SessionView;
  readonly #listeners = new Set<() => void>();
  readonly #consoles = new Consoles();
  readonly #watchers = new Watchers((at) => this.#post({ type: 'look', at }));
  readonly #speed = new Speedometer();
  /** The next report has the run from its beginning. */
  #fresh = false;
  /** Lines that ran while the world was prepared ahead of the click: they light up when the reader boots it. */
  #early: LineHit[] = [];
  #expected: (() => void) | null = null;
  /** How far the pace has risen, and what makes it rise further. */
  #rise = 0;
  #riser: ReturnType<typeof setTimeout> | undefined;
  /** The edits that it was last built with, or is being built with. */
  #edits: Edits = {};
  /** It runs the book's own code, whatever is edited. */
  #plain = false;
  readonly #watchdog = new Watchdog(
    () => this.#fail(SILENT),
    () => this.#post({ type: 'ping' }),
  );

  /**
   * @param order what to load: a scene, or a Guest of the reader's own
   * @param known what is known of it before it is loaded; `plain`: it runs the book's own code, whatever is edited; `foreign`: it runs these edits, shut in, since they
   * came from somebody else
   */
  constructor(
    worker: string,
    order: Order,
    {
      plain = false,
      foreign = null,
      ...known
    }: Partial<Pick<SessionView, 'title' | 'pace' | 'byHand' | 'brought' | 'breakpoints' | 'notes'>> & {
      readonly plain?: boolean;
      readonly foreign?: Edits | null;
    } = {},
  ) {
    this.foreign = foreign;
    this.worker = worker;
    this.order = order;
    this.#next = order;
    this.#plain = plain;
    this.#view = { ...ASLEEP, ...known };
  }

  readonly view = (): SessionView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Hears a terminal, first all there was so far. Returns the way out. */
  onConsole(listener: ConsoleListener, tty = 0): () => void {
    return this.#consoles.hear(tty, listener);
  }

  /** Somebody looks at something of the world. Returns how to look away. */
  watch(sights: readonly Sight[]): () => void {
    return this.#watchers.watch(sights);
  }

  /** Loads the processor and the scene ahead of the click, unless another Guest of the page is at work. */
  prepare(): void {
    if (this.#view.phase !== 'asleep') return;
    if (Session.#awake === null) this.#load();
    // Its turn may come: then the browser has its scene at hand.
    else if (this.order.type === 'load') fetch(stackAt(this.order.url)?.url ?? this.order.url).catch(() => undefined);
  }

  /** Shows the Guest. @param run also runs it, once it is there */
  boot(run: boolean): void {
    if (this.#worker === null || !this.#isCurrent()) this.#load();
    clearHits();
    publishHits(this.#early, false);
    this.#early = [];
    offerRunTo((place, backwards) => this.send({ type: 'line', place, backwards }));
    offerStops((place) => this.send({ type: 'breakpoints', breakpoints: withLine(this.#view.breakpoints, place) }));
    const stops = takeKeptStops();
    if (stops.length > 0) this.send({ type: 'breakpoints', breakpoints: withLines(this.#view.breakpoints, stops) });
    this.#mark();
    this.#set({ ...this.#view, open: true, eager: run });
    this.#runIfEager();
  }

  /**
   * Builds its scene anew on the code as it is edited now, and runs it.
   * @param plain on the book's own code instead
   */
  rebuild(plain = false): void {
    if (this.order.type !== 'load') return;
    this.#plain = plain;
    this.#edits = this.#wanted();
    this.#rise = 0;
    if (this.#worker === null) {
      this.send({ type: 'retry' });
      return;
    }
    this.#set({ ...this.#view, eager: true, problems: [], notes: {} });
    if (Object.keys(this.#edits).length > 0) this.#watchdog.make();
    else this.#watchdog.rest();
    this.#post({ type: 'edit', edits: this.#edits });
  }

  /** Somebody begins to edit. */
  prepareEdits(): void {
    this.#post({ type: 'prepare-edits' });
  }

  /** What was edited when it was last built. */
  get edits(): Edits {
    return this.#edits;
  }

  /** The same as text. */
  get editsKey(): string {
    return JSON.stringify(this.#edits);
  }

  #wanted(): Edits {
    return this.#plain || this.order.type !== 'load' ? {} : (this.foreign ?? currentEdits());
  }

  #isCurrent(): boolean {
    return this.editsKey === JSON.stringify(this.#wanted());
  }

  /** Does what the reader wants. */
  send(command: Command): void {
    const { phase } = this.#view;
    if (command.type === 'retry' || (command.type === 'toggle' && phase === 'failed')) {
      this.#load();
      this.#set({ ...this.#view, open: true, eager: true });
      return;
    }
    const { requests, view } = obey(command, this.#view);
    if (requests.some(({ type }) => type === 'reset' || type === 'discard')) this.#rise = 0;
    this.#set(view);
    if (command.type === 'breakpoints') this.#mark();
    for (const request of requests) this.#post(request);
    if (requests.length > 0 && this.#view.edited.length > 0) this.#watchdog.wait();
    if (command.type === 'pace') this.#takePace();
  }

  /** Puts the world into a file of the reader's. @param page what the file is to say of the bay */
  save(scene: string | null, page: SaveRequest['about']['page']): void {
    this.#post({ type: 'save', about: { title: this.#view.title, scene, edits: this.#edits, page } });
  }

  /** Leaves the worker to others. The lines' light goes with it: there is no such run any more. */
  sleep(): void {
    if (this.#worker === null && this.#view.phase !== 'failed') return;
    this.#worker?.leave();
    this.#dismiss();
    if (this.#view.open) {
      offerRunTo(null);
      offerStops(null);
      publishMarks([]);
      clearHits();
    }
    this.#consoles.clear();
    this.#set({ ...ASLEEP, pace: this.#view.pace, title: this.#view.title, brought: this.#view.brought });
  }

  #load(): void {
    this.#early = [];
    this.#rise = 0;
    Session.#awake?.sleep();
    Session.#awake = this;
    const { pace, title, brought, open, breakpoints } = this.#view;
    const kept = (this.#next.type === 'load' && this.#next.again) || null;
    const byHand = kept !== null && this.#view.byHand;
    // What was noted is true of the run that is to be had again, and of no other.
    const isAgain = kept !== null || this.#next.type === 'open' || (this.#next.type === 'load' && this.#next.saved !== undefined);
    const notes = isAgain ? this.#view.notes : {};
    this.#set({ ...ASLEEP, open, phase: 'loading', pace, rate: rateOf(pace, 0), title, brought, breakpoints, notes, kept, byHand });
    const worker: Workplace =
      this.foreign !== null && this.order.type === 'load' ? new Quarantine(this.worker, this.order.url) : takeWorkplace(this.worker);
    // What a worker that was dismissed has still sent is nobody's.
    worker.onmessage = ({ data }: MessageEvent<Report>) => {
      if (this.#worker === worker) this.#hear(data);
    };
    worker.onerror = (event) => {
      if (this.#worker === worker) this.#fail(event.message || NO_WORKER);
    };
    this.#worker = worker;
    this.#edits = this.#wanted();
    const isEdited = Object.keys(this.#edits).length > 0;
    if (isEdited) this.#watchdog.make();
    this.#post(this.#next.type === 'load' && isEdited ? { ...this.#next, edits: this.#edits } : this.#next);
    // What could not be had again is not tried twice.
    if (this.order.type === 'load') this.#next = { type: 'load', url: this.order.url };
    this.#post({ type: 'look', at: this.#watchers.watched });
    this.#post({ type: 'breakpoints', breakpoints });
  }

  /** Marks the lines at which runs stop. */
  #mark(): void {
    const lines = this.#view.breakpoints.flatMap((one) => (one.kind === 'line' ? [one] : []));
    publishMarks(lines.map(({ place, on, note }) => [place, note === '' ? (on ? 'stop' : 'off') : 'note'] as const));
  }

  #post(request: Request): void {
    this.#worker?.postMessage(request);
  }

  #set(view: SessionView): void {
    this.#view = view;
    for (const listener of this.#listeners) listener();
    this.#rising();
  }

  #hear(report: Report): void {
    this.#watchdog.heard(report, this.#view);
    switch (report.type) {
      case 'fresh':
        // What follows replaces what was shown in one go, so that nothing blinks.
        this.#fresh = true;
        break;
      case 'progress':
        this.#progress(report);
        break;
      case 'failed':
        this.#fail(report.message, report.problem);
        break;
      case 'refused':
        if (this.#view.phase === 'loading') this.#fail('what was edited cannot be built');
        this.#set(afterReport(this.#view, report));
        break;
      case 'image':
        saveAs(report.blob, report.name);
        break;
      case 'loaded':
        this.#set(afterReport(this.#view, report));
        this.#expect(sightsOf(panelsOf(report.panels)));
        break;
      default:
        this.#set(afterReport(this.#view, report));
    }
  }

  #progress(report: Progress): void {
    const fresh = this.#fresh;
    this.#fresh = false;
    if (fresh) this.#speed.forget();
    const printed = this.#consoles.print(report.console, fresh);
    const view = afterReport(this.#view, report, fresh, this.#speed.at(report.instructions, performance.now()), printed);
    if (!view.open) this.#early = fresh ? [...report.hits] : [...this.#early, ...report.hits];
    else if (fresh) replaceHits(report.hits);
    else publishHits(report.hits, report.single);
    if (view.open) publishCurrent(isFollowed(view) ? lineToSee(view) : null);
    this.#set(view);
    this.#runIfEager();
  }

  #runIfEager(): void {
    if (this.#view.eager && this.#view.phase === 'paused') this.send({ type: 'toggle' });
  }

  /** What the panels will show is asked for before they are there, so that they have something to show when they come. */
  #expect(sights: readonly Sight[]): void {
    this.#expected?.();
    this.#expected = this.#watchers.watch(sights);
  }

  /** The panels are there, and watch for themselves. */
  arrived(): void {
    this.#expected?.();
    this.#expected = null;
  }

  /** The worker is of no more use; who wants may try again. */
  #fail(message: string, problem?: WovenProblem): void {
    this.#worker?.terminate();
    this.#dismiss();
    this.#set(afterReport(this.#view, { type: 'failed', message, ...(problem && { problem }) }));
  }

  #dismiss(): void {
    this.#watchdog.rest();
    this.#worker = null;
    this.#fresh = false;
    if (Session.#awake === this) Session.#awake = null;
  }

  #takePace(): void {
    const { pace, phase } = this.#view;
    const rate = rateOf(pace, this.#rise);
    this.#set({ ...this.#view, rate });
    if (phase === 'running') this.#post({ type: 'run', pace: rate });
  }

  /** While a run with a rising pace goes on, it goes faster and faster. */
  #rising(): void {
    const { pace, phase } = this.#view;
    const { lasts } = riseAt(this.#rise);
    const rises = pace === 'rising' && phase === 'running' && lasts < Infinity;
    if (rises === (this.#riser !== undefined)) return;
    clearTimeout(this.#riser);
    this.#riser = undefined;
    if (!rises) return;
    this.#riser = setTimeout(() => {
      this.#riser = undefined;
      this.#rise++;
      this.#takePace();
    }, lasts);
  }
}

/** The instructions a second that a pace comes to. */
function rateOf(pace: Pace, rise: number): number | null {
  return pace === 'rising' ? riseAt(rise).rate : pace;
}
