import ts from 'typescript';
import MagicString from 'magic-string';
import remapping from '@jridgewell/remapping';
import { TraceMap, originalPositionFor } from '@jridgewell/trace-mapping';
import type { Plugin } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { constantsOf, functionOf, hasBody, nameOf, parametersOf, variablesAt } from './scopes.ts';

/**
 * Line counters for extracted TypeScript: a call before every statement, and a map that still leads to the chapter.
 */
export interface Instrumented {
  /** The code with counters, its version-3 map appended as an inline comment. */
  readonly code: string;
  /** How many places were given a counter. */
  readonly places: number;
}

const INLINE_MAP = /\n?\/\/# sourceMappingURL=data:application\/json[^,]*;base64,([A-Za-z0-9+/=]+)\s*$/;

/**
 * Puts counters into one extracted file.
 * @param code the file as the tangler wrote it, with its inline map; without a map it is returned as it is
 * @param name its name, for messages
 * @param runtime how the program imports what it counts in: a module that exports the counters as `lines`, and as `hit` what counts a line
 * @param first the number of the file's first place among all that the program counts
 * @param debug it also tells which function calls which, and what the variables stand for. It counts the same, and is slower
 */
export function instrument(code: string, name: string, runtime: string, first: number, debug = false): Instrumented {
  const found = INLINE_MAP.exec(code);
  if (!found) return { code, places: 0 };
  const body = code.slice(0, found.index);
  const mapText = Buffer.from(found[1], 'base64').toString('utf8');
  const map = new TraceMap(mapText);
  const file = ts.createSourceFile(name, body, ts.ScriptTarget.ES2022, true);
  const output = new MagicString(body);
  const sources: string[] = [];
  const places: number[] = [];
  const seen = new Set<string>();

  const place = (at: ts.Node): number => {
    const { line, character } = file.getLineAndCharacterOfPosition(at.getStart(file));
    const original = originalPositionFor(map, { line: line + 1, column: character });
    if (original.source === null || original.line === null) return -1;
    // Maps name chapters from where the file lies; counters name them from the repository's top.
    const chapter = original.source.replace(/^(?:\.\.\/)+/, '');
    const key = `${chapter}:${original.line}`;
    let source = sources.indexOf(chapter);
    if (source < 0) source = sources.push(chapter) - 1;
    if (seen.has(key)) return -1;
    seen.add(key);
    places.push(source, original.line);
    return first + places.length / 2 - 1;
  };

  const count = (statement: ts.Statement): void => {
    if (
      ts.isFunctionDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isImportDeclaration(statement) ||
      ts.isExportDeclaration(statement) ||
      ts.isBlock(statement) ||
      ts.isEmptyStatement(statement)
    )
      return;
    const at = place(statement);
    if (at >= 0) output.appendLeft(statement.getStart(file), hit(at, statement));
  };

  /** What stands before a counted statement. */
  const hit = (at: number, statement: ts.Statement): string =>
    debug && functionOf(statement) !== undefined ? `$see(${at},$frame,()=>({${variablesAt(statement).join(',')}}));` : `$hit(${at});`;

  const braced = (statement: ts.Statement | undefined): void => {
    if (
      !statement ||
      ts.isBlock(statement) ||
      (ts.isIfStatement(statement) && ts.isIfStatement(statement.parent) && statement.parent.elseStatement === statement)
    )
      return;
    const at = place(statement);
    output.appendLeft(statement.getStart(file), at >= 0 ? `{${hit(at, statement)}` : '{');
    output.appendRight(statement.getEnd(), '}');
  };

  const visit = (node: ts.Node): void => {
    const frame = debug && hasBody(node) ? node.body : null;
    if (frame !== null && hasBody(node)) {
      const enter = `$enter(${JSON.stringify(nameOf(node))},${JSON.stringify(parametersOf(node))})`;
      output.appendLeft(frame.getStart(file) + 1, `const $frame=${enter};try{`);
    }
    // Not the file's own statements: they run when it is loaded, once for all worlds.
    if (ts.isBlock(node)) node.statements.forEach(count);
    else if (ts.isCaseOrDefaultClause(node)) node.statements.forEach(count);
    else if (ts.isIfStatement(node)) {
      braced(node.thenStatement);
      braced(node.elseStatement);
    } else if (ts.isIterationStatement(node, false)) braced(node.statement);
    ts.forEachChild(node, visit);
    if (frame !== null) output.appendRight(frame.getEnd() - 1, '}finally{$lines.leave($frame);}');
  };
  visit(file);

  // Known before the file's own first statement runs.
  output.prepend('$known();');
  output.append(
    `\nimport { hit as $hit, lines as $lines } from ${JSON.stringify(runtime)};\n` +
      `function $known(): void { $lines.register(${first}, ${JSON.stringify(sources)}, ${JSON.stringify(places)}, ${hashOf(body)}); }\n` +
      (debug
        ? `function $constants() { return {${constantsOf(file).join(',')}}; }\n` +
          'function $enter(name: string, parameters: string[]) { return $lines.enter(name, parameters, $constants); }\n' +
          'function $see(n: number, frame: ReturnType<typeof $enter>, see: () => object): void { frame.at = n; frame.see = see; $hit(n); }\n'
        : ''),
  );
  const step = output.generateMap({ source: name, hires: 'boundary' });
  const chained = remapping([step.toString(), mapText], () => null);
  return {
    code: `${output.toString()}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(chained)).toString('base64')}\n`,
    places: places.length / 2,
  };
}

/** 32 bits that differ between two texts (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** What is counted, and how. */
export interface Counting {
  /** The program's extracted TypeScript files, as they are when a build begins. */
  readonly files: () => readonly string[];
  /** As for {@link instrument}. */
  readonly runtime: string;
  /** What is changed in a file before: it must keep its lines and columns, or the map lies. */
  readonly edit?: ((code: string, path: string) => string) | undefined;
  /** As for {@link instrument}. */
  readonly debug?: boolean | undefined;
  /** What was instrumented before, by all that it is made of: programs of one book share most of their files. */
  readonly known?: Map<string, string> | undefined;
}

/** A file's numbers begin at a multiple of this: one that grew a little, as a variant's may, leaves the numbers of the others as they are. */
const ROOM = 64;

/** An esbuild plugin that instruments the files of a program. */
export function instrumentPlugin({ files, runtime, edit = (code) => code, debug = false, known = new Map() }: Counting): Plugin {
  return {
    name: 'line-counters',
    setup(build) {
      const firsts = new Map<string, number>();
      // Numbers for at least as many lines as each file has, in the order of their names: the same in each build, in whatever order they are loaded.
      build.onStart(async () => {
        firsts.clear();
        let first = 0;
        for (const path of [...files()].sort()) {
          firsts.set(path, first);
          first += Math.ceil((await readFile(path, 'utf8')).split('\n').length / ROOM) * ROOM;
        }
      });
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const first = firsts.get(path);
        if (first === undefined) return undefined;
        const text = edit(await readFile(path, 'utf8'), path);
        const key = `${first} ${debug} ${runtime} ${text}`;
        const contents = known.get(key) ?? instrument(text, path, runtime, first, debug).code;
        known.set(key, contents);
        return { contents, loader: 'ts' };
      });
    },
  };
}
