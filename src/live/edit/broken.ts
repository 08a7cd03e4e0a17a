/** One line of a text, changed. */
export interface LineChange {
  /** The line, without what indents it. */
  readonly line: string;
  /** What it becomes, one line or several; nothing: it is taken out. */
  readonly becomes?: string;
}

/** A text with the change; null where the line is not in it just once. What several lines have become is indented as the one was. */
export function broken(text: string, { line, becomes }: LineChange): string | null {
  const lines = text.split('\n');
  const at = lines.findIndex((one) => one.trim() === line);
  if (at < 0 || lines.findLastIndex((one) => one.trim() === line) !== at) return null;
  const indent = lines[at].slice(0, lines[at].indexOf(line));
  const after = lines[at].slice(indent.length + line.length);
  const come = (becomes ?? '').split('\n').map((one) => (one === '' ? one : `${indent}${one}`));
  lines.splice(at, 1, ...(becomes === undefined ? [] : `${come.join('\n')}${after}`.split('\n')));
  return lines.join('\n');
}

/** Changes of lines in chunks: the chunk, the line, what it becomes. */
export type ChunkChanges = readonly (readonly [chunk: string, line: string, becomes?: string])[];

/** Chunks with such changes, all made one after the other; null where one cannot be made. @param textOf a chunk's text */
export function changed(changes: ChunkChanges, textOf: (chunk: string) => string | undefined): Record<string, string> | null {
  const texts: Record<string, string> = {};
  for (const [chunk, line, becomes] of changes) {
    const text = broken(texts[chunk] ?? textOf(chunk) ?? '', { line, ...(becomes !== undefined && { becomes }) });
    if (text === null) return null;
    texts[chunk] = text;
  }
  return texts;
}
