/** Assembly that the program imports, as the build's plugin for bundlers makes it: a module with an image. */
import { assemble } from '#asm';
import type { Assembly, Source } from '#asm';
import { ModuleFault } from './fault.ts';
import type { FileFault } from './fault.ts';
import type { CompiledModule } from './module.ts';
import type { CountedLine } from './counters.ts';

/** What is wrong in an assembled file, or in one that it includes. */
export interface ImageFault extends FileFault {
  readonly path: string;
}

/** Assembly that is not as it should be. */
class AssemblyFault extends ModuleFault {
  declare readonly faults: readonly ImageFault[];
}

/**
 * Assembles a file.
 * @param read text of an extracted file, or undefined
 * @param lineOf where a line of a file was written
 * @throws AssemblyFault
 */
export function compileImage(
  path: string,
  read: (path: string) => string | undefined,
  lineOf: (path: string, line: number) => CountedLine | null,
): CompiledModule {
  const source = (name: string): Source | null => {
    const text = read(name);
    return text === undefined ? null : { name, text };
  };
  const first = source(path);
  if (first === null) throw new AssemblyFault([{ line: 1, column: 1, message: `there is no ${path}` }]);
  const assembly = assemble([first], { base: 0, include: source });
  const wrong = [...assembly.errors, ...assembly.warnings];
  if (wrong.length > 0) {
    throw new AssemblyFault(wrong.map(({ source: file, line, column, message }): ImageFault => ({ path: file, line, column, message })));
  }
  const { base, bytes } = flatten(assembly);
  const symbols = Object.fromEntries(
    [...assembly.symbols.values()].filter(({ name }) => !name.startsWith('.L')).map((one) => [one.name, one.value]),
  );
  // What a macro makes belongs to the line that calls it.
  const lines = assembly.lines.map(({ address, source: file, line, via }) => {
    const place = lineOf(via?.source ?? file, via?.line ?? line);
    return [address, place?.source ?? file, place?.line ?? line];
  });
  return {
    path,
    *factory(exported) {
      exported.default = { base, text: bytes, symbols, lines };
      yield;
    },
    needs: [],
    imports: [],
    exports: ['default'],
    handedOn: [],
    counted: [],
    hash: 0,
  };
}

/** The bytes of the image from its first address on, gaps as zeros. */
function flatten(assembly: Assembly): { base: number; bytes: Uint8Array } {
  const held = assembly.image.segments.filter(({ bytes }) => bytes.length > 0);
  if (held.length === 0) return { base: 0, bytes: new Uint8Array(0) };
  const base = Math.min(...held.map(({ address }) => address));
  const bytes = new Uint8Array(Math.max(...held.map(({ address, bytes: part }) => address + part.length)) - base);
  for (const { address, bytes: part } of held) bytes.set(part, address - base);
  return { base, bytes };
}
