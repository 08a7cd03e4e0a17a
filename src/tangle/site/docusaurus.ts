/** The tangler in a Docusaurus site: extracts when content is loaded, and gives every page the chunk index. */
import type { LoadContext, Plugin } from '@docusaurus/types';
import { nodeFileSystem } from '../node/node.ts';
import { formatProblem } from '../core/problems.ts';
import { siteIndex } from '../core/site_index.ts';
import { Tangler } from '../core/tangle.ts';
import type { ChunkIndex, TangleConfig } from '../core/types.ts';

/** The plugin's options. */
export interface TanglePluginOptions {
  config: TangleConfig;
}

/**
 * The plugin. Pages read its data with `usePluginData('tangle') as SiteIndex`. Problems in the chapters stop a
 * build, with all of them in the message; a running dev server shows them and keeps the last good files.
 */
export default function tanglePlugin({ siteDir }: LoadContext, { config }: TanglePluginOptions): Plugin {
  const tangler = new Tangler(nodeFileSystem(siteDir), config);
  return {
    name: 'tangle',
    async loadContent() {
      const { problems, index } = await tangler.tangle();
      if (problems.length > 0) throw new Error(`${problems.map(formatProblem).join('\n')}\n`);
      return index;
    },
    contentLoaded({ content, actions }) {
      actions.setGlobalData(siteIndex(content as ChunkIndex));
    },
    getPathsToWatch() {
      return [`${siteDir}/${config.docs}/**/*.mdx`];
    },
  };
}
