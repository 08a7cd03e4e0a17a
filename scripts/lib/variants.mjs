// The variants of the book's program that scenes run: with patches of the Mastery part put where they belong.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { TOP } from './paths.mjs';
import { runTs } from './run_ts.mjs';
import { fail } from './steps.mjs';
import { tangleConfig } from './tangle_config.mjs';

/** A file name for a set of patches: `M:003+M:014` is `M-003+M-014`. @param {string} key */
export const variantName = (key) => key.replaceAll(':', '-');

/** Where a variant's extracted files lie, from the top. @param {string} key */
export const variantFolder = (key) => `${tangleConfig.out}/variants/${variantName(key)}`;

/** The sets of patches that the extracted scenes name, in order. @returns {string[]} */
export function wantedVariants() {
  const folder = `${TOP}/${tangleConfig.out}/scenes`;
  if (!existsSync(folder)) return [];
  const keys = new Set();
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.json')) continue;
    for (const key of patchesOf(readFileSync(`${folder}/${name}`, 'utf8'))) keys.add(key);
  }
  return [...keys].sort();
}

/** What a scene's text names; nothing where it is no JSON, of which the scenes' own check complains. @param {string} text */
function patchesOf(text) {
  try {
    return Object.keys(JSON.parse(text).patches ?? {});
  } catch {
    return [];
  }
}

/** Extracts each variant that a scene wants, and forgets those that no scene wants any more. @returns {Promise<string[]>} their keys */
export async function weaveVariants() {
  const { Tangler } = await runTs('src/tangle/core/tangle.ts');
  const { nodeFileSystem } = await runTs('src/tangle/node/node.ts');
  const { formatProblem } = await runTs('src/tangle/core/problems.ts');
  const keys = wantedVariants();
  const { tangleCode } = await runTs('src/tangle/node/code.ts');
  const tangler = new Tangler(nodeFileSystem(TOP), tangleConfig);
  const known = new Set();
  for (const key of keys) {
    const { problems } = await tangleCode(tangler, { with: key.split('+'), out: variantFolder(key), force: true }, known);
    for (const problem of problems) process.stderr.write(`with ${key}: ${formatProblem(problem)}\n`);
    if (problems.length > 0) fail('The patches above have to be mended first.');
  }
  const bundles = `${TOP}/${tangleConfig.out}/bundle`;
  const names = new Set(keys.map(variantName));
  for (const [folder, pattern] of [
    [bundles, /^lguest\.(M-.+)\.mjs(\.map)?$/],
    [`${TOP}/static/live`, /^lguest\.(M-.+?)(?:\.debug)?\.js(\.map)?$/],
  ]) {
    for (const file of existsSync(folder) ? readdirSync(folder) : []) {
      const name = pattern.exec(file)?.[1];
      if (name !== undefined && !names.has(name)) rmSync(`${folder}/${file}`);
    }
  }
  return keys;
}
