import { scrub } from './lines.ts';
import type { Location } from './types.ts';

/** A statement in the stream: its text, where it stands, and the outermost macro call that produced it. */
export interface SourceStatement {
  readonly text: string;
  readonly location: Location;
  readonly via: Location | undefined;
}

interface Parameter {
  readonly name: string;
  readonly fallback: string;
  readonly required: boolean;
  readonly rest: boolean;
}

export interface Macro {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly SourceStatement[];
}

const OPENING = /^(?:(?:[A-Za-z_.$][\w.$]*|"(?:[^"\\]|\\.)*"|\d+)\s*:(?!:)\s*)*(\.[\w.$]+)(?!\s*:)(?![\w.$])/;

/** The directive a statement opens with (labels skipped), or ''. */
export function directiveOf(text: string): string {
  return OPENING.exec(text)?.[1].toLowerCase() ?? '';
}

/** Where the directive's name ends. */
export function directiveEnd(text: string): number {
  return OPENING.exec(text)?.[0].length ?? 0;
}

const OPENERS: Readonly<Record<string, ReadonlySet<string>>> = {
  '.endr': new Set(['.rept', '.irp', '.irpc', '.rep']),
  '.endm': new Set(['.macro']),
};

/** Index of the statement that closes a body which begins at `from`; -1 when none does. */
export function findEnd(statements: readonly SourceStatement[], from: number, closer: '.endr' | '.endm'): number {
  let depth = 0;
  for (let i = from; i < statements.length; i++) {
    const directive = directiveOf(statements[i].text);
    if (OPENERS[closer].has(directive)) depth++;
    else if (directive === closer && depth-- === 0) return i;
  }
  return -1;
}

/** Reads `.macro`'s own line: `name a, b=1, c:req, d:vararg`. A string is a message about it. */
export function parseMacroHeader(text: string, body: readonly SourceStatement[]): Macro | string {
  const match = /^([A-Za-z_.$][\w.$]*)\s*,?\s*(.*)$/.exec(text.trim());
  if (!match) return 'macro without a name';
  const parameters: Parameter[] = [];
  let rest = scrub(match[2]);
  while (rest) {
    const item = /^([A-Za-z_.$][\w.$]*)\s*(?::\s*(req|vararg))?\s*(=\s*)?/i.exec(rest);
    if (!item) return `bad macro parameter at '${rest}'`;
    rest = rest.slice(item[0].length);
    let fallback = '';
    if (item[3] !== undefined) [fallback, rest] = takeArgument(rest, null);
    parameters.push({
      name: item[1],
      fallback,
      required: item[2]?.toLowerCase() === 'req',
      rest: item[2]?.toLowerCase() === 'vararg',
    });
    rest = rest.replace(/^\s*,?\s*/, '');
  }
  return { name: match[1], parameters, body };
}

/** What under `.altmacro` stands between `<` and `>`, `!` making the next character plain; and what is left. */
function takeAngled(text: string): [string, string] {
  let out = '';
  let depth = 1;
  let i = 1;
  for (; i < text.length && depth > 0; i++) {
    if (text[i] === '!' && i + 1 < text.length) out += text[++i];
    else {
      if (text[i] === '<') depth++;
      if (text[i] === '>') depth--;
      if (depth > 0) out += text[i];
    }
  }
  return [out, text.slice(i)];
}

/**
 * One argument from the front of scrubbed `text`, quotes removed, and what is left. Commas end it, and blanks outside brackets (GNU as, "Macro").
 * @param valueOf what `%expression` stands for; null unless `.altmacro` is on.
 */
function takeArgument(text: string, valueOf: ((expression: string) => string) | null): [string, string] {
  if (text[0] === '"') {
    let out = '';
    let i = 1;
    for (; i < text.length && text[i] !== '"'; i++) {
      if (text[i] === '\\' && i + 1 < text.length) out += text[i++];
      out += text[i];
    }
    return [valueOf ? `"${out}"` : out, text.slice(i + 1)];
  }
  if (valueOf && text[0] === '<') return takeAngled(text);
  let i = 0;
  const brackets: string[] = [];
  for (; i < text.length && text[i] !== ','; i++) {
    const c = text[i];
    if ((c === ' ' || c === '\t') && brackets.length === 0) break;
    if (c === '"') {
      while (++i < text.length && text[i] !== '"') if (text[i] === '\\') i++;
    } else if (c === '(' || c === '[') brackets.push(c);
    else if (c === ')' && brackets.at(-1) === '(') brackets.pop();
    else if (c === ']' && brackets.at(-1) === '[') brackets.pop();
  }
  const out = text.slice(0, i);
  return [valueOf && out.startsWith('%') ? valueOf(out.slice(1)) : out, text.slice(i)];
}

/** Splits the values of a loop. A comma at the end announces none. */
export function splitArguments(text: string, valueOf: ((expression: string) => string) | null = null): string[] {
  const found: string[] = [];
  let rest = scrub(text).trim();
  while (rest) {
    const [argument, after] = takeArgument(rest, valueOf);
    found.push(argument);
    rest = after.replace(/^\s+/, '').replace(/^,\s*/, '');
  }
  return found;
}

/**
 * Binds a call's arguments to a macro's parameters; a string is a message.
 * @param valueOf what `%expression` stands for, under `.altmacro`.
 */
export function bindArguments(
  macro: Macro,
  text: string,
  valueOf: ((expression: string) => string) | null = null,
): Map<string, string> | string {
  const bound = new Map<string, string>();
  let rest = scrub(text).trim();
  let position = 0;
  while (rest) {
    const keyword = /^([A-Za-z_.$][\w.$]*)\s*=(?!=)\s*/.exec(rest);
    const named = keyword && macro.parameters.find((p) => p.name === keyword[1]);
    const parameter = named || macro.parameters[position];
    if (!parameter) return `too many arguments for macro '${macro.name}'`;
    if (named) rest = rest.slice(keyword[0].length);
    else position++;
    if (parameter.rest) {
      bound.set(parameter.name, rest);
      break;
    }
    const [argument, after] = takeArgument(rest, valueOf);
    if (argument !== '') bound.set(parameter.name, argument);
    rest = after.trim().replace(/^,\s*/, '');
  }
  for (const parameter of macro.parameters) {
    if (bound.has(parameter.name)) continue;
    if (parameter.required) return `macro '${macro.name}' needs a value for '${parameter.name}'`;
    bound.set(parameter.name, parameter.fallback);
  }
  return bound;
}

const LOCAL = /^\s*local\s+(.*)$/i;

/** The names that a body's `LOCAL` lines make its own under `.altmacro`. */
export function localNames(body: readonly SourceStatement[]): string[] {
  return body.flatMap(
    ({ text }) =>
      LOCAL.exec(text)?.[1]
        .split(/[\s,]+/)
        .filter((name) => name !== '') ?? [],
  );
}

/**
 * Puts values for `\name`, the call's number for `\@` (unless null) and nothing for `\()`. Under `.altmacro` also for a bare `name`, which an `&`
 * may join to what stands beside it; a `LOCAL` line says nothing more.
 */
export function substitute(text: string, values: ReadonlyMap<string, string>, call: number | null, alternate = false): string {
  if (alternate && LOCAL.test(text)) return '';
  const plain = alternate && values.size > 0 ? text.replace(bareNames(values), (_, name: string) => values.get(name) ?? '') : text;
  let inString = false;
  return plain.replace(/"|\\"|('?)\\(\(\)|@|[A-Za-z_.$][\w.$]*)('?)/g, (whole, quote?: string, name?: string, end?: string) => {
    if (whole === '"') inString = !inString;
    // A character constant is one before anything is put into it: '\n is a line feed, whatever n stands for.
    if (quote === undefined || name === undefined || (quote !== '' && !inString)) return whole;
    const value = put(`\\${name}`, name);
    // As GNU as has it, a quote right behind an argument's name ends the name.
    return quote + value + (values.has(name) ? '' : end);
  });

  function put(whole: string, name: string): string {
    if (name === '()') return '';
    if (name === '@') return call === null ? whole : String(call);
    return values.get(name) ?? whole;
  }
}

/** Parameters by their bare names, in strings as well, with the `&` that sets them apart. */
function bareNames(values: ReadonlyMap<string, string>): RegExp {
  const names = [...values.keys()].map((name) => name.replace(/[.$]/g, '\\$&'));
  return new RegExp(`(?:&|(?<![\\w.$\\\\]))(${names.join('|')})(?![\\w.$])&?`, 'g');
}
