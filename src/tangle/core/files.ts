/** Reading and writing, with what goes wrong as problems. */
import type { FileSystem, Problem } from './types.ts';

/** Thrown by a {@link FileSystem} where a file cannot be read or written as it should: the problem to show. */
export class FileFault extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** A problem with a file as such. */
export function fileProblem(file: string, message: string, help: string, line = 1, column = 1): Problem {
  return { file, line, column, length: 0, code: 'unreadable-file', message, help };
}

/** Runs what reads or writes files; a fault is added to the problems, and `undefined` comes back. */
export function guarded<T>(problems: Problem[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    problems.push(error.problem);
    return undefined;
  }
}

/** A file system in which some files have another text: what would be, before anything is written. */
export function overlay(fs: FileSystem, texts: ReadonlyMap<string, string>): FileSystem {
  return { ...fs, read: (path) => texts.get(path) ?? fs.read(path) };
}
