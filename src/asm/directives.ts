import type { AssemblerContext } from './context.ts';
import { DATA_DIRECTIVES } from './data_directives.ts';
import { constantOf } from './expressions.ts';
import { splitArguments } from './macros.ts';
import { scrub } from './lines.ts';
import type { Scanner } from './scanner.ts';
import { SECTION_DIRECTIVES } from './section_directives.ts';
import { SYMBOL_DIRECTIVES } from './symbol_directives.ts';

/** What a directive does with the rest of its statement. Throws SyntaxProblem on a mistake. */
export type Handler = (assembler: AssemblerContext, rest: Scanner, word: string) => void;

/** Accepted, as notes to debuggers or to other targets; they leave no bytes in an image. */
const IGNORED = new Set([
  '.file',
  '.ident',
  '.loc',
  '.att_syntax',
  '.arch',
  '.extern',
  '.internal',
  '.hidden',
  '.protected',
  '.version',
  '.list',
  '.nolist',
  '.title',
  '.sbttl',
  '.psize',
  '.eject',
]);

const MISCELLANEOUS: Readonly<Record<string, Handler>> = {
  '.error': (_, rest) => rest.fail(rest.end ? '.error directive' : text(rest), 0),
  '.err': (_, rest) => rest.fail('.err directive', 0),
  '.warning': (assembler, rest) => assembler.report('warning', rest.end ? '.warning directive' : text(rest)),
  '.print': (assembler, rest) => assembler.report('warning', text(rest)),
  '.altmacro': (assembler) => {
    assembler.alternate = true;
  },
  '.noaltmacro': (assembler) => {
    assembler.alternate = false;
  },
  '.code16': (assembler, rest) => {
    rest.expectEnd();
    assembler.code16 = true;
  },
  '.code32': (assembler, rest) => {
    rest.expectEnd();
    assembler.code16 = false;
  },
  '.purgem': (assembler, rest) => {
    const name = rest.name();
    if (!assembler.macros.delete(name.toLowerCase())) rest.fail(`no macro '${name}'`, 0);
  },
};

function text(rest: Scanner): string {
  return new TextDecoder().decode(Uint8Array.from(rest.string()));
}

const HANDLERS = new Map<string, Handler>(
  [DATA_DIRECTIVES, SECTION_DIRECTIVES, SYMBOL_DIRECTIVES, MISCELLANEOUS].flatMap((table) => Object.entries(table)),
);

/** Carries out a directive that is neither conditional nor a block. */
export function directive(assembler: AssemblerContext, word: string, rest: Scanner): void {
  if (IGNORED.has(word) || word.startsWith('.cfi_')) return;
  const handler = HANDLERS.get(word) ?? rest.fail(`unknown directive '${word}'`, 0);
  handler(assembler, rest, word);
}

const MAX_REPEATS = 1 << 20;

/** The bindings of each round of `.rept`, `.irp` or `.irpc`. */
export function repeatDirective(
  word: string,
  rest: Scanner,
  valueOf: ((expression: string) => string) | null = null,
): ReadonlyMap<string, string>[] {
  if (word === '.rept' || word === '.rep') {
    const count = constantOf(rest.expression()) ?? rest.fail('.rept needs a constant');
    rest.expectEnd();
    if (count < 0n || count > BigInt(MAX_REPEATS)) rest.fail(`.rept count ${count} is out of range`);
    return new Array<ReadonlyMap<string, string>>(Number(count)).fill(new Map());
  }
  const name = rest.name() || rest.fail(`${word} needs a name`);
  rest.take(',');
  const values =
    word === '.irp'
      ? splitArguments(rest.rest(), valueOf)
      : [
          ...scrub(rest.rest())
            .trim()
            .replace(/^"(.*)"$/, '$1'),
        ];
  if (!values.length) values.push('');
  return values.map((value) => new Map([[name, value]]));
}
