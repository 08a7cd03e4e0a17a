/** Reads the chapters, parsing only what changed: in this process, or in another that left its notes. */
import type { Chapter } from './chunks.ts';
import { fileProblem, guarded } from './files.ts';
import { splitLines, withoutMark } from './lines.ts';
import { loadParser } from './parse.ts';
import type { ChapterParser, ParsedChapter } from './parse.ts';
import { contentHash } from './text.ts';
import type { FileSystem, Problem, TangleConfig } from './types.ts';

const CACHE_VERSION = 4;

interface CacheFile {
  version: number;
  chapters: Record<string, { hash: string; parsed: ParsedChapter }>;
}

/** A chapter, and what tells its text from another. */
interface ReadChapter extends Chapter {
  hash: string;
}

/** A fence with a marker where no chapter is. */
const CHUNK = /^[ \t>]*(?:`{3,}|~{3,})[ \t]*[a-z]+[ \t]+[A-Z]:\d{3}\b/m;

/** Files of prose: chapters, and what somebody may take for one. */
const PROSE = /\.(?:mdx?|markdown)$/i;

/** Reads a project's chapters again and again. */
export class ChapterReader {
  readonly #config: TangleConfig;
  #parser: ChapterParser | null = null;
  #known = new Map<string, ReadChapter>();

  constructor(config: TangleConfig) {
    this.#config = config;
  }

  /** All chapters by path, and what is wrong with the files as such. */
  async read(fs: FileSystem): Promise<{ chapters: Chapter[]; problems: Problem[] }> {
    const { docs, out } = this.#config;
    const cachePath = `${out}/cache/chapters.json`;
    const problems: Problem[] = [];
    const chapters = new Map<string, ReadChapter>();
    let cache: CacheFile['chapters'] | null = null;
    let parsedAny = false;
    for (const path of guarded(problems, () => fs.list(docs)) ?? []) {
      const raw = PROSE.test(path) ? guarded(problems, () => fs.read(path) ?? null) : undefined;
      if (raw === undefined) continue;
      if (raw === null) {
        problems.push(fileProblem(path, 'this file is not there', 'It is a link that leads nowhere: mend or remove it.'));
        continue;
      }
      const text = withoutMark(raw);
      if (!path.endsWith('.mdx')) {
        const chunk = CHUNK.exec(text);
        if (chunk) {
          const line = splitLines(text.slice(0, chunk.index + chunk[0].length)).length;
          problems.push(fileProblem(path, 'a chunk in a file that is no chapter', 'Give the file a name that ends in .mdx.', line));
        }
        continue;
      }
      const known = this.#known.get(path);
      if (known?.text === text) {
        chapters.set(path, known);
        continue;
      }
      const hash = contentHash(text);
      // Another process that watches the chapters may have parsed this text already.
      cache ??= readCache(guarded([], () => fs.read(cachePath)));
      let parsed = cache[path]?.hash === hash ? cache[path].parsed : undefined;
      if (!parsed) {
        this.#parser ??= await loadParser();
        parsed = this.#parser(path, text);
        parsedAny = true;
      }
      chapters.set(path, { path, text, lines: splitLines(text), parsed, hash });
    }
    this.#known = chapters;
    if (chapters.size === 0 && problems.length === 0) {
      problems.push(fileProblem(docs, 'there are no chapters here', 'Chapters are files that end in .mdx, in this folder or below it.'));
    }
    if (parsedAny) {
      const kept = Object.fromEntries([...chapters].map(([path, { hash, parsed }]) => [path, { hash, parsed }]));
      guarded(problems, () => fs.write(cachePath, JSON.stringify({ version: CACHE_VERSION, chapters: kept } satisfies CacheFile)));
    }
    return { chapters: [...chapters.values()], problems };
  }
}

function readCache(text: string | undefined): CacheFile['chapters'] {
  if (text === undefined) return {};
  try {
    const cache = JSON.parse(text) as CacheFile;
    return cache.version === CACHE_VERSION ? cache.chapters : {};
  } catch {
    return {}; // a cut-off cache is no cache
  }
}
