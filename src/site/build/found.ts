/** What others read to find the site: a feed of changes, robots.txt, and llms.txt. */
import { Feed } from 'feed';

import type { Change } from '../changes.ts';
import type { ReadPage } from './read_pages.ts';

/** The site, as others are told of it. */
export interface Told {
  readonly title: string;
  readonly tagline: string;
  /** Address, with a slash at its end. */
  readonly address: string;
}

/** The feed, as Atom. */
export function feedOf({ title, tagline, address }: Told, changes: readonly Change[], file: string): string {
  const feed = new Feed({
    title,
    description: tagline,
    id: address,
    link: address,
    language: 'en',
    favicon: `${address}favicon.ico`,
    feedLinks: { atom: address + file },
    copyright: 'GPL-2.0-or-later',
    generator: title,
    updated: dateOf(changes[0]?.date ?? '2026-01-01'),
  });
  for (const { date, title, text, path } of changes)
    feed.addItem({ title, id: `${address}changes/#${date}-${title.length}`, link: address + path, date: dateOf(date), description: text });
  return feed.atom1();
}

function dateOf(day: string): Date {
  return new Date(`${day}T12:00:00Z`);
}

/** Everybody is welcome everywhere. */
export function robotsOf({ address }: Told): string {
  return `User-agent: *\nAllow: /\n\nSitemap: ${address}sitemap.xml\n`;
}

/** What the book is and where its pages are, for readers that are no people. @param chapters in the tour's order, by part */
export function llmsOf(
  { title, tagline, address }: Told,
  chapters: readonly (readonly [part: string, pages: readonly ReadPage[]])[],
): string {
  const line = ({ path, title, description }: ReadPage): string =>
    `- [${title}](${address}${path})${description === '' ? '' : `: ${description}`}`;
  return [
    `# ${title}`,
    `> ${tagline}. All code of the lguest hypervisor (Linux 2.6.25) stands in the chapters, is taken out of them by markers such as H:340, and runs Guests on an emulated 32-bit x86 in the page.`,
    ...chapters.filter(([, pages]) => pages.length > 0).map(([part, pages]) => `## ${part}\n\n${pages.map(line).join('\n')}`),
    `## Beside the chapters\n\n- [Every marker](${address}markers/)\n- [Bring your own kernel](${address}boot/)\n- [Write such a book](${address}write-your-own/)\n- [All exercises, and what you have solved](${address}progress/)\n- [Read it offline](${address}offline/)\n- [Put it on a server](${address}deploying/)\n- [What is new](${address}changes/)\n- [Every name of the program](${address}identifiers/)\n- [The program by file](${address}program/), and as [an archive](${address}live/lguest-program.zip)\n- [The reference](${address}api/)\n`,
  ].join('\n\n');
}
