/** Edited code in the worker: the weave is fetched when the first edit comes. */
import type { LguestProgram, SceneBundle } from '#world';
import type * as Weave from '#weave';
import type { Edits, Weaver, WovenProblem, Woven } from '#weave';
import { beside } from './beside.ts';
import type { FetchedScene } from './fetched_scenes.ts';
import { fetchJson } from './reason.ts';

/** What a scene is run with. */
export interface Made {
  readonly bundle: SceneBundle;
  /** Null: the program that the build made. */
  readonly program: LguestProgram | null;
  readonly woven: Woven | null;
  /** The chunks that are not as in the book. */
  readonly edited: readonly string[];
}

/** The weave and the book's code, each fetched once. */
export class Editing {
  #weave: Promise<{ readonly weave: typeof Weave; readonly weaver: Weaver }> | null = null;
  /** What runs now. */
  #running: Woven | null = null;

  /** Fetches what it takes. */
  get(): Promise<{ readonly weave: typeof Weave; readonly weaver: Weaver }> {
    this.#weave ??= fetched().catch((error: unknown) => {
      // The next one may try again.
      this.#weave = null;
      throw error;
    });
    return this.#weave;
  }

  /** Compiles the book as it is, so that only what is edited has to be compiled later. */
  async prepare(): Promise<void> {
    const { weaver } = await this.get();
    weaver.weave({}).program();
  }

  /** Makes what a scene is run with, or tells why that cannot be. */
  async make(bundle: FetchedScene, edits: Edits): Promise<Made | { readonly problems: readonly WovenProblem[] }> {
    const { isUnwoven = false } = bundle;
    if (Object.keys(edits).length === 0 && !isUnwoven) return { bundle, program: null, woven: null, edited: [] };
    const { weave, weaver } = await this.get();
    const woven = weaver.weave(edits, bundle.patches?.split('+') ?? []);
    try {
      const program = woven.program();
      return { bundle: woven.changesScenes || isUnwoven ? woven.scene(bundle) : bundle, program, woven, edited: woven.edited };
    } catch (error) {
      if (error instanceof weave.WeaveFault) return { problems: error.problems };
      throw error;
    }
  }

  /** From now on this runs. */
  runs({ woven }: Made): void {
    this.#running = woven;
  }

  /** What went wrong, at the line of edited code; null where nothing of what runs is edited. */
  problemOf(error: unknown): WovenProblem | null {
    return this.#running?.problemOf(error) ?? null;
  }
}

async function fetched(): Promise<{ weave: typeof Weave; weaver: Weaver }> {
  const [weave, book] = await Promise.all([
    import(beside('weave.js')) as Promise<typeof Weave>,
    fetchJson(beside('book.json'), 'the code of the book'),
  ]);
  return { weave, weaver: new weave.Weaver(book as ConstructorParameters<typeof Weaver>[0]) };
}
