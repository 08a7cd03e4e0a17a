#!/usr/bin/env node
// node scripts/compare_trace.mjs OURS RECORDED [--most=N]: a trace of ours (lguest --trace=OURS …) against a recording of the original, perhaps gzipped.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { prepare } from './lib/prepare.mjs';
import { WORLD_BUNDLE_PATH } from './lib/paths.mjs';

const [oursPath, recordedPath, ...rest] = process.argv.slice(2);
const most = Number(/^--most=(\d+)$/.exec(rest[0] ?? '--most=10')?.[1]);
if (!recordedPath || Number.isNaN(most)) {
  process.stderr.write('Usage: node scripts/compare_trace.mjs OURS RECORDED [--most=N]\n');
  process.exit(2);
}
try {
  await prepare();
  const { compareTraces, describeComparison, parseOurs, parseRecorded } = await import(WORLD_BUNDLE_PATH);
  const read = (path) => {
    const bytes = readFileSync(path);
    return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  };
  const results = compareTraces(parseOurs(read(oursPath)), parseRecorded(read(recordedPath)));
  process.stdout.write(describeComparison(results, most));
  process.exitCode = results.some(({ differences }) => differences.length > 0) ? 1 : 0;
} catch (error) {
  process.stderr.write(`compare_trace: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
