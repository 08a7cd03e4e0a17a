import type { ReactNode } from 'react';

import type { WorldName } from '#live';

/** A step of a journey. Where it is, is said as for a moment; it comes behind the step before. */
export interface StepProps {
  /** Who is at work there. */
  who: WorldName;
  at: string;
  line?: string;
  when?: string;
  hit?: number;
  title: string;
  /** What to look at, in a few words. */
  look: string;
  /** Told by the build. */
  moment?: string;
  children: ReactNode;
}

/** A journey draws its steps; alone, one is its words. */
export default function Step({ children }: StepProps): ReactNode {
  return children;
}
