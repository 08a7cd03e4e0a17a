/** Imports that chunks bring with them: gathered at the top of their file, and what two of them bring is imported once. */
import { codePlace } from './chunks.ts';
import type { Chunk } from './chunks.ts';
import type { OutputLine } from './link.ts';
import type { Problem, Span } from './types.ts';

/** How many lines of a chunk go to the top of its file. An example is its own file, as it is. */
export function countHead({ kind, lang, lines }: Chunk): number {
  return lang === 'ts' && kind !== 'example' ? countImports(lines) : 0;
}

/** How many lines a chunk begins with that are imports, and empty lines between them. */
function countImports(lines: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < lines.length; ) {
    if (lines[at].trim() === '') at++;
    else {
      const next = endOfImport(lines, at);
      if (next === at) break;
      at = count = next;
    }
  }
  return count;
}

const LAST_LINE = /(?:^import|\bfrom|^\})\s*(?:from\s*)?(['"])[^'"]*\1\s*(?:with\s*\{[^}]*\}\s*)?;?\s*$/;

/** The line behind an import declaration that begins in line `at`; `at` itself where none does. */
function endOfImport(lines: readonly string[], at: number): number {
  if (!/^import\b(?!\s*[(.])/.test(lines[at])) return at;
  for (let end = at; end < lines.length && (end === at || /^[\s}]/.test(lines[end])); end++) {
    if (LAST_LINE.test(lines[end])) return end + 1;
  }
  return at;
}

/** A name that a declaration binds. */
interface Binding {
  local: string;
  /** The name in the module; `default`, `*`. */
  imported: string;
  isType: boolean;
  module: string;
  /** Where it stands among the characters of its declaration. */
  from: number;
  to: number;
  declaration: Declaration;
}

/** An import declaration, its lines joined. */
interface Declaration {
  chunk: Chunk;
  /** Index of its first line in the chunk. */
  index: number;
  /** Its characters, of which those that are not wanted become spaces. */
  text: string;
  module: string;
  bindings: Binding[];
  dropped: Set<Binding>;
  /** Nothing of it is left. */
  gone: boolean;
}

/**
 * The imports of a file's chunks as lines of the file. A name that is imported twice stays where it came first, as a value if one of the two is; the other is
 * spaces, so that every column stays what it is.
 */
export function mergeImports(heads: readonly { chunk: Chunk; count: number }[], problems: Problem[]): OutputLine[] {
  const declarations = heads.flatMap(({ chunk, count }) => readDeclarations(chunk, count));
  const known = new Map<string, Binding>();
  const effects = new Set<string>();
  for (const declaration of declarations) {
    if (declaration.bindings.length === 0) {
      declaration.gone = declaration.module !== '' && effects.has(declaration.module);
      effects.add(declaration.module);
    }
    for (const binding of declaration.bindings) {
      const first = known.get(binding.local);
      if (!first) known.set(binding.local, binding);
      else if (first.module !== binding.module || first.imported !== binding.imported) problems.push(contradiction(first, binding));
      else if (first.isType && !binding.isType) {
        first.declaration.dropped.add(first);
        known.set(binding.local, binding);
      } else declaration.dropped.add(binding);
    }
  }
  return declarations.flatMap(linesOf);
}

function readDeclarations(chunk: Chunk, count: number): Declaration[] {
  const found: Declaration[] = [];
  for (let at = 0; at < count; ) {
    const next = endOfImport(chunk.lines, at);
    if (next > at) found.push(readDeclaration(chunk, at, chunk.lines.slice(at, next).join('\n')));
    at = Math.max(next, at + 1);
  }
  return found;
}

const PARTS =
  /^import\s+(type\s+(?=[\w$*{]+(?!\s*from\s*['"])|[\w$]+\s+from))?(?:([\w$]+)\s*(?:,\s*|(?=from)))?(?:\*\s*as\s+([\w$]+)\s*|\{([^}]*)\}\s*)?from\s*(['"])(.*?)\5/;

function readDeclaration(chunk: Chunk, index: number, text: string): Declaration {
  const declaration: Declaration = { chunk, index, text, module: '', bindings: [], dropped: new Set(), gone: false };
  const effect = /^import\s*(['"])(.*?)\1/.exec(text);
  if (effect) declaration.module = effect[2];
  const parts = PARTS.exec(text);
  // What has comments among its names stays as it is.
  if (!parts || (parts[4] ?? '').includes('/')) return declaration;
  const [, type, single, namespace, list, , module] = parts;
  declaration.module = module;
  const add = (local: string, imported: string, isType: boolean, from: number, length: number): void => {
    declaration.bindings.push({ local, imported, isType: isType || type !== undefined, module, from, to: from + length, declaration });
  };
  if (single !== undefined) add(single, 'default', false, text.indexOf(single, 6 + (type ?? '').length), single.length);
  if (namespace !== undefined)
    add(namespace, '*', false, text.indexOf('*'), text.indexOf(namespace, text.indexOf('*')) + namespace.length - text.indexOf('*'));
  const begin = text.indexOf('{') + 1;
  for (const item of (list ?? '').matchAll(/(type\s+(?!as\b|,|$))?([\w$]+)(?:\s+as\s+([\w$]+))?/g)) {
    add(item[3] ?? item[2], item[2], item[1] !== undefined, begin + item.index, item[0].length);
  }
  return declaration;
}

/** What is left of a declaration. */
function linesOf({ chunk, index, text, bindings, dropped, gone }: Declaration): OutputLine[] {
  if (gone || (bindings.length > 0 && dropped.size === bindings.length)) return [];
  const characters = [...text.split('')];
  const blank = (from: number, to: number): void => {
    for (let at = from; at < to; at++) if (characters[at] !== '\n') characters[at] = ' ';
  };
  for (const binding of dropped) {
    const comma = /^\s*,/.exec(text.slice(binding.to));
    blank(binding.from, binding.to + (comma?.[0].length ?? 0));
  }
  const named = bindings.filter(({ imported }) => imported !== 'default' && imported !== '*');
  if (named.length > 0 && named.every((binding) => dropped.has(binding))) {
    // A default import without its list.
    blank(text.lastIndexOf(',', text.indexOf('{')), text.indexOf('}') + 1);
  }
  const before = text.split('\n');
  return characters
    .join('')
    .split('\n')
    .map((line, step) => ({
      text: line.trimEnd(),
      chunk,
      index: index + step,
      indent: 0,
      isMerged: line.trimEnd() !== before[step].trimEnd(),
    }))
    .map((line, step) => (line.isMerged ? line : { ...line, text: before[step] }));
}

function spanOf({ declaration: { chunk, index, text }, from, to }: Binding): Span {
  const before = text.slice(0, from).split('\n');
  const place = codePlace(chunk.fence, index + before.length - 1, before[before.length - 1].length);
  return { file: chunk.chapter.path, ...place, length: to - from };
}

function contradiction(first: Binding, second: Binding): Problem {
  const name = ({ imported, local, module }: Binding): string => `${imported === local ? '' : `${imported} `}from '${module}'`;
  return {
    ...spanOf(second),
    code: 'import-conflict',
    message: `${second.local} is imported ${name(second)} here, and ${name(first)} by another chunk of the file`,
    help: `Give one of them another name: { ${second.imported === second.local ? second.local : second.imported} as … }.`,
    notes: [{ ...spanOf(first), message: 'the other import' }],
  };
}
