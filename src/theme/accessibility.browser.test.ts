/** Every page by axe-core, in both themes: nothing serious, nothing moderate. */
import axe from 'axe-core';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chapterPages, otherPages, SiteBrowser } from './testing/browser.ts';

/** The Guidelines up to 2.2, levels A and AA, and what axe thinks good practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe leaves on the window. */
interface AxeRun {
  run(context: Document, options: RunOptions): Promise<AxeResults>;
}

let site: SiteBrowser;
beforeAll(async () => {
  site = await SiteBrowser.start();
});
afterAll(() => site.close());

/**
 * Names in lines of code are as high as the line lets them be: the Guidelines' exception for targets "constrained by the line-height of non-target text"
 * (2.5.8), which axe does not know where a line holds nothing else.
 */
const IN_CODE = '.row a';

/** One line for each place that breaks a rule. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate(
    (tags, inCode) => {
      const { axe } = window as unknown as { axe: AxeRun };
      const others: (Element | null)[] = [...document.querySelectorAll(inCode)];
      return axe.run(document, { runOnly: tags, resultTypes: ['violations'] }).then((results) => ({
        violations: results.violations.map((violation) => ({
          ...violation,
          nodes: violation.nodes.filter(
            ({ target }) => violation.id !== 'target-size' || !others.includes(document.querySelector<HTMLAnchorElement>(target.join(' '))),
          ),
        })),
      }));
    },
    TAGS,
    IN_CODE,
  )) as Pick<AxeResults, 'violations'>;
  return violations
    .filter(({ impact }) => impact !== 'minor')
    .flatMap(({ id, impact, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} (${impact}) ${target.join(' ')}: ${failureSummary?.replace(/\s+/g, ' ')}`),
    );
}

test.each([...chapterPages, ...otherPages])('/%s', async (path) => {
  for (const scheme of ['light', 'dark'] as const) {
    const { page } = await site.open(path, { scheme });
    expect(await findings(page), scheme).toEqual([]);
    await page.close();
  }
});

test.each([
  ['host/traps/', 1280],
  ['launcher/console/', 390],
  ['', 1280],
])('/%s, %i pixels wide, with a Guest in the bay and all its instruments', async (path, width) => {
  for (const scheme of ['light', 'dark'] as const) {
    const { page } = await site.open(path, { scheme, width });
    await page.$eval('.live__boot', (button) => (button as HTMLButtonElement).click());
    await page.waitForSelector('.bay .live__chooser');
    await page.$$eval('.bay .live__chooser [aria-pressed="false"]', (all) => all.forEach((one) => (one as HTMLButtonElement).click()));
    await page.waitForSelector('.bay .panel--counters');
    await page.waitForSelector('.bay .xterm');
    await page.$eval('.bay .toolbar__pace', (select) => {
      (select as HTMLSelectElement).value = 'null';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await page.waitForSelector('.bay:is([data-phase="exited"], [data-phase="idle"])', { timeout: 60_000 });
    expect(await findings(page), scheme).toEqual([]);
    await page.close();
  }
});
