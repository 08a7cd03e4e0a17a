/** Moments of a scene's run: where a line of a chapter is about to run for the n-th time while a condition holds. */
import type { Frame, LinePosition } from '#tangle/runtime';
import type { OutsideRequest, RunPlace } from '#hostos';
import { drive } from '../drive.ts';
import type { LguestProgram } from '../program.ts';
import { formatInput } from '../replay/input_log.ts';
import type { InputEntry } from '../replay/input_log.ts';
import { parseExpression } from '../stepping/expression.ts';
import type { Expression } from '../stepping/expression.ts';
import { scopeOf } from '../stepping/scopes.ts';
import type { Hit } from '../stops.ts';
import type { Place } from '../timeline/place.ts';
import { World } from '../world.ts';
import { MemoryDisk } from './memory_disk.ts';
import type { SceneBundle } from './scene.ts';

/** What is looked for. */
export interface MomentWish {
  /** Any of these lines. */
  readonly lines: readonly LinePosition[];
  /** An expression over what the line's function knows, the registers and the Guest's memory ({@link scopeOf}); without one, every time counts. */
  readonly when?: string;
  /** Which of the times that count: 1 is the first. */
  readonly hit: number;
  /** Only what comes behind the moment of that other wish counts, by its index in the list. */
  readonly after?: number;
}

/** What is found: all that it takes to go there. */
export interface Moment {
  readonly where: Place;
  /** In the middle of what the Host or the Launcher does. */
  readonly midway: boolean;
  /** What had come from outside until then, disks apart, as {@link formatInput} writes it. */
  readonly inputs: readonly string[];
  /** The line that is about to run. */
  readonly line: LinePosition;
}

/** Instructions after which it is seen whether all has been found. */
const SLICE = 100_000;

/**
 * Runs a scene, with the keys of its own, until all is found or it ends.
 * @param debug a debug build of the program, for conditions on variables
 * @returns for each wish what was found; null: that never is. `met` tells how often its line ran, and how often the condition held.
 * @throws ExpressionFault where a condition is none
 */
export function findMoments(
  bundle: SceneBundle,
  program: LguestProgram,
  debug: LguestProgram | null,
  wishes: readonly MomentWish[],
): { readonly moment: Moment | null; readonly met: { readonly ran: number; readonly held: number } }[] {
  const world = World.fromScene(bundle, { program, keepEvents: false });
  if (debug !== null) world.study(debug);
  const searches = wishes.map((wish) => new Search(wish, world));
  const lines = wishes.flatMap((wish) => wish.lines);
  const notes = (hit: Hit, frames: () => readonly Frame[]): void => {
    if (hit.by !== 'line') return;
    // The last first: what is found now is not yet behind itself.
    for (const search of searches.toReversed())
      if (search.after === null || searches[search.after].moment !== null) search.meet(hit, frames);
  };
  const stop = { since: world.place(), lines, debug: debug !== null, notes };
  const disk = bundle.scene.disk && MemoryDisk.fromScene(bundle.scene.disk);
  const driver = { serve: (request: OutsideRequest) => disk?.answer(request), script: [...(bundle.scene.keys ?? [])] };
  const { instructions } = bundle.scene;
  while (world.instructions < instructions && searches.some(({ moment }) => moment === null)) {
    const { reason } = drive(world, Math.min(instructions, world.instructions + SLICE), driver, { stop });
    if (reason !== 'limit') break;
  }
  return searches.map(({ moment, met }) => ({ moment, met }));
}

class Search {
  readonly #wish: MomentWish;
  readonly #world: World;
  readonly #condition: Expression | null;
  readonly #lines: ReadonlySet<string>;
  readonly after: number | null;
  readonly met = { ran: 0, held: 0 };
  moment: Moment | null = null;

  constructor(wish: MomentWish, world: World) {
    this.#wish = wish;
    this.after = wish.after ?? null;
    this.#world = world;
    this.#condition = wish.when === undefined ? null : parseExpression(wish.when);
    this.#lines = new Set(wish.lines.map(keyOf));
  }

  meet({ position, place, midway }: Extract<Hit, { by: 'line' }>, frames: () => readonly Frame[]): void {
    if (this.moment !== null || !this.#lines.has(keyOf(position))) return;
    this.met.ran++;
    if (!this.#holds(frames)) return;
    if (++this.met.held < this.#wish.hit) return;
    this.moment = {
      where: place,
      midway,
      inputs: this.#world.wholeLog().filter(isTyped).filter(isBefore(place)).map(formatInput),
      line: position,
    };
  }

  #holds(frames: () => readonly Frame[]): boolean {
    if (this.#condition === null) return true;
    const registers = () => {
      const { registers: all } = this.#world.look(['registers']);
      if (all === undefined) throw new Error('a world without registers');
      return all;
    };
    try {
      return Boolean(this.#condition(scopeOf({ registers, guest: () => this.#world.guest, frames: frames() })));
    } catch {
      // A name that is not there yet: the condition does not hold.
      return false;
    }
  }
}

const keyOf = ({ source, line }: LinePosition): string => `${source}:${line}`;

/** A scene's disk answers by itself. */
const isTyped = ({ input }: InputEntry): boolean => !input.kind.startsWith('disk-');

const isBefore =
  (place: RunPlace) =>
  (entry: InputEntry): boolean =>
    entry.at < place.at || (entry.at === place.at && (entry.step < place.step || (entry.step === place.step && entry.time <= place.time)));
