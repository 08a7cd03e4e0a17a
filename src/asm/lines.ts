/** Length of the character constant at `at` (`'a`, `'a'`, `'\\n'`), quotes included; 1 for a lone quote. */
export function characterLength(text: string, at: number): number {
  return /^'(?:\\(?:[0-7]{1,3}|[xX][0-9A-Fa-f]+|[^\n])|[^\\\n])'?/.exec(text.slice(at, at + 16))?.[0].length ?? 1;
}

/**
 * From text to logical lines: comments become blanks (so that columns stay right), line breaks inside block comments stay.
 * Comments are `#` to the end of the line, `//` to the end of the line, a `/` that opens a line, and C block comments.
 */
export function stripComments(text: string): string {
  let out = '';
  let lineStart = true;
  for (let i = 0; i < text.length; ) {
    const c = text[i];
    if (c === '"') {
      let end = i + 1;
      while (end < text.length && text[end] !== '"' && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
      out += text.slice(i, end + 1);
      i = end + 1;
      lineStart = false;
    } else if (c === "'") {
      const length = characterLength(text, i);
      out += text.slice(i, i + length);
      i += length;
      lineStart = false;
    } else if (c === '/' && text[i + 1] === '*') {
      const close = text.indexOf('*/', i + 2);
      const end = close < 0 ? text.length : close + 2;
      out += text.slice(i, end).replace(/[^\n]/g, ' ');
      i = end;
    } else if (c === '#' || (c === '/' && (text[i + 1] === '/' || lineStart))) {
      const newline = text.indexOf('\n', i);
      const end = newline < 0 ? text.length : newline;
      out += ' '.repeat(end - i);
      i = end;
    } else {
      out += c;
      if (c === '\n') lineStart = true;
      else if (c !== ' ' && c !== '\t' && c !== '\r') lineStart = false;
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
  const push = (end: number): void => {
    const raw = line.slice(start, end);
    const text = raw.trim();
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
  }
  push(line.length);
  return statements;
}
