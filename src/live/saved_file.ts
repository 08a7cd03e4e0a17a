/** A saved world as a file of the reader's: page and worker read its first line alike. */
import { LONGEST_HEAD, readHead, SAVED_SUFFIX, SavedMisfit } from '../world/saved/head.ts';
import type { SavedHead } from '../world/saved/head.ts';

export type { SavedHead };

/** What a file says of itself, and where the rest of it begins. @throws SavedMisfit */
export async function headOfFile(file: Blob): Promise<{ readonly head: SavedHead; readonly bodyAt: number }> {
  const bytes = new Uint8Array(await file.slice(0, LONGEST_HEAD).arrayBuffer());
  const end = bytes.indexOf(0x0a);
  if (end < 0) throw new SavedMisfit('this is no saved world; choose a file that “Save this world” or --save has written');
  return { head: readHead(new TextDecoder().decode(bytes.subarray(0, end))), bodyAt: end + 1 };
}

/** The name of such a file. */
export function savedName(title: string): string {
  const words = title.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '');
  return `${words === '' ? 'world' : words}${SAVED_SUFFIX}`;
}
