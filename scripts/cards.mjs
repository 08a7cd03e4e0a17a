#!/usr/bin/env node
// Draws what others show of the site: a card for each part, and the icons. Their pictures are committed; run this when a part or the palette changes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import puppeteer from 'puppeteer';
import { commandLine } from './lib/arguments.mjs';
import { CHROMIUM_FLAGS, findChromium } from './lib/chromium.mjs';
import { TOP } from './lib/paths.mjs';

commandLine({
  usage: `Usage: node scripts/cards.mjs

Draws the cards that are shown where the site is shared (static/img/cards), and the icons (static/img/icons), by Chromium.`,
});

const font = (name) => readFileSync(`${TOP}/node_modules/@fontsource-variable/${name}-latin-wght-normal.woff2`).toString('base64');
const FACES = `
@font-face { font-family: Literata; font-weight: 200 900; src: url(data:font/woff2;base64,${font('literata/files/literata')}) }
@font-face { font-family: Sans; font-weight: 400 700; src: url(data:font/woff2;base64,${font('instrument-sans/files/instrument-sans')}) }
@font-face { font-family: Mono; font-weight: 100 800; src: url(data:font/woff2;base64,${font('jetbrains-mono/files/jetbrains-mono')}) }`;
const PUPPY = readFileSync(`${TOP}/static/img/puppy.svg`, 'utf8');
const SOLIDS = { P: '#75684f', G: '#2a6db0', D: '#3fb4c6', L: '#d9a520', H: '#8f3a87', S: '#c24a10', M: '#75684f' };
const parts = JSON.parse(readFileSync(`${TOP}/docs/parts.json`, 'utf8'));

const STYLE = `${FACES}
* { margin: 0; box-sizing: border-box }
body { width: 1200px; height: 630px; background: #f8f2e4; color: #2a241b; font-family: Literata; padding: 76px 84px; position: relative; overflow: hidden }
h1 { font-size: 104px; font-weight: 460; letter-spacing: -0.035em; line-height: 1 }
p { font-size: 40px; line-height: 1.35; color: #5d5241; margin-top: 26px; max-width: 800px }
.puppy { position: absolute; right: 84px; top: 120px; width: 230px }
.puppy svg { width: 100%; height: auto }
.trail { position: absolute; left: 84px; bottom: 72px; display: flex; align-items: center; gap: 16px; font: 600 26px Sans }
.trail b { width: 58px; height: 58px; border-radius: 50%; border: 3px solid var(--c); color: #5d5241; display: grid; place-items: center }
.trail b.here { background: var(--c); color: #fffaf0; width: 74px; height: 74px; font-size: 34px }
.site { position: absolute; right: 84px; bottom: 88px; font: italic 500 34px Literata; color: #5d5241 }
.bar { position: absolute; left: 0; top: 0; bottom: 0; width: 22px; background: var(--c) }`;

const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const trail = (here) =>
  parts.map(({ letter }) => `<b style="--c:${SOLIDS[letter]}" class="${letter === here ? 'here' : ''}">${letter}</b>`).join('');
const card = (title, text, here) =>
  `<style>${STYLE}</style><div class="bar" style="--c:${SOLIDS[here] ?? SOLIDS.L}"></div><h1>${escape(title)}</h1><p>${escape(text)}</p><div class="puppy">${PUPPY}</div><div class="trail">${trail(here)}</div>${here ? '<div class="site">Lguest, Live</div>' : ''}`;

const icon = (size, inset) =>
  `<style>* { margin: 0 } body { width: ${size}px; height: ${size}px; background: #f8f2e4; display: grid; place-items: center } svg { width: ${inset}%; height: auto }</style>${PUPPY}`;

const browser = await puppeteer.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
const page = await browser.newPage();
async function draw(path, html, width, height) {
  await page.setViewport({ width, height });
  await page.setContent(html);
  await page.evaluate(() => document.fonts.ready);
  mkdirSync(`${TOP}/static/img/${path}`.replace(/\/[^/]*$/, ''), { recursive: true });
  writeFileSync(`${TOP}/static/img/${path}`, await page.screenshot({ type: 'png' }));
}
await draw('cards/tour.png', card('Lguest, Live', 'The guided tour of a small hypervisor, as a book that executes.'), 1200, 630);
for (const { letter, folder, title, blurb } of parts)
  await draw(`cards/${folder}.png`, card(title, `${blurb[0].toUpperCase()}${blurb.slice(1)}.`, letter), 1200, 630);
await draw('icons/apple-touch-icon.png', icon(180, 76), 180, 180);
for (const size of [192, 512]) await draw(`icons/icon-${size}.png`, icon(size, 80), size, size);
await draw('icons/maskable-512.png', icon(512, 58), 512, 512);
await browser.close();
