/** Said to a reader who boots their first Guests, and then no more: what can be done. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';

import { recall, remember } from '../page/remembered.ts';

/** To how many Guests it is said, unless the reader has had enough of it before. */
const TIMES = 3;

export default function Hint(): ReactNode {
  const [shown, setShown] = useState(() => Number(recall('hints', '0')) < TIMES);
  useEffect(() => {
    if (shown) remember('hints', String(Number(recall('hints', '0')) + 1));
    // Only when the Guest is booted.
  }, []);
  if (!shown) return null;
  return (
    <aside className="hint" aria-label="What you can do">
      <p>
        <span className="hint__more">Time is yours here. </span>
        <b>Back</b> takes back one instruction
        <span className="hint__more">, however far the run has come</span>; a click left of a line stops runs there
        <span className="hint__more">, on the way and back</span>; <b>Speed</b> says how fast; <kbd>?</kbd> shows the rest.
      </p>
      <button
        type="button"
        onClick={() => {
          remember('hints', String(TIMES));
          setShown(false);
        }}
      >
        Got it
      </button>
    </aside>
  );
}
