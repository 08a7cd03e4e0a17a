import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { SidebarsConfig } from '@docusaurus/plugin-content-docs';

type SidebarItemConfig = Extract<SidebarsConfig[string], readonly unknown[]>[number];

/** TypeDoc writes the list of its pages as a CommonJS module; a site without the reference has none. */
const list = path.join(process.cwd(), '.reference/typedoc-sidebar.cjs');

const pages = existsSync(list) ? (createRequire(list)(list) as SidebarItemConfig[]) : [];
const sidebars: SidebarsConfig = { api: pages.length === 0 ? [] : [{ type: 'doc', id: 'index', label: 'What there is' }, ...pages] };
export default sidebars;
