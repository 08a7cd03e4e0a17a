/** Problems: how they are shown, their order, and what the writer may have meant. */
import { splitLines } from './lines.ts';
import type { Note, Problem } from './types.ts';

/** How to show a problem. */
export interface FormatOptions {
  /** Text of a file, so that the line spoken of can be shown. */
  read?: (file: string) => string | undefined;
  /** With the colours of a terminal. */
  colours?: boolean;
}

/**
 * A problem as text: `docs/host/x.mdx:12:4: what is wrong`; the line, where it can be read, with the place underlined; other places that have to do
 * with it, each in the same way; and the way out.
 */
export function formatProblem(problem: Problem, options: FormatOptions = {}): string {
  return formatMessage(problem, problem.notes, problem.help, options);
}

/** Several problems, one after the other. */
export function formatProblems(problems: readonly Problem[], options: FormatOptions = {}): string {
  return problems.map((problem) => formatProblem(problem, options)).join('\n');
}

/** As {@link formatProblem}, for whatever has a place and a message. */
export function formatMessage(message: Note, notes: readonly Note[] = [], help = '', options: FormatOptions = {}): string {
  const paint = painter(options.colours === true);
  const parts = [`${paint('1', placeOf(message))}: ${paint('31', message.message.replaceAll('\n', '\n    '))}`, ...frame(message, options)];
  for (const note of notes) parts.push(`    ${paint('1', placeOf(note))}: ${note.message}`, ...frame(note, options));
  if (help !== '') parts.push(`    ${paint('36', help.replaceAll('\n', '\n    '))}`);
  return parts.join('\n');
}

function painter(colours: boolean): (colour: string, text: string) => string {
  return (colour, text) => (colours ? `\u001b[${colour}m${text}\u001b[0m` : text);
}

function placeOf({ file, line, column }: Note): string {
  return `${file}:${line}:${column}`;
}

/** A longer line is shown in part. */
const WIDEST = 120;

/** The line of a place, and under it what is meant. */
function frame({ file, line, column, length }: Note, { read, colours }: FormatOptions): string[] {
  const whole = read && splitLines(read(file)?.replace(/^\ufeff/, '') ?? '')[line - 1];
  if (whole === undefined || whole.trim() === '') return [];
  const from = column - 1 > WIDEST - 20 ? column - 21 : 0;
  const text = whole.slice(from, from + WIDEST).replace(/[\0-\u0008\u000b-\u001f\u007f\u2028\u2029\ufeff]/g, '\ufffd');
  const paint = painter(colours === true);
  const before = text.slice(0, column - 1 - from).replace(/[^\t]/g, ' ');
  const marks = length > 0 ? '~'.repeat(Math.max(1, Math.min(length, text.length - before.length))) : '^';
  const number = String(line).padStart(7);
  return [`${paint('2', `${number} │`)} ${text}`, `${paint('2', `${' '.repeat(number.length)} ╵`)} ${before}${paint('32', marks)}`];
}

/** In the order of files, lines, columns. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column));
}

/** The name most like `wanted`, if any is close enough to be what the writer meant. */
export function nearest(wanted: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, name);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** Insertions, deletions and substitutions from `a` to `b`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
