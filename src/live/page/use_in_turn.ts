import { useEffect, useState } from 'react';

/** Milliseconds: who draws nothing (a page that is hidden) has no frames. */
const NO_FRAME = 100;

/**
 * How many of several things are to be there: at first the first, then each further one in a task of its own, behind a frame that shows what is there already. Once all are, whatever comes
 * later is there at once.
 * @param all how many there are; null: that is not known yet
 */
export function useInTurn(all: number | null): number {
  const [there, setThere] = useState(1);
  useEffect(() => {
    if (all === null || there === Infinity) return undefined;
    if (there >= all) {
      setThere(Infinity);
      return undefined;
    }
    const next = (): void => setThere(there + 1);
    let timer = setTimeout(next, NO_FRAME);
    const frame = requestAnimationFrame(() => {
      clearTimeout(timer);
      timer = setTimeout(next);
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [there, all]);
  return there;
}
