/** Scenes as the worker fetches them. The one that was fetched last is kept: who edits has it made again and again. */
import { patchedName, wholeScene } from '#world';
import type { SceneBundle, StoredScene } from '#world';
import { stackAt } from '../stacks.ts';
import { located } from './beside.ts';
import { fetchJson } from './reason.ts';

/** A scene; or what a scene is made from that the build has not made: it has patches of a reader's choice. */
export interface FetchedScene extends SceneBundle {
  readonly isUnwoven?: true;
}

export class FetchedScenes {
  #last: { readonly url: string; readonly built: Promise<FetchedScene> } | null = null;

  /** A scene with all its parts. @throws where it does not come; the next one who asks tries again */
  at(url: string): Promise<FetchedScene> {
    if (this.#last?.url === url) return this.#last.built;
    const built = fetched(url);
    this.#last = { url, built };
    built.catch(() => {
      if (this.#last?.built === built) this.#last = null;
    });
    return built;
  }
}

/** A scene by its address. */
export async function fetched(url: string): Promise<FetchedScene> {
  const stack = stackAt(url);
  const stored = (await fetchJson(located(stack?.url ?? url), 'the scene')) as StoredScene;
  const whole = await wholeScene(stored, (file) => fetchJson(located(new URL(`../parts/${file}`, url).href), 'a part of the scene'));
  return stack === null ? whole : { ...whole, name: patchedName(whole.name, stack.patches), patches: stack.patches, isUnwoven: true };
}
