/** TypeScript's own checker over edited chunks. It is large, and fetched when somebody wants it. */
import type * as TypeScript from 'typescript';
import type { Edits, Weaver, WovenProblem, Woven } from '#weave';

type Ts = typeof TypeScript;

/** The library of the language, and declarations of what the chapters' code stands on, by path. */
export type Declarations = Readonly<Record<string, string>>;

/** The extracted files, as imports name them. */
const EXTRACTED = '.tangled/';
const LIBRARY = 'lib.es2023.d.ts';
/** What it means to import assembly. */
const IMAGES = 'src/asm/image.d.ts';

/** Checks again and again: what did not change is parsed once. */
export class TypeChecker {
  readonly #ts: Ts;
  readonly #declarations: Declarations;
  readonly #weaver: Weaver;
  readonly #parsed = new Map<string, TypeScript.SourceFile>();
  #last: TypeScript.Program | undefined;

  constructor(ts: Ts, declarations: Declarations, weaver: Weaver) {
    this.#ts = ts;
    this.#declarations = declarations;
    this.#weaver = weaver;
  }

  /** What does not fit together in the file that a chunk is in. */
  check(edits: Edits, chunk: string): readonly WovenProblem[] {
    const variant = this.#weaver.variantOf(chunk);
    const woven = this.#weaver.weave(edits, variant === null ? [] : [variant]);
    const path = woven.fileOf(chunk);
    if (path === undefined || !path.endsWith('.ts') || woven.problems.length > 0) return [];
    const root = EXTRACTED + path;
    const ambient = Object.keys(this.#declarations).filter((one) => one.startsWith('scripts/') || one === IMAGES);
    const program = this.#ts.createProgram({
      rootNames: [root, ...ambient],
      options: this.#options(),
      host: this.#host(woven),
      ...(this.#last && { oldProgram: this.#last }),
    });
    this.#last = program;
    const file = program.getSourceFile(root);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].flatMap((one) =>
      this.#problemOf(one, woven, path),
    );
  }

  /** As strict as the book's own check, but for what an unfinished edit may well have: names that are not used yet. */
  #options(): TypeScript.CompilerOptions {
    const { ModuleKind, ModuleResolutionKind, ScriptTarget } = this.#ts;
    return {
      target: ScriptTarget.ES2022,
      module: ModuleKind.ESNext,
      moduleResolution: ModuleResolutionKind.Bundler,
      lib: [LIBRARY],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      noImplicitReturns: true,
      noFallthroughCasesInSwitch: true,
      isolatedModules: true,
      verbatimModuleSyntax: true,
      erasableSyntaxOnly: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      noEmit: true,
    };
  }

  #host(woven: Woven): TypeScript.CompilerHost {
    const read = (path: string): string | undefined => {
      const name = path.replace(/^\//, '');
      return name.startsWith(EXTRACTED) ? woven.read(name.slice(EXTRACTED.length)) : this.#declarations[name];
    };
    return {
      readFile: read,
      fileExists: (path) => read(path) !== undefined,
      getSourceFile: (path, language) => this.#parse(path, read(path), language),
      getDefaultLibFileName: () => LIBRARY,
      getDefaultLibLocation: () => '',
      getCurrentDirectory: () => '/',
      getCanonicalFileName: (path) => path,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => '\n',
      writeFile: () => undefined,
      resolveModuleNameLiterals: (literals, from) =>
        literals.map(({ text }) => {
          const path = this.#resolve(text, from, read);
          const extension = path?.endsWith('.d.ts') === true ? this.#ts.Extension.Dts : this.#ts.Extension.Ts;
          return { resolvedModule: path === null ? undefined : { resolvedFileName: path, extension, isExternalLibraryImport: false } };
        }),
    };
  }

  /** The file that an import names; assembly is an image. */
  #resolve(name: string, from: string, read: (path: string) => string | undefined): string | null {
    const plain = name.startsWith('#tangled/')
      ? EXTRACTED + name.slice('#tangled/'.length)
      : name.startsWith('#')
        ? `src/${DOORS[name] ?? `${name.slice(1)}/index.ts`}`
        : new URL(name, `file:///${from.replace(/^\//, '')}`).pathname.slice(1);
    return [plain, plain.replace(/\.ts$/, '.d.ts'), `${plain}.d.ts`].find((path) => /\.ts$/.test(path) && read(path) !== undefined) ?? null;
  }

  #parse(
    path: string,
    text: string | undefined,
    language: TypeScript.ScriptTarget | TypeScript.CreateSourceFileOptions,
  ): TypeScript.SourceFile | undefined {
    if (text === undefined) return undefined;
    const known = this.#parsed.get(path);
    if (known?.text === text) return known;
    const file = this.#ts.createSourceFile(path, text, language, true);
    this.#parsed.set(path, file);
    return file;
  }

  #problemOf({ file, start = 0, length = 0, messageText }: TypeScript.Diagnostic, woven: Woven, path: string): WovenProblem[] {
    if (file === undefined) return [];
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    const place = woven.place(path, line + 1);
    if (place === null) return [];
    return [{ ...place, column: character + 1, length, message: this.#ts.flattenDiagnosticMessageText(messageText, ' ') }];
  }
}

/** Doors that are no `index.ts`. */
const DOORS: Readonly<Record<string, string>> = { '#opcodes': 'machine/opcodes/index.ts', '#tangle/runtime': 'tangle/count/runtime.ts' };
