/** Milliseconds. The two clocks agree as far as this, or one of them has been set. */
const APART = 5;
/** A wall clock that was set back further than that is not followed: a day would take a week. */
const FAR = 10_000;
/** How much more slowly the clock goes until one that was set back has caught up. */
const SLOWER = 0.2;

/**
 * A clock that goes with the wall's but never back. It is made of two: one that only ever goes on, but stops while the computer sleeps; and the wall's, which does
 * not, but is set now and then.
 * @param steady milliseconds of any clock that only goes on
 * @param wall milliseconds since 1970
 * @returns milliseconds since 1970
 */
export function steadyClock(steady: () => number, wall: () => number): () => number {
  let before = steady();
  let shown = wall();
  /** What the wall's clock was set back and is not followed. */
  let ignored = 0;
  return () => {
    const now = steady();
    const passed = Math.max(0, now - before);
    before = now;
    shown += passed;
    const off = wall() + ignored - shown;
    if (off > APART) shown += off;
    else if (off < -FAR) ignored -= off;
    else if (off < -APART) shown -= Math.min(-off, passed * SLOWER);
    return shown;
  };
}
