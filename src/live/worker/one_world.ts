/** A world in the page's worker, from its making on: who runs it, and what there is to tell of the whole of its run. */
import { parseInput, SavedMisfit, World } from '#world';
import type { InputEntry, Makings, WorldEvent } from '#world';
import type { KeptRun, Looked, Progress, Report, RunPlace, SaveRequest, Searching } from '../protocol.ts';
import { OverviewKeeper } from './overview.ts';
import { Runner } from './runner.ts';
import type { RunnerOptions } from './runnable.ts';
import { fileOf, openedOf } from './saving.ts';
import type { DiskToSave, Gathered, OpenedFile } from './saving.ts';

/** Milliseconds between two words about the whole of a run that goes on; and between two about how it could be had again. */
const SURVEY_MS = 150;
const KEEP_MS = 1000;

/** What a world is made of. */
export type Make = (onEvent: (event: WorldEvent) => void, replay: readonly InputEntry[]) => Makings;

/** What else is known of it. */
export interface Known {
  /** The run that it is to make, if it is one that was made before, and where in it that is to be. */
  readonly again?: KeptRun | undefined;
  /** It was saved, and goes on from there. */
  readonly opened?: OpenedFile | null;
  readonly patches: string | null;
  readonly symbols: Gathered['symbols'];
  readonly disks: () => Promise<DiskToSave[]>;
  /** How its run could be had again, told from time to time; without, it could not. */
  readonly keep?: (place: Progress, log: readonly InputEntry[]) => Report;
}

/** What the worker has for it. */
export interface Hands {
  readonly send: (report: Report) => void;
  readonly clock: () => number;
  /** Whether somebody watches the whole of the run. */
  readonly isSurveyed: () => boolean;
}

export class OneWorld {
  readonly runner: Runner;
  readonly world: World;
  readonly #makings: Makings;
  readonly #overview: OverviewKeeper;
  readonly #known: Known;
  readonly #hands: Hands;
  #surveyedAt = 0;
  #keptAt = 0;

  /** @throws SavedMisfit where it is to go on, and is another than was saved */
  constructor(options: RunnerOptions, make: Make, known: Known, hands: Hands) {
    const { again, opened = null } = known;
    this.#known = known;
    this.#hands = hands;
    const { names } = options;
    const gathered = isAtOnce(opened) ? opened?.gathered : undefined;
    this.#overview = gathered ? OverviewKeeper.of(names, gathered.overview) : new OverviewKeeper(names);
    const made: { world?: World; makings?: Makings } = {};
    const create = (onEvent: (event: WorldEvent) => void): World => {
      const heard = (event: WorldEvent): void => {
        this.#overview.hear(event);
        onEvent(event);
      };
      made.makings = make(heard, isAtOnce(opened) ? (again?.inputs.map(parseInput) ?? []) : (opened?.world.inputs ?? []));
      made.world = World.create(made.makings.options);
      if (opened !== null && JSON.stringify(made.makings.madeOf()) !== JSON.stringify(opened.world.madeOf))
        throw new SavedMisfit(
          'the Guest of this run is another than the one that stands here now; open it where the chapters are as they were',
        );
      return made.world;
    };
    this.runner = new Runner(create, (report) => this.#tell(report), { ...options, opened: opened && openedOf(opened) });
    this.world = made.world as World;
    this.#makings = made.makings as Makings;
  }

  /** What came from outside in this run. */
  get log(): readonly InputEntry[] {
    return this.world.wholeLog();
  }

  /** From here on the run is another one. */
  branches(): void {
    this.#overview.cut(this.world.instructions);
  }

  /** Tells of the whole run, if somebody watches. @param now or when it is time again */
  survey(now: boolean): void {
    const { send, clock, isSurveyed } = this.#hands;
    if (!isSurveyed() || (!now && clock() - this.#surveyedAt < SURVEY_MS)) return;
    this.#surveyedAt = clock();
    send({ type: 'overview', overview: this.#overview.tell(this.runner.rungs) });
  }

  /** Puts it into a file. */
  async save(about: SaveRequest['about']): Promise<Blob> {
    const { patches, symbols, disks } = this.#known;
    const [where, midway] = [this.world.place(), this.world.midway !== null];
    const { snapshot, transcript } = this.runner.atRest((world, seen) => {
      seen.gather(world);
      return { snapshot: world.snapshot(), transcript: seen.data() };
    });
    const gathered: Gathered = { kind: 'page 1', transcript, overview: this.#overview.data(), symbols };
    // What the disks hold is asked for before anything else can happen: what is written later is not of this place.
    return fileOf(about, { snapshot, makings: this.#makings, where, midway, patches, gathered, disks: await disks() });
  }

  #tell(report: Progress | Looked | Searching): void {
    const { send } = this.#hands;
    send(report);
    if (report.type === 'searching') return;
    const still = report.type === 'looked' || report.standing.phase !== 'running';
    if (report.type === 'progress') this.#overview.reach(report.instructions);
    this.survey(still);
    if (report.type === 'progress') this.#keep(report, still);
  }

  #keep(place: Progress, still: boolean): void {
    const { send, clock } = this.#hands;
    const { keep } = this.#known;
    if (keep === undefined || (!still && clock() - this.#keptAt < KEEP_MS)) return;
    this.#keptAt = clock();
    send(keep(place, this.log));
  }
}

/** Where a world that was just made is to be taken: the run that it goes on with was somewhere. Null: it is there. */
export function wayOn({ again, opened = null }: Known): { readonly where: RunPlace; readonly midway: boolean } | null {
  // What is not to be had at once is made again; and within what the Host does the last of the way is gone by its lines.
  if (opened !== null) return !isAtOnce(opened) || opened.head.midway ? opened.head : null;
  if (again === undefined) return null;
  const { at, step, line } = again.where;
  return at > 0 || step > 0 || line > 0 || again.midway ? again : null;
}

/** Whether it need not make again the run of a world that was saved. */
function isAtOnce(opened: OpenedFile | null): boolean {
  return opened === null || openedOf(opened).snapshot !== null;
}
