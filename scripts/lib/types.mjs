// What TypeScript's own checker needs in the page: the language's library, and the declarations of all that the chapters' code stands on.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { TOP } from './paths.mjs';

/** The library of the language, as `tsconfig.core.json` has it. */
const LIBRARY = 'lib.es2023.d.ts';
const FOLDER = `${TOP}/node_modules/typescript/lib`;

/** @returns {Record<string, string>} texts by their path from the top; those of the library by name alone */
export function typesForPage() {
  /** @type {Record<string, string>} */
  const texts = {};
  const add = (name) => {
    if (name in texts) return;
    const text = readFileSync(join(FOLDER, name), 'utf8');
    texts[name] = withoutComments(name, text);
    for (const [, lib] of text.matchAll(/^\/\/\/ <reference lib="([^"]+)" \/>/gm)) add(`lib.${lib}.d.ts`);
  };
  add(LIBRARY);
  for (const path of ['scripts/lib/anywhere.d.ts', 'scripts/lib/webassembly.d.ts', 'src/asm/image.d.ts'])
    texts[path] = withoutComments(path, readFileSync(`${TOP}/${path}`, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(`${TOP}/scripts/lib/tsconfig.core.json`, ts.sys.readFile).config,
    ts.sys,
    `${TOP}/scripts/lib`,
  );
  const program = ts.createProgram(
    [`${TOP}/src/hostos/index.ts`, `${TOP}/scripts/lib/anywhere.d.ts`, `${TOP}/scripts/lib/webassembly.d.ts`],
    {
      ...options,
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      removeComments: true,
      rootDir: TOP,
      outDir: TOP,
    },
  );
  program.emit(undefined, (path, text) => {
    texts[relative(TOP, path)] = text;
  });
  return texts;
}

/** Directives stay. @param {string} name @param {string} text */
function withoutComments(name, text) {
  const directives = text.match(/^\/\/\/ <reference .*$/gm) ?? [];
  const printed = ts.createPrinter({ removeComments: true }).printFile(ts.createSourceFile(name, text, ts.ScriptTarget.ESNext));
  return [...directives.filter((one) => !printed.includes(one)), printed].join('\n');
}
