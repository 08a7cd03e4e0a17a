/** Compiler and linter over the whole project, with their findings at the chapters' lines. Node only. */
import { createRequire } from 'node:module';
import { relative, resolve } from 'node:path';
import type TypeScript from 'typescript';
import type { ESLint as Linter } from 'eslint';
import { mapPosition } from '../core/maps.ts';
import { formatMessage } from '../core/problems.ts';
import type { FormatOptions } from '../core/problems.ts';
import type { ChunkIndex, Note, Position } from '../core/types.ts';

/** A finding of a tool. */
export interface Finding extends Note {
  /** `TS2322`, or the lint rule. */
  rule: string;
  severity: 'error' | 'warning';
  /** Other places that have to do with it. */
  notes?: Note[];
}

/** `docs/host/x.mdx:12:4: what is wrong (rule)`, with its line where it can be read. */
export function formatFinding(finding: Finding, options: FormatOptions = {}): string {
  const { rule, severity, notes } = finding;
  const message = `${severity === 'warning' ? 'warning: ' : ''}${finding.message} (${rule})`;
  return formatMessage({ ...finding, message }, notes, '', options);
}

/** The indexes of output folders: the program's, and one for each variant. */
export type Indexes = ReadonlyMap<string, ChunkIndex>;

/** Moves a place in an extracted file to the chapter it comes from; other places stay as they are. */
function toChapter(place: Position, indexes: Indexes): Position {
  for (const [folder, index] of indexes) {
    if (!place.file.startsWith(`${folder}/`)) continue;
    const moved = mapPosition(index, place.file.slice(folder.length + 1), place.line, place.column);
    if (moved) return moved;
  }
  return place;
}

/** A variant to be checked as itself. */
export interface CheckedVariant {
  /** Its output folder, a key of the indexes. */
  folder: string;
  /** What extracted files import each other by: leads into that folder. */
  importPrefix: string;
  /** Files of the project that stand on it, beside its own. */
  entries: readonly string[];
}

/**
 * Type-checks a project: all of it but the variants' files, or one variant as itself.
 * @param cacheFile Path from the root of the file where the compiler keeps its notes: the next run looks only at what changed.
 * @param project Path of its tsconfig from the root.
 */
export function typeCheck(
  root: string,
  indexes: Indexes,
  cacheFile: string,
  project = 'tsconfig.json',
  variant?: CheckedVariant,
): Finding[] {
  const ts = loadCompiler(root);
  const fatal: TypeScript.Diagnostic[] = [];
  const parsed = ts.getParsedCommandLineOfConfigFile(
    resolve(root, project),
    {
      noEmit: true,
      incremental: true,
      tsBuildInfoFile: resolve(root, cacheFile),
    },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (diagnostic) => fatal.push(diagnostic) },
  );
  const diagnostics = [...fatal];
  if (parsed) {
    const folders = [...indexes.keys()].sort((a, b) => b.length - a.length);
    const folderOf = (file: string): string | undefined => folders.find((folder) => file.startsWith(`${resolve(root, folder)}/`));
    const entries = variant?.entries.map((entry) => resolve(root, entry)) ?? [];
    const own = indexes.keys().next().value;
    const isChecked = (file: string): boolean => {
      const folder = folderOf(file);
      if (!variant) return folder === undefined || folder === own;
      return folder === undefined && (file.endsWith('.d.ts') || entries.includes(file));
    };
    const extracted = variant ? (indexes.get(variant.folder)?.files ?? []).filter(({ lang }) => lang === 'ts') : [];
    const { options } = parsed;
    if (variant) options.paths = { ...options.paths, [`${variant.importPrefix}*`]: [resolve(root, variant.folder, '*')] };
    const program = ts.createIncrementalProgram({
      rootNames: [
        ...parsed.fileNames.filter((file) => isChecked(resolve(file))),
        ...extracted.map(({ path }) => resolve(root, variant!.folder, path)),
      ],
      options,
      ...(parsed.projectReferences && { projectReferences: parsed.projectReferences }),
    });
    diagnostics.push(...parsed.errors, ...allDiagnostics(program));
    program.emit(); // writes only what the next run wants to know
  }
  return toFindings(ts, diagnostics, root, indexes, project);
}

/**
 * Type-checks a project now and after every change of its files, a fraction of a second later.
 * @param indexes Asked at each check, since the places move with the chapters.
 * @returns A function that stops watching.
 */
export function watchTypes(
  root: string,
  indexes: () => Indexes,
  checked: (findings: Finding[]) => void,
  project = 'tsconfig.json',
): () => void {
  const ts = loadCompiler(root);
  const ignore = (): void => {};
  const host = ts.createWatchCompilerHost(
    resolve(root, project),
    { noEmit: true },
    { ...ts.sys, clearScreen: ignore },
    ts.createSemanticDiagnosticsBuilderProgram,
    ignore,
    ignore,
  );
  host.afterProgramCreate = (program) => checked(toFindings(ts, allDiagnostics(program), root, indexes(), project));
  const watching = ts.createWatchProgram(host);
  return () => watching.close();
}

/** The project's own compiler: a bundle of this module may lie elsewhere. */
function loadCompiler(root: string): typeof TypeScript {
  return createRequire(resolve(root, 'package.json'))('typescript') as typeof TypeScript;
}

function allDiagnostics(program: TypeScript.BuilderProgram): TypeScript.Diagnostic[] {
  return [
    ...program.getConfigFileParsingDiagnostics(),
    ...program.getOptionsDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ];
}

function toFindings(
  ts: typeof TypeScript,
  diagnostics: readonly TypeScript.Diagnostic[],
  root: string,
  indexes: Indexes,
  project: string,
): Finding[] {
  const noteOf = ({ file, start = 0, length = 0, messageText }: TypeScript.DiagnosticRelatedInformation): Note => {
    const at = file ? ts.getLineAndCharacterOfPosition(file, start) : { line: 0, character: 0 };
    const path = file ? relative(root, file.fileName).replaceAll('\\', '/') : project;
    const place = toChapter({ file: path, line: at.line + 1, column: at.character + 1 }, indexes);
    return { ...place, length, message: ts.flattenDiagnosticMessageText(messageText, '\n') };
  };
  return ts.sortAndDeduplicateDiagnostics(diagnostics).map((diagnostic): Finding => {
    const { category, code, relatedInformation = [] } = diagnostic;
    const finding: Finding = {
      ...noteOf(diagnostic),
      rule: `TS${code}`,
      severity: category === ts.DiagnosticCategory.Error ? 'error' : 'warning',
    };
    if (relatedInformation.length > 0) finding.notes = relatedInformation.map(noteOf);
    return finding;
  });
}

/** Lints files and folders by the project's own configuration. */
export async function lint(root: string, patterns: readonly string[], indexes: Indexes): Promise<Finding[]> {
  const { ESLint } = createRequire(resolve(root, 'package.json'))('eslint') as { ESLint: typeof Linter };
  const linter = new ESLint({ cwd: root, errorOnUnmatchedPattern: false });
  const results = await linter.lintFiles([...patterns]);
  return results.flatMap(({ filePath, messages }) =>
    messages.map(
      ({ line, column, endLine, endColumn, ruleId, message, severity }): Finding => ({
        ...toChapter({ file: relative(root, filePath).replaceAll('\\', '/'), line: line ?? 1, column: column ?? 1 }, indexes),
        length: endColumn === undefined ? 0 : endLine === line ? endColumn - (column ?? 1) : 1,
        rule: ruleId ?? 'parse',
        message,
        severity: severity === 2 ? 'error' : 'warning',
      }),
    ),
  );
}
