/** A link was to bring a Guest, and cannot be read. */
import { useState } from 'react';
import type { ReactNode } from 'react';

export default function UnreadLink(): ReactNode {
  const [shown, setShown] = useState(true);
  if (!shown) return null;
  return (
    <div className="mishap mishap--at-foot" role="alert">
      <p>
        This link was to open a Guest at a moment of its run, but it is damaged, or lost its end on the way: copy the whole of it, or ask
        for it anew. The page does not mind.
      </p>
      <p>
        <button type="button" onClick={() => setShown(false)}>
          Read on without it
        </button>
      </p>
    </div>
  );
}
