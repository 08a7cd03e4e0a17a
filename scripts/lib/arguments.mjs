// What a command was given on its line, read by one rule: what it does not know it does not pass over.
import { parseArgs } from 'node:util';

/**
 * @typedef {{
 *   usage: string,
 *   options?: import('node:util').ParseArgsOptionsConfig,
 *   positionals?: readonly [least: number, most: number],
 * }} CommandLine `usage` says all there is; `help` is an option of every command; `positionals` is how many words a command takes beside its options, none unless it says so
 */

/**
 * Reads the arguments of a command.
 * @param {CommandLine} command
 * @param {readonly string[]} args
 * @returns {{ values: Record<string, any>, positionals: string[] } | { status: 0 | 2, text: string }} what was given, or what to print before ending with a status:
 * the usage where it was asked for, a sentence and the usage where the line is wrong
 */
export function readArguments({ usage, options = {}, positionals: [least, most] = [0, 0] }, args) {
  const wrong = (sentence) => ({ status: 2, text: `${sentence}\n${usage}` });
  let read;
  try {
    read = parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean', short: 'h' } }, allowPositionals: true });
  } catch (error) {
    // Node's own sentence goes on to explain how a word that begins with a dash is given: the first part is what matters.
    return wrong(`${error.message.replace(/\. .*$/s, '')}.`);
  }
  if (read.values.help) return { status: 0, text: usage };
  const { values, positionals } = read;
  if (positionals.length > most) return wrong(`There is no use for “${positionals[most]}” here.`);
  if (positionals.length < least) return wrong('Something is missing.');
  return { values, positionals };
}

/**
 * The same for the command of this process: it ends here when there is nothing to do but to print.
 * @param {CommandLine} command
 * @returns {{ values: Record<string, any>, positionals: string[], refuse: (sentence: string) => never }} and `refuse`, which ends with a sentence and the usage
 */
export function commandLine(command) {
  const end = ({ status, text }) => {
    (status === 0 ? process.stdout : process.stderr).write(`${text.trimEnd()}\n`);
    process.exit(status);
  };
  const read = readArguments(command, process.argv.slice(2));
  if ('status' in read) end(read);
  return { ...read, refuse: (sentence) => end({ status: 2, text: `${sentence}\n${command.usage}` }) };
}

/**
 * How wide a text is to be: as was asked for, or as the terminal is, within what can be read. A terminal that nobody has given a size says 0.
 * @param {string | undefined} asked @param {number | undefined} terminal @returns {number | undefined} undefined: what was asked for is no width
 */
export function widthOf(asked, terminal) {
  if (asked === undefined) return Math.max(NARROWEST, Math.min(terminal || 80, 100));
  const width = Number(asked);
  return Number.isInteger(width) && width >= NARROWEST ? width : undefined;
}

const NARROWEST = 40;

/**
 * What was asked for with `--only=one,another`, and the first word of it that names nothing.
 * @param {string | undefined} asked @param {readonly string[]} known @returns {{ only: string[] | undefined, strange: string | undefined }} `only` is undefined where all is wanted
 */
export function onlyOf(asked, known) {
  const only = asked?.split(',');
  return { only, strange: only?.find((word) => !known.includes(word)) };
}
