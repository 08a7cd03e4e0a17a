/** The tangler on Node: files on disk, and watching them. The folder's second door; {@link ./index.ts} is the first. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, watch as watchFolder, writeFileSync } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileSystem } from '../core/types.ts';

/** The files under a folder. Writing is atomic: whoever reads meanwhile sees the old text or the new one. */
export function nodeFileSystem(root: string): FileSystem {
  return {
    read(path) {
      try {
        return readFileSync(join(root, path), 'utf8');
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    write(path, text) {
      const target = join(root, path);
      mkdirSync(dirname(target), { recursive: true });
      const temporary = `${target}.${process.pid}.tmp`;
      writeFileSync(temporary, text);
      renameSync(temporary, target);
    },
    remove(path) {
      rmSync(join(root, path), { force: true });
      for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
        try {
          rmdirSync(join(root, folder));
        } catch {
          break; // not empty
        }
      }
    },
    list(folder) {
      const found: string[] = [];
      const visit = (path: string): void => {
        let entries;
        try {
          entries = readdirSync(join(root, path), { withFileTypes: true });
        } catch (error) {
          if (isMissing(error)) return;
          throw error;
        }
        for (const entry of entries) {
          if (entry.isDirectory()) visit(`${path}/${entry.name}`);
          else if (!entry.name.endsWith('.tmp')) found.push(`${path}/${entry.name}`);
        }
      };
      visit(folder);
      return found.sort();
    },
  };
}

function isMissing(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/**
 * Calls `changed` a little after the last of a burst of changes in a folder or below it. One watcher a folder: Node's
 * own recursive watching on Linux goes deaf to a file that an editor replaced instead of writing into it.
 * @param delay Milliseconds without a change that end a burst.
 * @returns A function that stops watching.
 */
export function watchTree(root: string, folder: string, changed: () => void, delay = 15): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watchers = new Map<string, FSWatcher>();
  const follow = (): void => {
    const folders = new Set(foldersBelow(join(root, folder)));
    for (const [path, watcher] of watchers) {
      if (folders.has(path)) continue;
      watcher.close();
      watchers.delete(path);
    }
    for (const path of folders) {
      if (watchers.has(path)) continue;
      try {
        watchers.set(
          path,
          watchFolder(path, soon).on('error', () => watchers.delete(path)),
        );
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      follow();
      changed();
    }, delay);
  };
  follow();
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
  };
}

function foldersBelow(path: string): string[] {
  try {
    const below = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [path, ...below.flatMap(({ name }) => foldersBelow(join(path, name)))];
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
