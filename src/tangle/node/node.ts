/** The tangler's files on disk: bytes that are UTF-8, links that stay links, modes that stay as they are. */
import { isUtf8 } from 'node:buffer';
import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { FileFault, fileProblem } from '../core/files.ts';
import { splitLines, withoutMark } from '../core/lines.ts';
import type { FileSystem } from '../core/types.ts';

/** The files under a folder. Writing is atomic where it can be: whoever reads meanwhile sees the old text or the new one. */
export function nodeFileSystem(root: string): FileSystem {
  return {
    read(path) {
      const bytes = faulty(path, () => orMissing(() => readFileSync(join(root, path))));
      if (bytes === undefined) return undefined;
      if (!isUtf8(bytes)) throw notUtf8(path, bytes);
      return bytes.toString('utf8');
    },
    write(path, text) {
      faulty(path, () => writeFile(join(root, path), text));
    },
    remove(path) {
      faulty(path, () => rmSync(join(root, path), { force: true }));
      for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
        try {
          rmdirSync(join(root, folder));
        } catch {
          break; // not empty
        }
      }
    },
    list(folder) {
      const found: string[] = [];
      const visit = (path: string, above: readonly string[]): void => {
        const entries = faulty(path, () => orMissing(() => readdirSync(join(root, path), { withFileTypes: true })));
        for (const entry of entries ?? []) {
          const full = `${path}/${entry.name}`;
          if (!(entry.isDirectory() || (entry.isSymbolicLink() && isFolder(join(root, full))))) {
            if (!entry.name.endsWith('.tmp')) found.push(full);
            continue;
          }
          // A link may lead to a folder above itself.
          const real = realpathSync(join(root, full));
          if (!above.includes(real)) visit(full, [...above, real]);
        }
      };
      visit(folder, []);
      return found.sort();
    },
  };
}

/** Whether there is no such file. */
export function isMissing(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** What the system says of a file, in words. */
const REASONS: Record<string, [message: string, help: string]> = {
  EISDIR: ['this is a folder, where a file is to be', 'Move it away, or give the file another name.'],
  ERR_FS_EISDIR: ['this is a folder, where a file is to be', 'Move it away, or give the file another name.'],
  ENOTDIR: ['a file stands where one of its folders is to be', 'Move it away, or give the folder another name.'],
  EEXIST: ['a file stands where one of its folders is to be', 'Move it away, or give the folder another name.'],
  EACCES: ['this file may not be read or written', 'Look at its mode, and at its owner.'],
  EPERM: ['this file may not be read or written', 'Look at its mode, and at its owner.'],
  EROFS: ['this file may not be written', 'Its disk is mounted for reading only.'],
  ENOSPC: ['there is no room for this file', 'Make some on its disk.'],
  ELOOP: ['this link leads back to itself', 'Mend or remove it.'],
};

/** What work gives, or undefined when there is no such file. */
function orMissing<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether a link leads to a folder. One that leads nowhere, or round and round, is told when it is read. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Runs what the system may refuse. @throws FileFault */
function faulty<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FileFault) throw error;
    const { code = '', message } = error as { code?: string; message?: string };
    throw new FileFault(fileProblem(path, ...(REASONS[code] ?? [`this file cannot be read or written: ${message}`, 'Try it again.'])));
  }
}

/** The place of the first byte that is no UTF-8. */
function notUtf8(path: string, bytes: Buffer): FileFault {
  const lenient = bytes.toString('utf8');
  const again = Buffer.from(lenient);
  let at = 0;
  while (bytes[at] === again[at]) at++;
  // What stands before it is whole characters: a replacement begins where the others end.
  const lines = splitLines(
    withoutMark(
      bytes
        .subarray(0, at)
        .toString('utf8')
        .replace(/\ufffd+$/, ''),
    ),
  );
  const byte = bytes[at].toString(16).padStart(2, '0');
  const help = 'Save the file as UTF-8: its editor may have taken it for Latin-1.';
  return new FileFault(fileProblem(path, `the byte ${byte} here is no UTF-8`, help, lines.length, lines[lines.length - 1].length + 1));
}

/** Writes through links, with the mode that the file has. */
function writeFile(path: string, text: string): void {
  const target = throughLinks(path);
  mkdirSync(dirname(target), { recursive: true });
  const before = statSync(target, { throwIfNoEntry: false });
  if (before) accessSync(target, constants.W_OK);
  // A new file in the old one's place would have other names and another owner.
  if (before && (before.nlink > 1 || before.uid !== (process.getuid?.() ?? before.uid))) {
    writeFileSync(target, text);
    return;
  }
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text);
    if (before) chmodSync(temporary, before.mode & 0o7777);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The file that links lead to, even one that is not there yet. */
function throughLinks(path: string): string {
  let target = path;
  for (let steps = 0; steps < 40; steps++) {
    if (!lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink()) return target;
    target = resolve(dirname(target), readlinkSync(target));
  }
  throw Object.assign(new Error('too many links'), { code: 'ELOOP' });
}
