/** Identifiers of an extracted file: which it declares for others to see, and which it mentions. */
import type { Lang } from './types.ts';

/** An identifier at a line (from 1) of an extracted file. */
export interface Mention {
  name: string;
  line: number;
}

/** What a name in a file stands for when it came by an import. */
export interface Import {
  /** The name in the file it comes from; `*` for a namespace. */
  name: string;
  from: string;
}

/** The identifiers of one file. */
export interface FileNames {
  /** Module-level declarations; in assembly, labels, symbols and macros. */
  declares: Mention[];
  /** Everything else that could refer to one. */
  mentions: Mention[];
  /** By local name. */
  imports: Map<string, Import>;
}

/** Reads the identifiers of a file. */
export function readNames(lines: readonly string[], lang: Lang): FileNames {
  if (lang === 'ts') return readTypeScript(lines.join('\n'));
  if (lang === 'asm') return readAssembler(lines);
  return { declares: [], mentions: [], imports: new Map() };
}

interface Token {
  text: string;
  line: number;
  depth: number;
}

const TOKEN = new RegExp(
  [
    String.raw`(\n)`, // 1
    String.raw`[ \t\r]+`,
    String.raw`\/\/[^\n]*`,
    String.raw`(\/\*[\s\S]*?(?:\*\/|$))`, // 2
    String.raw`([A-Za-z_$][\w$]*)`, // 3
    String.raw`\d[\w.]*`,
    String.raw`("(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)`, // 4
    String.raw`([\s\S])`, // 5
  ].join('|'),
  'y',
);

const REGEXP = /\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const TEMPLATE = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(`|\$\{|$)/y;
const BEFORE_REGEXP = new Set(['return', 'typeof', 'case', 'in', 'of', 'void', 'delete', 'throw', 'else', 'do', 'await', 'yield']);

/** Splits TypeScript into identifiers, strings and single characters of punctuation. */
function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  /** Depths at which a `}` returns to a template. */
  const templates: number[] = [];
  let line = 1;
  let depth = 0;
  let at = 0;
  const skip = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) {
      at = pattern.lastIndex;
      for (let index = match[0].indexOf('\n'); index >= 0; index = match[0].indexOf('\n', index + 1)) line++;
    }
    return match;
  };
  const template = (): void => {
    if (skip(TEMPLATE)?.[1] === '${') templates.push(depth++);
  };
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) break;
    const start = at;
    at = TOKEN.lastIndex;
    if (match[1]) line++;
    else if (match[2]) {
      at = start;
      skip(/\/\*[\s\S]*?(?:\*\/|$)/y);
    } else if (match[3] || match[4]) tokens.push({ text: match[0], line, depth });
    else if (match[5]) {
      const character = match[5];
      if (character === '`') {
        template();
        tokens.push({ text: '`', line, depth });
        continue;
      }
      const last = tokens.at(-1)?.text;
      if (character === '/' && (last === undefined || /^[=(,:[!&|?{};+\-*%<>~^]$/.test(last) || BEFORE_REGEXP.has(last))) {
        at = start;
        if (skip(REGEXP)) {
          tokens.push({ text: '/', line, depth });
          tokens.push({ text: ')', line, depth });
          continue;
        }
        at = start + 1;
      }
      if (character === '}' || character === ')' || character === ']') {
        depth--;
        if (character === '}' && templates.at(-1) === depth) {
          templates.pop();
          template();
          continue;
        }
      }
      tokens.push({ text: character, line, depth });
      if (character === '{' || character === '(' || character === '[') depth++;
    } else if (/^\d/.test(match[0])) tokens.push({ text: '0', line, depth });
  }
  return tokens;
}

const DECLARERS = new Set(['function', 'class', 'interface', 'type', 'const', 'let', 'var']);
const WORD = /^[A-Za-z_$][\w$]*$/;

function readTypeScript(text: string): FileNames {
  const tokens = tokenize(text);
  const declares: Mention[] = [];
  const mentions: Mention[] = [];
  const imports = new Map<string, Import>();
  for (let at = 0; at < tokens.length; at++) {
    const { text: word, line, depth } = tokens[at];
    if (!WORD.test(word)) continue;
    const previous = tokens[at - 1]?.text;
    const next = tokens[at + 1]?.text;
    if (depth === 0 && word === 'import' && next !== '(') {
      at = readImport(tokens, at + 1, imports);
      continue;
    }
    if (depth === 0 && DECLARERS.has(word) && previous !== '.') {
      const generator = next === '*' ? 1 : 0;
      const name = tokens[at + 1 + generator];
      if (name && WORD.test(name.text)) {
        if (word !== 'type' || /^[=<]$/.test(tokens[at + 2]?.text ?? '')) {
          declares.push({ name: name.text, line: name.line });
          at += 1 + generator;
          continue;
        }
      } else if (name && (name.text === '{' || name.text === '[')) {
        at = readPattern(tokens, at + 1, declares);
        continue;
      }
    }
    if (previous === '.' && tokens[at - 2]?.text !== '.') {
      // ns.name: only when ns is a namespace that was imported.
      const owner = imports.get(tokens[at - 2]?.text ?? '');
      if (owner?.name === '*') {
        const local = `${tokens[at - 2].text}.${word}`;
        imports.set(local, { name: word, from: owner.from });
        mentions.push({ name: local, line });
      }
      continue;
    }
    if (next === ':' && (previous === '{' || previous === ',')) continue;
    mentions.push({ name: word, line });
  }
  return { declares, mentions, imports };
}

/** Names bound by a destructuring pattern; returns the index of its last token. */
function readPattern(tokens: readonly Token[], start: number, declares: Mention[]): number {
  const { depth } = tokens[start];
  let at = start + 1;
  for (; at < tokens.length && tokens[at].depth > depth; at++) {
    const { text, line } = tokens[at];
    const next = tokens[at + 1]?.text;
    const previous = tokens[at - 1].text;
    if (WORD.test(text) && next !== ':' && previous !== '=') declares.push({ name: text, line });
  }
  return at;
}

/** Reads the rest of an import declaration; returns the index of its last token. */
function readImport(tokens: readonly Token[], start: number, imports: Map<string, Import>): number {
  const names: [local: string, name: string][] = [];
  let at = start;
  for (; at < tokens.length; at++) {
    const { text } = tokens[at];
    if (text.startsWith('"') || text.startsWith("'")) break;
    if (text === ';') return at;
    if (!WORD.test(text) || text === 'from' || text === 'as') continue;
    if (text === 'type' && WORD.test(tokens[at + 1]?.text ?? '') && tokens[at + 1].text !== 'from') continue;
    if (text === 'type' && /^[{*]$/.test(tokens[at + 1]?.text ?? '')) continue;
    const previous = tokens[at - 1].text;
    if (previous === 'as') {
      const imported = tokens[at - 2].text;
      if (imported === '*') names.push([text, '*']);
      else names[names.length - 1] = [text, imported];
    } else names.push([text, tokens[at].depth === 0 || tokens[at].depth === tokens[start - 1].depth ? 'default' : text]);
  }
  const from = tokens[at]?.text.slice(1, -1) ?? '';
  for (const [local, name] of names) imports.set(local, { name, from });
  return at;
}

const LABEL = /^\s*([A-Za-z_.$][\w.$]*)\s*:/;
const SYMBOL_SET = /^\s*(?:\.(?:set|equ|equiv)\s+([A-Za-z_.$][\w.$]*)|([A-Za-z_.$][\w.$]*)\s*=)/;
const MACRO = /^\s*\.macro\s+([A-Za-z_.$][\w.$]*)/;

function readAssembler(lines: readonly string[]): FileNames {
  const declares: Mention[] = [];
  const mentions: Mention[] = [];
  let comment = false;
  for (const [index, raw] of lines.entries()) {
    let text = raw;
    if (comment) {
      const end = text.indexOf('*/');
      if (end < 0) continue;
      text = text.slice(end + 2);
      comment = false;
    }
    text = text.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/\/\*.*?\*\//g, ' ');
    if (text.includes('/*')) {
      comment = true;
      text = text.slice(0, text.indexOf('/*'));
    }
    text = text.replace(/#.*$/, '').replace(/\/\/.*$/, '');
    const line = index + 1;
    for (let match = LABEL.exec(text); match; match = LABEL.exec(text)) {
      declares.push({ name: match[1], line });
      text = text.slice(match[0].length);
    }
    const set = SYMBOL_SET.exec(text);
    const macro = MACRO.exec(text);
    if (set) declares.push({ name: set[1] ?? set[2], line });
    if (macro) declares.push({ name: macro[1], line });
    const skip = set?.[0].length ?? macro?.[0].length ?? 0;
    for (const match of text.slice(skip).matchAll(/%?[A-Za-z_.$][\w.$]*/g)) {
      if (!match[0].startsWith('%')) mentions.push({ name: match[0].replace(/^\$/, ''), line });
    }
  }
  return { declares, mentions, imports: new Map() };
}
