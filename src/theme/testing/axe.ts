/** Whatever axe-core finds wrong on a page. */
import axe from 'axe-core';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'puppeteer';

/** The Guidelines up to 2.2, levels A and AA, and what axe thinks good practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Of these, what depends on colours: in the other theme the same elements have others. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** What axe leaves on the window. */
interface AxeRun {
  run(context: Document, options: RunOptions): Promise<AxeResults>;
}

/**
 * Names in lines of code are as high as the line lets them be: the Guidelines' exception for targets "constrained by the line-height of non-target text"
 * (2.5.8), which axe does not know where a line holds nothing else.
 */
const IN_CODE = '.row a';

/**
 * Takes out of the page, for as long as `look` takes, the lines of code that have nothing in them that another line has not: the same words of the highlighting, lit and
 * marked alike. A chapter may have thousands, and axe grows slow with the square of what it sees.
 */
export async function withoutTwinLines<T>(page: Page, look: () => Promise<T>): Promise<T> {
  const taken = await page.evaluateHandle(() => {
    const seen = new Set<string>();
    const out: [Comment, Element][] = [];
    for (const row of document.querySelectorAll<HTMLElement>('.row')) {
      const place = `${row.closest('pre')?.className} ${row.closest('.chunk')?.className} ${Math.round(10 * Number(row.style.getPropertyValue('--heat')))}`;
      const marks = row
        .getAttributeNames()
        .filter((name) => name.startsWith('data-') && name !== 'data-line')
        .join();
      const words = [row, ...row.querySelectorAll('*')].map(
        (one) => `${one.tagName} ${one.className} ${one.parentElement?.className} ${marks} ${place}`,
      );
      if (words.some((word) => !seen.has(word))) for (const word of words) seen.add(word);
      else out.push([document.createComment(''), row]);
    }
    for (const [comment, row] of out) row.replaceWith(comment);
    return out;
  });
  try {
    return await look();
  } finally {
    await taken.evaluate((all) => all.forEach(([comment, row]) => comment.replaceWith(row)));
    await taken.dispose();
  }
}

/** One line for each place that breaks a rule, serious or moderate. @param rules all, or only those that depend on colours */
export async function axeFindings(page: Page, rules: 'all' | 'colours' = 'all'): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const { violations } = (await page.evaluate(
    (runOnly, inCode) => {
      const { axe } = window as unknown as { axe: AxeRun };
      const others: (Element | null)[] = [...document.querySelectorAll(inCode)];
      return axe.run(document, { runOnly, resultTypes: ['violations'] }).then((results) => ({
        violations: results.violations.map((violation) => ({
          ...violation,
          nodes: violation.nodes.filter(
            ({ target }) => violation.id !== 'target-size' || !others.includes(document.querySelector<HTMLAnchorElement>(target.join(' '))),
          ),
        })),
      }));
    },
    rules === 'all' ? TAGS : { type: 'rule' as const, values: COLOURS },
    IN_CODE,
  )) as Pick<AxeResults, 'violations'>;
  return violations
    .filter(({ impact }) => impact !== 'minor')
    .flatMap(({ id, impact, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} (${impact}) ${target.join(' ')}: ${failureSummary?.replace(/\s+/g, ' ')}`),
    );
}
