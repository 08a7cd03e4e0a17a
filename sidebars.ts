import path from 'node:path';
import type { SidebarsConfig } from '@docusaurus/plugin-content-docs';

import { parts } from './src/theme/parts.ts';
import { chaptersOf } from './src/theme/tour_order.ts';

const docs = path.join(__dirname, 'docs');

const sidebars: SidebarsConfig = {
  tour: [
    { type: 'doc', id: 'introduction', label: 'Before we set out' },
    ...parts
      .map((part) => ({ part, items: chaptersOf(docs, part.folder) }))
      .filter(({ items }) => items.length > 0)
      .map(({ part: { letter, title }, items }) => ({
        type: 'category' as const,
        label: title,
        className: `part part-${letter.toLowerCase()}`,
        collapsed: true,
        items,
      })),
  ],
};

export default sidebars;
