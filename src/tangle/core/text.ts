/** Small text helpers. */
import type { ChunkIndex } from './types.ts';

/** A 53-bit hash of a text (two multiplicative hashes side by side): enough to tell versions of a file apart. */
export function contentHash(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (b >>> 0).toString(16).padStart(8, '0') + (a >>> 0).toString(16).padStart(8, '0');
}

/** The index as JSON, one entry to a line, so that two versions compare well. */
export function printIndex(index: ChunkIndex): string {
  const list = (entries: readonly unknown[]): string =>
    entries.length === 0 ? '[]' : `[\n${entries.map((entry) => `  ${JSON.stringify(entry)}`).join(',\n')}\n ]`;
  return `{
 "version": ${index.version},
 "with": ${JSON.stringify(index.with)},
 "chunks": ${list(index.chunks)},
 "markers": ${list(index.markers)},
 "identifiers": ${list(index.identifiers)},
 "files": ${list(index.files)}
}
`;
}
