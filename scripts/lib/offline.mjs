// The worker that keeps the site for reading offline: bundled with the list of all files of this build, each with the hash of its content.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { TOP } from './paths.mjs';

/** What a reader who is offline has no use for. */
const LEFT_OUT = /\.map$|\.zip$|\.pdf$|^img\/cards\/|^(?:robots|llms)\.txt$|^(?:sitemap|feed)\.xml$|^offline\.js$/;

/** All files of a built site that are kept. @param {string} folder @returns {{ url: string, revision: string }[]} */
export function editionOf(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => !LEFT_OUT.test(name) && statSync(join(folder, name)).isFile())
    .sort()
    .map((name) => ({
      url: name.split('/').map(encodeURIComponent).join('/'),
      revision: createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex')
        .slice(0, 20),
    }));
}

/** Writes the worker into a built site. @param {string} folder */
export async function writeOffline(folder) {
  await build({
    entryPoints: [`${TOP}/src/site/offline/worker.ts`],
    outfile: `${folder}/offline.js`,
    absWorkingDir: TOP,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    logLevel: 'silent',
    define: { EDITION: JSON.stringify(editionOf(folder)), 'process.env.NODE_ENV': '"production"' },
  });
}
