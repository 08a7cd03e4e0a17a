// The Guests of every page in a browser, as a reader would boot them.
import { setTimeout as sleep } from 'node:timers/promises';
import { nameOf, tourOrder } from '../pdf.mjs';
import { expectedInstructions, sceneBundles } from '../scenes.mjs';
import { serveSite } from '../serve.mjs';
import { firefox, webkit } from './drivers.mjs';

const BROWSERS = { firefox, webkit };
/** What the page shows at the end of a run that does not end by itself: it waits, or never began. */
const PHASES = { waits: 'idle', 'no-host': 'panicked' };
/** Milliseconds that a Guest may take. */
const PATIENCE = 120_000;

/** The tour and the workbench. */
export const pagesWithGuests = async () => [...(await tourOrder()), { path: 'boot/' }];

/** @param {{ browser?: string, only?: string[] | undefined }} options @returns {Promise<boolean>} whether all is well */
export async function runInBrowsers({ browser, only }) {
  const { server, url } = await serveSite(0);
  let ran = 0;
  let wrong = 0;
  try {
    for (const [name, start] of Object.entries(BROWSERS)) {
      if (browser !== undefined && browser !== name) continue;
      const driver = await start();
      if (typeof driver === 'string') {
        process.stdout.write(`${driver}.\n`);
        continue;
      }
      process.stdout.write(`${driver.version}\n`);
      try {
        for (const page of await pagesWithGuests()) {
          if (only !== undefined && !only.includes(nameOf(page))) continue;
          const { path } = page;
          for (const { scene, said, good } of await runPage(driver, url + path)) {
            ran++;
            if (!good) wrong++;
            process.stdout.write(`  ${good ? '✓' : '✗'} /${path} ${scene}: ${said}\n`);
          }
        }
      } finally {
        await driver.close();
      }
    }
  } finally {
    server.close();
  }
  process.stdout.write(`${ran - wrong} of ${ran} Guests did as in the book.\n`);
  return ran > 0 && wrong === 0;
}

/** @param {import('./drivers.mjs').Driver} driver @param {string} url */
async function runPage(driver, url) {
  await driver.open(url);
  await until(driver, "return document.documentElement.dataset.hasHydrated === 'true'");
  await driver.ask("localStorage.setItem('lguest-live-pace', 'null')");
  const results = [];
  const page = new URL(url).pathname.replace(/^\/|\/$/g, '');
  for (const [scene, choice] of await guestsOf(driver)) {
    const bundle = scenes().get(scene);
    // What several chapters show is run where it is at home.
    if (bundle === undefined || bundle.scene.shows?.includes(page)) continue;
    // Else the page would have the last Guest again.
    await driver.ask("document.querySelector('.bay__away')?.click(); sessionStorage.clear()");
    await driver.open(url);
    await until(driver, "return document.documentElement.dataset.hasHydrated === 'true'");
    if (choice !== null) await driver.ask(chosen(choice));
    results.push({ scene, ...(await runGuest(driver, bundle)) });
  }
  return results;
}

/** The choices of all frames in which one Guest of several can be had. */
const CHOICES = '.patched__choice input';
const chosen = (choice) => `document.querySelectorAll('${CHOICES}')[${choice}].click()`;

/** The scenes of the page in the driver, each with the choice that brings it; null: it is there anyway. @param {import('./drivers.mjs').Driver} driver @returns {Promise<Map<string, number | null>>} */
async function guestsOf(driver) {
  const names = () => driver.ask("return [...document.querySelectorAll('main section.live[data-scene]')].map((one) => one.dataset.scene)");
  const found = new Map((await names()).map((name) => [name, null]));
  const choices = await driver.ask(`return document.querySelectorAll('${CHOICES}').length`);
  for (let choice = 0; choice < choices; choice++) {
    await driver.ask(chosen(choice));
    await sleep(50);
    for (const name of await names()) if (!found.has(name)) found.set(name, choice);
  }
  return found;
}

let known;
const scenes = () => (known ??= new Map(sceneBundles().map((bundle) => [bundle.name, bundle])));

async function runGuest(driver, bundle) {
  const typed = bundle.scene.keys !== undefined;
  const frame = `section.live[data-scene="${bundle.name}"]`;
  const press = (selector) =>
    `const one = document.querySelector(${JSON.stringify(selector)}); one?.scrollIntoView(); one?.click(); return one !== null`;
  if (!(await until(driver, press(`${frame} ${typed ? '.live__boot--quiet' : '.live__boot'}`))))
    return { said: 'there is no button', good: false };
  if (typed) {
    await until(driver, press(`${frame}[data-phase="paused"] .consoles__typist button`));
    await until(driver, press(`${frame} .toolbar__main`));
  }
  const phase = PHASES[bundle.scene.ends] ?? 'exited';
  const read = `const bay = document.querySelector(${JSON.stringify(`.bay${frame.replace('section.live', '')}`)}); return bay && [bay.dataset.phase, Number(bay.dataset.instructions)]`;
  const begun = Date.now();
  let last = null;
  while (Date.now() - begun < PATIENCE) {
    last = await driver.ask(read);
    if (last?.[0] === phase || last?.[0] === 'failed' || last?.[0] === 'panicked') break;
    await sleep(150);
  }
  const wanted = expectedInstructions(bundle);
  const good = last?.[0] === phase && last[1] === wanted;
  return {
    good,
    said: good ? `${wanted.toLocaleString('en')} instructions` : `${last?.join(', ') ?? 'nothing'}, where the book has ${phase}, ${wanted}`,
  };
}

/** Asks until the answer is yes. */
async function until(driver, script) {
  for (const begun = Date.now(); Date.now() - begun < 30_000; await sleep(100)) if (await driver.ask(script)) return true;
  return false;
}
