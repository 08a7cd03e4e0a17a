/** What others read to find the site. */
import { expect, test } from 'vitest';
import { changes } from '../changes.ts';
import { feedOf, llmsOf, robotsOf } from './found.ts';
import { readPage } from './read_pages.ts';

const told = { title: 'A book', tagline: 'It runs', address: 'https://example.org/book/' };

test('the feed has each change, with addresses that are whole', () => {
  const atom = feedOf(told, changes, 'feed.xml');
  expect(atom.match(/<entry>/g)).toHaveLength(changes.length);
  expect(atom).toContain('href="https://example.org/book/feed.xml"');
  const days = changes.map(({ date }) => date);
  expect(days).toEqual([...days].sort().reverse());
});

test('robots are told of the map', () => {
  expect(robotsOf(told)).toContain('Sitemap: https://example.org/book/sitemap.xml');
});

const HTML = `<html><head><title>T | A book</title><meta name="description" content="Of shadows"></head><body><main><article>
<p class="leaf__folio">Host</p><h1>Shadows</h1><p>Before.<h2 id="one">One<a class="hash-link" href="#one">\u200b</a></h2><p>Two <b>words</b>.
<div class="chunk" id="H:340"><pre>code</pre></div><ul><li>a<li>b</ul></article></main></body></html>`;

test('a page is read as a reader would', () => {
  expect(readPage('host/shadows/', HTML)).toEqual({
    path: 'host/shadows/',
    title: 'Shadows',
    description: 'Of shadows',
    chunks: ['H:340'],
    sections: [
      { heading: '', anchor: '', level: 1, text: 'Before.' },
      { heading: 'One', anchor: 'one', level: 2, text: 'Two words. a b' },
    ],
  });
});

test('readers that are no people are led to each chapter', () => {
  expect(
    llmsOf(told, [
      ['Host', [readPage('host/shadows/', HTML)]],
      ['Empty', []],
    ]),
  ).toContain('## Host\n\n- [Shadows](https://example.org/book/host/shadows/): Of shadows\n\n## Beside');
});
