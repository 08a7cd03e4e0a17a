/** Whole files, as kernels, RAM disks and recordings are read, and what is said of those that are none. */
import { readFileSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';

/** Bytes: no more fit into one array of Node's, and none of what is read here comes near. */
const MOST = 2 ** 31 - 1;

/** Why a file cannot be had, to stand behind its name. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  EACCES: 'permission denied',
  EPERM: 'the system does not permit it',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many files are open',
  EROFS: 'it lies on a read-only file system',
};

/** What an error of Node's file functions means, in words that stand behind a file's name; any other error's own message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return REASONS['code' in error ? String(error.code) : ''] ?? error.message;
}

/** What there is in the place of a file, in words; undefined for a file. */
export function otherThanFile(stat: Stats): string | undefined {
  if (stat.isDirectory()) return REASONS.EISDIR;
  if (stat.isFIFO()) return 'it is a pipe, not a file: write what comes out of it to a file first';
  if (stat.isSocket()) return 'it is a socket, not a file';
  if (stat.isCharacterDevice() || stat.isBlockDevice()) return 'it is a device, not a file';
  return undefined;
}

/** All bytes of a file; undefined where there is none of that name. @throws Error with a reason that stands behind the name, where there is one and it cannot be read */
export function readWhole(path: string): Uint8Array | undefined {
  try {
    const stat = statSync(path);
    const other =
      otherThanFile(stat) ?? (stat.size > MOST ? `it has ${(stat.size / 2 ** 30).toFixed(1)} GB, and 2 are the most` : undefined);
    if (other !== undefined) throw new Error(other);
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(reasonOf(error), { cause: error });
  }
}
