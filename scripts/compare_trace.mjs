#!/usr/bin/env node
// node scripts/compare_trace.mjs OURS RECORDED: a trace of ours against a recording of the original.
import { gunzipSync } from 'node:zlib';
import { commandLine } from './lib/arguments.mjs';
import { prepare } from './lib/prepare.mjs';
import { COMMAND_BUNDLE_PATH, KERNELS_BUNDLE_PATH } from './lib/paths.mjs';

const { values, positionals, refuse } = commandLine({
  usage: `Usage: node scripts/compare_trace.mjs OURS RECORDED [--other-build] [--most=N]

Holds a trace of ours (lguest --trace=OURS …) against a recording of the original, perhaps gzipped.
  --other-build  the two Guests were built apart: the kernel's addresses need only mean the same things
  --most=N       how many differences of a kind are shown: 10`,
  options: { 'other-build': { type: 'boolean' }, most: { type: 'string', default: '10' } },
  positionals: [2, 2],
});
const [oursPath, recordedPath] = positionals;
const apart = values['other-build'];
const most = /^\d+$/.test(values.most) ? Number(values.most) : refuse(`--most wants a number, not “${values.most}”.`);
try {
  await prepare();
  const { compareTraces, describeComparison, otherBuild, parseOurs, parseRecorded } = await import(KERNELS_BUNDLE_PATH);
  const { readWhole, reasonOf } = await import(COMMAND_BUNDLE_PATH);
  const { hypercalls } = (await import('./lib/bundles.mjs')).program;
  const read = (path) => {
    let bytes;
    try {
      bytes = readWhole(path);
    } catch (error) {
      throw new Error(`${path}: cannot be read: ${reasonOf(error)}`, { cause: error });
    }
    if (bytes === undefined) throw new Error(`${path}: no such file`);
    return Buffer.from(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  };
  const sides = [parseOurs(read(oursPath), hypercalls), parseRecorded(read(recordedPath), hypercalls)];
  const results = compareTraces(...(apart ? sides.map(otherBuild) : sides));
  process.stdout.write(describeComparison(results, most));
  process.exitCode = results.some(({ differences }) => differences.length > 0) ? 1 : 0;
} catch (error) {
  process.stderr.write(`compare_trace: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
