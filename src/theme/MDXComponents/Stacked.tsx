import { useState } from 'react';
import type { ReactNode } from 'react';

import { sceneUnder, titleUnder } from '#live';

import Guest from './Guest.tsx';
import { inOrder } from './stack.ts';
import StackSwitch from './StackSwitch.tsx';

interface StackedProps {
  scene: string;
  /** The scene's. */
  title: string;
}

/** A live Guest under whatever patches its reader chooses. They are woven in the page. */
export default function Stacked({ scene, title }: StackedProps): ReactNode {
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const inside = inOrder(chosen);
  const guest = sceneUnder(scene, inside);
  return (
    <div className="patched patched--stack">
      <StackSwitch chosen={chosen} choose={choose} />
      <Guest key={guest} scene={guest} title={titleUnder(title, inside)} />
    </div>
  );
}
