// Screenshots of one page of each kind, and how far they may differ from those that are kept.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import puppeteer from 'puppeteer';
import { CHROMIUM_FLAGS, findChromium } from './chromium.mjs';
import { TOP } from './paths.mjs';
import { serveSite } from './serve.mjs';

/** One page of each kind. */
const PAGES = {
  front: '',
  chapter: 'host/traps/',
  part: 'launcher/',
  before: 'before/addresses/',
  puppy: 'guest/puppy_kernel/',
  mastery: 'mastery/memory/',
  journeys: 'journeys/',
  workbench: 'boot/',
  markers: 'markers/',
  names: 'identifiers/',
  program: 'program/',
  glossary: 'appendix/glossary/',
  differences: 'appendix/differences/',
  recap: 'appendix/recap/',
  progress: 'progress/',
  changes: 'changes/',
  offline: 'offline/',
  text: 'deploying/',
  own: 'write-your-own/',
  reference: 'api/host/page_tables/',
  missing: 'no/such/page',
};
export const KINDS = Object.keys(PAGES);
const WIDTHS = [360, 768, 1280, 1920];
const SCHEMES = /** @type {const} */ (['light', 'dark']);
const HEIGHT = 1000;
/** Of a picture's pixels, so many may be others. */
const TOLERANCE = 0.002;
const KEPT = `${TOP}/.visual`;
const SEEN = `${TOP}/.tangled/visual`;

/**
 * @param {{ update: boolean, only: string[] | undefined }} options only: kinds of pages
 * @returns {Promise<boolean>} whether all is as it was
 */
export async function compareViews({ update, only }) {
  const { server, url } = await serveSite(0);
  const browser = await puppeteer.launch({
    executablePath: await findChromium(),
    args: [...CHROMIUM_FLAGS, '--force-color-profile=srgb', '--font-render-hinting=none'],
  });
  const differing = [];
  const unknown = [];
  try {
    // What an earlier run saw tells nothing of this one.
    rmSync(SEEN, { recursive: true, force: true });
    for (const folder of [KEPT, SEEN]) mkdirSync(folder, { recursive: true });
    const page = await browser.newPage();
    for (const [name, path] of Object.entries(PAGES).filter(([kind]) => only === undefined || only.includes(kind)))
      for (const width of WIDTHS)
        for (const scheme of SCHEMES) {
          await page.setViewport({ width, height: HEIGHT });
          await page.emulateMediaFeatures([
            { name: 'prefers-color-scheme', value: scheme },
            { name: 'prefers-reduced-motion', value: 'reduce' },
          ]);
          await page.goto(url + path, { waitUntil: 'load' });
          await page.evaluate(async () => {
            await document.fonts.ready;
            // What is only known when a page is laid out comes a moment later: that a figure is wider than a phone, say.
            while (document.documentElement.dataset.hasHydrated !== 'true') await new Promise(requestAnimationFrame);
            for (let frame = 0; frame < 5; frame++) await new Promise(requestAnimationFrame);
          });
          const file = `${name}-${width}-${scheme}.png`;
          const now = Buffer.from(await page.screenshot({ type: 'png' }));
          if (update) writeFileSync(`${KEPT}/${file}`, now);
          else if (!isLike(file, now)) (existsSync(`${KEPT}/${file}`) ? differing : unknown).push(file);
        }
  } finally {
    await browser.close();
    server.close();
  }
  for (const file of differing) process.stdout.write(`✗ ${file}\n`);
  if (differing.length > 0)
    process.stdout.write(`${differing.length} differ: .tangled/visual shows how. npm run visual -- --update keeps what is seen now.\n`);
  if (unknown.length > 0)
    process.stdout.write(
      `${unknown.length} were never kept: they are in .tangled/visual. npm run visual -- --update keeps what is seen now.\n`,
    );
  return differing.length === 0 && unknown.length === 0;
}

/** Compares a picture with the kept one; of one that differs, writes both and where. @param {string} file @param {Buffer} now */
function isLike(file, now) {
  const path = `${KEPT}/${file}`;
  const seen = PNG.sync.read(now);
  const kept = existsSync(path) ? PNG.sync.read(readFileSync(path)) : null;
  if (kept !== null && kept.width === seen.width && kept.height === seen.height) {
    const where = new PNG({ width: seen.width, height: seen.height });
    const count = pixelmatch(kept.data, seen.data, where.data, seen.width, seen.height, { threshold: 0.15 });
    if (count <= seen.width * seen.height * TOLERANCE) return true;
    writeFileSync(`${SEEN}/${file.replace('.png', '.where.png')}`, PNG.sync.write(where));
  }
  writeFileSync(`${SEEN}/${file}`, now);
  return false;
}
