/** The tangler on Node: files on disk, and watching them. The folder's second door; {@link ./index.ts} is the first. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, watch as watchFolder, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileSystem } from './types.ts';

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
 * Calls `changed` a little after the last of a burst of changes below a folder.
 * @param delay Milliseconds without a change that end a burst.
 * @returns A function that stops watching.
 */
export function watchTree(root: string, folder: string, changed: () => void, delay = 15): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watchFolder(join(root, folder), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(changed, delay);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
