/** From a file of TypeScript to a module that a registry can link: without types, its lines counted, its imports looked up where they are used. */
import { parse } from 'acorn';
import type { AnyNode, Node, Program } from 'acorn';
import { transform } from 'sucrase';
import { countLines } from './counters.ts';
import type { CountedLine } from './counters.ts';
import { ModuleFault } from './fault.ts';
import type { FileFault } from './fault.ts';
import { declaredIn, freeNames } from './scopes.ts';
import { Splices } from './splices.ts';

/** A name that a module imports. */
export interface ImportedName {
  readonly from: string;
  /** In the other module; `*` for all of it. */
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

/** What a module's code is given: its exports, the modules it imports, what counts a line of it, and what looks after it. */
export type ModuleFactory = (
  exported: Record<string, unknown>,
  imported: readonly Readonly<Record<string, unknown>>[],
  hit: (n: number) => void,
  guard: object,
) => Generator<void, void>;

/** A module, compiled. */
export interface CompiledModule {
  readonly path: string;
  readonly factory: ModuleFactory;
  /** Modules that it imports or exports from, in order. */
  readonly needs: readonly string[];
  readonly imports: readonly ImportedName[];
  /** Names that it exports itself, and those that it hands on: its name, the other module, the name there. */
  readonly exports: readonly string[];
  readonly handedOn: readonly (readonly [name: string, from: string, theirs: string])[];
  readonly counted: readonly CountedLine[];
  /** Of its text, as the build's counters have it. */
  readonly hash: number;
}

/** What stack traces call the files of a woven program. */
export const TRACE_PREFIX = 'woven/';

/**
 * Compiles a file.
 * @param lineOf where a line of it was written; null for what no chapter has
 * @throws ModuleFault
 */
export function compileModule(path: string, text: string, lineOf: (line: number) => CountedLine | null): CompiledModule {
  const code = withoutTypes(text);
  const program = parsed(code);
  const splices = new Splices();
  const counted = countLines(program, splices, lineOf);
  const faults: FileFault[] = [];
  const needs: string[] = [];
  const imports = new Map<string, ImportedName>();
  const exports: string[] = [];
  const hoisted: string[] = [];
  const handedOn: [string, string, string][] = [];
  const own = new Set(declaredIn(program.body));

  const numberOf = (from: string): number => {
    const known = needs.indexOf(from);
    return known >= 0 ? known : needs.push(from) - 1;
  };
  const fault = (node: Node, message: string): void => void faults.push({ ...placeOf(node), message });
  const exportAll = (names: readonly [name: string, local: string][], at: number): void => {
    exports.push(...names.map(([name]) => name));
    splices.insert(at, `;${names.map(([name, local]) => `$x.${name} = ${local};`).join('')}`);
  };

  for (const node of program.body as AnyNode[]) {
    if (node.type === 'ImportDeclaration') {
      const from = String(node.source.value);
      numberOf(from);
      for (const one of node.specifiers) {
        const name = one.type === 'ImportSpecifier' ? nameOf(one.imported) : one.type === 'ImportDefaultSpecifier' ? 'default' : '*';
        if (imports.has(one.local.name) || own.has(one.local.name)) fault(one, `there is another ${one.local.name} in this file`);
        imports.set(one.local.name, { from, name, ...placeOf(one) });
      }
      splices.blank(node.start, node.end, code);
    } else if (node.type === 'ExportNamedDeclaration' && node.declaration) {
      const { declaration } = node;
      splices.blank(node.start, declaration.start, code);
      const names = declaredIn([declaration]);
      if (declaration.type === 'FunctionDeclaration') {
        hoisted.push(...names);
        exports.push(...names);
      } else
        exportAll(
          names.map((name) => [name, name]),
          node.end,
        );
    } else if (node.type === 'ExportNamedDeclaration') {
      splices.blank(node.start, node.end, code);
      const from = node.source ? String(node.source.value) : null;
      if (from !== null) numberOf(from);
      for (const { local, exported } of node.specifiers) {
        const imported = imports.get(nameOf(local));
        if (from !== null) handedOn.push([nameOf(exported), from, nameOf(local)]);
        else if (imported !== undefined) handedOn.push([nameOf(exported), imported.from, imported.name]);
        else exportAll([[nameOf(exported), nameOf(local)]], code.length);
      }
    } else if (node.type === 'ExportDefaultDeclaration' || node.type === 'ExportAllDeclaration') {
      fault(node, 'a module of the book exports its names one by one');
    }
  }

  for (const { node, shorthand, assigned, called } of freeNames(program)) {
    const imported = imports.get(node.name);
    if (imported === undefined) {
      if (!(node.name in globalThis)) fault(node, `nothing here is called ${node.name}`);
    } else if (assigned) fault(node, `${node.name} is imported: only its own module can change it`);
    else {
      const there = `$m[${needs.indexOf(imported.from)}]${imported.name === '*' ? '' : `.${imported.name}`}`;
      splices.replace(node.start, node.end, shorthand ? `${node.name}: ${there}` : called ? `(0, ${there})` : there);
    }
  }
  if (faults.length > 0) throw new ModuleFault(faults);

  const head = hoisted.map((name) => `$x.${name} = ${name};`).join('');
  return {
    path,
    factory: evaluated(
      `(function* ($x, $m, $hit, $guard) { "use strict"; ${LAP} ${head} yield; ${splices.apply(code)}\n})\n//# sourceURL=${TRACE_PREFIX}${path}`,
    ),
    needs,
    imports: [...imports.values()],
    exports,
    handedOn,
    counted,
    hash: hashOf(text.replace(/\n$/, '')),
  };
}

/** What looks after a loop. */
const LAP = 'function $lap() { if (--$guard.left < 0) $guard.spent(); }';

/** Compiles code in the realm's own scope: `new Function` would move its lines. */
function evaluated(code: string): ModuleFactory {
  // biome-ignore lint/security/noGlobalEval: this is how a program that was not there before comes to run
  return globalThis.eval(code) as ModuleFactory;
}

/** The code without types; no line moves. @throws ModuleFault */
function withoutTypes(text: string): string {
  try {
    return transform(text, { transforms: ['typescript'], disableESTransforms: true, keepUnusedImports: true }).code;
  } catch (error) {
    throw syntaxFault(error);
  }
}

function parsed(code: string): Program {
  try {
    return parse(code, { ecmaVersion: 2024, sourceType: 'module', locations: true });
  } catch (error) {
    throw syntaxFault(error);
  }
}

/** What a parser complains of, which has the place in its words. */
function syntaxFault(error: unknown): ModuleFault {
  const { message, loc } = error as { message: string; loc?: { line: number; column: number } };
  const told = /\((\d+):(\d+)\)\s*$/.exec(message);
  const line = loc?.line ?? Number(told?.[1] ?? 1);
  const column = told === null ? (loc?.column ?? 0) + 1 : Number(told[2]) + (loc === undefined ? 0 : 1);
  const words = message
    .replace(/\s*\(\d+:\d+\)\s*$/, '')
    .replace(/^Error transforming \S+: /, '')
    .replace(/^SyntaxError: /, '');
  return new ModuleFault([{ line, column: Math.max(1, column), message: words }]);
}

function placeOf(node: Node): { line: number; column: number } {
  const { line, column } = node.loc?.start ?? { line: 1, column: 0 };
  return { line, column: column + 1 };
}

function nameOf(node: Node): string {
  const { name, value } = node as { name?: string; value?: unknown };
  return name ?? String(value);
}

/** 32 bits that differ between two texts (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
