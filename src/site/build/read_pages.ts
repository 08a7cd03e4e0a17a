/** The built pages, read as a reader would: titles, prose under its headings, and what can be linked to. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'cheerio';
import type { Cheerio, CheerioAPI, Element } from 'cheerio';

/** A stretch of prose below a heading. */
export interface ReadSection {
  /** Empty: what stands before the first heading. */
  readonly heading: string;
  readonly anchor: string;
  readonly level: number;
  readonly text: string;
}

/** One built page. */
export interface ReadPage {
  /** Address below the site's own: empty, or with a slash at its end. */
  readonly path: string;
  readonly title: string;
  readonly description: string;
  readonly sections: readonly ReadSection[];
  /** The chunks of the program that stand on it. */
  readonly chunks: readonly string[];
}

/** What is on the page but no prose of it. */
const NO_PROSE =
  'pre, nav, script, style, svg, button, form, noscript, footer, .chunk, .live, .hash-link, .on-paper, .leaf__folio, .table-of-contents, .for-ears';

/** Elements behind which a new sentence begins. */
const BLOCKS = new Set([
  'p',
  'li',
  'div',
  'td',
  'th',
  'tr',
  'figcaption',
  'summary',
  'section',
  'header',
  'dd',
  'dt',
  'blockquote',
  'ul',
  'ol',
  'table',
]);

/** Reads a page's HTML. @param path its address below the site's own */
export function readPage(path: string, html: string): ReadPage {
  const $ = load(html);
  const main = $('article').length > 0 ? $('article').first() : $('main').first();
  const title = main.find('h1').first().text().trim() || $('title').text();
  const description = $('meta[name="description"]').attr('content') ?? '';
  const chunks = main
    .find('.chunk[id]')
    .toArray()
    .map((one) => one.attribs.id);
  main.find(NO_PROSE).remove();
  return { path, title, description, sections: sectionsOf($, main), chunks };
}

function sectionsOf($: CheerioAPI, main: Cheerio<Element>): ReadSection[] {
  const sections: { heading: string; anchor: string; level: number; text: string }[] = [{ heading: '', anchor: '', level: 1, text: '' }];
  const visit = (element: Element): void => {
    for (const node of element.children) {
      const type: string = node.type;
      if (type === 'text' && 'data' in node) sections[sections.length - 1].text += node.data;
      if (!('attribs' in node) || type !== 'tag') continue;
      const level = /^h([1-6])$/.exec(node.name)?.[1];
      if (level !== undefined) {
        if (level !== '1')
          sections.push({
            heading: $(node).text().replaceAll('\u200b', '').trim(),
            anchor: node.attribs.id ?? '',
            level: Number(level),
            text: '',
          });
      } else visit(node);
      if (BLOCKS.has(node.name)) sections[sections.length - 1].text += ' ';
    }
  };
  for (const element of main.toArray()) visit(element);
  return sections
    .map((section) => ({ ...section, text: section.text.replace(/\s+/g, ' ').trim() }))
    .filter(({ text, heading }) => text !== '' || heading !== '');
}

/** Reads all pages of a built site, but for the one that stands for none. @param folder where the site was built */
export function readPages(folder: string): ReadPage[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /(?:^|\/)index\.html$/.test(name))
    .sort()
    .map((name) => readPage(name.replace(/index\.html$/, ''), readFileSync(join(folder, name), 'utf8')));
}
