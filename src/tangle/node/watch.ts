/** Watching the chapters. */
import { readdirSync, realpathSync, statSync, watch as watchFolder } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMissing } from './node.ts';

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

/** A folder and those below it, through links; and those that hold what links in them lead to. */
function foldersBelow(top: string): string[] {
  const found = new Set<string>();
  const visit = (path: string): void => {
    let entries;
    try {
      if (found.has(realpathSync(path))) return;
      found.add(realpathSync(path));
      entries = readdirSync(path, { withFileTypes: true });
    } catch (error) {
      if (isMissing(error)) return;
      throw error;
    }
    for (const entry of entries) {
      const full = join(path, entry.name);
      if (entry.isDirectory()) visit(full);
      else if (entry.isSymbolicLink()) {
        const target = statSync(full, { throwIfNoEntry: false });
        if (target?.isDirectory()) visit(full);
        else if (target) found.add(dirname(realpathSync(full)));
      }
    }
  };
  visit(top);
  return [...found];
}
