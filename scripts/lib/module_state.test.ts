/**
 * What changes belongs to a machine, a kernel, a program or a page: to something of which there can be two. What a module keeps for all of them stands here, each with a
 * comment that begins “One for all:” and says why that is right.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { TOP } from './paths.mjs';

/** Its comment says so; a blank line ends what it speaks of. */
const JUSTIFIED = /One for all[:,] /;

/** What cannot change once it is made. */
const CONSTANT = new Set(['RegExp', 'TextDecoder', 'TextEncoder', 'RangeError', 'Error']);
/** Containers, which do not change unless somebody does it. */
const CONTAINER = /^(?:Map|Set|WeakMap|WeakSet|Array|DataView|(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array)$/;

/** A way from a variable to something within it. */
const WITHIN = String.raw`(?:!?\.#?\w+|!?\[[^\]]*\])`;
/** What changes that: a method that does, an assignment, one more or less. */
const CHANGED = String.raw`${WITHIN}*!?\.(?:set\w*|add|delete|clear|push|pop|shift|unshift|splice|fill|sort|reverse|copyWithin)\(|${WITHIN}+ ?(?:(?:[-+*/%|&^]|<<|>>>?|\?\?|\|\||&&)?=(?![=>])|\+\+|--)`;

/** Is something put into it anywhere in the file, or is it handed out so that others may? */
function isWritten(name: string, text: string, exported: boolean): boolean {
  return exported || new RegExp(String.raw`(?<![.\w])${name}(?:${CHANGED})|(?:\+\+|--)${name}${WITHIN}`).test(text);
}

function bare(expression: ts.Expression | undefined): ts.Expression | undefined {
  while (expression && (ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression) || ts.isParenthesizedExpression(expression)))
    expression = expression.expression;
  return expression;
}

/** May what it begins with change? */
function changes(name: string, initializer: ts.Expression | undefined, text: string, exported: boolean): boolean {
  const value = bare(initializer);
  // What is taken apart has no name of its own.
  if (value === undefined || !/^\w+$/.test(name)) return false;
  if (ts.isNewExpression(value)) {
    const made = value.expression.getText();
    return CONTAINER.test(made) ? isWritten(name, text, exported) : !CONSTANT.has(made);
  }
  const made = ts.isArrayLiteralExpression(value) || ts.isObjectLiteralExpression(value) || ts.isCallExpression(value);
  return made && isWritten(name, text, false);
}

/** The variables of a module, or of a class as a whole, that change, each with the comment above it. */
function stateOf(name: string, text: string): { name: string; justified: boolean }[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
  const found: { name: string; justified: boolean }[] = [];
  const note = (node: ts.Node, variable: string): void => {
    const above =
      text
        .slice(0, node.getStart(file))
        .split(/\n\s*\n/)
        .at(-1) ?? '';
    found.push({ name: `${name}: ${variable}`, justified: JUSTIFIED.test(above.replace(/\n\s*(?:\*|\/\/)? ?/g, ' ')) });
  };
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      const constant = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
      const exported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
      for (const { name: variable, initializer } of statement.declarationList.declarations)
        if (!constant || changes(variable.getText(), initializer, text, exported)) note(statement, variable.getText());
    } else if (ts.isClassDeclaration(statement)) {
      for (const member of statement.members) {
        const kinds = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []).map(({ kind }) => kind) : [];
        if (
          ts.isPropertyDeclaration(member) &&
          kinds.includes(ts.SyntaxKind.StaticKeyword) &&
          !kinds.includes(ts.SyntaxKind.ReadonlyKeyword)
        )
          note(member, member.name.getText());
      }
    }
  }
  return found;
}

/** Of the chapters' code: registries that are filled while the files of one program are loaded, each program's own, and do not change after that. */
const REGISTRIES = ['.tangled/launcher/devices.ts: outputHandlers', '.tangled/launcher/devices.ts: inputHandlers'];

const files = ['src', '.tangled/host', '.tangled/launcher']
  .flatMap((folder) => readdirSync(join(TOP, folder), { recursive: true }).map((path) => `${folder}/${String(path).replaceAll('\\', '/')}`))
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|\.d\.ts$|(?:^|\/)(?:testing|proofs)\//.test(path));

describe('what a module keeps for all', () => {
  it.each([
    ['let n = 0;', 'n'],
    ['const m = new Map();\nm.set(1, 2);', 'm'],
    ['export const x = new Int32Array(4);', 'x'],
    ['const lines = new LineCounters();', 'lines'],
    ['const STEPS: bigint[] = [];\nfunction f() { STEPS.push(1n); }', 'STEPS'],
    ['const t = {};\nfunction f(k) { t[k] = 1; }', 't'],
    ['const ONE = { n: 0 };\nfunction f() { ONE.n++; }', 'ONE'],
    ['const ONE = { n: 0 };\nfunction f() { --ONE.n; }', 'ONE'],
    ['const NESTED = { list: [] };\nfunction f() { NESTED.list.push(1); }', 'NESTED'],
    ['const TUPLE = [0, 0];\nfunction f() { TUPLE[0] += 2; }', 'TUPLE'],
    ['const bag = Object.create(null);\nfunction f(k) { bag[k] ??= 1; }', 'bag'],
    ['const made = makeMap();\nfunction f(k) { made.set(k, 1); }', 'made'],
    ['const bytes = Uint8Array.of(1);\nfunction f() { bytes[0] = 2; }', 'bytes'],
    ['class A { static #one: A | null = null; }', '#one'],
  ])('is found: %s', (text, name) => {
    expect(stateOf('f', text)).toEqual([{ name: `f: ${name}`, justified: false }]);
  });

  it.each([
    'const n = 0;',
    "const NAMES = new Set(['a']);",
    'const WORD = new RegExp("a");',
    'const M: Record<string, number> = {};',
    'const T = [1, 2];\nfunction f() { return T[0] === 1 && T.length >= 2; }',
    'const made = build();\nfunction f() { g.made.push(made.x); }',
    'class A { static readonly b = 1; }',
  ])('is not: %s', (text) => expect(stateOf('f', text)).toEqual([]));

  it('has a reason that stands above it', () => {
    const text = '/** A clock. One for all: there is one page. */\nlet a = 1;\nlet b = 2;\n\nlet c = 3;\n';
    expect(stateOf('f', text).map(({ justified }) => justified)).toEqual([true, true, false]);
  });

  it('has a reason wherever it is', () => {
    const state = files.flatMap((path) => stateOf(path, readFileSync(join(TOP, path), 'utf8')));
    expect(state.filter(({ justified }) => !justified).map(({ name }) => name)).toEqual(REGISTRIES);
  });
});
