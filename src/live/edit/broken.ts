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

/**
 * A text with the change unmade; null where it does not show. What was taken out has its place between its neighbours.
 * @param before the text that was changed, or another that has the line
 */
export function mended(text: string, change: LineChange, before: string): string | null {
  if (broken(before, change) === text) return before;
  const { line, becomes } = change;
  const own = before.split('\n');
  const from = own.findIndex((one) => one.trim() === line);
  if (from < 0) return null;
  const lines = text.split('\n');
  const come = becomes?.split('\n').map((one) => one.trim()) ?? [];
  // Beyond the first line and the last there is what no line is.
  const [mine, theirs] = [own, lines].map((all) => ['\n', ...all.map((one) => one.trim()), '\n']);
  const isBetween = (at: number): boolean => theirs[at] === mine[from] && theirs[at + 1] === mine[from + 2];
  const places = [...lines, ''].flatMap((_, at) => {
    const isHere = come.length === 0 ? isBetween(at) : come.every((one, n) => theirs[at + 1 + n] === one);
    return isHere ? [at] : [];
  });
  if (places.length !== 1) return null;
  const [at] = places;
  const indented = come.length === 0 ? own[from] : lines[at];
  lines.splice(at, come.length, indented.slice(0, indented.length - indented.trimStart().length) + own[from].trimStart());
  const found = lines.join('\n');
  return broken(found, change) === text ? found : null;
}

/** Whether a text has the change, and what it is with it unmade, or made; null where it can be neither. @param befores texts that have the line, the nearest first */
export function turned(text: string, change: LineChange, befores: readonly string[]): { isBroken: boolean; next: string | null } {
  for (const before of befores) {
    const found = mended(text, change, before);
    if (found !== null) return { isBroken: true, next: found };
  }
  return { isBroken: false, next: broken(text, change) };
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
