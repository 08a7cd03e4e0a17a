// Scenes as tests: what each did, and what it is expected to do.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { TOP, WORLD_BUNDLE_PATH } from './paths.mjs';

/** The built scenes by name. */
export function sceneBundles() {
  const folder = `${TOP}/static/live/scenes`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith('.json')).sort()
    .map((name) => ({ ...JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')), name: basename(name, '.json') }));
}

/** Runs one. @param {{name: string}} bundle @param {number} [slice] */
export async function runScene(bundle, slice) {
  return (await import(WORLD_BUNDLE_PATH)).runScene(bundle, slice);
}

/** Where a scene's expected result stands: beside its chapter. */
export function expectedPath(bundle) {
  const chapter = `${TOP}/docs/${bundle.scene.chapter}`;
  return basename(bundle.scene.chapter) === bundle.name ? `${chapter}.expected.json` : `${chapter}.${bundle.name}.expected.json`;
}

/** The expected result, with a missed line given as its text, so that it holds while the chapter grows above it. */
export function readable(bundle, result) {
  const text = readFileSync(`${TOP}/docs/${bundle.scene.chapter}.mdx`, 'utf8').split('\n');
  const { missed, ...coverage } = result.coverage;
  return { ...result, coverage: { ...coverage, missed: missed.map((line) => text[line - 1].trim()) } };
}
