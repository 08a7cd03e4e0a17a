/** For tools that read extracted files: where in the chapters a place in one was written. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { mapPosition } from '../core/maps.ts';
import type { ChunkIndex, Position } from '../core/types.ts';

/**
 * Makes a function that leads from a place in an extracted file (its path inside the output folder) to the chapter; places that no chunk has, stay.
 * @param out The output folder, whose index is read when it is first asked for, and again whenever it was written anew.
 */
export function chapterPlaces(out: string): (file: string, line: number, column: number) => Position {
  const path = join(out, 'chunks.json');
  let index: ChunkIndex | null = null;
  let time = 0;
  return (file, line, column) => {
    const written = existsSync(path) ? statSync(path).mtimeMs : 0;
    if (written !== time) {
      index = written === 0 ? null : (JSON.parse(readFileSync(path, 'utf8')) as ChunkIndex);
      time = written;
    }
    return (index && mapPosition(index, file, line, column)) ?? { file, line, column };
  };
}
