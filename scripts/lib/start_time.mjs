// How long the command takes to come to its Guest.
import { spawn } from 'node:child_process';
import { TOP } from './paths.mjs';

/** Best of so many. */
const TIMES = 7;

/** Milliseconds until a program prints its first bytes, or ends. @param {readonly string[]} args of Node @returns {Promise<number>} */
function timeOf(args) {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const done = () => resolve(performance.now() - begin);
    child.stdout.once('data', done);
    child.once('exit', done);
    child.once('error', reject);
  });
}

/**
 * Milliseconds that Node takes to start and end, and that the command takes until a Guest, whose first line is the first thing that it does, has printed it: each the best of some,
 * by turns.
 */
export async function measureStart() {
  const guest = [`${TOP}/scripts/lguest.mjs`, '64', `${TOP}/src/bench/image/bench-lguest.elf`, 'w=none'];
  const best = { node: Infinity, command: Infinity };
  for (let n = 0; n < TIMES; n++) {
    best.node = Math.min(best.node, await timeOf(['-e', '0']));
    best.command = Math.min(best.command, await timeOf(guest));
  }
  return best;
}
