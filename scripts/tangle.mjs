#!/usr/bin/env node
import { demandInstalled } from './lib/install.mjs';
import { root, runTs } from './lib/run_ts.mjs';
import { tangleConfig } from './lib/tangle_config.mjs';

process.setSourceMapsEnabled(true);
demandInstalled();
const { runTangle, variantOf } = await runTs('src/tangle/node/cli.ts');
const args = process.argv.slice(2);
process.exitCode = await runTangle(root, tangleConfig, args);
const variant = process.exitCode === 0 ? variantOf(tangleConfig, args) : null;
if (variant) {
  const { bundleVariant } = await import('./lib/bundle.mjs');
  const { variantBundlePath } = await import('./lib/paths.mjs');
  const path = variantBundlePath(variant.name);
  await bundleVariant(path, undefined, `${root}/${variant.out}`);
  console.log(`bundled: ${path.slice(root.length + 1)}`);
}
