/** The command that checks everything at once: `check [--no-lint] [--no-types]`. */
import { checkOutputs } from '../core/check.ts';
import { nodeFileSystem } from './node.ts';
import { readOptions } from './options.ts';
import { formatProblem } from '../core/problems.ts';
import { Tangler } from '../core/tangle.ts';
import { terminal } from './terminal.ts';
import { formatFinding, lint, typeCheck } from './tools.ts';
import type { Finding, Indexes } from './tools.ts';
import { findVariants } from './variants.ts';
import type { TangleConfig } from '../core/types.ts';

const USAGE = `usage: check [--no-types] [--no-lint]

Fails when an extracted file is stale or owned by no chunk, when a type is wrong, or when the linter objects.
Places in extracted files are given as places in the chapters.`;

/** What the tools look at, by paths from the root. */
export interface CheckedBy {
  /** Called when the options were found right and the work begins. */
  begin?: () => void;
  /** Compiler configurations: a finding that several make is told once. */
  projects: readonly string[];
  /** Files and folders for the linter. */
  lint: readonly string[];
  /** What stands on the extracted program, and must stand on each variant, too. */
  program?: readonly string[];
}

/**
 * Checks a project and prints what it found and how many errors there are.
 * @param tools What the compiler and the linter look at.
 * @returns The exit status: 1 when there are errors.
 */
export async function runCheck(root: string, config: TangleConfig, tools: CheckedBy, args: readonly string[]): Promise<number> {
  const flags = readOptions(args, { 'no-types': 'flag', 'no-lint': 'flag' });
  if (typeof flags === 'string') {
    console.error(`${flags}\n${USAGE}`);
    return 2;
  }
  if (flags.help) {
    console.log(USAGE);
    return 0;
  }
  tools.begin?.();
  const tangler = new Tangler(nodeFileSystem(root), config);
  const { problems, index } = await checkOutputs(tangler);
  const indexes = new Map([[config.out, index]]);
  for (const { out, variant } of findVariants(tangler)) {
    const checked = await checkOutputs(tangler, { with: variant, out });
    problems.push(...checked.problems.filter(({ file }) => file.startsWith(`${out}/`) || file === '--with'));
    indexes.set(out, checked.index);
  }
  const options = terminal(tangler.fs, process.stdout);
  for (const problem of problems) console.log(formatProblem(problem, options));
  let errors = problems.length;
  let warnings = 0;
  if (problems.length === 0) {
    const show = (findings: readonly Finding[]): number => {
      for (const finding of findings) console.log(formatFinding(finding, options));
      const found = findings.filter(({ severity }) => severity === 'error').length;
      errors += found;
      warnings += findings.length - found;
      return found;
    };
    const wrongTypes = flags['no-types'] ? 0 : show(checkProjects(root, indexes, tools, config));
    if (!flags['no-lint']) {
      const findings = await lint(root, tools.lint, indexes);
      // What has no type because of an error elsewhere is "unsafe" wherever it is used: the cause is told already.
      const own = wrongTypes === 0 ? findings : findings.filter(({ rule }) => !rule.startsWith('@typescript-eslint/no-unsafe-'));
      show(own);
      if (own.length < findings.length)
        console.log(`${findings.length - own.length} more findings of the linter may only follow from the wrong types.`);
    }
  } else console.log('Types and lint wait until the extracted files are as the chapters have them.');
  const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
  console.log(warnings > 0 ? `${plural(errors, 'error')}, ${plural(warnings, 'warning')}` : plural(errors, 'error'));
  return errors > 0 ? 1 : 0;
}

/** The findings of all compiler configurations, and of each variant as itself, each once. */
function checkProjects(root: string, indexes: Indexes, tools: CheckedBy, { out, importPrefix }: TangleConfig): Finding[] {
  const found = new Map<string, Finding>();
  const add = (findings: readonly Finding[]): void => {
    for (const finding of findings) found.set(formatFinding(finding), finding);
  };
  const notes = (name: string): string => `${out}/cache/types${name}.tsbuildinfo`;
  for (const [n, project] of tools.projects.entries()) add(typeCheck(root, indexes, notes(String(n || '')), project));
  for (const folder of indexes.keys()) {
    if (folder === out) continue;
    const variant = { folder, importPrefix, entries: tools.program ?? [] };
    add(typeCheck(root, indexes, notes(`-${folder.slice(folder.lastIndexOf('/') + 1)}`), tools.projects[0], variant));
  }
  return [...found.values()];
}
