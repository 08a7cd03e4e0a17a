import { fstatSync, readFileSync } from 'node:fs';
import type { Keyboard } from '../host.ts';

/** `/dev/null` on Linux: major 1, minor 3. */
const NULL_DEVICE = 0x103;

/** Standard input; null where nobody can type. */
export function openStdin(): Keyboard | null {
  let stat;
  try {
    stat = fstatSync(0);
  } catch {
    return null;
  }
  if (stat.isCharacterDevice() && stat.rdev === NULL_DEVICE) return null;
  return stat.isFile() ? new FileInput() : new StreamInput();
}

/** A file: all is typed at once, so that the run does not depend on the moment. */
class FileInput implements Keyboard {
  readonly isTty = false;

  open(type: (bytes: Uint8Array) => void, end: () => void): void {
    const bytes = readFileSync(0);
    if (bytes.length > 0) type(new Uint8Array(bytes));
    end();
  }

  close(): void {}
}

/** A terminal or a pipe. */
class StreamInput implements Keyboard {
  readonly isTty = process.stdin.isTTY;
  #open = false;

  open(type: (bytes: Uint8Array) => void, end: () => void): void {
    this.#open = true;
    if (this.isTty) process.stdin.setRawMode(true);
    let ended = false;
    const endOnce = (): void => {
      if (!ended) end();
      ended = true;
    };
    process.stdin.on('data', (bytes: Buffer) => type(new Uint8Array(bytes)));
    process.stdin.once('end', endOnce);
    process.stdin.once('close', endOnce);
    process.stdin.once('error', endOnce);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.isTty) process.stdin.setRawMode(false);
    for (const event of ['data', 'end', 'close', 'error']) process.stdin.removeAllListeners(event);
    process.stdin.on('error', () => {});
    process.stdin.pause();
    process.stdin.unref?.();
  }
}
