/**
 * What the Guests run is one edition: the worker, the machine, lguest, the scenes and the lists of lines belong together, and ask for each other by name. So they lie in one
 * folder, which is named by the hash of all that is in it: an edition never changes, and a page that was opened before another was published never meets half of that.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const LIVE = 'live';
/** What readers download by a name that stays, as it is one file. */
const APART = /\.zip$/;

/** The files of the edition, below a folder with all of them, in order. */
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !APART.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();

/**
 * The folder of the built site in which what the Guests run will be, from the site's root: `live/0123456789abcdef/`.
 * @param folder where it is before the build
 */
export function liveFolder(folder: string): string {
  const hash = createHash('sha256');
  for (const name of filesOf(folder)) {
    const content = readFileSync(join(folder, name));
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return `${LIVE}/${hash.digest('hex').slice(0, 16)}/`;
}

/**
 * Moves what the Guests run to its edition's folder.
 * @param site the built site, with `live/` as the static files have it
 * @param to its folder, from the site's root: see {@link liveFolder}
 */
export function moveLive(site: string, to: string): void {
  const from = join(site, LIVE);
  if (!existsSync(from)) return;
  const names = readdirSync(from).filter((name) => !APART.test(name) && !`${to}/`.startsWith(`${LIVE}/${name}/`));
  mkdirSync(join(site, to), { recursive: true });
  for (const name of names) renameSync(join(from, name), join(site, to, name));
}
