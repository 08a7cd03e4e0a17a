// What the bundles are made of, by content: a checkout or a copy gives files new times and changes nothing.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TOP } from './paths.mjs';

/** A file as it was seen. @typedef {{ time: number, size: number, hash: string }} Seen */

/** Beside the bundles, what they were made of; it is not there while they are being made. */
const RECORD = '.tangled/bundle/sources.json';
const FOLDERS = ['docs', 'src', 'scripts'];
/** Milliseconds that a file system's clock may stand still. */
const TICK = 100;
const SOURCE = /\.(?:mdx|ts|mjs|json)$/;

/**
 * What is seen of a checkout: its chapters and source files, and the times of its folders, which change with what comes and goes in them.
 * @typedef {{ files: Record<string, Seen>, folders: Record<string, number> }} Sources
 */

/**
 * All chapters and source files, by path.
 * @param {string} top
 * @param {Sources} known what has been seen before: a file with the time and the size that it had then is not read again
 * @returns {Sources}
 */
export function lookAtSources(top = TOP, known = readRecord(top)) {
  /** @type {Sources} */
  const { files, folders } = { files: {}, folders: {} };
  /** @param {string} folder */
  const walk = (folder) => {
    folders[folder] = statSync(join(top, folder)).mtimeMs;
    for (const entry of readdirSync(join(top, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (SOURCE.test(path) && !/\.test\.ts$|\.fingerprint\.json$/.test(path)) files[path] = look(join(top, path), known.files[path]);
    }
  };
  FOLDERS.forEach(walk);
  return { files, folders };
}

/** @param {string} path @param {Seen | undefined} before @returns {Seen} */
function look(path, before) {
  const { mtimeMs: time, size } = statSync(path);
  if (before?.time === time && before.size === size) return before;
  return { time, size, hash: createHash('sha256').update(readFileSync(path)).digest('hex') };
}

/** @param {string} top @returns {Sources} */
function readRecord(top) {
  try {
    const { files, folders } = JSON.parse(readFileSync(join(top, RECORD), 'utf8'));
    return { files: files ?? {}, folders: folders ?? {} };
  } catch {
    return { files: {}, folders: {} };
  }
}

/**
 * Nothing has another time than in the record: then nobody need look into folders and files. A folder that changed shortly before the record was written may have
 * changed again within its clock's tick.
 * @param {string} top @param {Sources} before
 */
function isUntouched(top, { files, folders }) {
  const written = statSync(join(top, RECORD)).mtimeMs;
  /** @param {string} path */
  const now = (path) => statSync(`${top}/${path}`, { throwIfNoEntry: false });
  return (
    Object.entries(folders).every(([path, time]) => time < written - TICK && now(path)?.mtimeMs === time) &&
    Object.entries(files).every(([path, { time, size }]) => {
      const seen = now(path);
      return seen?.mtimeMs === time && seen.size === size;
    })
  );
}

/** Whether the bundles were made of what is there now. */
export function areBundlesFresh(top = TOP) {
  if (!existsSync(join(top, RECORD))) return false;
  const before = readRecord(top);
  if (Object.keys(before.folders).length > 0 && isUntouched(top, before)) return true;
  const now = lookAtSources(top, before);
  const paths = Object.keys(now.files);
  const fresh =
    paths.length === Object.keys(before.files).length && paths.every((path) => before.files[path]?.hash === now.files[path].hash);
  // With the new times, so that nothing need be looked for the next time.
  if (fresh) keepSources(now, top);
  return fresh;
}

/** The bundles are made of this. @param {Sources} sources */
export function keepSources(sources, top = TOP) {
  mkdirSync(dirname(join(top, RECORD)), { recursive: true });
  writeFileSync(join(top, RECORD), JSON.stringify(sources));
}

/** The bundles are about to be made of something else. */
export function forgetSources(top = TOP) {
  rmSync(join(top, RECORD), { force: true });
}
