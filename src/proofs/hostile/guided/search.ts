/** The search: lives that reach a line nobody reached before are kept, and made as small as they can be. */
import { Dice } from '#testing';
import { live, PLACES } from './life.ts';
import type { Life, Outcome } from './life.ts';
import { mutate } from './mutate.ts';

const COUNTED: ReadonlySet<string> = new Set(PLACES);

/** What a life reached of the Host's and the Launcher's lines. */
export function reached({ lines }: Outcome): string[] {
  return [...lines].filter((place) => COUNTED.has(place));
}

/** A life as small as it can be while `holds`. */
export function shrink(life: Life, holds: (life: Life) => boolean): Life {
  let best = life;
  const attempt = (next: Life): boolean => {
    if (!holds(next)) return false;
    best = next;
    return true;
  };
  for (let piece = best.acts.length; piece > 0; piece = piece >> 1) {
    for (let at = 0; at < best.acts.length; ) {
      if (!attempt({ ...best, acts: best.acts.filter((_, i) => i < at || i >= at + piece) })) at += piece;
    }
  }
  for (const key of Object.keys(best).filter((name) => name !== 'acts') as (keyof Life)[]) {
    const { [key]: _, ...rest } = best;
    if (attempt(rest as Life)) continue;
    const list = best[key];
    if (!Array.isArray(list)) continue;
    for (let at = list.length - 1; at >= 0; at--) attempt({ ...best, [key]: (best[key] as unknown[]).filter((_item, i) => i !== at) });
  }
  return best;
}

/** Something that must not have happened, and the smallest life in which it does. */
export interface Broken {
  life: Life;
  what: string;
}

const firstLine = (text: string): string => text.split('\n')[0].replace(/\d+/g, '#');

/** Lives `count` lives, each made of one of `corpus`, which grows. Returns what broke. */
export function search(
  corpus: Life[],
  known: Set<string>,
  count: number,
  seed: number,
  onNew: (life: Life, lines: string[]) => void = () => {},
): Broken[] {
  const dice = new Dice(seed);
  const broken: Broken[] = [];
  const kinds = new Set<string>();
  for (let n = 0; n < count; n++) {
    const life = mutate(dice, dice.pick(corpus), dice.pick(corpus));
    const outcome = live(life);
    if (outcome.broken !== null) {
      const kind = firstLine(outcome.broken);
      if (kinds.has(kind)) continue;
      kinds.add(kind);
      const small = shrink(life, (one) => firstLine(live(one).broken ?? '') === kind);
      broken.push({ life: small, what: outcome.broken });
      continue;
    }
    const fresh = reached(outcome).filter((place) => !known.has(place));
    if (fresh.length === 0) continue;
    const small = shrink(life, (one) => {
      const again = live(one);
      return again.broken === null && fresh.every((place) => again.lines.has(place));
    });
    for (const place of reached(live(small))) known.add(place);
    corpus.push(small);
    onNew(small, fresh);
  }
  return broken;
}
