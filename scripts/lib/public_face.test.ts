/** Whatever others import of the machine, they are told what it is: each name at its doors, and each member of what bears it. */
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { TOP } from './paths.mjs';

const DOORS = ['src/machine/index.ts', 'src/machine/opcodes/index.ts', 'src/bare/index.ts'];

/** What a file's importers see of it that has no comment. */
function untold(file: string, program: ts.Program): string[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const door = source && checker.getSymbolAtLocation(source);
  const isTold = (symbol: ts.Symbol): boolean => symbol.getDocumentationComment(checker).length > 0;
  return (door === undefined ? [] : checker.getExportsOfModule(door)).flatMap((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const [declared] = symbol.declarations ?? [];
    // A file as a whole is told at its head.
    if (declared === undefined || ts.isSourceFile(declared)) return [];
    const members = ts.isClassDeclaration(declared) || ts.isInterfaceDeclaration(declared) ? [...declared.members] : [];
    const silent = members
      .flatMap(({ name }) => (name === undefined || ts.isPrivateIdentifier(name) ? [] : (checker.getSymbolAtLocation(name) ?? [])))
      .filter((member) => !isTold(member));
    return [...(isTold(symbol) ? [] : [symbol.name]), ...silent.map((member) => `${symbol.name}.${member.name}`)];
  });
}

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  noEmit: true,
  types: [],
};

describe('the machine’s public face', () => {
  const program = ts.createProgram(
    DOORS.map((door) => join(TOP, door)),
    options,
  );

  it.each(DOORS)('%s tells what each thing is', (door) => {
    expect(program.getSourceFile(join(TOP, door))).toBeDefined();
    expect(untold(join(TOP, door), program)).toEqual([]);
  });

  it('something that says nothing is found', () => {
    const file = '/untold.ts';
    const text = [
      '/** Told. */\nexport interface A {\n  /** Told. */\n  b: 1;\n  c: 2;\n}',
      'export const d = 3;',
      '/** Told. */\nexport class E {\n  #f = 4;\n  g = this.#f;\n}',
    ].join('\n');
    const host = {
      ...ts.createCompilerHost(options),
      getSourceFile: (name: string) => (name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : undefined),
    };
    expect(untold(file, ts.createProgram([file], { ...options, noLib: true }, host))).toEqual(['A.c', 'd', 'E.g']);
  });
});
