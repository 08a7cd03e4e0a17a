// Moments of the chapters: where the scenes' runs come to them, kept beside the chapters.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { TOP } from './paths.mjs';
import { runTs } from './run_ts.mjs';
import { sceneBundles } from './scenes.mjs';

/** @typedef {import('../../src/world/index.ts').Moment} Moment @typedef {import('../../src/tangle/index.ts').Note} Note */

/**
 * The chapters that have moments, with what each wants; `faults` are what cannot be meant, at their places.
 * @returns {Promise<{ chapter: string, elements: import('../../src/weave/moments/index.ts').MomentElement[], wishes: Map<string, import('../../src/world/index.ts').MomentWish>, faults: Note[] }[]>}
 */
export async function chaptersWithMoments() {
  const [{ unified }, { default: remarkParse }, { default: remarkFrontmatter }, { default: remarkMdx }] = await Promise.all([
    import('unified'),
    import('remark-parse'),
    import('remark-frontmatter'),
    import('remark-mdx'),
  ]);
  const { momentsIn, wishOf } = await runTs('src/weave/moments/index.ts');
  const processor = unified().use(remarkParse).use(remarkFrontmatter).use(remarkMdx).freeze();
  const scenes = new Set(sceneBundles().map(({ name }) => name));
  const book = {
    index: JSON.parse(readFileSync(`${TOP}/.tangled/chunks.json`, 'utf8')),
    /** @param {string} chapter */
    linesOf: (chapter) => readFileSync(`${TOP}/${chapter}`, 'utf8').split('\n'),
    /** @param {string} name */
    isScene: (name) => scenes.has(name),
  };
  const chapters = [];
  for (const chapter of readdirSync(`${TOP}/docs`, { recursive: true })
    .map((path) => `docs/${path}`.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.mdx'))
    .sort()) {
    const text = readFileSync(`${TOP}/${chapter}`, 'utf8');
    if (!/<(Moment|Door|Journey)\b/.test(text)) continue;
    const elements = momentsIn(processor.parse(text));
    const wishes = new Map();
    const faults = [];
    for (const element of elements) {
      const wish = wishOf(element, chapter, book);
      if ('message' in wish) faults.push(wish);
      else wishes.set(element.key, wish);
    }
    if (elements.length > 0) chapters.push({ chapter, elements, wishes, faults });
  }
  return chapters;
}

/** Where a chapter's moments are kept: beside it. @param {string} chapter `docs/host/page_tables.mdx` */
export const momentsPath = (chapter) => `${TOP}/${chapter.replace(/\.mdx$/, '.moments.json')}`;

/** What is kept of a chapter's moments, as text; empty: nothing is. @param {string} chapter */
export const keptMoments = (chapter) => (existsSync(momentsPath(chapter)) ? readFileSync(momentsPath(chapter), 'utf8') : '');

/**
 * Runs the scenes of some chapters to their moments.
 * @param {Awaited<ReturnType<typeof chaptersWithMoments>>} chapters
 * @returns {Promise<{ chapter: string, text: string, found: Map<string, Moment>, faults: Note[] }[]>} what is to be kept of each, and the moments that never come, at their places
 */
export async function findChapterMoments(chapters) {
  const { base, loadDebugBuild, programOf } = await import('./bundles.mjs');
  const { placeOf } = await runTs('src/weave/moments/index.ts');
  const debug = await loadDebugBuild();
  const results = new Map(chapters.map(({ chapter, faults }) => [chapter, { chapter, found: new Map(), faults: [...faults] }]));
  for (const bundle of sceneBundles()) {
    const wanted = chapters.flatMap(({ chapter, elements, wishes }) =>
      elements
        .filter(({ scene, key }) => scene === bundle.name && wishes.has(key))
        .map((element) => ({ chapter, element, wish: wishes.get(element.key) })),
    );
    if (wanted.length === 0) continue;
    const program = await programOf(bundle);
    const wishes = wanted.map(({ chapter, element: { step }, wish }) => {
      const before = wanted.findIndex(
        ({ chapter: other, element }) =>
          other === chapter && step !== null && element.step?.journey === step.journey && element.step.index === step.index - 1,
      );
      return before < 0 ? wish : { ...wish, after: before };
    });
    for (const [index, { moment, met }] of base.findMoments(bundle, program, bundle.patches ? null : debug, wishes).entries()) {
      const { chapter, element } = wanted[index];
      const { found, faults } = results.get(chapter);
      if (moment !== null) found.set(element.key, moment);
      else
        faults.push({
          ...placeOf(element, element.when === undefined ? 'at' : 'when', chapter),
          message: neverSaid(bundle.name, element, met),
        });
    }
  }
  return [...results.values()].map((result) => ({ ...result, text: textOf(result.found) }));
}

/** @param {string} scene @param {{ when?: string, hit: number }} element @param {{ ran: number, held: number }} met */
function neverSaid(scene, { when, hit }, { ran, held }) {
  if (ran === 0) return `In ${scene}, it never runs.`;
  const times = (/** @type {number} */ count) => (count === 1 ? 'once' : `${count} times`);
  if (when !== undefined && held === 0) return `In ${scene}, it runs ${times(ran)}, and the condition never holds.`;
  return `In ${scene}, that happens ${times(when === undefined ? ran : held)}, and number ${hit} is wanted.`;
}

/** One moment a line. @param {Map<string, Moment>} found */
function textOf(found) {
  const lines = [...found].map(
    ([key, { where, midway, inputs }]) => `  ${JSON.stringify(key)}: ${JSON.stringify({ where, midway, inputs })}`,
  );
  return lines.length === 0 ? '' : `{\n${lines.join(',\n')}\n}\n`;
}

/** Keeps a chapter's moments. @param {string} chapter @param {string} text */
export function keepMoments(chapter, text) {
  if (text === '') rmSync(momentsPath(chapter), { force: true });
  else writeFileSync(momentsPath(chapter), text);
}
