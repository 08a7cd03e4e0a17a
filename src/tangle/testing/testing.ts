/** A project in memory, for tests. */
import { formatProblem, formatProblems } from '../core/problems.ts';
import { Tangler } from '../core/tangle.ts';
import type { TangleOptions, TangleResult } from '../core/tangle.ts';
import type { FileSystem, Problem, TangleConfig } from '../core/types.ts';

/** A tour with two parts, and a third that holds patches. */
export const testConfig: TangleConfig = {
  docs: 'docs',
  out: '.tangled',
  parts: [
    { letter: 'P', folder: 'preparation' },
    { letter: 'H', folder: 'host' },
    { letter: 'S', folder: 'switcher' },
    { letter: 'M', folder: 'mastery' },
  ],
  anywhere: ['P'],
  importPrefix: '#tangled/',
  reserved: ['bin', 'bundle'],
  built: ['.elf'],
  commands: { tangle: 'tangle', untangle: 'untangle', force: 'tangle --force' },
};

/** Files in a map, which also counts what is written. */
export interface MemoryFileSystem extends FileSystem {
  files: Map<string, string>;
  /** Paths in the order they were written. */
  writes: string[];
}

/** An in-memory file system. */
export function memoryFileSystem(files: Record<string, string>): MemoryFileSystem {
  const map = new Map(Object.entries(files));
  const writes: string[] = [];
  return {
    files: map,
    writes,
    read: (path) => map.get(path),
    write: (path, text) => {
      map.set(path, text);
      writes.push(path);
    },
    remove: (path) => void map.delete(path),
    list: (folder) => [...map.keys()].filter((path) => path.startsWith(`${folder}/`)).sort(),
  };
}

/** A project in memory with its tangler. */
export interface TestProject {
  fs: MemoryFileSystem;
  tangler: Tangler;
  /** Tangles; throws with the problems' text when there are some. */
  tangle(options?: TangleOptions): Promise<TangleResult>;
  /** The problems of a run. */
  problems(options?: TangleOptions): Promise<Problem[]>;
  /** The problems' text, without their way out. */
  messages(options?: TangleOptions): Promise<string[]>;
  /** An extracted file without its map; lines joined by newlines. */
  text(path: string): string;
}

/** Makes a project from chapters and other files. */
export function project(files: Record<string, string>): TestProject {
  const fs = memoryFileSystem(files);
  const tangler = new Tangler(fs, testConfig);
  const problems = async (options?: TangleOptions): Promise<Problem[]> => (await tangler.tangle(options)).problems;
  return {
    fs,
    tangler,
    problems,
    messages: async (options) => (await problems(options)).map((problem) => formatProblem(problem).split('\n')[0]),
    async tangle(options) {
      const result = await tangler.tangle(options);
      if (result.problems.length > 0) throw new Error(formatProblems(result.problems));
      return result;
    },
    text: (path) => (fs.read(`.tangled/${path}`) ?? '').replace(/\/\/# sourceMappingURL=.*\n$/, ''),
  };
}

/** A fence: `fence('ts H:100 file=a.ts', 'line', …)`. */
export function fence(info: string, ...lines: string[]): string {
  return ['```' + info, ...lines, '```', ''].join('\n');
}
