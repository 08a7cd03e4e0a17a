// Progress in plain lines: what is being done, and how long it took.

/**
 * Runs one step and tells about it.
 * @param {string} title what is done, in the present tense
 * @param {() => unknown} work
 */
export async function step(title, work) {
  process.stderr.write(`▸ ${title} … `);
  const begun = performance.now();
  try {
    const result = await work();
    process.stderr.write(`${((performance.now() - begun) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stderr.write('failed\n');
    throw error;
  }
}

/** Ends the process with one clear sentence. @param {string} sentence @param {number} [status] @returns {never} */
export function fail(sentence, status = 1) {
  process.stderr.write(`${sentence}\n`);
  process.exit(status);
}
