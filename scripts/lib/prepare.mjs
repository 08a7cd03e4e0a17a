// The way from a bare checkout to something that runs: install, tangle, bundle.
import { ensureInstalled } from './install.mjs';
import { step } from './steps.mjs';

/** Brings everything up to date that the site, the command and the tests need. */
export async function prepare() {
  await ensureInstalled();
  const { tangleTour } = await import('./tangle.mjs');
  await step('tangling the tour', () => tangleTour());
  const { bundleCode, bundleScenes } = await import('./bundle.mjs');
  await step('assembling the Guests and bundling', async () => {
    await bundleScenes();
    await bundleCode();
  });
}
