import type { AssemblerContext } from './context.ts';
import { DATA_DIRECTIVES } from './data_directives.ts';
import { constantOf } from './expressions.ts';
import { directiveEnd, directiveOf, splitArguments, type SourceStatement } from './macros.ts';
import { scrub } from './lines.ts';
import { passOver } from './passed_over.ts';
import type { Scanner } from './scanner.ts';
import { SECTION_DIRECTIVES } from './section_directives.ts';
import { SYMBOL_DIRECTIVES } from './symbol_directives.ts';

/** What a directive does with the rest of its statement. Throws SyntaxProblem on a mistake. */
export type Handler = (assembler: AssemblerContext, rest: Scanner, word: string) => void;

const MISCELLANEOUS: Readonly<Record<string, Handler>> = {
  '.error': (_, rest) => rest.fail(rest.end ? '.error directive' : text(rest), 0),
  '.err': (_, rest) => rest.fail('.err directive', 0),
  '.warning': (assembler, rest) => {
    assembler.report('warning', rest.end ? '.warning directive' : text(rest));
    rest.expectEnd();
  },
  '.print': (assembler, rest) => {
    assembler.report('warning', text(rest));
    rest.expectEnd();
  },
  '.altmacro': (assembler, rest) => {
    rest.expectEnd();
    assembler.alternate = true;
  },
  '.noaltmacro': (assembler, rest) => {
    rest.expectEnd();
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
  '.endm': (_, rest) => rest.fail('.endm without .macro', 0),
  '.endr': (_, rest) => rest.fail('.endr without .rept, .irp or .irpc', 0),
  '.purgem': (assembler, rest) => {
    const name = rest.name();
    rest.expectEnd();
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
  if (passOver(word, rest)) return;
  const handler = HANDLERS.get(word) ?? rest.fail(`unknown directive '${word}'`, 0);
  handler(assembler, rest, word);
}

/** GNU as passes over what stands in a line with an end, and be it code; here it is told. `name`: what ends, which may be named. */
export function tellBehind(assembler: AssemblerContext, { text, location }: SourceStatement, name = ''): void {
  const at = directiveEnd(text);
  const behind = text.slice(at).trim();
  if (behind === '' || behind === name) return;
  assembler.report('warning', `what follows ${directiveOf(text)} is not assembled`, text.indexOf(behind, at), location);
}

const MAX_REPEATS = 1 << 20;

/** The characters over which `.irpc` goes: blanks only within quotes, and of the quotes only those that stand within. */
function charactersOf(text: string): string[] {
  const found: string[] = [];
  let quoted = text.startsWith('"');
  for (let at = quoted ? 1 : 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      quoted = !quoted;
      if (at === text.length - 1) break;
    }
    if (quoted || character === '"' || !/\s/.test(character)) found.push(character);
  }
  return found;
}

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
  const values = word === '.irp' ? splitArguments(rest.rest(), valueOf) : charactersOf(scrub(rest.rest()).trim());
  // Of no values a round is made, with none; not so of a text of no characters.
  if (!values.length && rest.end) values.push('');
  return values.map((value) => new Map([[name, value]]));
}
