/** The command that checks everything at once: `check [--no-lint] [--no-types]`. */
import { checkOutputs } from './check.ts';
import { nodeFileSystem } from './node.ts';
import { formatProblem } from './problems.ts';
import { Tangler } from './tangle.ts';
import { formatFinding, lint, typeCheck } from './tools.ts';
import type { Finding } from './tools.ts';
import type { TangleConfig } from './types.ts';

const USAGE = `usage: check [--no-types] [--no-lint]

Fails when an extracted file is stale or owned by no chunk, when a type is wrong, or when the linter objects.
Places in extracted files are given as places in the chapters.`;

/**
 * Checks a project and prints what it found and how many errors there are.
 * @param patterns What the linter looks at.
 * @returns The exit status: 1 when there are errors.
 */
export async function runCheck(root: string, config: TangleConfig, patterns: readonly string[], args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== '--no-types' && arg !== '--no-lint');
  if (unknown !== undefined) {
    console.error(`unknown option ${unknown}.\n${USAGE}`);
    return 2;
  }
  const tangler = new Tangler(nodeFileSystem(root), config);
  const { problems, index } = await checkOutputs(tangler);
  for (const problem of problems) console.log(formatProblem(problem));
  let errors = problems.length;
  let warnings = 0;
  if (problems.length === 0) {
    const show = (findings: readonly Finding[]): void => {
      for (const finding of findings) console.log(formatFinding(finding));
      errors += findings.filter(({ severity }) => severity === 'error').length;
      warnings += findings.filter(({ severity }) => severity === 'warning').length;
    };
    if (!args.includes('--no-types')) show(await typeCheck(root, index, config));
    if (!args.includes('--no-lint')) show(await lint(root, patterns, index, config));
  } else console.log('Types and lint wait until the extracted files are as the chapters have them.');
  const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
  console.log(warnings > 0 ? `${plural(errors, 'error')}, ${plural(warnings, 'warning')}` : plural(errors, 'error'));
  return errors > 0 ? 1 : 0;
}
