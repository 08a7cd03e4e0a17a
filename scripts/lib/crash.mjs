// Where a command died, in chapters' and sources' lines. The engine's own way reads every map at the start, whether anything fails or not.
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** From now on, what ends the process uncaught tells of source lines. */
export function mapOnCrash() {
  process.on('uncaughtExceptionMonitor', (thrown) => {
    if (thrown instanceof Error && thrown.stack !== undefined) thrown.stack = mapStack(thrown.stack);
  });
}

/** A stack with each place in a bundle replaced by the one that the bundle's map tells. @param {string} stack */
export function mapStack(stack) {
  /** @type {Map<string, SourceMap | null>} */
  const maps = new Map();
  return stack.replace(/(file:\/\/[^\s()]+):(\d+):(\d+)/g, (place, url, line, column) => {
    const path = fileURLToPath(url);
    let map = maps.get(path);
    if (map === undefined)
      maps.set(path, (map = existsSync(`${path}.map`) ? new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8'))) : null));
    const entry = map?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !('originalSource' in entry)) return place;
    return `${resolve(dirname(path), entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}
