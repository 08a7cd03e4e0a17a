/** The tour on paper, of two of its chapters. */
import { PDFArray, PDFDict, PDFDocument, PDFName, PDFString } from '@cantoo/pdf-lib';
import { expect, test } from 'vitest';
import { printTour, tourOrder } from './pdf.mjs';

test('chapters are bound in the tour’s order, with a title, contents that lead to them, and an outline', async () => {
  const bytes = await printTour({ only: ['host/traps', 'host/deaths'] });
  const book = await PDFDocument.load(bytes);
  expect(book.getTitle()).toBe('Lguest, Live');
  // Title, contents, and two chapters of several pages, all of their folded blocks open.
  expect(book.getPageCount()).toBeGreaterThan(14);
  const links = book.getPage(1).node.Annots();
  expect(links?.size()).toBe(2);
  expect(book.catalog.has(PDFName.of('Outlines'))).toBe(true);
  // Links lead within the book, or to where the site is; never to where it stood to be printed.
  const chapters = book.getPages().slice(2);
  const annotations = chapters.flatMap((page) => page.node.lookupMaybe(PDFName.of('Annots'), PDFArray)?.asArray() ?? []);
  const addresses = annotations.flatMap((one) => {
    const action = book.context.lookup(one, PDFDict).lookupMaybe(PDFName.of('A'), PDFDict);
    const uri = action?.lookupMaybe(PDFName.of('URI'), PDFString);
    return uri === undefined ? [] : [uri.decodeText()];
  });
  expect(addresses.length).toBeGreaterThan(10);
  expect(addresses.filter((one) => one.includes('localhost') && !one.startsWith('http://localhost:3000/'))).toEqual([]);
  expect(addresses.filter((one) => /\/host\/(?:traps|deaths)\//.test(one))).toEqual([]);
});

test('the order is the tour’s', async () => {
  const order = await tourOrder();
  expect(order[0]).toEqual({ path: '', part: '' });
  const parts = [...new Set(order.map(({ part }) => part))];
  expect(parts.slice(0, 3)).toEqual(['', 'Before you set out', 'Preparation']);
  expect(parts.slice(-2)).toEqual(['Mastery', 'To look things up']);
});
