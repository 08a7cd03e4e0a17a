// The way from a bare checkout to something that runs: install, tangle, bundle.
import { ensureInstalled } from './install.mjs';
import { keepSources, lookAtSources } from './sources.mjs';
import { fail, step } from './steps.mjs';

/** Brings everything up to date that the command, the site and the tests need. */
export async function prepare() {
  process.setSourceMapsEnabled(true);
  await ensureInstalled();
  const sources = lookAtSources();
  const { root, runTs } = await import('./run_ts.mjs');
  const { tangleConfig } = await import('./tangle_config.mjs');
  await step('tangling the tour', async () => {
    const { runTangle } = await runTs('src/tangle/node/cli.ts');
    if ((await runTangle(root, tangleConfig, [], false)) !== 0) fail('The chapters above have to be mended first.');
  });
  const { weaveVariants } = await import('./variants.mjs');
  await step('tangling its variants', weaveVariants);
  const { bundleBook } = await import('./book.mjs');
  const { bundleCode, bundleLines, bundleScenes, bundleTypes } = await import('./bundle.mjs');
  await step('assembling the Guests and bundling', async () => {
    bundleLines();
    await bundleTypes();
    await bundleBook();
    await bundleScenes();
    await bundleCode();
  });
  keepSources(sources);
}
