/** Lines of a text: where they end, and the few characters that may not stand in code. */

/** A line, and the characters that end it: none for a text's last. */
export interface EndedLine {
  text: string;
  end: string;
}

const END = /\r\n|\n|\r/;

/** The lines of a text, whichever way they end: LF, CRLF or CR, as CommonMark has it. No other character ends a line. */
export function splitLines(text: string): string[] {
  return text.split(END);
}

/** The lines of a text with what ends each: joined again they are the text, to the byte. */
export function splitEndedLines(text: string): EndedLine[] {
  const parts = text.split(/(\r\n|\n|\r)/);
  const lines: EndedLine[] = [];
  for (let index = 0; index < parts.length; index += 2) lines.push({ text: parts[index], end: parts[index + 1] ?? '' });
  return lines;
}

/** A text without the byte order mark that some editors put before it. */
export function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** A character that code may not hold. */
export interface OddCharacter {
  /** Where it is, from 0. */
  offset: number;
  name: string;
  help: string;
}

const ODD = /[\0\u2028\u2029\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * The first character of a text that would not come through unharmed: Markdown makes another one of NUL; compilers take U+2028 and
 * U+2029 for the end of a line, and would count other lines than the chapter's; a byte order mark is lost at a file's beginning and
 * invisible elsewhere; half a surrogate pair has no UTF-8.
 */
export function findOddCharacter(text: string): OddCharacter | null {
  const found = ODD.exec(text);
  if (!found) return null;
  const code = found[0].charCodeAt(0);
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const [name, help] =
    code === 0
      ? ['NUL', 'Write an escape for it, such as \\0: on the page it would be another character.']
      : code === 0xfeff
        ? ['a byte order mark', 'Remove it, though you cannot see it; or write the escape \\ufeff.']
        : code === 0x2028 || code === 0x2029
          ? ['a line separator', `Write the escape \\u${code.toString(16)}: compilers would count it as the end of a line.`]
          : ['half a surrogate pair', 'Write the whole character, or an escape: alone it cannot be saved.'];
  return { offset: found.index, name: `${name} (${number})`, help };
}
