// What pages weigh: everything that their HTML asks for at once, as it comes over the wire.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { TOP } from './paths.mjs';

/** Kilobytes, compressed where that helps. */
const BUDGETS = { html: 60, script: 150, style: 40, font: 190 };
const PAGES = [
  '',
  'host/traps/',
  'launcher/',
  'guest/puppy_kernel/',
  'boot/',
  'markers/',
  'program/',
  'identifiers/',
  'api/host/page_tables/',
];
/** What is fetched when a Guest comes near: the processor, lguest, and what runs them. */
const GUEST = { files: ['worker.js', 'base.js', 'lguest.js'], budget: 200 };
/** What is fetched at the first search: the words of the whole book, so it grows with them. */
const SEARCH = { files: ['search.json'], budget: 360 };

const BUILD = `${TOP}/build`;
const BASE = process.env.SITE_BASE_URL ?? '/';

/** Kilobytes of a file on the wire. @param {string} path */
function weightOf(path) {
  const bytes = readFileSync(join(BUILD, path));
  return (/\.(?:woff2|png)$/.test(path) ? bytes : gzipSync(bytes)).length / 1000;
}

/** Files that a page's HTML names, by kind. @param {string} html */
export function namedIn(html, base = BASE) {
  const all = (pattern) =>
    [...new Set([...html.matchAll(pattern)].map(([, path]) => path))]
      .filter((path) => path.startsWith(base))
      .map((path) => path.slice(base.length));
  return {
    script: all(/<script[^>]* src="?([^\s">]+)/g),
    style: all(/<link[^>]* href="?([^\s">]+\.css)/g),
    font: all(/<link[^>]* href="?([^\s">]+\.woff2)/g),
  };
}

/** Prints what pages weigh. @returns {boolean} whether all is within its budget */
export function weigh() {
  let good = true;
  const tell = (what, weight, budget) => {
    if (weight > budget) good = false;
    return `${weight > budget ? '✗' : '✓'} ${what} ${weight.toFixed(0)}/${budget}`;
  };
  for (const page of PAGES) {
    const path = `${page}index.html`;
    const named = namedIn(readFileSync(join(BUILD, path), 'utf8'));
    const sum = (files) => files.reduce((all, file) => all + weightOf(file), 0);
    const weights = { html: weightOf(path), script: sum(named.script), style: sum(named.style), font: sum(named.font) };
    const told = Object.entries(BUDGETS).map(([kind, budget]) => tell(kind, weights[kind], budget));
    process.stdout.write(`/${page}: ${told.join('  ')} kB\n`);
  }
  const edition = readdirSync(join(BUILD, 'live')).find((name) => /^[0-9a-f]{16}$/.test(name));
  const guest = { ...GUEST, files: GUEST.files.map((file) => `live/${edition}/${file}`) };
  for (const [what, { files, budget }] of Object.entries({ 'a Guest': guest, 'a search': SEARCH }))
    process.stdout.write(
      `${tell(
        what,
        files.reduce((all, file) => all + weightOf(file), 0),
        budget,
      )} kB\n`,
    );
  return good;
}
