/** The other side's opinion: e2fsprogs, where they are installed. Tests that ask them skip where they are not. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FOLDERS = ['/usr/sbin', '/sbin', '/usr/local/sbin', '/usr/bin', '/opt/homebrew/opt/e2fsprogs/sbin', '/usr/local/opt/e2fsprogs/sbin'];

function find(name: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

const [E2FSCK, MKE2FS, DEBUGFS] = ['e2fsck', 'mke2fs', 'debugfs'].map(find);

/** Are they here? */
export const haveE2fsprogs = E2FSCK !== undefined && MKE2FS !== undefined && DEBUGFS !== undefined;

/** Runs a tool on an image in a file of its own. */
function onImage(
  tool: string | undefined,
  args: readonly string[],
  image: Uint8Array,
  input = '',
): { status: number | null; text: string; image: Uint8Array } {
  const folder = mkdtempSync(join(tmpdir(), 'lguest-ext2-'));
  try {
    const path = join(folder, 'image');
    writeFileSync(path, image);
    const { status, stdout, stderr } = spawnSync(tool ?? 'none', [...args, path], { encoding: 'utf8', input, cwd: folder });
    return { status, text: stdout + stderr, image: new Uint8Array(readFileSync(path)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What e2fsck finds wrong with an image; '' if nothing. Without it: ''. */
export function complaints(image: Uint8Array): string {
  if (!haveE2fsprogs) return '';
  const { status, text } = onImage(E2FSCK, ['-fn'], image);
  return status === 0 ? '' : text;
}

/** The image as e2fsck leaves it after repairing all it can. @throws Error if it cannot */
export function repaired(image: Uint8Array): Uint8Array {
  const { status, text, image: after } = onImage(E2FSCK, ['-fy'], image);
  if (status === null || (status & ~3) !== 0) throw new Error(`e2fsck: ${status}: ${text}`);
  return after;
}

/** An image as mke2fs makes it. */
export function mke2fs(bytes: number, ...args: string[]): Uint8Array {
  const { status, text, image } = onImage(MKE2FS, ['-q', '-F', ...args], new Uint8Array(bytes));
  if (status !== 0) throw new Error(`mke2fs: ${text}`);
  return image;
}

/** The image after some commands of debugfs, which may write. */
export function debugfs(image: Uint8Array, ...commands: string[]): { text: string; image: Uint8Array } {
  return onImage(DEBUGFS, ['-w', '-f', '-'], image, `${commands.join('\n')}\n`);
}
