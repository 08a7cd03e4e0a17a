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
    .map((name) => ({ ...JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')), name: basename(name, '.json') }));
}

/** The chapters that have a live Guest, with their scenes. */
export function chapters() {
  /** @type {Map<string, SceneBundle[]>} */
  const all = new Map();
  for (const bundle of sceneBundles()) all.set(bundle.scene.chapter, [...(all.get(bundle.scene.chapter) ?? []), bundle]);
  return [...all].map(([chapter, bundles]) => ({ chapter, bundles }));
}

/** Runs one scene. @param {SceneBundle} bundle @param {number} [slice] @returns {Promise<SceneResult>} */
export async function runScene(bundle, slice) {
  const { base, program } = await import('./bundles.mjs');
  return base.runScene(program, bundle, slice);
}

/** Where a chapter's expected results stand: beside it. @param {string} chapter */
export function expectedPath(chapter) {
  return `${TOP}/docs/${chapter}.expected.json`;
}

/** Directives that leave room: bytes, but nothing that a processor should execute. */
const FILLING = /^\s*\.(balign|skip)\b/;

/**
 * Runs all the scenes of a chapter: what each did, and how much of the chapter's own code they executed together. Lines that were missed are given as their text, so
 * that the expectation holds while the chapter grows above them; each with the reason that a scene gives for it, if one does.
 * @param {{ chapter: string, bundles: SceneBundle[] }} chapter
 */
export async function runChapter({ chapter, bundles }) {
  /** @type {Record<string, { ending: string, console: string, summary: SceneResult['summary'] }>} */
  const scenes = {};
  const lines = new Set();
  const executed = new Set();
  for (const bundle of bundles) {
    const { coverage, ending, console, summary } = await runScene(bundle);
    scenes[bundle.name] = { ending, console, summary };
    for (const line of coverage.lines) lines.add(line);
    for (const line of coverage.executed) executed.add(line);
  }
  const text = readFileSync(`${TOP}/docs/${chapter}.mdx`, 'utf8').split('\n');
  for (const number of lines) if (FILLING.test(text[number - 1] ?? '')) lines.delete(number);
  const reasons = bundles.flatMap(({ scene }) => scene.uncovered ?? []);
  const missed = [...lines]
    .filter((line) => !executed.has(line))
    .sort((a, b) => a - b)
    .map((number) => {
      const line = (text[number - 1] ?? '').trim();
      return { line, because: reasons.find((reason) => line.includes(reason.line))?.because ?? '' };
    });
  return { scenes, coverage: { lines: lines.size, executed: lines.size - missed.length, missed } };
}

/** What a scene prints, as kept beside its chapter. @param {SceneBundle} bundle @returns {string} */
export function expectedConsole(bundle) {
  return JSON.parse(readFileSync(expectedPath(bundle.scene.chapter), 'utf8')).scenes[bundle.name].console;
}
