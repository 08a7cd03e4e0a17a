import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Config, PluginConfig } from '@docusaurus/types';
import type { Options, ThemeConfig } from '@docusaurus/preset-classic';

import { tangleConfig } from './scripts/lib/tangle_config.mjs';
import tanglePlugin from './src/tangle/site/docusaurus.ts';
import exercisesPlugin from './src/theme/exercises/plugin.ts';
import prismPlugin from './src/theme/prism/plugin.ts';
import sitePlugin from './src/site/build/docusaurus.ts';
import { liveFolder } from './src/site/build/live_edition.ts';
import { remarkGuests } from './src/live/site/remark_guests.ts';
import { remarkAnnotate } from './src/tangle/site/remark_annotate.ts';
import { remarkTerms } from './src/theme/glossary/remark_terms.ts';
import { remarkMoments } from './src/weave/moments/remark_moments.ts';
import { catalogue } from './src/theme/catalogue.ts';
import { appendix, parts, wayIn } from './src/theme/parts.ts';
import { chaptersOf } from './src/theme/tour_order.ts';

/** The JSON of a scene, as it was extracted. */
function sceneText(scene: string): string | undefined {
  const path = `${__dirname}/.tangled/scenes/${scene}.json`;
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

// A writer at work would rather see a page with a dead link than none; what is published has none.
const findings = process.env.SITE_LENIENT ? 'warn' : 'throw';
const here = (file: string): string => path.join(__dirname, file);

/** Where the sources are for readers: `https://example.org/me/lguest-live`; nothing leads there where it is not said. */
const repository = process.env.SITE_REPOSITORY?.replace(/\/$/, '');
const branch = process.env.SITE_BRANCH ?? 'main';
const baseUrl = process.env.SITE_BASE_URL ?? '/';

/** A chapter with its folder's name is the folder's own page. */
const addressOf = (id: string): string => `${id.replace(/^(\w+)\/\1$/, '$1')}/`;
const partsWithChapters = [{ letter: '', ...wayIn }, ...parts, { letter: '', ...appendix }].map((part) => ({
  ...part,
  chapters: chaptersOf(here('docs'), part.folder).map(({ id }) => addressOf(id)),
}));

/** In the head of every page. */
const head = (tagName: string, attributes: Record<string, string>): { tagName: string; attributes: Record<string, string> } => ({
  tagName,
  attributes,
});
const headTags = [
  head('link', { rel: 'manifest', href: `${baseUrl}manifest.webmanifest` }),
  head('link', { rel: 'apple-touch-icon', href: `${baseUrl}img/icons/apple-touch-icon.png` }),
  head('link', { rel: 'icon', href: `${baseUrl}favicon.ico`, sizes: '48x48' }),
  head('link', { rel: 'alternate', type: 'application/atom+xml', title: 'Lguest, Live: what is new', href: `${baseUrl}feed.xml` }),
  head('meta', { name: 'theme-color', media: '(prefers-color-scheme: light)', content: '#f8f2e4' }),
  head('meta', { name: 'theme-color', media: '(prefers-color-scheme: dark)', content: '#0c1222' }),
];

const plugins: PluginConfig[] = [
  (context) => tanglePlugin(context, { config: tangleConfig }),
  (context) => sitePlugin(context, { out: tangleConfig.out, parts: partsWithChapters, excerpts: ['G:504', 'G:505.syscall', 'G:540.idle'] }),
  exercisesPlugin,
  prismPlugin,
];
const hasApi = existsSync(here('.reference'));
if (hasApi) {
  plugins.push([
    '@docusaurus/plugin-content-docs',
    { id: 'api', path: '.reference', routeBasePath: 'api', sidebarPath: './src/theme/api_sidebar.ts', breadcrumbs: false },
  ]);
}

const config: Config = {
  title: 'Lguest, Live',
  tagline: 'The guided tour of a small hypervisor, as a book that executes',
  favicon: 'img/favicon.svg',
  url: process.env.SITE_URL ?? 'http://localhost:3000',
  baseUrl,
  headTags,
  trailingSlash: true,
  onBrokenLinks: findings,
  onBrokenAnchors: findings,
  onDuplicateRoutes: 'throw',
  markdown: { format: 'detect', hooks: { onBrokenMarkdownLinks: findings, onBrokenMarkdownImages: findings } },
  future: { v4: true, faster: true },
  i18n: { defaultLocale: 'en', locales: ['en'] },
  staticDirectories: ['static'],
  clientModules: [here('src/theme/print.ts')],

  presets: [
    [
      'classic',
      {
        docs: {
          path: 'docs',
          routeBasePath: '/',
          exclude: ['**/_*', '**/*.json'],
          sidebarPath: './sidebars.ts',
          breadcrumbs: false,
          ...(repository !== undefined && {
            editUrl: ({ docPath }: { docPath: string }) => `${repository}/blob/${branch}/docs/${docPath}`,
          }),
          beforeDefaultRemarkPlugins: [
            [remarkGuests, { sceneText }],
            remarkMoments,
            [remarkTerms, { root: __dirname }],
            [remarkAnnotate, { config: tangleConfig, root: __dirname }],
          ],
        },
        blog: false,
        theme: {
          customCss: [
            './src/css/fonts.css',
            './src/css/palette.css',
            './src/css/book/page.css',
            './src/css/book/rail.css',
            './src/css/book/parts.css',
            './src/css/book/leaf.css',
            './src/css/book/prose.css',
            './src/css/book/margin.css',
            './src/css/book/boxes.css',
            './src/css/book/signs.css',
            './src/css/book/patched.css',
            './src/css/book/speed.css',
            './src/css/book/cards.css',
            './src/css/book/journeys.css',
            './src/css/book/indexes.css',
            './src/css/book/turns.css',
            './src/css/book/opening.css',
            './src/css/search.css',
            './src/css/code.css',
            './src/css/figures.css',
            './src/css/live/light.css',
            './src/css/live/frame.css',
            './src/css/live/toolbar.css',
            './src/css/live/bay.css',
            './src/css/live/timeline.css',
            './src/css/live/keys.css',
            './src/css/live/console.css',
            './src/css/live/registers.css',
            './src/css/live/here.css',
            './src/css/live/locals.css',
            './src/css/live/stops.css',
            './src/css/live/lanes.css',
            './src/css/live/edit.css',
            './src/css/live/stage.css',
            './src/css/live/events.css',
            './src/css/live/counters.css',
            './src/css/live/memory.css',
            './src/css/live/rings.css',
            './src/css/live/wrote.css',
            './src/css/live/tables.css',
            './src/css/live/gates.css',
            './src/css/live/workbench.css',
            './src/css/live/moment.css',
            './src/css/print.css',
          ],
        },
        sitemap: { changefreq: null, priority: null },
      } satisfies Options,
    ],
  ],
  plugins,

  customFields: {
    // Where what the Guests run is, from the site's root.
    live: process.env.NODE_ENV === 'production' ? liveFolder(here('static/live')) : 'live/',
    // The markers of the original, each between spaces: the book's own wear another dress.
    milestones: ` ${catalogue.map(({ marker }) => marker).join(' ')} `,
    // Where the writer's loop says that the Guests were built anew.
    rebuilds: process.env.TOUR_EVENTS ?? null,
    // Where each part of the tour begins: the head rail's trail leads there.
    firstChapters: Object.fromEntries(parts.map(({ folder }) => [folder, chaptersOf(here('docs'), folder)[0]?.id ?? null])),
  },

  themeConfig: {
    metadata: [
      { name: 'color-scheme', content: 'light dark' },
      { property: 'og:type', content: 'website' },
      { property: 'og:site_name', content: 'Lguest, Live' },
    ],
    image: 'img/cards/tour.png',
    colorMode: { respectPrefersColorScheme: true },
    docs: { sidebar: { hideable: false, autoCollapseCategories: true } },
    tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 3 },
    navbar: {
      title: 'Lguest, Live',
      logo: { alt: 'A puppy', src: 'img/puppy.svg', srcDark: 'img/puppy-night.svg', width: 34, height: 30 },
      items: [
        { type: 'custom-trail', position: 'left' },
        { to: '/boot', label: 'Your kernel', position: 'right' },
        { to: '/markers', label: 'Markers', position: 'right' },
        ...(repository !== undefined ? [{ href: repository, label: 'Source', position: 'right' as const }] : []),
        ...(hasApi ? [{ to: '/api', label: 'Reference', position: 'right' as const }] : []),
      ],
    },
    footer: {
      links: [
        { to: '/identifiers', label: 'Names' },
        { to: '/program', label: 'The program' },
        { to: '/offline', label: 'Read it offline' },
        { to: '/changes', label: 'What is new' },
        { to: '/deploying', label: 'Put it on a server' },
        { to: '/write-your-own', label: 'Write such a book' },
      ],
      copyright:
        'After the tour that Rusty Russell hid in lguest, the smallest hypervisor of the Linux kernel. Words and code of this book are its own, under the GPL, version 2 or later.',
    },
    prism: { theme: { plain: {}, styles: [] }, darkTheme: { plain: {}, styles: [] } },
  } satisfies ThemeConfig,
};

export default config;
