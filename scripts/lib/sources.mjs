// What the bundles are made of, by content: a checkout or a copy gives files new times and changes nothing.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TOP } from './paths.mjs';

/** A file as it was seen. @typedef {{ time: number, size: number, hash: string }} Seen */

/** Beside the bundles, what they were made of; it is not there while they are being made. */
const RECORD = '.tangled/bundle/sources.json';
const FOLDERS = ['docs', 'src', 'scripts'];
const SOURCE = /\.(?:mdx|ts|mjs|json)$/;

/**
 * All chapters and source files, by path.
 * @param {string} top
 * @param {Record<string, Seen>} known what has been seen before: a file with the time and the size that it had then is not read again
 * @returns {Record<string, Seen>}
 */
export function lookAtSources(top = TOP, known = readRecord(top)) {
  const found = FOLDERS.flatMap((folder) => readdirSync(join(top, folder), { recursive: true }).map((name) => `${folder}/${name}`))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => SOURCE.test(path) && !/\.test\.ts$|\.fingerprint\.json$/.test(path))
    .sort();
  return Object.fromEntries(
    found.map((path) => {
      const { mtimeMs: time, size } = statSync(join(top, path));
      const before = known[path];
      if (before?.time === time && before.size === size) return [path, before];
      return [
        path,
        {
          time,
          size,
          hash: createHash('sha256')
            .update(readFileSync(join(top, path)))
            .digest('hex'),
        },
      ];
    }),
  );
}

/** @param {string} top @returns {Record<string, Seen>} */
function readRecord(top) {
  try {
    return JSON.parse(readFileSync(join(top, RECORD), 'utf8'));
  } catch {
    return {};
  }
}

/** Whether the bundles were made of what is there now. */
export function areBundlesFresh(top = TOP) {
  if (!existsSync(join(top, RECORD))) return false;
  const before = readRecord(top);
  const now = lookAtSources(top, before);
  const paths = Object.keys(now);
  const fresh = paths.length === Object.keys(before).length && paths.every((path) => before[path]?.hash === now[path].hash);
  // With the new times, so that nothing need be read the next time.
  if (fresh && paths.some((path) => before[path] !== now[path])) keepSources(now, top);
  return fresh;
}

/** The bundles are made of this. @param {Record<string, Seen>} sources */
export function keepSources(sources, top = TOP) {
  mkdirSync(dirname(join(top, RECORD)), { recursive: true });
  writeFileSync(join(top, RECORD), JSON.stringify(sources));
}

/** The bundles are about to be made of something else. */
export function forgetSources(top = TOP) {
  rmSync(join(top, RECORD), { force: true });
}
