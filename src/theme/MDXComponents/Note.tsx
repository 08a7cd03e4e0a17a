import type { ReactNode } from 'react';

/** A remark in the margin. A span, so that it may stand in the middle of a paragraph. */
export default function Note({ children }: { children: ReactNode }): ReactNode {
  return (
    <span className="note" role="note">
      {children}
    </span>
  );
}
