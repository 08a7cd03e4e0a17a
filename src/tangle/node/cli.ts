/** The commands: `untangle [--with MARKER]… [--out FOLDER]` or `untangle --patch FILE`, and `tangle [--check] [--watch] [--with MARKER]… [--out FOLDER] [--force]`. */
import { readFileSync } from 'node:fs';
import { carryPatch } from '../core/carry_patch.ts';
import { checkOutputs } from '../core/check.ts';
import { isApart, isPlain } from '../core/config.ts';
import { tangleCode } from './code.ts';
import type { KnownCode } from './code.ts';
import { nodeFileSystem } from './node.ts';
import { readOptions } from './options.ts';
import { tangleVariants } from './variants.ts';
import { watchTree } from './watch.ts';
import { formatProblem } from '../core/problems.ts';
import { Tangler } from '../core/tangle.ts';
import { untangle } from '../core/untangle.ts';
import type { TangleOptions } from '../core/tangle.ts';
import { terminal } from './terminal.ts';
import type { Problem, TangleConfig } from '../core/types.ts';

const USAGE = `usage: tangle [--check | --watch] [--with MARKER]... [--out FOLDER] [--force]

Extracts the program from the chapters, and with it the variants that were extracted before.
  --check        write nothing; fail when an extracted file is stale or owned by no chunk
  --watch        extract again whenever a chapter changes
  --with MARKER  apply the patches of a marker; the variant goes to <output folder>/variants/MARKER
  --out FOLDER   extract to another folder
  --force        overwrite extracted files that were edited by hand`;

interface Flags {
  check: boolean;
  watch: boolean;
  help: boolean;
  options: TangleOptions;
}

/** What the words of a command line ask for, or the sentence that says what is wrong with them. */
function readFlags(args: readonly string[], config: TangleConfig): Flags | string {
  const given = readOptions(args, { check: 'flag', watch: 'flag', force: 'flag', with: 'list', out: 'text' });
  if (typeof given === 'string') return given;
  const { check, watch, help, force, with: markers, out } = given;
  if (check && watch) return '--check and --watch exclude each other.';
  if (markers.includes('')) return '--with wants a value.';
  const variant = markers.flatMap((marker) => marker.split(','));
  const options: TangleOptions = force ? { force } : {};
  if (out !== undefined) {
    options.out = out.replace(/\/+$/, '');
    if (!isPlain(options.out) || !isApart(options.out, config.docs))
      return `--out wants a folder of the project, apart from ${config.docs}.`;
  }
  if (variant.length > 0) {
    options.with = variant;
    options.out ??= `${config.out}/variants/${nameOf(variant)}`;
  }
  return { check, watch, help, options };
}

/** What a variant's folder is called, `M-014+M-003`. */
function nameOf(variant: readonly string[]): string {
  return variant.join('+').replaceAll(':', '-');
}

/** The variant that arguments ask to have extracted: its name, and its folder from the project's root. Null for the program itself. */
export function variantOf(config: TangleConfig, args: readonly string[]): { name: string; out: string } | null {
  const flags = readFlags(args, config);
  if (typeof flags === 'string' || flags.check || flags.watch || !flags.options.with || flags.options.out === undefined) return null;
  return { name: nameOf(flags.options.with), out: flags.options.out };
}

/**
 * Runs the command; returns its exit status (or never, when watching).
 * @param along whether variants that were extracted before follow the program
 */
export async function runTangle(root: string, config: TangleConfig, args: readonly string[], along = true): Promise<number> {
  const flags = readFlags(args, config);
  if (typeof flags === 'string') {
    console.error(`${flags}\n${USAGE}`);
    return 2;
  }
  if (flags.help) {
    console.log(USAGE);
    return 0;
  }
  const tangler = new Tangler(nodeFileSystem(root), config);
  if (flags.check) {
    const { problems, index } = await checkOutputs(tangler, flags.options);
    return report(tangler, problems, `${index.chunks.length} chunks, ${index.files.length} files: all as the chapters have it`);
  }
  const variants = along && flags.options.with === undefined && flags.options.out === undefined;
  const once = async (): Promise<number> => {
    const start = performance.now();
    const known: KnownCode = new Set();
    const { problems, written, removed, index } = await tangleCode(tangler, flags.options, known);
    if (variants && problems.length === 0) problems.push(...(await tangleVariants(tangler, flags.options.force ?? false, known)));
    const ms = Math.round(performance.now() - start);
    const changes = [...written.map((path) => `+ ${path}`), ...removed.map((path) => `- ${path}`)].filter(
      (line) => line !== '+ chunks.json',
    );
    if (flags.watch) for (const line of changes) console.log(line);
    return report(tangler, problems, `${index.chunks.length} chunks in ${index.files.length} files, ${changes.length} changed: ${ms} ms`);
  };
  const status = await once();
  if (!flags.watch) return status;
  let running = false;
  let again = false;
  watchTree(root, config.docs, async () => {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await once();
    }
    running = false;
  });
  return new Promise<number>(() => {});
}

const UNTANGLE_USAGE = `usage: untangle [--with MARKER]... [--out FOLDER]
       untangle --patch FILE

Carries edits made in the extracted files back into the chapters; or those of a patch, as the page in which they were made saves it.`;

/** Carries a patch of the chapters into them; returns the exit status. */
function carryPatchFile(root: string, config: TangleConfig, file: string): number {
  const tangler = new Tangler(nodeFileSystem(root), config);
  let patch: string;
  try {
    patch = readFileSync(file, 'utf8');
  } catch (error) {
    console.error(`The patch ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  const { problems, texts, chapters } = carryPatch(patch, file, config.docs, (path) => tangler.fs.read(path));
  if (problems.length === 0) for (const [path, text] of texts) tangler.fs.write(path, text);
  return report(tangler, problems, [...chapters].map(([path, count]) => carried(path, count)).join('\n'));
}

const carried = (chapter: string, count: number): string => `${chapter}: ${count} ${count === 1 ? 'edit' : 'edits'} carried back`;

/** Runs the way back; returns its exit status. */
export async function runUntangle(root: string, config: TangleConfig, args: readonly string[]): Promise<number> {
  const given = readOptions(args, { patch: 'text' });
  if (typeof given !== 'string' && given.patch !== undefined) return carryPatchFile(root, config, given.patch);
  const flags = readFlags(args, config);
  if (typeof flags === 'string' || flags.check || flags.watch || flags.options.force) {
    console.error(`${typeof flags === 'string' ? flags : 'untangle knows only --with and --out, or --patch alone.'}\n${UNTANGLE_USAGE}`);
    return 2;
  }
  if (flags.help) {
    console.log(UNTANGLE_USAGE);
    return 0;
  }
  const tangler = new Tangler(nodeFileSystem(root), config);
  const { problems, chapters, notices } = await untangle(tangler, flags.options);
  for (const notice of notices) console.error(`left alone: ${formatProblem(notice)}`);
  const edits = [...chapters].map(([chapter, count]) => carried(chapter, count));
  return report(tangler, problems, edits.length > 0 ? edits.join('\n') : 'nothing was edited in the extracted files');
}

/** Prints problems and their number, or the sentence that says that all is well. */
function report({ fs }: Tangler, problems: readonly Problem[], well: string): number {
  const options = terminal(fs, process.stderr);
  for (const problem of problems) console.error(formatProblem(problem, options));
  if (problems.length > 0) console.error(`${problems.length} ${problems.length === 1 ? 'error' : 'errors'}`);
  // Of its own work a command speaks on standard error: whoever runs a Guest behind it wants to hear the Guest alone.
  else console.error(well);
  return problems.length > 0 ? 1 : 0;
}
