/** The info string of a fence: what makes it a chunk, and which. */
import type { ChunkKind, Lang, ProblemCode, TangleConfig } from './types.ts';
import { nearest } from './problems.ts';

/** A fault in an info string; `offset` counts from the start of `lang meta`. */
export interface InfoFault {
  offset: number;
  length: number;
  code: ProblemCode;
  message: string;
  help: string;
}

/** A read info string. */
export interface ChunkInfo {
  /** Null when the fault leaves no way to know. */
  kind: ChunkKind | null;
  lang: Lang;
  /** `H:350.batch`; empty for an example. */
  id: string;
  marker: string;
  letter: string;
  number: number;
  /** `batch`, or empty. */
  suffix: string;
  file: string | null;
  into: string | null;
  replaces: string | null;
  /** The variant that it is only in. */
  with: string | null;
  hidden: boolean;
  /** Where each word begins, for problems found later. */
  offsets: { marker: number; file: number; into: number; replaces: number; with: number };
  faults: InfoFault[];
}

/** Fence languages and the file name endings they may be extracted to. */
const LANGUAGES: ReadonlyMap<string, readonly string[]> = new Map([
  ['ts', ['.ts']],
  ['asm', ['.S', '.s', '.inc']],
  ['json', ['.json']],
]);

const MARKER = /^([A-Z]):(\d{3})(?:\.([A-Za-z0-9-]+))?$/;
const LOOKS_LIKE_MARKER = /^[A-Za-z]:\d/;
/** Where a chunk goes: one of these. */
const GOALS = ['file', 'into', 'replaces'] as const;
const KEYS = [...GOALS, 'with'] as const;
const FLAGS = ['hidden', 'example'] as const;

type Key = (typeof KEYS)[number];

/** What the page knows to do with a block that is only shown. */
const SHOWN = /^(?:\{[\d,-]*\}|showLineNumbers(?:=\d+)?)$/;

/**
 * Reads an info string. Returns null for a fence that does not claim to be a chunk: no marker, none of the words
 * of this grammar, and, in a language that is extracted, none that nobody knows.
 */
export function parseInfo(lang: string, meta: string, config: TangleConfig): ChunkInfo | null {
  const all = meta === '' ? lang : `${lang} ${meta}`;
  const words = [...all.matchAll(/\S+/g)].map((match) => ({ text: match[0], offset: match.index }));
  // "``` H:340 file=…": the marker stands where the language belongs.
  const first = LOOKS_LIKE_MARKER.test(lang) ? 0 : 1;
  if (!/[A-Z]:\d{3}/.test(lang) && !words.slice(first).some(({ text }) => isChunkWord(text))) return readShown(lang, meta);

  const faults: InfoFault[] = [];
  const info = nothingYet(faults);
  if (first === 1 && LANGUAGES.has(lang)) info.lang = lang as Lang;
  else {
    faults.push({
      offset: 0,
      length: lang.length,
      code: 'bad-language',
      message: first === 0 ? `the fence of ${lang} names no language` : `a chunk cannot be in the language "${lang}"`,
      help: `Begin the info string with one of ${[...LANGUAGES.keys()].join(', ')}.`,
    });
  }

  let example = false;
  for (const [index, { text, offset }] of words.slice(first).entries()) {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    const value = equals < 0 ? null : text.slice(equals + 1);
    if (value !== null && isKey(name)) {
      if (info[name] !== null) {
        faults.push({ offset, length: text.length, code: 'unknown-word', message: `${name}= is given twice`, help: 'Keep one of them.' });
      } else if (value === '') {
        faults.push({
          offset,
          length: text.length,
          code: 'unknown-word',
          message: `${name}= has no value`,
          help: `Write ${EXPLAIN[name]}.`,
        });
      }
      info[name] = value;
      info.offsets[name] = offset + equals + 1;
    } else if (text === 'hidden') info.hidden = true;
    else if (text === 'example') example = true;
    else if (index === 0 || LOOKS_LIKE_MARKER.test(text)) readMarker(info, text, offset, index === 0, config);
    else {
      const meant = nearest(name, [...KEYS, ...FLAGS]);
      faults.push({
        offset,
        length: text.length,
        code: 'unknown-word',
        message: `unknown word "${text}" in the info string`,
        help: meant
          ? `Did you mean ${isKey(meant) ? `${meant}=` : meant}?`
          : 'A chunk takes file=, into=, replaces=, with=, hidden and example.',
      });
    }
  }
  info.kind = decideKind(info, example);
  if (info.with && !/^[A-Z]:\d{3}$/.test(info.with)) {
    faults.push({
      offset: info.offsets.with,
      length: info.with.length,
      code: 'bad-marker',
      message: `"${info.with}" is not a marker`,
      help: 'A variant has the marker of its section: with=M:014.',
    });
  }
  if (info.kind === 'file' && info.file) checkPath(info, info.file, config);
  return info;
}

function nothingYet(faults: InfoFault[]): ChunkInfo {
  const nowhere = { file: null, into: null, replaces: null, with: null };
  const nameless = { id: '', marker: '', letter: '', number: 0, suffix: '' };
  return {
    kind: null,
    lang: 'ts',
    ...nameless,
    ...nowhere,
    hidden: false,
    offsets: { marker: 0, file: 0, into: 0, replaces: 0, with: 0 },
    faults,
  };
}

/** A block that is only shown, or one whose every word is misspelt: it would be missed in the program. */
function readShown(lang: string, meta: string): ChunkInfo | null {
  if (!LANGUAGES.has(lang)) return null;
  const untitled = meta.replace(/title=(?:"[^"]*"|'[^']*')/g, (title) => ' '.repeat(title.length));
  const word = [...untitled.matchAll(/\S+/g)].find(({ 0: text }) => !SHOWN.test(text));
  if (!word) return null;
  const meant = nearest(word[0].replace(/=.*/s, ''), [...KEYS, ...FLAGS]);
  return nothingYet([
    {
      offset: lang.length + 1 + word.index,
      length: word[0].length,
      code: 'unknown-word',
      message: `unknown word "${word[0]}" in the info string`,
      help: meant
        ? `Did you mean ${isKey(meant) ? `${meant}=` : meant}?`
        : 'A chunk has a marker after its language; a block that is only shown takes title="…", {lines} and showLineNumbers.',
    },
  ]);
}

const EXPLAIN: Record<Key, string> = {
  file: 'file=folder/name.ts',
  into: 'into=H:350, the chunk with the slot',
  replaces: 'replaces=H:350, the chunk it replaces',
  with: 'with=M:014, the variant it is only in',
};

function isKey(word: string): word is Key {
  return (KEYS as readonly string[]).includes(word);
}

/** Whether a text would be the info string of a chunk: a language that is extracted, or none, and a word that only chunks have. */
export function looksLikeChunk(info: string): boolean {
  const [first = '', ...others] = info.split(/\s+/);
  return LOOKS_LIKE_MARKER.test(first) || (LANGUAGES.has(first) && others.some(isChunkWord));
}

function isChunkWord(word: string): boolean {
  return LOOKS_LIKE_MARKER.test(word) || /^(file|into|replaces|with)=/.test(word) || word === 'hidden' || word === 'example';
}

function readMarker(info: ChunkInfo, text: string, offset: number, first: boolean, config: TangleConfig): void {
  if (info.id !== '' || !first) {
    info.faults.push({
      offset,
      length: text.length,
      code: 'unknown-word',
      message: `unexpected marker "${text}"`,
      help: 'The info string has one marker, right after the language.',
    });
    return;
  }
  const match = MARKER.exec(text);
  if (!match) {
    info.id = text;
    info.faults.push({
      offset,
      length: text.length,
      code: LOOKS_LIKE_MARKER.test(text) ? 'bad-marker' : 'unknown-word',
      message: LOOKS_LIKE_MARKER.test(text) ? `"${text}" is not a marker` : `unknown word "${text}" in the info string`,
      help:
        'A marker is a capital letter, a colon and three digits, with a name after a dot if the section has ' +
        'several chunks: H:340, H:340.helpers.',
    });
    return;
  }
  info.id = text;
  info.letter = match[1];
  info.number = Number(match[2]);
  info.suffix = match[3] ?? '';
  info.marker = `${match[1]}:${match[2]}`;
  info.offsets.marker = offset;
  if (!config.parts.some((part) => part.letter === info.letter)) {
    info.faults.push({
      offset,
      length: text.length,
      code: 'bad-marker',
      message: `no part has the letter ${info.letter}`,
      help: `The parts are ${config.parts.map((part) => `${part.letter} (${part.folder})`).join(', ')}.`,
    });
  }
}

function decideKind(info: ChunkInfo, example: boolean): ChunkKind | null {
  const { faults } = info;
  const given = GOALS.filter((key) => info[key] !== null);
  if (example) {
    if (info.id !== '' || given.length > 0) {
      faults.push({
        offset: 0,
        length: info.lang.length,
        code: 'unknown-word',
        message: 'an example has no marker and no file',
        help: 'Write only the language and "example", or leave "example" out.',
      });
    }
    return 'example';
  }
  if (info.id === '') {
    faults.push({
      offset: 0,
      length: info.lang.length,
      code: 'bad-marker',
      message: 'a chunk without a marker',
      help: 'Put its marker after the language, as in "ts H:340 file=host/page_tables.ts".',
    });
    return null;
  }
  if (given.length > 1) {
    faults.push({
      offset: info.offsets[given[1]],
      length: info[given[1]]!.length,
      code: 'unknown-word',
      message: `${given.map((key) => `${key}=`).join(' and ')} exclude each other`,
      help: 'A chunk belongs to a file, goes into another chunk, or replaces one.',
    });
    return null;
  }
  if (given.length === 0) {
    // A misspelt word is the likelier reason, and is told already.
    if (faults.length === 0)
      faults.push({
        offset: info.offsets.marker,
        length: info.id.length,
        code: 'unused-chunk',
        message: `chunk ${info.id} is not used: it goes nowhere`,
        help:
          'Say file=… where it is extracted to, into=… which chunk takes it, replaces=… which one it replaces, ' + 'or make it an example.',
      });
    return null;
  }
  if (given[0] === 'into' && info.suffix === '') {
    faults.push({
      offset: info.offsets.marker,
      length: info.id.length,
      code: 'piece-without-slot',
      message: `piece ${info.id} names no slot`,
      help: `The name after the dot is the slot's: ${info.id}.batch goes where ${info.into ?? 'the chunk'} has <<batch>>.`,
    });
  }
  return given[0] === 'file' ? 'file' : given[0] === 'into' ? 'piece' : 'patch';
}

/** Top-level names in the output folder that are the tangler's own. */
const RESERVED: readonly string[] = ['examples', 'cache', 'variants', 'chunks.json'];

function checkPath(info: ChunkInfo, path: string, config: TangleConfig): void {
  const reserved = [...RESERVED, ...config.reserved];
  const offset = info.offsets.file;
  const parts = path.split('/');
  if (
    path.startsWith('/') ||
    path.includes('\\') ||
    path.includes(':') ||
    parts.some((part) => part === '..' || part === '.' || part === '')
  ) {
    info.faults.push({
      offset,
      length: path.length,
      code: 'path-leaves-output',
      message: `the path ${path} leaves the output folder`,
      help: 'Write a plain path below the output folder, with "/" and no "..", as in file=host/page_tables.ts.',
    });
  } else if (reserved.includes(parts[0]) || parts.some((part) => part.startsWith('.'))) {
    info.faults.push({
      offset,
      length: path.length,
      code: 'path-leaves-output',
      message: `the path ${path} is reserved`,
      help: `Choose another folder: ${reserved.join(', ')} and names with a leading dot are taken.`,
    });
  } else {
    const endings = LANGUAGES.get(info.lang) ?? [];
    if (!endings.some((ending) => path.endsWith(ending)) && info.faults.every(({ code }) => code !== 'bad-language')) {
      info.faults.push({
        offset,
        length: path.length,
        code: 'file-defined-differently',
        message: `${path} cannot hold a chunk in the language "${info.lang}"`,
        help: `A file of "${info.lang}" chunks ends in ${endings.join(' or ')}.`,
      });
    }
  }
}
