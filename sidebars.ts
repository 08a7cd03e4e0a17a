import path from 'node:path';
import type { SidebarsConfig } from '@docusaurus/plugin-content-docs';

import { appendix, parts, wayIn } from './src/theme/parts.ts';
import type { Outside } from './src/theme/parts.ts';
import { BEHIND, chaptersOf } from './src/theme/tour_order.ts';

type Item = Extract<SidebarsConfig[string], readonly unknown[]>[number];

const docs = path.join(__dirname, 'docs');

const sidebars: SidebarsConfig = {
  tour: [
    { type: 'doc', id: 'introduction', label: 'Welcome' },
    outside(wayIn),
    ...parts
      .map((part) => ({ part, items: chaptersOf(docs, part.folder) }))
      .filter(({ items }) => items.length > 0)
      .flatMap(({ part: { letter, title, folder }, items }) => [
        {
          type: 'category' as const,
          label: title,
          className: `part part-${letter.toLowerCase()}`,
          collapsed: true,
          items: grouped(items),
        },
        ...(BEHIND[folder] ?? []).map((page) => ({ type: 'doc' as const, ...page })),
      ]),
    outside(appendix),
  ],
};

/** Pages that belong to no part. */
function outside({ folder, title }: Outside): Item {
  return { type: 'category', label: title, className: 'outside', collapsed: true, items: chaptersOf(docs, folder).map(({ id }) => id) };
}

/** Neighbours of the same group become a list of their own. */
function grouped(chapters: ReturnType<typeof chaptersOf>): Item[] {
  const items: Item[] = [];
  const groups = new Map<string, string[]>();
  for (const { id, group } of chapters) {
    if (group === undefined) items.push(id);
    else {
      const members = groups.get(group);
      if (members) members.push(id);
      else {
        const first = [id];
        groups.set(group, first);
        items.push({ type: 'category', label: group, className: 'beyond', collapsed: true, items: first });
      }
    }
  }
  return items;
}

export default sidebars;
