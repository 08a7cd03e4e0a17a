// The tour on paper: each chapter printed by Chromium, then bound: title, contents with page numbers, the chapters, an outline.
import { PDFArray, PDFDict, PDFDocument, PDFName, PDFHexString, PDFString, StandardFonts, rgb } from '@cantoo/pdf-lib';
import puppeteer from 'puppeteer';
import { CHROMIUM_FLAGS, findChromium } from './chromium.mjs';
import { TOP } from './paths.mjs';
import { runTs } from './run_ts.mjs';
import { serveSite } from './serve.mjs';

const MARGIN = { top: '16mm', bottom: '20mm', left: '17mm', right: '17mm' };
const A4 = /** @type {const} */ ([595.28, 841.89]);
const LEFT = 62;
const INK = rgb(0.16, 0.14, 0.11);
const FAINT = rgb(0.45, 0.4, 0.33);
const LINES_A_PAGE = 40;

/** A chapter as it is bound. @typedef {{ title: string, part: string, path: string, bytes: Uint8Array }} Printed */

/** The chapters in the tour's order: what is read before the parts, the parts, and what is looked up. @returns {Promise<{ path: string, part: string }[]>} */
export async function tourOrder() {
  const { appendix, parts, wayIn } = await runTs('src/theme/parts.ts');
  const { BEHIND, chaptersOf } = await runTs('src/theme/tour_order.ts');
  const pages = ({ folder, title }) =>
    [...chaptersOf(`${TOP}/docs`, folder), ...(BEHIND[folder] ?? [])].map(({ id }) => ({
      path: `${id.replace(/^(\w+)\/\1$/, '$1')}/`,
      part: title,
    }));
  return [{ path: '', part: '' }, ...[wayIn, ...parts, appendix].flatMap(pages)];
}

/** How a page is asked for on a command's line. @param {{ path: string }} page */
export const nameOf = ({ path }) => path.replace(/\/$/, '') || 'front';

/** Prints the built site. @param {{ only?: string[] | undefined }} [options] @returns {Promise<Uint8Array>} */
export async function printTour({ only } = {}) {
  const wanted = (await tourOrder()).filter((page) => only === undefined || only.includes(nameOf(page)));
  const { server, url } = await serveSite(0);
  const browser = await puppeteer.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
  try {
    const page = await browser.newPage();
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: 'light' },
      // Nothing boots by itself.
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    /** @type {Printed[]} */
    const printed = [];
    for (const { path, part } of wanted) {
      await page.goto(url + path, { waitUntil: 'load' });
      await page.evaluate(async () => {
        await document.fonts.ready;
        // A page that has come to life says where it stands: what it says is only set right after that.
        while (document.documentElement.dataset.hasHydrated !== 'true') await new Promise(requestAnimationFrame);
        for (const one of document.querySelectorAll('main details')) /** @type {HTMLDetailsElement} */ (one).open = true;
        // Where the site is, not where it stood to be printed.
        const address = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel="canonical"]'))?.href ?? '';
        for (const one of document.querySelectorAll('.on-paper__address')) one.textContent = address;
      });
      const told = await page.$$eval('.on-paper__address', (all) => all.map((one) => one.textContent ?? ''));
      if (told.some((one) => one.startsWith(url)))
        throw new Error(`/${path} says on paper that it is at ${url}, where it is only printed.`);
      const title = await page.$eval('h1', (heading) => heading.textContent ?? '');
      printed.push({ title, part, path, bytes: await page.pdf({ format: 'A4', margin: MARGIN, printBackground: true, tagged: true }) });
    }
    const address = await page.$eval('link[rel="canonical"]', (link) => /** @type {HTMLLinkElement} */ (link).href);
    return await bind(printed, { printedAt: url, site: new URL(process.env.SITE_BASE_URL ?? '/', address).href });
  } finally {
    await browser.close();
    server.close();
  }
}

/** @param {Printed[]} printed @param {{ printedAt: string, site: string }} addresses where it stood to be printed, and where it is */
async function bind(printed, addresses) {
  const book = await PDFDocument.create();
  book.setTitle('Lguest, Live');
  book.setSubject('The guided tour of a small hypervisor');
  book.setLanguage('en');
  const serif = await book.embedFont(StandardFonts.TimesRoman);
  const italic = await book.embedFont(StandardFonts.TimesRomanItalic);
  const cover = book.addPage([...A4]);
  cover.drawText('Lguest, Live', { x: LEFT, y: 560, size: 52, font: serif, color: INK });
  cover.drawText('The guided tour of a small hypervisor, as a book that executes', {
    x: LEFT,
    y: 522,
    size: 17,
    font: italic,
    color: FAINT,
  });
  const rows = printed.flatMap((one, n) => [
    ...(one.part !== '' && one.part !== printed[n - 1]?.part ? [{ part: one.part }] : []),
    { chapter: n },
  ]);
  const contents = Array.from({ length: Math.ceil(rows.length / LINES_A_PAGE) }, () => book.addPage([...A4]));
  /** @type {number[]} */
  const begins = [];
  for (const { bytes } of printed) {
    const chapter = await PDFDocument.load(bytes);
    begins.push(book.getPageCount());
    for (const page of await book.copyPages(chapter, chapter.getPageIndices())) book.addPage(page);
  }
  const pages = book.getPages();
  for (const [n, page] of pages.entries())
    if (n > contents.length) {
      const number = String(n + 1);
      page.drawText(number, { x: (page.getWidth() - serif.widthOfTextAtSize(number, 10)) / 2, y: 26, size: 10, font: serif, color: FAINT });
    }
  const beginnings = new Map(printed.map(({ path }, n) => [path, pages[begins[n]]]));
  for (const page of pages) leadOn(page, beginnings, addresses);
  for (const [n, row] of rows.entries()) {
    const page = contents[Math.floor(n / LINES_A_PAGE)];
    const y = 740 - (n % LINES_A_PAGE) * 17;
    if (n % LINES_A_PAGE === 0)
      page.drawText(n === 0 ? 'Contents' : 'Contents, continued', { x: LEFT, y: 775, size: 22, font: serif, color: INK });
    if ('part' in row) {
      page.drawText(row.part, { x: LEFT, y, size: 13, font: italic, color: FAINT });
      continue;
    }
    const to = begins[row.chapter];
    const number = String(to + 1);
    page.drawText(known(printed[row.chapter].title), { x: LEFT + 14, y, size: 12, font: serif, color: INK });
    page.drawText(number, { x: A4[0] - LEFT - serif.widthOfTextAtSize(number, 12), y, size: 12, font: serif, color: INK });
    link(book, page, [LEFT, y - 4, A4[0] - LEFT, y + 13], pages[to]);
  }
  outline(
    book,
    printed.map(({ title }, n) => ({ title, page: pages[begins[n]] })),
  );
  return book.save();
}

/** What a standard font has no sign for is left out. @param {string} text */
function known(text) {
  return text.replaceAll(/[^\u0020-\u007e\u00a1-\u00ff\u2018\u2019\u201c\u201d\u2013\u2014\u2026]/g, '');
}

/** Links of a page that lead to another chapter lead there in this book; what is not in it is on the site. */
function leadOn(page, beginnings, { printedAt, site }) {
  const { context } = page.doc;
  const annotations = page.node.lookupMaybe(PDFName.of('Annots'), PDFArray);
  for (let n = 0; n < (annotations?.size() ?? 0); n++) {
    const annotation = annotations.lookup(n, PDFDict);
    const action = annotation.lookupMaybe(PDFName.of('A'), PDFDict);
    const uri = action?.lookup(PDFName.of('URI'))?.decodeText?.();
    if (uri === undefined || !uri.startsWith(printedAt)) continue;
    const rest = uri.slice(printedAt.length);
    const to = beginnings.get(rest.split(/[?#]/, 1)[0]);
    if (to === undefined) action.set(PDFName.of('URI'), PDFString.of(site + rest));
    else {
      annotation.delete(PDFName.of('A'));
      annotation.set(PDFName.of('Dest'), context.obj([to.ref, 'XYZ', null, null, null]));
    }
  }
}

function link(book, page, rectangle, to) {
  const annotation = book.context.obj({
    Type: 'Annot',
    Subtype: 'Link',
    Rect: rectangle,
    Border: [0, 0, 0],
    Dest: [to.ref, 'XYZ', null, null, null],
  });
  page.node.addAnnot(book.context.register(annotation));
}

/** What a reader shows beside the pages. */
function outline(book, chapters) {
  const { context, catalog } = book;
  const root = context.nextRef();
  const refs = chapters.map(() => context.nextRef());
  for (const [n, { title, page }] of chapters.entries())
    context.assign(
      refs[n],
      context.obj({
        Title: PDFHexString.fromText(title),
        Parent: root,
        Dest: [page.ref, 'XYZ', null, null, null],
        ...(n > 0 && { Prev: refs[n - 1] }),
        ...(n < refs.length - 1 && { Next: refs[n + 1] }),
      }),
    );
  context.assign(root, context.obj({ Type: 'Outlines', First: refs[0], Last: refs.at(-1), Count: refs.length }));
  catalog.set(PDFName.of('Outlines'), root);
  catalog.set(PDFName.of('PageMode'), PDFName.of('UseOutlines'));
}
