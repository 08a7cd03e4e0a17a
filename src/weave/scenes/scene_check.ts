/** What a scene's JSON may say, and where it says something else: nobody would notice a misspelt name, or half a character. */
import type { JsonPath, JsonText } from '#tangle';
import type { Scene } from '#world';

/** What cannot be right, and where: at a value, or at its name. */
export interface Complaint {
  readonly path: JsonPath;
  readonly part: 'name' | 'value';
  /** Goes on after “scene x”. */
  readonly sentence: string;
}

type Complain = (path: JsonPath, sentence: string, part?: 'name' | 'value') => void;
type Check = (value: unknown, path: JsonPath, complain: Complain) => void;

const shown = (value: unknown): string => (typeof value === 'string' ? `“${value}”` : JSON.stringify(value));
const nameOf = (path: JsonPath): string => path.filter((step) => typeof step === 'string').join('.');

function rule(wanted: string, isRight: (value: unknown) => boolean): Check {
  return (value, path, complain) => {
    if (!isRight(value)) complain(path, `has ${shown(value)} as its ${nameOf(path)}: that is no ${wanted}`);
  };
}

const text = rule('text', (value) => typeof value === 'string');
const bytes = rule('text of characters that are one byte each', (value) => typeof value === 'string' && !/[^\0-\u00ff]/.test(value));
const line = rule('line of text', (value) => typeof value === 'string' && !value.includes('\n'));
const whole = rule('whole number', (value) => Number.isSafeInteger(value));
const flag = rule('yes or no', (value) => typeof value === 'boolean');
const address = rule('address', (value) => typeof value === 'string' && /^0x[0-9a-f]{1,8}$/i.test(value));
const count = (least: number): Check =>
  rule(`whole number from ${least} on`, (value) => Number.isSafeInteger(value) && (value as number) >= least);
const oneOf = (...words: string[]): Check => rule(words.join(' or '), (value) => words.includes(value as string));

function listOf(each: Check): Check {
  return (value, path, complain) => {
    if (!Array.isArray(value)) complain(path, `has ${shown(value)} as its ${nameOf(path)}: that is no list`);
    else for (const [index, item] of value.entries()) each(item, [...path, index], complain);
  };
}

function mapOf(each: Check): Check {
  return (value, path, complain) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      complain(path, `has ${shown(value)} as its ${nameOf(path)}: that is no object`);
    else for (const [name, item] of Object.entries(value)) each(item, [...path, name], complain);
  };
}

function fields(known: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  return (value, path, complain) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      complain(path, `has ${shown(value)} ${path.length === 0 ? 'in all' : `as its ${nameOf(path)}`}: that is no object`);
      return;
    }
    for (const [name, item] of Object.entries(value)) {
      if (Object.hasOwn(known, name)) known[name](item, [...path, name], complain);
      else complain([...path, name], `speaks of “${name}”, which nobody reads`, 'name');
    }
    for (const name of required) if (!Object.hasOwn(value, name)) complain(path, `does not say its ${name}`);
  };
}

const wrap: Check = (value, path, complain) => {
  if (value !== 'bzImage') complain(path, `wraps its Guest as ${shown(value)}: a bzImage is all we can do`);
};
const cut: Check = (value, path, complain) => {
  if (!(Number.isInteger(value) && (value as number) >= 0))
    complain(path, `cuts its Guest short to “${String(value)}”: that is no count of bytes`);
};
const when: Check = (value, path, complain) => {
  if (value !== 'waits' && !(typeof value === 'number' && value >= 0)) {
    complain(path, `types at ${shown(value)}: that is neither a count of instructions nor “waits”`);
  }
};

const IMAGE = { guest: text, memory: count(1), args: text, options: listOf(text), base: address, wrap, cut };
const SCENE = fields(
  {
    ...IMAGE,
    chapter: text,
    title: text,
    launchers: listOf(fields(IMAGE)),
    disk: fields({ bytes: count(0), sectors: mapOf(bytes), readOnly: flag }, ['bytes']),
    hostPages: count(0),
    keys: listOf(fields({ when, text: bytes, tty: count(0) }, ['when'])),
    panels: listOf(text),
    instructions: count(1),
    says: listOf(line),
    ends: oneOf('power-off', 'death', 'given-up', 'waits', 'no-host'),
    facts: mapOf(whole),
    uncovered: listOf(fields({ line: text, because: text }, ['line', 'because'])),
  },
  ['chapter', 'title', 'guest', 'memory', 'panels', 'instructions', 'says'],
);

/** All that cannot be right in a scene. @param isPanel whether the page has a panel of this name */
export function checkScene(json: JsonText, isPanel: (word: string) => boolean): Complaint[] {
  const complaints: Complaint[] = [];
  const complain: Complain = (path, sentence, part = 'value') => void complaints.push({ path, part, sentence });
  SCENE(json.value, [], complain);
  if (complaints.length > 0) return complaints;
  const { disk, keys = [], launchers = [], panels } = json.value as Scene;
  if (disk && (disk.bytes === 0 || disk.bytes % 512 !== 0)) {
    complain(['disk', 'bytes'], `has a disk of ${disk.bytes} bytes: whole sectors of 512, please`);
  }
  for (const [sector, content] of Object.entries(disk?.sectors ?? {})) {
    if (disk && (!/^\d+$/.test(sector) || Number(sector) * 512 + content.length > disk.bytes)) {
      complain(['disk', 'sectors', sector], `has a text at sector ${sector} of its disk, which has ${disk.bytes / 512}`, 'name');
    }
  }
  for (const [index, { tty = 0 }] of keys.entries()) {
    if (tty > launchers.length) complain(['keys', index, 'tty'], `types at terminal ${tty}, and has ${launchers.length + 1}`);
  }
  for (const [index, word] of panels.entries()) {
    if (!isPanel(word)) complain(['panels', index], `opens a panel “${word}”: there is none`);
  }
  return complaints;
}
