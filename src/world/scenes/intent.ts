import type { SceneResult } from './run_scene.ts';
import type { Scene } from './scene.ts';

/** What stands in `says` for anything, or nothing, between two lines. */
const ANYTHING = '…';

/** How a run must end for what the scene says of its end. */
const ENDINGS: Readonly<Record<NonNullable<Scene['ends']>, RegExp>> = {
  'power-off': /^exit 0$/,
  death: /^exit 1$/,
  'given-up': /^exit 2$/,
  waits: /^idle$/,
  'no-host': /^panic: /,
};

/** The console text that `says` stands for. A terminal's carriage return at the end of a line need not be said. */
function textOf(says: readonly string[]): RegExp {
  const parts = says.map((line) => (line === ANYTHING ? '(?:[^\\n]*\\n)*?' : `${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\r?\\n`));
  return new RegExp(`^${parts.join('')}$`);
}

/** The number that a fact names: a way into the counts of the run, `hypercalls.TS.ring`; 0 for what never happened. */
export function numberAt(counts: unknown, way: string): number {
  let at = counts;
  for (const step of way.split('.')) at = at !== null && typeof at === 'object' ? (at as Record<string, unknown>)[step] : undefined;
  return typeof at === 'number' ? at : 0;
}

/**
 * Holds what a scene did against what its chapter promises of it: `says`, `ends` and `facts`, which a person wrote.
 * @returns a sentence for each promise that is not kept
 */
export function brokenPromises(scene: Scene, { console, ending, summary }: Pick<SceneResult, 'console' | 'ending' | 'summary'>): string[] {
  const broken: string[] = [];
  const printed = console === '' || console.endsWith('\n') ? console : `${console}\n`;
  if (!textOf(scene.says).test(printed)) broken.push(`says something else than it should:\n${console}`);
  const ends = scene.ends ?? 'power-off';
  if (!ENDINGS[ends].test(ending)) broken.push(`should end by “${ends}”, and ends by “${ending}”`);
  for (const [way, wanted] of Object.entries(scene.facts ?? {})) {
    const found = numberAt(summary, way);
    if (found !== wanted) broken.push(`should count ${wanted} for ${way}, and counts ${found}`);
  }
  return broken;
}
