// The book's code as data, for whoever edits it in the page.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { BOOK_PATH, TOP } from './paths.mjs';
import { runTs } from './run_ts.mjs';
import { tangleConfig } from './tangle_config.mjs';

/** Writes what a weave of edited chunks begins with. */
export async function bundleBook() {
  const { Tangler } = await runTs('src/tangle/core/tangle.ts');
  const { nodeFileSystem } = await runTs('src/tangle/node/node.ts');
  const { bookOf } = await runTs('src/weave/edits/book.ts');
  const { chapters } = await new Tangler(nodeFileSystem(TOP), tangleConfig).weave();
  const text = JSON.stringify(bookOf(tangleConfig, chapters));
  if (existsSync(BOOK_PATH) && readFileSync(BOOK_PATH, 'utf8') === text) return;
  mkdirSync(dirname(BOOK_PATH), { recursive: true });
  writeFileSync(BOOK_PATH, text);
}
