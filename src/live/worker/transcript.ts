/** What a run has shown so far, as far as a page keeps it; and which of it the page has not been told yet. */
import type { ProgramNames, WorldEvent } from '#world';
import { listedEvent } from './event_text.ts';
import type { GuestEnd, LineHit, News, Place, Progress, Sight, StreamName } from '../protocol.ts';
import { LaneKeeper } from './stretches.ts';
import type { LaneData } from './stretches.ts';

/** More events (and stretches) than that in one report help nobody. */
const EVENTS_A_REPORT = 600;
/** Characters of the terminal that are kept. */
const CONSOLE_KEPT = 200_000;

/** Programs of the Host's with which a Guest ends; and the one that there is on the bare machine. */
const OWNERS: ReadonlySet<string> = new Set(['launcher', 'bare']);

/** A terminal's text, as far as it is kept; how many characters it was given, and how many of them are told. */
interface Screen {
  text: string;
  printed: number;
  told: number;
}

/** What came to a Guest's end, as far as events tell. */
export type HeardEnd = Omit<GuestEnd, 'last'>;

/** What a report carries of it. */
export type Told = Pick<Progress, 'console' | 'hits'> & { readonly ends: readonly HeardEnd[] };
/** … and what for those who watch it. */
export type Streams = Pick<News, 'stretches' | 'events' | 'dropped'>;

/** All that a transcript remembers, as plain data. */
export interface TranscriptData {
  events: WorldEvent[];
  guests: number[];
  heard: number;
  lanes: LaneData;
  screens: { text: string; printed: number }[];
  hits: LineHit[];
  ends: readonly HeardEnd[];
}

/**
 * A fold over all that a world does, so that a copy of it at a checkpoint, and what is heard from there on, make the same as hearing everything from the
 * beginning.
 */
export class Transcript {
  /** What the program calls its numbers. */
  readonly #names: ProgramNames;
  /** The latest events, the raw ones: most are never shown. */
  #events: WorldEvent[] = [];
  /** Whose turn it was at each of them. */
  #guests: number[] = [];
  #heard = 0;
  #toldEvents = 0;
  #lanes: LaneKeeper;
  /** By terminal. */
  #screens: Screen[] = [];
  #hits = new Map<string, LineHit>();
  #fresh = new Map<string, LineHit>();
  #ends: readonly HeardEnd[] = [];

  constructor(names: ProgramNames) {
    this.#names = names;
    this.#lanes = new LaneKeeper(names);
  }

  /** How many events there were. */
  get heard(): number {
    return this.#heard;
  }

  /** How often a line has run, as far as has been gathered. */
  countOf({ source, line }: Place): number {
    return this.#hits.get(`${source}:${line}`)?.count ?? 0;
  }

  hear(event: WorldEvent): void {
    this.#heard++;
    if (event.kind === 'console') this.#print(event.tty, event.text);
    this.#lanes.hear(event);
    if (event.kind === 'death') this.#end({ reason: event.reason }, event.at);
    if (event.kind === 'task' && event.what === 'exit' && OWNERS.has(event.program)) this.#end({ status: event.status ?? 0 }, event.at);
    this.#events.push(event);
    this.#guests.push(this.#lanes.guest);
    if (this.#events.length < 2 * EVENTS_A_REPORT) return;
    this.#events.splice(0, EVENTS_A_REPORT);
    this.#guests.splice(0, EVENTS_A_REPORT);
  }

  /** The Guest whose turn it is has come to its end: the Host condemns it, and its Launcher goes. */
  #end(what: Partial<HeardEnd>, at: number): void {
    const { guest } = this.#lanes;
    const known = this.#ends.find((end) => end.guest === guest) ?? { guest, at, reason: null, status: null };
    this.#ends = [...this.#ends.filter((end) => end !== known), { ...known, ...what }];
  }

  #print(tty: number, text: string): void {
    while (this.#screens.length <= tty) this.#screens.push({ text: '', printed: 0, told: 0 });
    const screen = this.#screens[tty];
    screen.printed += text.length;
    screen.text += text;
    if (screen.text.length > 2 * CONSOLE_KEPT) screen.text = screen.text.slice(-CONSOLE_KEPT);
  }

  /** Takes what a world has to tell beside its events. */
  gather(world: { takeConsole(): string; takeLineHits(): LineHit[] }): void {
    // The terminals' text came with the events.
    world.takeConsole();
    for (const hit of world.takeLineHits()) {
      const key = `${hit.source}:${hit.line}`;
      add(this.#hits, key, hit);
      add(this.#fresh, key, hit);
    }
  }

  /** What there is to tell since the last call; of a copy: everything. */
  take(): Told {
    const console = this.#screens.map((screen) => {
      const unread = Math.min(screen.printed - screen.told, CONSOLE_KEPT);
      screen.told = screen.printed;
      return unread === 0 ? '' : screen.text.slice(-unread);
    });
    const hits = [...this.#fresh.values()];
    this.#fresh = new Map();
    return { console, ends: this.#ends, hits };
  }

  /** What came since those who watch were told last. */
  watched(streams: ReadonlySet<StreamName>): Streams {
    const stretches = streams.has('lanes') ? this.#lanes.take(EVENTS_A_REPORT) : [];
    if (!streams.has('events')) return { stretches, events: [], dropped: 0 };
    const news = this.#heard - this.#toldEvents;
    const events = news === 0 ? [] : this.#events.slice(-Math.min(news, EVENTS_A_REPORT));
    this.#toldEvents = this.#heard;
    return {
      stretches,
      events: events.map((event, n) => listedEvent(event, this.#names, this.#guests[this.#guests.length - events.length + n])),
      dropped: news - events.length,
    };
  }

  /** A copy to which nothing has been told. */
  copy(): Transcript {
    const copy = Transcript.of(this.#names, { ...this.#rest(), hits: [] });
    copy.#hits = new Map(this.#hits);
    copy.#fresh = new Map(this.#hits);
    return copy;
  }

  /** All that it remembers. */
  data(): TranscriptData {
    return { ...this.#rest(), hits: [...this.#hits.values()] };
  }

  #rest(): Omit<TranscriptData, 'hits'> {
    return {
      events: this.#events.slice(-EVENTS_A_REPORT),
      guests: this.#guests.slice(-EVENTS_A_REPORT),
      heard: this.#heard,
      lanes: this.#lanes.data(EVENTS_A_REPORT),
      screens: this.#screens.map(({ text, printed }) => ({ text: text.slice(-CONSOLE_KEPT), printed })),
      ends: this.#ends,
    };
  }

  /** One that remembers this, of which nothing has been told. */
  static of(names: ProgramNames, { events, guests, heard, lanes, screens, hits, ends }: TranscriptData): Transcript {
    const made = new Transcript(names);
    made.#events = [...events];
    made.#guests = [...guests];
    made.#heard = heard;
    made.#lanes = LaneKeeper.of(names, lanes);
    made.#screens = screens.map((screen) => ({ ...screen, told: 0 }));
    made.#hits = new Map(hits.map((hit) => [`${hit.source}:${hit.line}`, hit]));
    made.#fresh = new Map(made.#hits);
    made.#ends = ends;
    return made;
  }
}

function add(counts: Map<string, LineHit>, key: string, { source, line, count }: LineHit): void {
  counts.set(key, { source, line, count: count + (counts.get(key)?.count ?? 0) });
}

/** Whether it is sent as it comes, and is no view of the world. */
export function isStream(name: Sight): name is StreamName {
  return name === 'events' || name === 'lanes' || name === 'timeline';
}
