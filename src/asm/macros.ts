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

const OPENING = /^(?:(?:[A-Za-z_.$][\w.$]*|\d+)\s*:(?!:)\s*)*(\.[\w.$]+)(?!\s*:)(?![\w.$])/;

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
  let rest = match[2];
  while (rest) {
    const item = /^([A-Za-z_.$][\w.$]*)\s*(?::\s*(req|vararg))?\s*(=\s*)?/i.exec(rest);
    if (!item) return `bad macro parameter at '${rest}'`;
    rest = rest.slice(item[0].length);
    let fallback = '';
    if (item[3] !== undefined) [fallback, rest] = takeArgument(rest);
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

/** One argument from the front of `text`, quotes removed, and what is left. Commas end it, and blanks that no operator bridges. */
function takeArgument(text: string): [string, string] {
  let out = '';
  let depth = 0;
  let i = 0;
  if (text[0] === '"') {
    for (i = 1; i < text.length && text[i] !== '"'; i++) {
      if (text[i] === '\\' && i + 1 < text.length) {
        out += text[i] + text[i + 1];
        i++;
      } else out += text[i];
    }
    return [out, text.slice(i + 1)];
  }
  for (; i < text.length; i++) {
    const c = text[i];
    if (c === ',') break;
    if (c === '"' || c === "'") {
      const close = text.indexOf(c, i + 1);
      const end = close < 0 ? text.length : close + 1;
      out += text.slice(i, end);
      i = end - 1;
      continue;
    }
    if (c === '(') depth++;
    if (c === ')') depth--;
    if ((c === ' ' || c === '\t') && depth <= 0) {
      const following = /^[ \t]+(.)/.exec(text.slice(i))?.[1] ?? '';
      if (!following) break;
      if (/[\w.$)"]$/.test(out) && /[\w.$("%\\@]/.test(following)) break;
      continue;
    }
    out += c;
  }
  return [out.trim(), text.slice(i)];
}

/** Splits a call's arguments. */
export function splitArguments(text: string): string[] {
  const found: string[] = [];
  let rest = text.trim();
  while (rest) {
    const [argument, after] = takeArgument(rest);
    found.push(argument);
    const trimmed = after.replace(/^\s+/, '');
    rest = trimmed.replace(/^,\s*/, '');
    if (!rest && trimmed.startsWith(',')) found.push('');
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
  let rest = text.trim();
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
    const [written, after] = takeArgument(rest);
    const argument = valueOf && written.startsWith('%') ? valueOf(written.slice(1)) : written;
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

/** Puts values for `\name` (under `.altmacro` also for a bare `name`), the call's number for `\@` (unless null) and nothing for `\()`. */
export function substitute(text: string, values: ReadonlyMap<string, string>, call: number | null, alternate = false): string {
  const plain = alternate ? text.replace(/(?<![\\\w.$%])[A-Za-z_.$][\w.$]*/g, (name) => values.get(name) ?? name) : text;
  return plain.replace(/\\(\(\)|@|[A-Za-z_.$][\w.$]*)/g, (whole, name: string) => {
    if (name === '()') return '';
    if (name === '@') return call === null ? whole : String(call);
    return values.get(name) ?? whole;
  });
}
