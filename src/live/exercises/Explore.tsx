/** Something to think about, or to try: nobody looks at what comes of it. */
import type { ReactNode } from 'react';

import Item from './Item.tsx';

export default function Explore({ id, title, children }: { id: string; title: string; children: ReactNode }): ReactNode {
  return (
    <Item id={id} title={title} kind="explore">
      {children}
    </Item>
  );
}
