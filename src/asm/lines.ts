/** Length of the character constant at `at` (`'a`, `'a'`, `'\\n'`), quotes included; 1 for a lone quote. */
export function characterLength(text: string, at: number): number {
  return /^'(?:\\[^\n]|[^\\\n])'?/.exec(text.slice(at, at + 16))?.[0].length ?? 1;
}

const ESCAPES: Readonly<Record<string, number>> = { b: 8, f: 12, n: 10, r: 13, t: 9, '\\': 92, '"': 34 };

/** What an escape in a character constant stands for, and how many characters (after the backslash) it takes: GNU as knows no numbers there. Null where the text ends. */
export function escapeAt(text: string, at: number): { value: number; length: number } | null {
  const character = text[at];
  return character === undefined ? null : { value: ESCAPES[character] ?? character.charCodeAt(0), length: 1 };
}

/** The same in a string, where GNU as knows more: numbers, octal (eights and nines too) or hexadecimal (`\x` without digits is zero), and a vertical tab. */
export function stringEscapeAt(text: string, at: number): { value: number; length: number } | null {
  const octal = /^[0-9]{1,3}/.exec(text.slice(at, at + 3))?.[0];
  if (octal !== undefined) return { value: [...octal].reduce((value, digit) => value * 8 + Number(digit), 0) & 0xff, length: octal.length };
  if (text[at] === 'v') return { value: 11, length: 1 };
  const hex = /^[xX]([0-9A-Fa-f]*)/.exec(text.slice(at));
  if (hex) return { value: parseInt(hex[1].slice(-2) || '0', 16), length: hex[0].length };
  return escapeAt(text, at);
}

/** The characters between two of which GNU as keeps a blank in operands: those of symbols, and what may open an operand. */
const KEEPS_BLANK = /[\w.$*%\-([{}]/;

/**
 * Operands as GNU as hands them to macros, loops and `.ifc`: blanks only where two words would run together, character constants as
 * their numbers, strings as they are (GNU as, "Preprocessing").
 */
export function scrub(text: string): string {
  let out = '';
  let last = '';
  for (let i = 0; i < text.length; ) {
    const c = text[i];
    if (c === ' ' || c === '\t') {
      while (text[i] === ' ' || text[i] === '\t') i++;
      if (KEEPS_BLANK.test(last) && (KEEPS_BLANK.test(text[i] ?? '') || text[i] === '\\')) out += ' ';
      continue;
    }
    let piece = c;
    let length = 1;
    if (c === '"') {
      let end = i + 1;
      while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
      length = end + 1 - i;
      piece = text.slice(i, end + 1);
    } else if (c === "'" && characterLength(text, i) > 1) {
      length = characterLength(text, i);
      piece = String(text[i + 1] === '\\' ? (escapeAt(text, i + 2)?.value ?? 92) : text.charCodeAt(i + 1));
    }
    out += piece;
    // A string ends no word.
    last = c === '"' ? '' : piece[piece.length - 1];
    i += length;
  }
  return out;
}

/**
 * From text to logical lines: comments become blanks (so that columns stay right), line breaks inside block comments stay.
 * Comments are `#` to the end of the line, `//` to the end of the line, a `/` that opens a statement, and C block comments. A carriage return is a blank.
 * @param unclosed hears where a block comment begins that has no end
 */
export function stripComments(text: string, unclosed: (at: number) => void = () => {}): string {
  let out = '';
  /** Nothing but labels stands in the statement yet. */
  let opening = true;
  for (let i = 0; i < text.length; ) {
    const c = text[i];
    if (c === '"') {
      let end = i + 1;
      while (end < text.length && text[end] !== '"' && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
      out += text.slice(i, end + 1);
      i = end + 1;
      opening = false;
    } else if (c === "'") {
      const length = characterLength(text, i);
      out += text.slice(i, i + length);
      i += length;
      opening = false;
    } else if (c === '/' && text[i + 1] === '*') {
      const close = text.indexOf('*/', i + 2);
      if (close < 0) unclosed(i);
      const end = close < 0 ? text.length : close + 2;
      out += text.slice(i, end).replace(/[^\n]/g, ' ');
      i = end;
    } else if (c === '#' || (c === '/' && (text[i + 1] === '/' || opening))) {
      const newline = text.indexOf('\n', i);
      const end = newline < 0 ? text.length : newline;
      out += ' '.repeat(end - i);
      i = end;
    } else {
      out += c === '\r' ? ' ' : c;
      if (c === '\n' || c === ';') opening = true;
      else if (c === ':') opening = true;
      else if (c !== ' ' && c !== '\t' && c !== '\r') opening = false;
      i++;
    }
  }
  return out;
}

/** A statement's text and where it starts in its line (column from 0). */
export interface Statement {
  readonly text: string;
  readonly column: number;
}

/** Splits a comment-free line at `;` outside strings and character constants. */
export function splitStatements(line: string): Statement[] {
  const statements: Statement[] = [];
  let start = 0;
  /** Behind the last character that is no blank, or a blank in quotes. */
  let solid = 0;
  const push = (end: number): void => {
    const raw = line.slice(start, Math.max(solid, start));
    const text = raw.trimStart();
    if (text) statements.push({ text, column: start + raw.indexOf(text) });
    start = end + 1;
  };
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (c === '"') {
      i++;
      while (i < line.length && line[i] !== '"') i += line[i] === '\\' ? 2 : 1;
    } else if (c === "'") i += characterLength(line, i) - 1;
    else if (c === ';') push(i);
    if (c !== ' ' && c !== '\t' && c !== ';') solid = Math.min(i + 1, line.length);
  }
  push(line.length);
  return statements;
}
