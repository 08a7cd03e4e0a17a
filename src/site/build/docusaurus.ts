/** What the built site gets beside its pages. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadContext, Plugin } from '@docusaurus/types';

import type { ChunkIndex } from '#tangle';
import { changes } from '../changes.ts';
import { FEED_FILE } from '../feed_file.ts';
import { SEARCH_FILE } from '../search/types.ts';
import { feedOf, llmsOf, robotsOf } from './found.ts';
import type { Told } from './found.ts';
import { moveLive } from './live_edition.ts';
import { readPages } from './read_pages.ts';
import { searchData } from './search_data.ts';

/** The plugin's options. */
export interface SitePluginOptions {
  /** The tangler's output folder, from the site's. */
  out: string;
  /** The parts of the tour, with the addresses of their chapters in the tour's order. */
  parts: readonly { folder: string; letter: string; title: string; chapters: readonly string[] }[];
  /** Chunks that pages show beside their own chapter. */
  excerpts: readonly string[];
}

/** Reads the pages once they are built, and writes what is made of them. */
export default function sitePlugin({ siteDir }: LoadContext, { out, parts, excerpts }: SitePluginOptions): Plugin {
  const readIndex = (): ChunkIndex => JSON.parse(readFileSync(join(siteDir, out, 'chunks.json'), 'utf8')) as ChunkIndex;
  return {
    name: 'site',
    async contentLoaded({ actions }) {
      const { chunks } = readIndex();
      const shown = excerpts.map((id) => {
        const chunk = chunks.find((one) => one.id === id);
        if (chunk === undefined) throw new Error(`There is no chunk ${id}, which the site's configuration wants to show.`);
        const { chapter, lines, lang, file } = chunk;
        const code = readFileSync(join(siteDir, chapter), 'utf8')
          .split(/\r\n|[\r\n]/)
          .slice(lines.from - 1, lines.to)
          .join('\n');
        return { id, chapter, line: lines.from, lang, file, code };
      });
      await actions.createData('excerpts.json', shown);
    },
    async postBuild({ outDir, siteConfig: { title, tagline, url, baseUrl, customFields } }) {
      moveLive(outDir, customFields?.live as string);
      const pages = readPages(outDir);
      const told: Told = { title, tagline, address: url + baseUrl };
      const write = (name: string, text: string): void => writeFileSync(join(outDir, name), text);
      write(SEARCH_FILE, JSON.stringify(searchData(pages, readIndex(), parts)));
      write(FEED_FILE, feedOf(told, changes, FEED_FILE));
      write('robots.txt', robotsOf(told));
      const first = pages.filter(({ path }) => ['', 'journeys/'].includes(path));
      const inOrder = parts.map(
        ({ title, chapters }) => [title, chapters.flatMap((path) => pages.find((page) => page.path === path) ?? [])] as const,
      );
      write('llms.txt', llmsOf(told, [['To begin with', first], ...inOrder]));
    },
  };
}
