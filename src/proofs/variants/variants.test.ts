/**
 * The patches of the Mastery part, all at once and each alone: what must hold of the book's Host must hold of the patched one. The proofs run again, in a process of their
 * own, with the variant in the book's place; what they object to must be what the patches are for. Alone, each is asked only what is drawn by lot, invariants among it, and
 * less of that: to prove everything of each would take minutes.
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

/** Of which a patch by itself is tried on so much. */
const DRAWN = PROOFS.filter((path) => /calls|model/.test(path));

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

function prove(patches: string, proofs: readonly string[], fuzz: string): Outcome {
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
      ...proofs,
    ];
    // This process is a test of vitest's itself: the one below must not take itself for a part of it.
    const { VITEST: _, VITEST_POOL_ID: __, VITEST_WORKER_ID: ___, ...env } = process.env;
    spawnSync(process.execPath, [`${TOP}/node_modules/vitest/vitest.mjs`, ...args], {
      cwd: TOP,
      env: { ...env, LGUEST_WITH: patches, LGUEST_FUZZ: fuzz },
      encoding: 'utf8',
    });
    return JSON.parse(readFileSync(file, 'utf8')) as Outcome;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the proofs object to that is not expected of the patches, and what is expected and not objected to. */
function misfits({ testResults }: Outcome): { unexpected: string[]; missing: readonly object[] } {
  expect(testResults.map(({ message }) => message).filter((message) => message !== '')).toEqual([]);
  const objections = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ ancestorTitles, title }) => [...ancestorTitles, title].map(bare).join(' › '));
  const unexpected = objections.filter((short) => !DIFFERENCES.some(({ test: name }) => isShortFor(short, name)));
  const missing = DIFFERENCES.filter(({ test: name }) => !objections.some((short) => isShortFor(short, name)));
  return { unexpected, missing };
}

const all = wantedVariants().reduce((longest, key) => (key.length > longest.length ? key : longest));
const singles = new Set(wantedVariants().flatMap((key) => key.split('+')));

test('the Host with all patches is as safe as the book’s', { timeout: 600_000 }, () => {
  for (const { patch } of APART) expect(singles.delete(patch), patch).toBe(true);
  expect(all.split('+').sort()).toEqual([...singles].sort());
  const outcome = prove(all, PROOFS, process.env.LGUEST_FUZZ ?? '1');
  expect(outcome.numTotalTests).toBeGreaterThan(100);
  expect(misfits(outcome)).toEqual({ unexpected: [], missing: [] });
});

test.each(all.split('+'))('the Host with %s alone is as safe as the book’s', { timeout: 600_000 }, (patch) => {
  const outcome = prove(patch, DRAWN, '0.05');
  expect(outcome.numTotalTests).toBeGreaterThan(1);
  expect(misfits(outcome).unexpected).toEqual([]);
});
