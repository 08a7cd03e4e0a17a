import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { SidebarsConfig } from '@docusaurus/plugin-content-docs';

/** TypeDoc writes the list of its pages as a CommonJS module; a site without the reference has none. */
const list = path.join(process.cwd(), '.reference/typedoc-sidebar.cjs');

const sidebars: SidebarsConfig = {
  api: existsSync(list) ? (createRequire(list)(list) as SidebarsConfig[string]) : [],
};
export default sidebars;
