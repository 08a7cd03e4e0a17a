/** Files that the reader chose: read in pieces, and with a sentence where they cannot be. A browser names a dropped folder like a file, and finds out only when it reads. */

/** Bytes: no kernel and no RAM disk comes near, and no browser has room for more in one piece. */
const MOST = 2 ** 31 - 1;
/** Bytes between two words about progress. */
const PIECE = 1 << 20;

/** A piece of a file. @throws Error with a sentence for the reader */
export async function pieceOf(file: File, from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.slice(from, to).arrayBuffer());
  } catch (error) {
    throw new Error(`${file.name} cannot be read: it is a folder, or it was moved, changed or deleted since it was chosen`, {
      cause: error,
    });
  }
}

/** All of a file. @param heard is told how many bytes are there already. @throws Error with a sentence for the reader */
export async function wholeOf(file: File, heard: (done: number) => void = () => {}): Promise<Uint8Array> {
  if (file.size === 0) throw new Error(`${file.name} is empty`);
  if (file.size > MOST) throw new Error(`${file.name} has ${(file.size / 2 ** 30).toFixed(1)} GB, and 2 are the most`);
  // Before there is room for all of it: a folder has a size, too.
  await pieceOf(file, 0, 1);
  const bytes = new Uint8Array(file.size);
  for (let at = 0; at < file.size; at += PIECE) {
    bytes.set(await pieceOf(file, at, at + PIECE), at);
    heard(Math.min(file.size, at + PIECE));
  }
  return bytes;
}
