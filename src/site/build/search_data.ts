/** What the reader can search: made of the built pages and of the tangler's index. */
import type { ChunkIndex } from '#tangle';
import type { SearchData } from '../search/types.ts';
import type { ReadPage } from './read_pages.ts';

/** Pages that are lists of names already: their text would be found in place of what they list. */
const LISTS = /^(?:markers|program|identifiers)\//;
const REFERENCE = /^api\//;

/**
 * @param pages all pages of the site
 * @param parts folder and letter of each part of the tour
 */
export function searchData(
  pages: readonly ReadPage[],
  index: ChunkIndex,
  parts: readonly { folder: string; letter: string }[],
): SearchData {
  const partOf = (path: string): string => parts.find(({ folder }) => path.startsWith(`${folder}/`))?.letter ?? '';
  const pageOf = new Map(pages.flatMap(({ chunks }, n) => chunks.map((id) => [id, n] as const)));
  const fileOf = new Map(index.chunks.map(({ id, file }) => [id, file ?? '']));
  const prose = pages.map((page, n) => ({ ...page, n })).filter(({ path }) => !REFERENCE.test(path) && !LISTS.test(path));
  return {
    pages: pages.map(({ path, title }) => ({ path, title, part: partOf(path) })),
    sections: prose.flatMap(({ n, sections }) => sections.map(({ heading, anchor, text }) => [n, heading, anchor, text] as const)),
    markers: index.markers.flatMap(({ marker, chunks }) => {
      const first = chunks.find((id) => pageOf.has(id));
      return first === undefined ? [] : [[marker, pageOf.get(first) ?? 0, fileOf.get(first) ?? ''] as const];
    }),
    names: index.identifiers.flatMap(({ name, definedIn, file }) => {
      const page = pageOf.get(definedIn);
      return page === undefined ? [] : [[name, definedIn, page, file] as const];
    }),
    reference: pages.flatMap(({ path, sections }, n) =>
      REFERENCE.test(path)
        ? sections.flatMap(({ heading, anchor, level }) =>
            level === 3 && anchor !== '' ? [[heading.replace(/\(\)$|<.*$/, ''), n, anchor] as const] : [],
          )
        : [],
    ),
  };
}
