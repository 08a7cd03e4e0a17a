// Seconds, for the runners: of the wall, or (`--clock cpu`, Linux only) those the main thread had a processor for, which a busy computer disturbs less.

import { openSync, readSync } from 'node:fs';

/** @param {string} kind `wall` or `cpu` @returns {() => number} */
export function clock(kind) {
  if (kind !== 'cpu') return () => performance.now() / 1000;
  const file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
  const buffer = Buffer.alloc(64);
  return () => Number(buffer.toString('latin1', 0, readSync(file, buffer, 0, 64, 0)).split(' ')[0]) / 1e9;
}
