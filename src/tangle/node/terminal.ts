/** Problems on a terminal: with the lines that are spoken of, and in colour where there is any. */
import { guarded } from '../core/files.ts';
import type { FormatOptions } from '../core/problems.ts';
import type { FileSystem } from '../core/types.ts';

/** How to show problems on a stream. */
export function terminal(fs: FileSystem, stream: NodeJS.WriteStream): FormatOptions {
  const texts = new Map<string, string | undefined>();
  return {
    read: (file) => {
      if (!texts.has(file)) {
        texts.set(
          file,
          guarded([], () => fs.read(file)),
        );
      }
      return texts.get(file);
    },
    colours: stream.isTTY && (process.env.NO_COLOR ?? '') === '',
  };
}
