/** Directives that say something to a debugger, a linker or a printer: they make no bytes here. What they may take is looked at all the same. */
import type { Scanner } from './scanner.ts';

const TEXT = '"(?:[^"\\\\]|\\\\.)*"';
const NAME = `(?:${TEXT}|[^\\s,"]+)`;
const exactly = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);

const A_TEXT = exactly(TEXT);
const NAMES = exactly(`${NAME}(?:\\s*,\\s*${NAME})*`);
const NOTHING = exactly('');
/** Words with commas between them, or operators that stand alone. */
const OPERANDS = exactly(`(?:${NAME}(?:(?:\\s*,\\s*|\\s+[+*-]\\s*)${NAME})*)?`);

const TAKES: Readonly<Record<string, RegExp>> = {
  '.file': exactly(`${TEXT}|\\d+\\s+${TEXT}(?:\\s+${TEXT})?(?:\\s+md5\\s+\\w+)?`),
  '.ident': A_TEXT,
  '.version': A_TEXT,
  '.title': exactly(`${TEXT}|[^"]*`),
  '.sbttl': exactly(`${TEXT}|[^"]*`),
  '.loc': exactly(
    '\\d+\\s+\\d+(?:\\s+\\d+)?(?:\\s+(?:basic_block|prologue_end|epilogue_begin|(?:is_stmt|isa|discriminator|view)\\s+\\S+))*',
  ),
  '.att_syntax': exactly('(?:prefix)?'),
  '.arch': exactly('\\.?\\w+(?:\\s*,\\s*(?:no)?jumps)?'),
  '.extern': NAMES,
  '.internal': NAMES,
  '.hidden': NAMES,
  '.protected': NAMES,
  '.psize': exactly('\\d+(?:\\s*,\\s*\\d+)?'),
  '.list': NOTHING,
  '.nolist': NOTHING,
  '.eject': NOTHING,
  '.cfi_startproc': exactly('(?:simple)?'),
};

/** Passes over such a directive. @returns false where it is none of them */
export function passOver(word: string, rest: Scanner): boolean {
  const takes = Object.hasOwn(TAKES, word) ? TAKES[word] : word.startsWith('.cfi_') ? OPERANDS : undefined;
  if (takes === undefined) return false;
  rest.space();
  const from = rest.at;
  const text = rest.rest().trim();
  if (!takes.test(text)) rest.fail(`${word} takes no '${text}'`, from);
  return true;
}
