/** The page's side of a live Guest: owns the worker, keeps what the panels show, publishes the lines. */
import { clearHits, offerRunTo, publishCurrent, publishHits } from './line_hits.ts';
import { Speedometer } from './speedometer.ts';
import type {
  LineHit,
  DeviceView,
  ListedEvent,
  Place,
  Progress,
  Registers,
  Report,
  Request,
  Standing,
  Statistics,
  Stretch,
} from '../protocol.ts';

/** How a session stands, seen from the page. */
export type Phase = 'asleep' | 'loading' | 'failed' | Standing['phase'];

/** What the panels show. Replaced, never changed. */
export interface SessionView {
  /** Whether somebody has booted it: until then it may be prepared, but shows nothing. */
  readonly open: boolean;
  readonly phase: Phase;
  /** Exit status, when it exited. */
  readonly status: number;
  /** Why it failed or panicked. */
  readonly message: string;
  readonly title: string;
  readonly panels: readonly string[];
  readonly terminals: number;
  /** The scene has keys of its own, which the page can type. */
  readonly typist: boolean;
  /** The file being read. */
  readonly reading: Extract<Report, { readonly type: 'reading' }> | null;
  /** What the kernel's file told. */
  readonly diagnosis: Extract<Report, { readonly type: 'diagnosis' }> | null;
  readonly disk: Extract<Report, { readonly type: 'disk' }> | null;
  /** Instructions in the last second or so. */
  readonly speed: number;
  readonly instructions: number;
  readonly registers: Registers | null;
  /** The registers of the report before, when somebody follows them: what differs is marked. */
  readonly before: Registers | null;
  readonly instruction: string | null;
  readonly place: Place | null;
  readonly statistics: Statistics | null;
  readonly stretches: readonly Stretch[];
  readonly events: readonly ListedEvent[];
  readonly dropped: number;
  /** The devices' queues, while somebody watches. */
  readonly devices: readonly DeviceView[] | null;
  /** Lines that ran in the last single step. */
  readonly stepped: readonly LineHit[];
  /** Instructions per second; null: as fast as it goes. */
  readonly pace: number | null;
}

const ASLEEP: SessionView = {
  open: false,
  phase: 'asleep',
  status: 0,
  message: '',
  title: '',
  panels: [],
  terminals: 1,
  typist: false,
  reading: null,
  diagnosis: null,
  disk: null,
  speed: 0,
  instructions: 0,
  registers: null,
  before: null,
  instruction: null,
  place: null,
  statistics: null,
  stretches: [],
  events: [],
  dropped: 0,
  devices: null,
  stepped: [],
  pace: null,
};

const STRETCHES_KEPT = 4000;
const EVENTS_KEPT = 2000;
const CONSOLE_KEPT = 200_000;
/** Phases in which nothing runs any more. */
const ENDED: ReadonlySet<Phase> = new Set(['exited', 'panicked']);
/** From this pace on, the line where the processor stands would only flicker. */
const READABLE_PACE = 1000;

type ConsoleListener = (text: string | null) => void;

/** One `<LiveGuest>`. */
export class Session {
  /** The one session of the page that may run: a second Guest puts the first to sleep. */
  static #awake: Session | null = null;
  /** Lines that ran while the world was prepared ahead of the click: they light up when the reader boots it. */
  #early: LineHit[] = [];
  readonly #workerUrl: string;
  /** What the worker is to do first. */
  readonly #order: Request;
  #worker: Worker | null = null;
  #view: SessionView = ASLEEP;
  readonly #listeners = new Set<() => void>();
  /** By terminal: who listens, and the text so far. */
  readonly #consoleListeners: Set<ConsoleListener>[] = [];
  #console: string[] = [];
  #runWhenReady = false;
  #watchers = 0;
  readonly #speed = new Speedometer();

  /** @param order what to load: a scene, or a Guest of the reader's own */
  constructor(workerUrl: string, order: Extract<Request, { readonly type: 'load' | 'boot' }>) {
    this.#workerUrl = workerUrl;
    this.#order = order;
  }

  readonly view = (): SessionView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Hears console output, first all there was so far; null: the screen is to be cleared. */
  onConsole(listener: ConsoleListener, tty = 0): () => void {
    const listeners = (this.#consoleListeners[tty] ??= new Set());
    listeners.add(listener);
    if (this.#console[tty]) listener(this.#console[tty]);
    return () => listeners.delete(listener);
  }

  /** Loads the processor and the scene ahead of the click, unless another Guest of the page is at work. */
  prepare(): void {
    if (this.#worker === null && Session.#awake === null) this.#load();
  }

  /** Shows the Guest. @param run also runs it, once it is there */
  boot(run: boolean): void {
    clearHits();
    this.#runWhenReady = run;
    if (this.#worker === null) this.#load();
    this.#set({ ...this.#view, open: true });
    offerRunTo((place, backwards) => this.toLine(place, backwards));
    publishHits(this.#early, false);
    this.#early = [];
    if (this.#view.phase === 'paused') this.#goIfWanted();
  }

  #load(): void {
    this.#early = [];
    Session.#awake?.sleep();
    Session.#awake = this;
    this.#set({ ...ASLEEP, phase: 'loading', pace: this.#view.pace });
    const worker = new Worker(this.#workerUrl, { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Report>) => this.#hear(data);
    worker.onerror = (event) => this.#fail(event.message || 'the worker could not be loaded');
    this.#worker = worker;
    this.#send(this.#order);
    if (this.#watchers > 0) this.#send({ type: 'watch', rings: true });
  }

  /** Ends the worker. The light stays on: the reader may turn to another chapter and see what this run did there. */
  sleep(): void {
    if (this.#worker === null) return;
    this.#worker.terminate();
    this.#worker = null;
    if (Session.#awake === this) Session.#awake = null;
    offerRunTo(null);
    publishCurrent(null);
    this.#clearConsole();
    this.#set({ ...ASLEEP, pace: this.#view.pace });
  }

  run(): void {
    if (this.#view.phase === 'exited' || this.#view.phase === 'panicked') {
      this.#runWhenReady = true;
      this.#send({ type: 'reset' });
    } else if (this.#view.phase === 'loading') {
      // The worker may not have a world yet that could run.
      this.#runWhenReady = true;
    } else {
      this.#send({ type: 'run', pace: this.#view.pace });
      this.#set({ ...this.#view, phase: 'running', stepped: [] });
    }
  }

  pause(): void {
    this.#send({ type: 'pause' });
  }

  toggle(): void {
    if (this.#view.phase === 'running') this.pause();
    else this.run();
  }

  /** One instruction. */
  step(): void {
    if (this.#view.phase === 'running') this.pause();
    this.#send({ type: 'step', instructions: 1 });
  }

  /** To the next thing that happens. */
  stepToEvent(): void {
    if (this.#view.phase === 'running') this.pause();
    this.#send({ type: 'event' });
  }

  /** One instruction back. */
  back(): void {
    if (this.#view.phase === 'running') this.pause();
    this.#runWhenReady = false;
    this.#send({ type: 'back', instructions: 1 });
  }

  /** Back to where the thing before had just happened. */
  backToEvent(): void {
    if (this.#view.phase === 'running') this.pause();
    this.#runWhenReady = false;
    this.#send({ type: 'back-to-event' });
  }

  /** To just before a line runs: the next time, or the last time before. */
  toLine(place: Place, backwards: boolean): void {
    if (this.#view.phase === 'running') this.pause();
    this.#runWhenReady = false;
    this.#send({ type: 'line', place, backwards });
  }

  reset(): void {
    this.#runWhenReady = false;
    this.#send({ type: 'reset' });
  }

  /** Asks for the disk as it is now, as a file to keep. */
  saveDisk(): void {
    this.#send({ type: 'merge' });
  }

  /** Forgets what was written to the disk, and starts the Guest anew. */
  discardDisk(): void {
    this.#runWhenReady = false;
    this.#send({ type: 'discard' });
  }

  /** Lets the page type what the scene has for it. */
  play(): void {
    this.#send({ type: 'play' });
    this.#set({ ...this.#view, typist: false });
  }

  /** The queues are looked at. Returns how to look away. */
  watchRings(): () => void {
    this.#watchers++;
    this.#send({ type: 'watch', rings: true });
    return () => {
      if (--this.#watchers === 0) this.#send({ type: 'watch', rings: false });
    };
  }

  setPace(pace: number | null): void {
    this.#set({ ...this.#view, pace });
    if (this.#view.phase === 'running') this.#send({ type: 'run', pace });
  }

  /** Somebody types at the terminal: a string of characters 0-255. */
  type(text: string, tty = 0): void {
    this.#send({ type: 'input', tty, bytes: [...new TextEncoder().encode(text)] });
  }

  #send(request: Request): void {
    this.#worker?.postMessage(request);
  }

  #set(view: SessionView): void {
    this.#view = view;
    for (const listener of this.#listeners) listener();
  }

  #hear(report: Report): void {
    switch (report.type) {
      case 'loaded':
        this.#set({
          ...this.#view,
          title: report.title,
          panels: report.panels,
          terminals: report.terminals,
          typist: report.typist,
          reading: null,
        });
        break;
      case 'reading':
        this.#set({ ...this.#view, phase: 'loading', reading: report });
        break;
      case 'diagnosis':
        this.#set({ ...this.#view, diagnosis: report });
        break;
      case 'disk':
        this.#set({ ...this.#view, disk: report });
        break;
      case 'image':
        saveAs(report.blob, report.name);
        break;
      case 'failed':
        this.#fail(report.message);
        break;
      case 'fresh': {
        const { open, title, panels, terminals, typist, diagnosis, disk, pace } = this.#view;
        if (open) clearHits();
        this.#clearConsole();
        this.#speed.forget();
        this.#set({ ...ASLEEP, open, phase: 'paused', title, panels, terminals, typist, diagnosis, disk, pace });
        break;
      }
      case 'progress':
        this.#progress(report);
        this.#goIfWanted();
        break;
    }
  }

  /** The worker is of no more use; the next boot tries again. */
  #fail(message: string): void {
    this.#worker?.terminate();
    this.#worker = null;
    if (Session.#awake === this) Session.#awake = null;
    this.#set({ ...this.#view, phase: 'failed', message });
  }

  #goIfWanted(): void {
    if (!this.#runWhenReady) return;
    this.#runWhenReady = false;
    this.run();
  }

  #progress(report: Progress): void {
    const { standing, single } = report;
    const view = this.#view;
    report.console.forEach((text, tty) => {
      if (text === '') return;
      this.#console[tty] = ((this.#console[tty] ?? '') + text).slice(-CONSOLE_KEPT);
      for (const listener of this.#consoleListeners[tty] ?? []) listener(text);
    });
    if (view.open) publishHits(report.hits, single);
    else this.#early.push(...report.hits);
    const readable = standing.phase !== 'running' || isReadable(view.pace);
    if (view.open) publishCurrent(readable && standing.phase !== 'exited' ? report.place : null);
    this.#set({
      ...view,
      phase: standing.phase,
      status: standing.phase === 'exited' ? standing.status : 0,
      message: standing.phase === 'panicked' ? standing.message : '',
      instructions: report.instructions,
      speed: standing.phase === 'running' ? this.#speed.at(report.instructions, performance.now()) : 0,
      registers: report.registers,
      before: readable && !ENDED.has(standing.phase) ? view.registers : null,
      instruction: report.instruction,
      place: report.place,
      statistics: report.statistics,
      stretches: appended(view.stretches, report.stretches, STRETCHES_KEPT),
      events: appended(view.events, report.events, EVENTS_KEPT),
      dropped: view.dropped + report.dropped + Math.max(0, view.events.length + report.events.length - EVENTS_KEPT),
      devices: report.devices ?? view.devices,
      stepped: single ? report.hits : [],
    });
  }

  #clearConsole(): void {
    this.#console = [];
    for (const listeners of this.#consoleListeners) for (const listener of listeners ?? []) listener(null);
  }
}

/** Gives the reader a file. */
function saveAs(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Whether a reader can follow the processor from line to line at so many instructions a second. */
export function isReadable(pace: number | null): boolean {
  return pace !== null && pace < READABLE_PACE;
}

function appended<T>(old: readonly T[], more: readonly T[], most: number): readonly T[] {
  if (more.length === 0) return old;
  return [...old, ...more].slice(-most);
}
