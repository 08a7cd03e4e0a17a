/** What tests of the pages share: which there are, and how one is opened. */
import { readdirSync } from 'node:fs';
import type { Page } from 'puppeteer';
import { TOP } from '../../../scripts/lib/paths.mjs';
import { aSite as anySite } from '../../testing/site.ts';
import type { Site } from '../../testing/site.ts';

export { reload } from '../../testing/site.ts';
export type { Look, OpenPage } from '../../testing/site.ts';

/** The chapters' pages, as paths below the site's address. A chapter with its folder's name is the folder's own page. */
export const chapterPages: readonly string[] = [
  ...new Set([
    '',
    ...readdirSync(`${TOP}/docs`, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.mdx') && name !== 'introduction.mdx')
      .map((name) => `${name.replace(/\.mdx$/, '').replace(/^(\w+)\/\1$/, '$1')}/`),
  ]),
];

/** One page of every other kind; the last is none. */
export const otherPages: readonly string[] = [
  'boot/',
  'markers/',
  'program/',
  'identifiers/',
  'deploying/',
  'write-your-own/',
  'changes/',
  'progress/',
  'offline/',
  'api/',
  'api/machine/',
  'api/host/page_tables/',
  'no/such/page',
];

/** The site, at the speed of a reader who wants no bound to it: tests have no time to lose. */
export function aSite(): Site {
  const site = anySite();
  return {
    get url() {
      return site.url;
    },
    open: (path, look) =>
      site.open(path, look, (page) => page.evaluateOnNewDocument(() => localStorage.setItem('lguest-live-pace', 'null'))),
  };
}

/** Changes to a theme, as the reader's system does by night, and waits until all colours are there. */
export async function inTheme(page: Page, scheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.waitForSelector(`html[data-theme="${scheme}"]`);
  // What is drawn by scripts follows with the next frame.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.evaluate(() => {
    for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish();
  });
}
