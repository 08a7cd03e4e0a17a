/** The debug build of the program that a worker runs. It lies beside the program, and is fetched when it is first wanted. */
import type { LguestProgram, World } from '#world';
import { beside } from './beside.ts';

export class DebugBuild {
  readonly #name: string;
  #program: LguestProgram | null = null;
  #asked: Promise<void> | null = null;
  #world: Pick<World, 'study'> | null = null;
  /** It has come, or will not. */
  ready = false;

  /** @param patches of the program, if it has any */
  constructor(patches?: string) {
    this.#name = patches === undefined ? 'lguest.debug.js' : `lguest.${patches.replaceAll(':', '-')}.debug.js`;
  }

  /** A world of that program, which is to use it. */
  know(world: Pick<World, 'study'>): void {
    this.#world = world;
    try {
      if (this.#program !== null) world.study(this.#program);
    } catch {
      // It is of another program, as when a reader has edited this one: then lines tell nothing of their variables.
    }
  }

  forget(): void {
    this.#world = null;
  }

  /** Fetches it; what does not come is asked for again the next time. */
  load(): Promise<void> {
    this.#asked ??= (import(beside(this.#name)) as Promise<{ program: LguestProgram }>).then(
      ({ program }) => {
        this.ready = true;
        this.#program = program;
        if (this.#world !== null) this.know(this.#world);
      },
      () => void (this.#asked = null),
    );
    return this.#asked;
  }
}
