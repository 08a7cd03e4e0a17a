/** One line of a text, changed. */
export interface LineChange {
  /** The line, without what indents it. */
  readonly line: string;
  /** What it becomes; nothing: it is taken out. */
  readonly becomes?: string;
}

/** A text with the change; null where the line is not in it just once. */
export function broken(text: string, { line, becomes }: LineChange): string | null {
  const lines = text.split('\n');
  const at = lines.findIndex((one) => one.trim() === line);
  if (at < 0 || lines.findLastIndex((one) => one.trim() === line) !== at) return null;
  lines.splice(at, 1, ...(becomes === undefined ? [] : [lines[at].replace(line, () => becomes)]));
  return lines.join('\n');
}
