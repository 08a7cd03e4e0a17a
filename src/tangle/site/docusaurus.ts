/** The tangler in a Docusaurus site: extracts when content is loaded, and gives each page its part of the chunk index. */
import type { LoadContext, Plugin } from '@docusaurus/types';
import { nodeFileSystem } from '../node/node.ts';
import { chapterName } from '../core/chunks.ts';
import { formatProblems } from '../core/problems.ts';
import { Tangler } from '../core/tangle.ts';
import type { ChunkIndex, TangleConfig } from '../core/types.ts';
import { PageIndexes } from './page_index.ts';
import { pageIndexFile } from './remark_annotate.ts';

/** The plugin's options. */
export interface TanglePluginOptions {
  config: TangleConfig;
}

/**
 * The plugin. Each chapter's page imports its own part of the index (see `remark_annotate.ts`), and pages that list the whole program
 * import `@generated/tangle/default/program.json`. Problems in the chapters stop a build, with all of them in the message; a running dev server shows them
 * and keeps the last good files.
 */
export default function tanglePlugin({ siteDir }: LoadContext, { config }: TanglePluginOptions): Plugin {
  const files = nodeFileSystem(siteDir);
  const tangler = new Tangler(files, config);
  return {
    name: 'tangle',
    async loadContent() {
      const { problems, index } = await tangler.tangle();
      if (problems.length > 0) throw new Error(`${formatProblems(problems, { read: (path) => tangler.fs.read(path) })}\n`);
      return index;
    },
    async contentLoaded({ content, actions }) {
      const indexes = new PageIndexes(content as ChunkIndex);
      const chapters = files
        .list(config.docs)
        .filter((path) => path.endsWith('.mdx'))
        .map((path) => [path, files.read(path) ?? ''] as const);
      const letters = config.parts.map(({ letter }) => letter);
      await actions.createData('program.json', indexes.ofProgram(chapters, letters));
      await actions.createData('names.json', indexes.ofNames());
      for (const [path, text] of chapters) {
        await actions.createData(pageIndexFile(chapterName(path, config)), indexes.ofChapter(path, text));
      }
    },
    getPathsToWatch() {
      return [`${siteDir}/${config.docs}/**/*.mdx`];
    },
  };
}
