// Chapters as tests: what their Guests did, and what they are expected to do.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { TOP } from './paths.mjs';

/** @typedef {import('../../src/world/index.ts').SceneBundle} SceneBundle */
/** @typedef {import('../../src/world/index.ts').SceneResult} SceneResult */

/** The built scenes by name. @returns {SceneBundle[]} */
export function sceneBundles() {
  const folder = `${TOP}/static/live/scenes`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const { parts = {}, ...scene } = JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'));
      const found = Object.entries(parts).map(([key, file]) => [key, JSON.parse(readFileSync(`${folder}/../parts/${file}`, 'utf8'))]);
      return { ...scene, ...Object.fromEntries(found), name: basename(name, '.json') };
    });
}

/** The chapters that have a live Guest, with their scenes: their own, and those that they show besides. */
export function chapters() {
  /** @type {Map<string, SceneBundle[]>} */
  const all = new Map();
  for (const bundle of sceneBundles())
    for (const chapter of [bundle.scene.chapter, ...(bundle.scene.shows ?? [])]) all.set(chapter, [...(all.get(chapter) ?? []), bundle]);
  return [...all].map(([chapter, bundles]) => ({ chapter, bundles }));
}

/** Runs one scene. @param {SceneBundle} bundle @param {number} [slice] @returns {Promise<SceneResult>} */
export async function runScene(bundle, slice) {
  const { base, programOf } = await import('./bundles.mjs');
  return base.runScene(await programOf(bundle), bundle, slice);
}

/** @type {WeakMap<SceneBundle, Promise<SceneResult>>} What scenes did that several chapters show. */
const done = new WeakMap();

/** The same for whoever asks again. @param {SceneBundle} bundle */
export function runSceneOnce(bundle) {
  const result = done.get(bundle) ?? runScene(bundle);
  done.set(bundle, result);
  return result;
}

/** Where a chapter's fingerprint stands: beside it. @param {string} chapter */
export function fingerprintPath(chapter) {
  return `${TOP}/docs/${chapter}.fingerprint.json`;
}

/**
 * What moves with any change of the Host, kept so that a change that was not meant is seen: each scene's console and counts, and the lines left out.
 * What a chapter promises of its Guests is not here but in the scenes.
 * @param {Awaited<ReturnType<typeof runChapter>>} result @returns {string} JSON, a line for each thing that may move
 */
export function fingerprint({ scenes, coverage }) {
  const lines = Object.entries(scenes).map(
    ([
      name,
      {
        ending,
        console,
        summary: { hypercalls, events: _, syscalls: __, ...counts },
        lines: own,
        spent,
      },
    ]) => {
      const calls = Object.entries(hypercalls).map(([call, { direct, ring }]) => [call, `${direct}+${ring}`]);
      return `    ${JSON.stringify(name)}: {\n      "ending": ${JSON.stringify(ending)},\n      "console": ${JSON.stringify(console)},\n      "hypercalls": ${JSON.stringify(Object.fromEntries(calls))},\n      "counts": ${JSON.stringify(counts)}${own ? `,\n      "lines": ${JSON.stringify(own)}` : ''}${spent ? `,\n      "spent": ${JSON.stringify(spent)}` : ''}\n    }`;
    },
  );
  const missed = coverage.missed.map((one) => `      ${JSON.stringify(one)}`);
  const list = missed.length > 0 ? `[\n${missed.join(',\n')}\n    ]` : '[]';
  const runs = lines.length > 0 ? `{\n${lines.join(',\n')}\n  }` : '{}';
  return `{\n  "scenes": ${runs},\n  "coverage": {\n    "lines": ${coverage.lines},\n    "executed": ${coverage.executed},\n    "missed": ${list}\n  }\n}\n`;
}

/** Directives that leave room: bytes, but nothing that a processor should execute. */
const FILLING = /^\s*\.(balign|skip)\b/;

/**
 * Runs all the scenes of a chapter: what each did, and how much of the chapter's own code they executed together. Lines that were missed are given as their text, so
 * that the expectation holds while the chapter grows above them; each with the reason that a scene gives for it, if one does.
 * @param {{ chapter: string, bundles: SceneBundle[] }} chapter
 */
export async function runChapter({ chapter, bundles }) {
  /** @type {Record<string, { ending: string, console: string, summary: SceneResult['summary'], lines?: SceneResult['lines'], spent?: { time: number, syscalls: number } }>} */
  const scenes = {};
  const lines = new Set();
  const executed = new Set();
  const text = readFileSync(`${TOP}/docs/${chapter}.mdx`, 'utf8');
  // Where one lguest is held against another, how much code each of the two has is worth knowing; and wherever there is a table, what time it took, and what work of programs.
  const compared = new Set(bundles.filter(({ patches }) => patches !== undefined).flatMap(({ name }) => [name, name.split('.')[0]]));
  const measured = new Set([...compared, ...comparedIn(text)]);
  for (const bundle of bundles) {
    const { coverage: own, shown, ending, console, summary, lines: code, time } = await runSceneOnce(bundle);
    const isOwn = bundle.scene.chapter === chapter;
    const coverage = isOwn ? own : shown[chapter];
    const spent = measured.has(bundle.name) ? { spent: { time, syscalls: summary.syscalls } } : {};
    if (isOwn) scenes[bundle.name] = { ending, console, summary, ...(compared.has(bundle.name) ? { lines: code } : {}), ...spent };
    for (const line of coverage.lines) lines.add(line);
    for (const line of coverage.executed) executed.add(line);
  }
  const texts = text.split('\n');
  for (const number of lines) if (FILLING.test(texts[number - 1] ?? '')) lines.delete(number);
  const reasons = bundles.flatMap(({ scene }) => scene.uncovered ?? []).filter((reason) => (reason.chapter ?? chapter) === chapter);
  const missed = [...lines]
    .filter((line) => !executed.has(line))
    .sort((a, b) => a - b)
    .map((number) => {
      const line = (texts[number - 1] ?? '').trim();
      return { line, because: reasons.find((reason) => line.includes(reason.line))?.because ?? '' };
    });
  return { scenes, coverage: { lines: lines.size, executed: lines.size - missed.length, missed } };
}

/** The scenes of a chapter's own tables. @param {string} text */
function comparedIn(text) {
  const tables = [...text.matchAll(/<Compared of=\{\[(\[.*?\])\]\}/g)].map(([, table]) => table);
  return tables.flatMap((table) => [...table.matchAll(/\["([^"]+)"/g)].map(([, scene]) => scene));
}

/** The promises of a chapter's scenes that are not kept, with the scene's name before each. @param {{ bundles: SceneBundle[] }} chapter @param {Awaited<ReturnType<typeof runChapter>>} result */
export async function brokenPromises({ bundles }, result) {
  const { base } = await import('./bundles.mjs');
  return bundles.flatMap(({ name, scene }) =>
    !result.scenes[name] ? [] : base.brokenPromises(scene, result.scenes[name]).map((sentence) => `${name} ${sentence}`),
  );
}

/** What is kept of a scene beside its chapter. @param {SceneBundle} bundle */
function kept(bundle) {
  return JSON.parse(readFileSync(fingerprintPath(bundle.scene.chapter), 'utf8')).scenes[bundle.name];
}

/** What a scene prints, in letters, as kept beside its chapter. @param {SceneBundle} bundle @returns {string} */
export function expectedConsole(bundle) {
  return kept(bundle).console;
}

/** How many instructions a scene's Guest runs, as kept beside its chapter. @param {SceneBundle} bundle @returns {number} */
export function expectedInstructions(bundle) {
  return kept(bundle).counts.instructions;
}
