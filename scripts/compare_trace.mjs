#!/usr/bin/env node
// node scripts/compare_trace.mjs OURS RECORDED [--other-build] [--most=N]: a trace of ours (lguest --trace=OURS …) against a recording of the original, perhaps gzipped.
// --other-build: the two Guests were built apart, so that the kernel's addresses need only mean the same things.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { prepare } from './lib/prepare.mjs';
import { KERNELS_BUNDLE_PATH } from './lib/paths.mjs';

const args = process.argv.slice(2);
const apart = args.includes('--other-build');
const [oursPath, recordedPath, ...rest] = args.filter((argument) => argument !== '--other-build');
const most = Number(/^--most=(\d+)$/.exec(rest[0] ?? '--most=10')?.[1]);
if (!recordedPath || Number.isNaN(most)) {
  process.stderr.write('Usage: node scripts/compare_trace.mjs OURS RECORDED [--other-build] [--most=N]\n');
  process.exit(2);
}
try {
  await prepare();
  const { compareTraces, describeComparison, otherBuild, parseOurs, parseRecorded } = await import(KERNELS_BUNDLE_PATH);
  const read = (path) => {
    const bytes = readFileSync(path);
    return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  };
  const sides = [parseOurs(read(oursPath)), parseRecorded(read(recordedPath))];
  const results = compareTraces(...(apart ? sides.map(otherBuild) : sides));
  process.stdout.write(describeComparison(results, most));
  process.exitCode = results.some(({ differences }) => differences.length > 0) ? 1 : 0;
} catch (error) {
  process.stderr.write(`compare_trace: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
