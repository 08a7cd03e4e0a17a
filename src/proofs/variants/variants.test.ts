/**
 * The patches of the Mastery part, all at once: what must hold of the book's Host must hold of the patched one. The proofs run again, in a process of their own, with the
 * variant in the book's place; what they object to must be what the patches are for.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TOP } from '../../../scripts/lib/paths.mjs';
import { wantedVariants } from '../../../scripts/lib/variants.mjs';
import { APART, DIFFERENCES } from './differences.ts';

/** What is tried: the Host by itself, and Guests that mean harm. */
const PROOFS = [
  'src/proofs/host/',
  'src/proofs/hostile/hostile_calls',
  'src/proofs/hostile/page_tables_model',
  'src/proofs/hostile/rights',
];

interface Outcome {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly ancestorTitles: readonly string[]; readonly title: string; readonly status: string }[];
  }[];
}

/** A title without the quotation marks that the runner puts around what a table's row brings in. */
const bare = (title: string): string => title.replace(/^'(.*)'$/, '$1');

/** Whether a name, which the runner cuts when it is long, is that of the test. */
const isShortFor = (short: string, name: string): boolean => (short.endsWith('…') ? name.startsWith(short.slice(0, -1)) : short === name);

function prove(patches: string): Outcome {
  const folder = mkdtempSync(join(tmpdir(), 'variant-'));
  try {
    const file = join(folder, 'outcome.json');
    const args = [
      'run',
      '-c',
      'scripts/lib/vitest.config.mts',
      '--reporter=json',
      `--outputFile=${file}`,
      '--exclude=**/guided/**',
      ...PROOFS,
    ];
    // This process is a test of vitest's itself: the one below must not take itself for a part of it.
    const { VITEST: _, VITEST_POOL_ID: __, VITEST_WORKER_ID: ___, ...env } = process.env;
    spawnSync(process.execPath, [`${TOP}/node_modules/vitest/vitest.mjs`, ...args], {
      cwd: TOP,
      env: { ...env, LGUEST_WITH: patches },
      encoding: 'utf8',
    });
    return JSON.parse(readFileSync(file, 'utf8')) as Outcome;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('the Host with all patches is as safe as the book’s', { timeout: 600_000 }, () => {
  const all = wantedVariants().reduce((longest, key) => (key.length > longest.length ? key : longest));
  const singles = new Set(wantedVariants().flatMap((key) => key.split('+')));
  for (const { patch } of APART) expect(singles.delete(patch), patch).toBe(true);
  expect(all.split('+').sort()).toEqual([...singles].sort());
  const { numTotalTests, testResults } = prove(all);
  expect(numTotalTests).toBeGreaterThan(100);
  expect(testResults.map(({ message }) => message).filter((message) => message !== '')).toEqual([]);
  const objections = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ ancestorTitles, title }) => [...ancestorTitles, title].map(bare).join(' › '));
  const unexpected = objections.filter((short) => !DIFFERENCES.some(({ test: name }) => isShortFor(short, name)));
  const missing = DIFFERENCES.filter(({ test: name }) => !objections.some((short) => isShortFor(short, name)));
  expect({ unexpected, missing }).toEqual({ unexpected: [], missing: [] });
});
