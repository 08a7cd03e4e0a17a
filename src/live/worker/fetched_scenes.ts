/** Scenes as the worker fetches them. The one that was fetched last is kept: who edits has it made again and again. */
import { wholeScene } from '#world';
import type { SceneBundle, StoredScene } from '#world';
import { located } from './beside.ts';
import { fetchJson } from './reason.ts';

export class FetchedScenes {
  #last: { readonly url: string; readonly built: Promise<SceneBundle> } | null = null;

  /** A scene with all its parts. @throws where it does not come; the next one who asks tries again */
  at(url: string): Promise<SceneBundle> {
    if (this.#last?.url === url) return this.#last.built;
    const built = fetched(url);
    this.#last = { url, built };
    built.catch(() => {
      if (this.#last?.built === built) this.#last = null;
    });
    return built;
  }
}

async function fetched(url: string): Promise<SceneBundle> {
  const stored = (await fetchJson(located(url), 'the scene')) as StoredScene;
  return wholeScene(stored, (file) => fetchJson(located(new URL(`../parts/${file}`, url).href), 'a part of the scene'));
}
