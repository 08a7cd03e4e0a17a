/** A saved world as a file of the reader's: page and worker read its first line alike. */
import { LONGEST_HEAD, readHead, SAVED_SUFFIX, SavedMisfit } from '../world/saved/head.ts';
import type { SavedHead } from '../world/saved/head.ts';
import { areBreakpoints, areNotes, isTexts } from './whole.ts';

export type { SavedHead };

/** What a file says of itself, and where the rest of it begins. @throws SavedMisfit */
export async function headOfFile(file: Blob): Promise<{ readonly head: SavedHead; readonly bodyAt: number }> {
  const bytes = new Uint8Array(await file.slice(0, LONGEST_HEAD).arrayBuffer());
  const end = bytes.indexOf(0x0a);
  if (end < 0) throw new SavedMisfit('this is no saved run; choose a file that “Save this run” or --save has written');
  const head = readHead(new TextDecoder().decode(bytes.subarray(0, end)));
  const wrong = wrongIn(head.page);
  if (wrong !== undefined) throw new SavedMisfit(`this saved run is damaged: its ${wrong} are not whole; save or fetch it again`);
  return { head, bodyAt: end + 1 };
}

/** What the page may have had beside its world, and whether it is whole. */
const BESIDE = { breakpoints: areBreakpoints, notes: areNotes, panels: isTexts } as const;

function wrongIn(page: SavedHead['page']): string | undefined {
  return Object.entries(BESIDE).find(([name, isWhole]) => page[name] !== undefined && !isWhole(page[name]))?.[0];
}

/** The name of such a file. */
export function savedName(title: string): string {
  const words = title.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '');
  return `${words === '' ? 'world' : words}${SAVED_SUFFIX}`;
}
