// Work that follows edits: one at a time, and never more than one that waits.

/**
 * A call while the work is on makes for one more afterwards, however many such calls there are: what that one sees is what they all tell of.
 * @param {() => Promise<void>} work tells itself what goes wrong
 * @returns {() => void}
 */
export function following(work) {
  let running = false;
  let wanted = false;
  const run = async () => {
    running = true;
    while (wanted) {
      wanted = false;
      await work();
    }
    running = false;
  };
  return () => {
    wanted = true;
    if (!running) void run();
  };
}
