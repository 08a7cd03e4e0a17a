// Figures that were measured, kept in a file: each section with the computer and the day that it comes from.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { TOP } from './paths.mjs';

/** Which state of the tree is measured: its commit, if git knows it. */
function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: TOP,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}

/** Six digits say more than anybody measured. */
const short = (_key, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value);

/**
 * Puts sections' figures into a file, in the place of those that it had of them.
 * @param {string} file JSON, made where it is not there
 * @param {readonly { section: string, figures: unknown, load: number }[]} measured `load` is the computer's, before they were measured
 */
export function recordFigures(file, measured) {
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  for (const { section, figures, load } of measured) {
    kept[section] = {
      on: {
        day: new Date().toISOString().slice(0, 10),
        processor: cpus()[0]?.model.trim() ?? 'unknown',
        cores: availableParallelism(),
        node: process.versions.node,
        load,
        commit: commit(),
      },
      figures,
    };
  }
  writeFileSync(file, `${JSON.stringify(kept, short, 1)}\n`);
}
