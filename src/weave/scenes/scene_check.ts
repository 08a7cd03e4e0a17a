/** What a scene's JSON may say, and where it says something else. */
import type { JsonText } from '#tangle';
import { formatExt2, SCENE_DISK } from '#world';
import type { Scene, SceneDisk } from '#world';
import { toldFile } from './built_files.ts';
import { fields, listOf, mapOf, rule, shown, text } from './json_check.ts';
import type { Check, Complain, Complaint } from './json_check.ts';

const bytes = rule('text of characters that are one byte each', (value) => typeof value === 'string' && !/[^\0-\u00ff]/.test(value));
const line = rule('line of text', (value) => typeof value === 'string' && !value.includes('\n'));
const whole = rule('whole number', (value) => Number.isSafeInteger(value));
const flag = rule('yes or no', (value) => typeof value === 'boolean');
const address = rule('address', (value) => typeof value === 'string' && /^0x[0-9a-f]{1,8}$/i.test(value));
const count = (least: number): Check =>
  rule(`whole number from ${least} on`, (value) => Number.isSafeInteger(value) && (value as number) >= least);
const oneOf = (...words: string[]): Check => rule(words.join(' or '), (value) => words.includes(value as string));

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
/** What patches may have otherwise. */
const RUN = {
  title: text,
  keys: listOf(fields({ when, text: bytes, tty: count(0) }, ['when'])),
  panels: listOf(text),
  instructions: count(1),
  says: listOf(line),
  ends: oneOf('power-off', 'death', 'given-up', 'waits', 'no-host'),
  facts: mapOf(whole),
};
const SCENE = fields(
  {
    ...IMAGE,
    chapter: text,
    bare: flag,
    shows: listOf(text),
    ...RUN,
    launchers: listOf(fields(IMAGE)),
    disk: fields(
      {
        bytes: count(0),
        sectors: mapOf(bytes),
        ext2: fields({ blockSize: count(1024), revision: count(0), files: mapOf(text) }),
        readOnly: flag,
      },
      ['bytes'],
    ),
    files: mapOf(toldFile),
    hostPages: count(0),
    profile: count(200),
    patches: mapOf(fields(RUN)),
    uncovered: listOf(fields({ line: text, because: text, chapter: text }, ['line', 'because'])),
  },
  ['chapter', 'title', 'guest', 'memory', 'panels', 'instructions', 'says'],
);

/** A text lies on the disk whole: within its end, and with no other one's beginning in it. */
function checkSectors({ bytes: length, sectors = {} }: SceneDisk, complain: Complain): void {
  let free = 0;
  for (const [sector, content] of Object.entries(sectors).sort(([a], [b]) => Number(a) - Number(b))) {
    const at = Number(sector) * 512;
    const end = at + new TextEncoder().encode(content).length;
    if (!/^\d+$/.test(sector) || end > length)
      complain(['disk', 'sectors', sector], `has a text at sector ${sector} of its disk, which has ${length / 512}`, 'name');
    else if (at < free)
      complain(['disk', 'sectors', sector], `has a text at sector ${sector} of its disk, in which another one ends`, 'name');
    if (end > free) free = end;
  }
}

/** All that cannot be right in a scene. @param isPanel whether the page has a panel of this name */
export function checkScene(json: JsonText, isPanel: (word: string) => boolean): Complaint[] {
  const complaints: Complaint[] = [];
  const complain: Complain = (path, sentence, part = 'value') => void complaints.push({ path, part, sentence });
  SCENE(json.value, [], complain);
  if (complaints.length > 0) return complaints;
  const { disk, files = {}, keys = [], launchers = [], panels, patches = {} } = json.value as Scene;
  for (const file of Object.keys(files)) {
    if (file === '' || (disk && file === SCENE_DISK))
      complain(['files', file], `has a file “${file}”: ${file === '' ? 'that is no name' : 'that is its disk'}`, 'name');
  }
  if (disk && (disk.bytes === 0 || disk.bytes % 512 !== 0)) {
    complain(['disk', 'bytes'], `has a disk of ${disk.bytes} bytes: whole sectors of 512, please`);
  }
  if (disk?.ext2) {
    try {
      formatExt2({ ...disk.ext2, bytes: disk.bytes });
    } catch (error) {
      complain(['disk', 'ext2'], `has a disk that cannot be formatted: ${(error as Error).message}`);
    }
  }
  if (disk) checkSectors(disk, complain);
  for (const [index, { tty = 0 }] of keys.entries()) {
    if (tty > launchers.length) complain(['keys', index, 'tty'], `types at terminal ${tty}, and has ${launchers.length + 1}`);
  }
  for (const key of Object.keys(patches)) {
    if (!/^M:\d{3}(\+M:\d{3})*$/.test(key))
      complain(['patches', key], `patches with “${key}”: markers are like M:014, or M:003+M:014`, 'name');
  }
  for (const [index, word] of panels.entries()) {
    if (!isPanel(word)) complain(['panels', index], `opens a panel “${word}”: there is none`);
  }
  return complaints;
}
